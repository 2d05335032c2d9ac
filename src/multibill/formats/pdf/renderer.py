"""The port ``Renderer`` for PDF: the one public name of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from multibill.documents import Document
from multibill.documents.checks import Finding
from multibill.formats.pdf.images import logo
from multibill.formats.pdf.layout import laid_out, name
from multibill.formats.pdf.looks import STANDARD, look
from multibill.formats.pdf.paint import painted
from multibill.i18n import LANGUAGES, labels
from multibill.model import replaced

if TYPE_CHECKING:
    from fpdf import FPDF

FALLBACK = "en"
NONE: Mapping[str, bytes] = {}


class PdfRenderer:
    """Draws invoices, credit notes and quotes: ``PdfRenderer().render(invoice)`` gives the bytes of a PDF/A-3B file.

    >>> from multibill.documents import Invoice, Line
    >>> from multibill.parties import Party
    >>> line = Line(name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20")
    >>> draft = Invoice(id="i", seller=Party("Studio SARL"), buyer=Party("Acme SAS"), lines=[line])
    >>> PdfRenderer().render(draft)[:8]
    b'%PDF-1.7'
    """

    format: str = "pdf"
    version: str = STANDARD
    media_type: str = "application/pdf"
    attaches: bool = False

    def findings(self, document: Document) -> tuple[Finding, ...]:
        """Nothing: a page says everything."""
        return ()

    def render(self, document: Document, images: Mapping[str, bytes] = NONE) -> bytes:
        """The same bytes for the same document and images, whatever the time and the machine's language.

        ``images`` holds the logo's file under its SHA-256 (``document.brand.logo``), PNG or JPEG; one that is
        missing or cannot be read is left out. In English when there is no catalogue of the document's language. Raises
        InvalidValue when the document has no totals or asks for a template that is not here.
        """
        return bytes(drawn(document, images).output())


def drawn(document: Document, images: Mapping[str, bytes], more: str = "") -> FPDF:
    """The pages of a document as a PDF/A-3B file that is still open; ``more`` goes into its XMP metadata."""
    colours = look(document)
    if document.language not in LANGUAGES:
        document = replaced(document, language=FALLBACK)
    known = document.brand.logo if document.brand else None
    return painted(
        laid_out(document, logo(images.get(known or ""))),
        colours,
        title=name(document, labels(document.language)),
        author=document.seller.name,
        language=document.language,
        dated=document.issue_date,
        more=more,
    )
