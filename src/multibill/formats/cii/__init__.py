"""UN/CEFACT Cross Industry Invoice (CII), the XML inside a Factur-X: writing and reading by one table."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from multibill.documents import Document
from multibill.formats.cii.arrange import arranged, restored
from multibill.formats.table import Element, table
from multibill.formats.terms import terms
from multibill.formats.writing import writer

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
EN16931 = "urn:cen.eu:en16931:2017"


def write(document: Document, *, specification: str = EN16931) -> bytes:
    """The document as a Cross Industry Invoice in UTF-8.

    Args:
        specification: what BT-24 says the document follows.
    """
    text: str = _writer()(arranged({**terms(document), "BT-24": specification}))
    return text.encode()


@cache
def root() -> Element:
    """The table of the syntax."""
    return table(files(__name__).joinpath("table.txt").read_text("utf-8"))


@cache
def _writer() -> Any:
    return writer(root(), {"day": lambda iso: iso.replace("-", "")}, NAMESPACES)
