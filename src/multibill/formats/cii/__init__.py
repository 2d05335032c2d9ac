"""UN/CEFACT Cross Industry Invoice (CII), the XML inside a Factur-X: writing and reading by one table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from multibill.documents import Document
from multibill.formats.cii.arrange import arranged, restored as restored
from multibill.formats.preflight import refuse
from multibill.formats.table import Element, table
from multibill.formats.terms import NO_FILES, terms
from multibill.formats.writing import writer

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
ROOT = "CrossIndustryInvoice"
EN16931 = "urn:cen.eu:en16931:2017"


def write(
    document: Document, files: Mapping[str, bytes] = NO_FILES, *, specification: str = EN16931
) -> bytes:
    """The document as a Cross Industry Invoice in UTF-8.

    Args:
        files: the bytes of attached files by SHA-256; what is missing is referred to only.
        specification: what BT-24 says the document follows.

    Raises PreflightFailed when there is something in it that the syntax cannot say.
    """
    said = terms(document, files)
    said["BT-24"] = specification
    refuse(document, said, "cii")
    text: str = _writer()(arranged(said))
    return text.encode()


@cache
def root() -> Element:
    """The table of the syntax."""
    return table(files(__name__).joinpath("table.txt").read_text("utf-8"))


@cache
def _writer() -> Any:
    return writer(root(), {"day": lambda iso: iso.replace("-", "")}, NAMESPACES)


def day(text: str) -> str:
    """A date in format 102 as ISO 8601; what is none stays as it is, for its field to refuse."""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text


FORMS_READ = {"day": day}
