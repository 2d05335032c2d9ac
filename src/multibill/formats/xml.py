"""The port ``Renderer`` for the two XML syntaxes; a draft's preview has no number and says that it is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from multibill.documents import Document
from multibill.documents.checks import Finding
from multibill.formats import cii, ubl
from multibill.formats.preflight import unsaid
from multibill.formats.terms import NO_FILES, terms

Write = Callable[[Document, Mapping[str, bytes]], bytes]
WRITERS: Mapping[str, tuple[Write, str]] = {
    "cii": (cii.write, "CII D22B"),
    "ubl": (ubl.write, "UBL 2.1"),
}
DRAFT = b"<!-- A draft: it has no number and is no invoice. -->\n"


@attrs.frozen
class XmlRenderer:
    """The document in one syntax, after EN 16931: ``XmlRenderer("ubl").render(invoice)``.

    >>> from multibill.documents import Invoice, Line
    >>> from multibill.parties import Party
    >>> line = Line(name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20")
    >>> draft = Invoice(id="i", seller=Party("Studio SARL"), buyer=Party("Acme SAS"), lines=[line])
    >>> b"is no invoice" in XmlRenderer("cii").render(draft)
    True
    """

    format: str
    media_type: str = "application/xml"
    attaches: bool = True

    @property
    def version(self) -> str:
        """The syntax and the specification."""
        return f"{WRITERS[self.format][1]}+EN16931"

    def findings(self, document: Document) -> tuple[Finding, ...]:
        """What this syntax cannot say of the document."""
        return unsaid(document, terms(document), self.format)

    def render(self, document: Document, images: Mapping[str, bytes] = NO_FILES) -> bytes:
        """The file in UTF-8, with the bytes of attached files. Raises PreflightFailed (see ``findings``)."""
        data = WRITERS[self.format][0](document, images)
        if document.phase == "issued":
            return data
        declaration, line, rest = data.partition(b"\n")
        return declaration + line + DRAFT + rest
