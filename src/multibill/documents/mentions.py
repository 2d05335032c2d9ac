"""The sentences that French law wants on a document, as dated data. Chooses and words them; prints nothing.

A document frozen at issue keeps the words of its day. Change a rule only by ending it and adding the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

import attrs

from multibill.documents.document import Document
from multibill.documents.parts import Mention
from multibill.tax import EXEMPTIONS, Exemption, reason

MENTIONS = "mentions/2026-11"
PENALTIES, INDEMNITY, DISCOUNT = "PMD", "PMT", "AAB"
"""UNTDID 4451 subject codes of the payment mentions; the platforms want each once (BR-FR-05, BR-FR-06)."""


@attrs.frozen(eq=False)
class Rule:
    """When a sentence is due: the law, the days it is in force, the documents, the words by language."""

    id: str
    law: str
    since: date
    until: date | None
    condition: Callable[[Document], bool]
    subject: str | None
    text: Mapping[str, str]

    def applies(self, on: date) -> bool:
        """Whether the rule is in force on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


def between_professionals(document: Document) -> bool:
    """An invoice to a professional: the payment mentions of the Code de commerce are due."""
    return document.kind == "invoice" and document.buyer.is_business


LATE = {
    "fr": "En cas de retard de paiement, des pénalités sont exigibles sans rappel,"
    " au taux de refinancement de la BCE majoré de 10 points",
    "en": "Late payment carries interest without reminder,"
    " at the refinancing rate of the ECB plus 10 percentage points",
}
FORTY = {
    "fr": "Indemnité forfaitaire pour frais de recouvrement en cas de retard de paiement : 40 €",
    "en": "Fixed compensation for recovery costs in case of late payment: EUR 40",
}
NONE_EARLY = {
    "fr": "Pas d'escompte pour paiement anticipé",
    "en": "No discount for early payment",
}


# Ordonnance 2019-359 renumbered these articles: on 2019-04-26, those on invoicing (L441-9) on 2019-10-01.
ROWS: tuple[tuple[str, str, str, str, str | None, Mapping[str, str]], ...] = (
    ("fr-fixed-indemnity", INDEMNITY, "L441-6, D441-5", "2013-01-01", "2019-04-25", FORTY),
    ("fr-fixed-indemnity", INDEMNITY, "L441-10, D441-5", "2019-04-26", None, FORTY),
    ("fr-late-penalties", PENALTIES, "L441-6", "2009-01-01", "2019-04-25", LATE),
    ("fr-late-penalties", PENALTIES, "L441-10", "2019-04-26", None, LATE),
    ("fr-no-discount", DISCOUNT, "L441-3", "2009-01-01", "2019-09-30", NONE_EARLY),
    ("fr-no-discount", DISCOUNT, "L441-9", "2019-10-01", None, NONE_EARLY),
)

PAYMENT = tuple(
    Rule(
        id=name,
        law=f"C. com. art. {articles}",
        since=date.fromisoformat(since),
        until=date.fromisoformat(until) if until else None,
        condition=between_professionals,
        subject=subject,
        text=words,
    )
    for name, subject, articles, since, until, words in ROWS
)


def reasons(document: Document) -> set[str]:
    """The exemption codes that the lines use, a category's own code where a line names none."""
    found = (reason(vat.category, vat.exemption) for vat in document.vats if vat.category != "S")
    return {exemption.code for exemption in found if exemption}


def _tax(code: str, exemption: Exemption) -> Rule:
    """The reference to what exempts a supply (art. 242 nonies A, I, 12° and 13°).

    It has no subject code: TXD is how members of a tax group declare themselves, once a document (BR-FR-CO-14).
    """
    return Rule(
        id=f"fr-{code.lower()}",
        law=f"CGI annexe II art. 242 nonies A; {exemption.law}",
        since=date(2013, 1, 1),
        until=None,
        condition=lambda document: code in reasons(document),
        subject=None,
        text=exemption.text,
    )


TAX = {code: _tax(code, exemption) for code, exemption in EXEMPTIONS.items()}
RULES = (*PAYMENT, *TAX.values())


def mentions(document: Document, on: date) -> tuple[Mention, ...]:
    """The mentions due on a document of that day, sorted by id; none when the seller is not in France.

    They are worded in the document's language, in English where that is not French. A note of the host's with
    the same subject code (PMD, PMT, AAB) takes a payment mention's place: its own terms rule.
    """
    if document.seller.country != "FR":
        return ()
    language = "fr" if document.language[:2] == "fr" else "en"
    taken = {note.subject for note in document.notes}
    rules = [rule for rule in PAYMENT if rule.subject not in taken and rule.condition(document)]
    rules += map(TAX.__getitem__, reasons(document))
    rules.sort(key=lambda rule: rule.id)
    return tuple(_worded(rule, language) for rule in rules if rule.applies(on))


@lru_cache(maxsize=512)
def _worded(rule: Rule, language: str) -> Mention:
    return Mention(id=rule.id, text=rule.text[language], subject=rule.subject, law=rule.law)
