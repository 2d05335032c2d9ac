"""Electronic invoices from outside: what a file is, and the document in it. Input is hostile."""

from __future__ import annotations

from functools import cache

from multibill.errors import InvalidValue
from multibill.formats import cii, ubl
from multibill.formats.reading import Reader, Unmapped, parsed
from multibill.formats.received import Received, received


def read(data: bytes) -> Received:
    """The document in an XML invoice (UBL, CII) or in a Factur-X or ZUGFeRD PDF, with every text that has no home.

    Raises InvalidValue for what is no such file, InvalidInput when the document lacks what none can do without.
    """
    node = parsed(inside(data))
    root = node.tag.rpartition("}")[2]
    reader = _reader(root)
    if reader is None or reader.tag(reader.root) != node.tag:
        raise InvalidValue(f"{node.tag} is no invoice in UBL or CII")
    terms, lost = reader.read(node)
    restored = cii.restored if root == cii.ROOT else ubl.restored
    made = restored(terms)
    lost += [Unmapped(path, text) for path, text in made.pop("$lost", ())]
    return received(made, lost)


def inside(data: bytes) -> bytes:
    """The XML of an invoice: the file itself, or what a hybrid PDF carries."""
    if not data.startswith(b"%PDF"):
        return data
    from multibill.formats.facturx.extraction import embedded

    return embedded(data)


@cache
def _reader(root: str) -> Reader | None:
    if root == cii.ROOT:
        return Reader(cii.root(), cii.FORMS_READ, cii.NAMESPACES)
    return Reader(ubl.root(root), {}, ubl.namespaces(root)) if root in ubl.QUANTITY else None
