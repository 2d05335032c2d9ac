"""Factur-X (ZUGFeRD): the pages people read with the Cross Industry Invoice inside, one PDF/A-3B file in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time

import attrs

from multibill.documents import Document
from multibill.documents.checks import Finding
from multibill.formats import cii
from multibill.formats.facturx.metadata import XMP
from multibill.formats.pdf.looks import STANDARD
from multibill.formats.pdf.paint import UNDATED
from multibill.formats.pdf.renderer import NONE, drawn
from multibill.formats.preflight import unsaid
from multibill.formats.terms import terms

FILE = "factur-x.xml"
PROFILE = "EN 16931"


@attrs.frozen
class FacturX:
    """The renderer of format ``facturx``, in the profile EN 16931 (Factur-X 1.09, ZUGFeRD 2.5).

    >>> from multibill.documents import Invoice, Line
    >>> from multibill.parties import Party
    >>> line = Line(name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20")
    >>> invoice = Invoice(
    ...     id="i", phase="issued", seller=Party("Studio"), buyer=Party("Acme"), lines=[line]
    ... )
    >>> b"/AFRelationship /Alternative" in FacturX().render(invoice)
    True
    """

    format: str = "facturx"
    version: str = f"{STANDARD}+EN16931"
    media_type: str = "application/pdf"
    attaches: bool = True

    def findings(self, document: Document) -> tuple[Finding, ...]:
        """What the Cross Industry Invoice cannot say of the document."""
        return unsaid(document, terms(document), "cii")

    def render(self, document: Document, images: Mapping[str, bytes] = NONE) -> bytes:
        """The file: pages, XML as an associated file, metadata. The same bytes for the same document and images.

        A draft is pages alone, marked as such: there is nothing in it that a machine could book.
        Raises PreflightFailed (see ``findings``).
        """
        if document.phase != "issued":
            return bytes(drawn(document, images).output())
        xml = cii.write(document, images)
        more = XMP.format(file=FILE, level=PROFILE, kind="INVOICE")
        pdf = drawn(document, images, more)
        moment = datetime.combine(document.issue_date or UNDATED, time(), UTC)
        pdf.embed_file(
            bytes=xml,
            basename=FILE,
            desc="Factur-X",
            mime_type="text/xml",
            associated_file_relationship="Alternative",
            creation_date=moment,
            modification_date=moment,
            compress=True,
        )
        return bytes(pdf.output())
