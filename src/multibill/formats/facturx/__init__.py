"""Factur-X (ZUGFeRD): the pages people read with the Cross Industry Invoice inside, one PDF/A-3B file in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time

import attrs

from multibill.documents import Document
from multibill.formats import cii
from multibill.formats.facturx.metadata import XMP
from multibill.formats.pdf.looks import STANDARD
from multibill.formats.pdf.paint import UNDATED
from multibill.formats.pdf.renderer import NONE, drawn

FILE = "factur-x.xml"


@attrs.frozen
class FacturX:
    """The renderer of format ``facturx``, in the profile EN 16931 (Factur-X 1.09, ZUGFeRD 2.5)."""

    format: str = "facturx"
    version: str = f"{STANDARD}+EN16931"
    media_type: str = "application/pdf"

    def render(self, document: Document, images: Mapping[str, bytes] = NONE) -> bytes:
        """The file: pages, XML as an associated file, metadata. The same bytes for the same document and images."""
        xml = cii.write(document, images)
        more = XMP.format(file=FILE, level="EN 16931", kind="INVOICE")
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
