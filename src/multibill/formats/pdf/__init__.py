"""The printed document: A4, in five languages, PDF/A-3B, the same bytes for the same document.

``layout`` decides where everything stands, as plain values; ``paint`` hands them to fpdf2. Nothing here computes
an amount, a date or a legal mention: what the document does not say is not printed.
"""

from __future__ import annotations

from multibill.formats.pdf.contact import contact_sheet
from multibill.formats.pdf.renderer import PdfRenderer

__all__ = ["PdfRenderer", "contact_sheet"]
