"""What a document has that its rules ask about: rules on what is not there are never run."""

from __future__ import annotations

from datetime import date
from operator import attrgetter

from multibill.documents.checks.supply import troubled
from multibill.documents.document import Document

DOCUMENT = (
    "allowances",
    "attachments",
    "charges",
    "delivery",
    "notes",
    "object_id",
    "payee",
    "payment",
    "preceding",
    "process",
    "tax_currency",
    "tax_point_code",
    "tax_representative",
)
LINE = ("allowances", "charges", "period", "item", "gross_price", "base_unit", "object_id")
LINE_FEATURES = tuple(f"line_{name}" for name in LINE)

of_document = attrgetter(*DOCUMENT)
of_line = attrgetter(*LINE)
of_parties = attrgetter(
    "seller.endpoint", "buyer.endpoint", "seller.identifiers", "buyer.identifiers"
)
PLAIN_LINE = ((), (), None, None, None, None, None)
PLAIN_PARTIES = (None, None, (), ())


def features(document: Document, on: date) -> frozenset[str]:
    """The names of what a document has, its lines' with ``line_`` before them.

    >>> from multibill.documents import Invoice
    >>> from multibill.parties import Party
    >>> draft = Invoice(id="i", seller=Party(name="A"), buyer=Party(name="B"), tax_currency="EUR")
    >>> sorted(features(draft, date(2026, 11, 30)))
    ['tax_currency']
    """
    said = zip(DOCUMENT, of_document(document), strict=True)
    found = {name for name, value in said if value is not None and value != ()}
    if any(line.price_discount is not None for line in document.lines):
        found.add("line_gross_price")
    for parts in map(of_line, document.lines):
        if parts != PLAIN_LINE:
            found.update(
                name
                for name, value in zip(LINE_FEATURES, parts, strict=True)
                if value is not None and value != ()
            )
    for name in ("allowances", "charges"):
        if name in found or f"line_{name}" in found:
            found.add(f"any_{name}")
    if of_parties(document) != PLAIN_PARTIES:
        found.add("party_numbers")
    if document.sign < 0:
        found.add("credit")
    if document.phase == "issued":
        found.add("issued")
    if troubled(document, on):
        found.add("tax_findings")
    return frozenset(found)
