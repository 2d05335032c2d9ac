"""The reference of business terms as a page: where each stands in the model and in both syntaxes, out of the tables."""

from __future__ import annotations

from collections.abc import Iterator

from multibill.documents import Invoice
from multibill.formats import cii, ubl
from multibill.formats.table import Element
from multibill.model import model_map

HEAD = """# Business terms

Every term of EN 16931 that a document can hold: its path in the model, and the element that it becomes in a Cross
Industry Invoice and in UBL. This page is made from the model map and the two tables that write and read.

`*` stands for each item of a collection. CII elements stand below `SupplyChainTradeTransaction` unless they begin with
`Exchanged`; UBL elements below `Invoice`; a credit note differs in its names (`CreditNoteLine`, `CreditedQuantity`) and
in the places of BT-9, BT-11 and BT-17. BT-24, the specification, is said by whoever writes.

| term | what | path | CII | UBL |
|---|---|---|---|---|
"""
ARRANGED = {
    "$note": ("BT-21", "BT-22"),
    "$order": ("BT-13",),
    "$creditor": ("BT-90",),
    "$iban": ("BT-84",),
    "$plain.BT-60": ("BT-60",),
    "$plain.BT-71": ("BT-71",),
}
ABOVE = "SupplyChainTradeTransaction/"


def places(element: Element, above: str = "") -> Iterator[tuple[str, str]]:
    """Each term of a table with its place."""
    for child in element.children:
        here = above + child.tag.rpartition(":")[2]
        for name, source in child.attributes:
            yield from ((term, f"{here}/@{name}") for term in _terms(source.term))
        if child.source:
            yield from ((term, here) for term in _terms(child.source.term))
        yield from places(child, f"{here}/")


def _terms(name: str | None) -> tuple[str, ...]:
    return ARRANGED.get(name or "", (name,) if name and name.startswith("BT-") else ())


def _first(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for term, place in places(root):
        found.setdefault(term, place.removeprefix(ABOVE))
    return found


def _order(term: str) -> tuple[int, ...]:
    return tuple(int(part) for part in term.split("-")[1:])


def page() -> str:
    """The whole page."""
    one, other = _first(cii.root()), _first(ubl.root("Invoice"))
    entries = sorted(
        ((entry.bt, entry) for entry in model_map(Invoice) if entry.bt), key=lambda e: _order(e[0])
    )
    rows = (
        f"| {bt} | {entry.label} | `{entry.path}` | `{one.get(bt, '')}` | `{other.get(bt, '')}` |\n"
        for bt, entry in entries
    )
    return HEAD + "".join(rows)
