"""The preflight: every rule of EN 16931 and of the seller's country that a document decides by itself.

Numbers, permissions, target formats and registers are for others to check. Rules only look; none mends.
"""

from __future__ import annotations

from datetime import date
from decimal import localcontext
from functools import lru_cache

from multibill.documents.checks.adjustments import ADJUSTMENTS
from multibill.documents.checks.arithmetic import FIGURES, rows
from multibill.documents.checks.categories import CATEGORY_RULES
from multibill.documents.checks.features import features
from multibill.documents.checks.finding import Check, Finding
from multibill.documents.checks.france import FRANCE
from multibill.documents.checks.items import ITEMS
from multibill.documents.checks.payment import PAYING
from multibill.documents.checks.places import PLACES
from multibill.documents.checks.platforms import PLATFORMS
from multibill.documents.checks.presence import PRESENCE
from multibill.documents.checks.references import REFERENCES
from multibill.documents.checks.supply import SUPPLY
from multibill.documents.document import Document
from multibill.model import model_map
from multibill.money import ARITHMETIC

__all__ = ["CHECKS", "Check", "Finding", "check"]

GROUPS = (
    PRESENCE,
    FIGURES,
    CATEGORY_RULES,
    ADJUSTMENTS,
    ITEMS,
    PAYING,
    PLACES,
    REFERENCES,
    SUPPLY,
    FRANCE,
    PLATFORMS,
)
CHECKS: tuple[Check, ...] = tuple(
    sorted((rule for group in GROUPS for rule in group), key=lambda rule: rule.id)
)


def check(document: Document, on: date) -> tuple[Finding, ...]:
    """Every finding at once, ordered by rule then path: what breaks a rule, were the document issued on that day.

    Give the document with the issue date it will bear. Empty means that nothing speaks against it; errors keep it
    from being issued, warnings do not. What is hidden in the document, or masked, is not checked.

    >>> from multibill.documents import Invoice
    >>> from multibill.parties import Party
    >>> empty = Invoice(id="draft", seller=Party(name="Studio"), buyer=Party(name="Acme"))
    >>> [str(found) for found in check(empty, date(2026, 11, 30)) if found.rule == "BR-16"]
    ['BR-16 /lines: an invoice needs at least one line; add a line']
    """
    used = {vat.category for vat in document.vats}
    used.update(row.category for row in rows(document))
    with localcontext(ARITHMETIC):
        has = features(document, on)
        found = [
            rule.finding(path, said)
            for rule in applying(frozenset(used), document.seller.country, has)
            for path, said in rule.find(document, on)
        ]
    if document.hidden:
        found = [finding for finding in found if not _covered(document, finding.path)]
    found.sort(key=lambda finding: (finding.rule, finding.path))
    return tuple(found)


def _covered(document: Document, path: str) -> bool:
    """Whether a path is one that the reader of this document does not see as it is."""
    kind: type = type(document)
    pattern = model_map(kind).pattern(path) or path
    return any(pattern == known or pattern.startswith(f"{known}/") for known in document.hidden)


@lru_cache(maxsize=512)
def applying(
    categories: frozenset[str], country: str | None, has: frozenset[str] = frozenset()
) -> tuple[Check, ...]:
    """The rules for a document with these VAT categories and features, whose seller is in that country.

    >>> [rule.id for rule in applying(frozenset("K"), None) if rule.id.startswith("BR-IC-1")]
    ['BR-IC-10', 'BR-IC-11', 'BR-IC-12']
    """
    return tuple(
        rule
        for rule in CHECKS
        if rule.category in {None, *categories}
        and rule.country in {None, country}
        and rule.needs in {None, *has}
    )
