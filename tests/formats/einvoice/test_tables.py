"""Each syntax has a place for every business term of the model, and for nothing that the model does not know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from multibill.formats import cii, ubl
from multibill.formats.table import Element

GOLDEN = Path(__file__).parents[2] / "golden" / "model" / "terms.txt"
TERMS = {row.split()[0] for row in GOLDEN.read_text("utf-8").splitlines()}
WRITERS = {"BT-24"}
"""What the writer says, not the document: which specification it follows."""
ARRANGED = {
    "cii": {
        "BT-60": "$plain.BT-60", "BT-71": "$plain.BT-71", "BT-84": "$iban",
    },
    "ubl": {
        "BT-13": "$order", "BT-21": "$note", "BT-22": "$note", "BT-90": "$creditor",
    },
}  # fmt: skip
"""What stands in a table under a name of arrange.py."""
ROOTS = {"cii": cii.root(), "Invoice": ubl.root("Invoice"), "CreditNote": ubl.root("CreditNote")}


def said(element: Element) -> Iterator[str]:
    """Every term and name in a table."""
    sources = [source for _, source in element.attributes]
    sources += [element.source] if element.source else []
    yield from (source.term for source in sources if source.term)
    for child in element.children:
        yield from said(child)


@pytest.mark.parametrize("name", ROOTS)
def test_every_term_of_the_model_has_its_place(name: str) -> None:
    found = set(said(ROOTS[name]))
    arranged = ARRANGED["cii" if name == "cii" else "ubl"]
    assert set() == {
        term for term in TERMS if term not in found and arranged.get(term) not in found
    }
    assert set() == {term for term in found if term[0] == "B"} - TERMS - WRITERS
