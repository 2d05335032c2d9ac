"""What a document has that its rules ask about, and whether it lacks what all have: other rules are never run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from operator import attrgetter

from multibill.documents.checks.finding import blank
from multibill.documents.checks.supply import troubled
from multibill.documents.document import Document
from multibill.documents.line import Line
from multibill.tax import VAT

DOCUMENT = (
    "allowances",
    "attachments",
    "charges",
    "delivery",
    "notes",
    "object_id",
    "payee",
    "payment",
    "period",
    "preceding",
    "process",
    "tax_currency",
    "tax_point_code",
    "tax_representative",
)
LINE = (
    "allowances",
    "charges",
    "period",
    "item",
    "gross_price",
    "price_discount",
    "base_unit",
    "object_id",
)
LINE_FEATURES = tuple(f"line_{name}" for name in LINE)

of_document = attrgetter(*DOCUMENT)
of_line = attrgetter(*LINE)
of_parties = attrgetter(
    "seller.endpoint", "buyer.endpoint", "seller.identifiers", "buyer.identifiers"
)
of_all = attrgetter(
    *("issue_date", "currency", "seller.name", "buyer.name"),
    *("seller.address", "buyer.address", "seller.country", "buyer.country"),
)
"""What every document says."""

PLAIN_LINE = ((), (), None, None, None, None, None, None)
PLAIN_PARTIES = (None, None, (), ())


FLAGS: Mapping[str, Callable[[Document], bool]] = {
    "issued": lambda document: document.phase == "issued",
    "corrected": lambda document: document.type_code == "384",
    "foreign_currency": lambda document: document.currency != "EUR",
    "unsaid_operation": lambda document: document.operation is None,
}
EITHER = {
    "any_allowances": {"allowances", "line_allowances"},
    "any_charges": {"charges", "line_charges"},
    "any_numbers": {"party_numbers", "payee"},
    "any_prices": {"line_gross_price", "line_price_discount"},
    "cited": {"issued", "preceding"},
}
"""Names of having one thing or another."""


def features(document: Document, vats: Collection[VAT], on: date) -> frozenset[str]:
    """The names of what a document with these VATs has, its lines' with ``line_`` before them.

    >>> from multibill.documents import Invoice
    >>> from multibill.parties import Party
    >>> draft = Invoice(id="i", seller=Party(name="A"), buyer=Party(name="B"), prepaid="5")
    >>> sorted(features(draft, draft.vats, date(2026, 11, 30)))
    ['gaps', 'unsaid_operation']
    """
    said = zip(DOCUMENT, of_document(document), strict=True)
    found = {name for name, value in said if value is not None and value != ()}
    for parts in map(of_line, document.lines):
        if parts != PLAIN_LINE:
            pairs = zip(LINE_FEATURES, parts, strict=True)
            found.update(name for name, value in pairs if value is not None and value != ())
    if of_parties(document) != PLAIN_PARTIES:
        found.add("party_numbers")
    found.update(name for name, holds in FLAGS.items() if holds(document))
    if gaps(document):
        found.add("gaps")
    if any(vat.exemption is not None for vat in vats):
        found.add("exempted")
    if troubled(document, vats, on):
        found.add("tax_findings")
    for name, others in EITHER.items():
        if not found.isdisjoint(others):
            found.add(name)
    return frozenset(found)


def gaps(document: Document) -> bool:
    """Whether the document or one of its lines does not say what all of them do."""
    return any(map(blank, of_all(document))) or not all(map(whole, document.lines))


def whole(line: Line) -> object:
    """Whether a line says what all lines do; a zero is no gap, but rare enough to be looked at twice."""
    said = line.id and line.quantity and line.unit and line.unit_price and line.vat.category
    return said and (line.name or "").strip()
