"""The port ``Renderer`` for PDF: the one public name of this folder."""

from __future__ import annotations

from multibill.documents import Document
from multibill.errors import InvalidValue
from multibill.formats.pdf.layout import laid_out, name
from multibill.formats.pdf.paint import painted
from multibill.i18n import LANGUAGES, labels
from multibill.model import replaced

FALLBACK = "en"


class PdfRenderer:
    """Draws invoices and credit notes: ``PdfRenderer().render(invoice)`` gives the bytes of a PDF/A-3B file.

    >>> from multibill.documents import Invoice, Line
    >>> from multibill.parties import Party
    >>> line = Line(name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20")
    >>> draft = Invoice(id="i", seller=Party("Studio SARL"), buyer=Party("Acme SAS"), lines=[line])
    >>> PdfRenderer().render(draft)[:8]
    b'%PDF-1.7'
    """

    format: str = "pdf"
    version: str = "standard/1"
    media_type: str = "application/pdf"

    def render(self, document: Document) -> bytes:
        """The same bytes for the same document, whatever the time and the machine's language.

        In English when there is no catalogue of the document's language. Raises InvalidValue when the document has no
        totals or asks for a template that is not here.
        """
        if document.template != self.version:
            raise InvalidValue(
                f"{document.template!r} is not a template of this renderer; use {self.version!r}",
                path="/template",
            )
        if document.language not in LANGUAGES:
            document = replaced(document, language=FALLBACK)
        sheet = laid_out(document)
        return bytes(
            painted(
                sheet,
                title=name(document, labels(document.language)),
                author=document.seller.name,
                language=document.language,
                dated=document.issue_date,
            ).output()
        )
