"""Invoices and credit notes as the law sees them: content, totals, legal mentions, checks. No storage, no rights."""

from __future__ import annotations

from multibill.documents.document import KINDS, CreditNote, Document, Invoice
from multibill.documents.line import Line, Mention, Note, Period, Reference, Terms
from multibill.documents.totals import Totals, VatTotal, compute

__all__ = [
    "KINDS",
    "CreditNote",
    "Document",
    "Invoice",
    "Line",
    "Mention",
    "Note",
    "Period",
    "Reference",
    "Terms",
    "Totals",
    "VatTotal",
    "compute",
]
