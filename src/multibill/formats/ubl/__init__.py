"""OASIS UBL 2.1 Invoice and CreditNote: writing and reading by one table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from multibill.documents import Document
from multibill.formats.preflight import refuse
from multibill.formats.table import Element, table
from multibill.formats.terms import NO_FILES, terms
from multibill.formats.ubl.arrange import arranged, restored as restored
from multibill.formats.writing import writer

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
EN16931 = "urn:cen.eu:en16931:2017"
QUANTITY = {"Invoice": "Invoiced", "CreditNote": "Credited"}


def write(
    document: Document, files: Mapping[str, bytes] = NO_FILES, *, specification: str = EN16931
) -> bytes:
    """The document as a UBL Invoice, or CreditNote, in UTF-8.

    Args:
        files: the bytes of attached files by SHA-256; what is missing is referred to only.
        specification: what BT-24 says the document follows.

    Raises PreflightFailed when there is something in it that the syntax cannot say.
    """
    kind = "CreditNote" if document.kind == "credit_note" else "Invoice"
    said = terms(document, files)
    said["BT-24"] = specification
    refuse(document, said, "ubl")
    text: str = _writer(kind)(arranged(said))
    return text.encode()


@cache
def root(kind: str) -> Element:
    """The table of the syntax for one kind of document."""
    text = files(__name__).joinpath("table.txt").read_text("utf-8")
    return table(text.replace("{kind}", kind).replace("{quantity}", QUANTITY[kind]), kind)


@cache
def _writer(kind: str) -> Any:
    return writer(root(kind), {}, namespaces(kind))


def namespaces(kind: str) -> dict[str, str]:
    """The prefixes of the table."""
    return {
        "": f"{SCHEMA}{kind}-2",
        "cac": f"{SCHEMA}CommonAggregateComponents-2",
        "cbc": f"{SCHEMA}CommonBasicComponents-2",
    }
