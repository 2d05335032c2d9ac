"""Invoices, credit notes and quotes as the law sees them: content, totals, mentions, checks. No storage, no rights."""

from __future__ import annotations

from multibill.documents.adjustments import (
    Allowance,
    Charge,
    DocumentAllowance,
    DocumentCharge,
)
from multibill.documents.computing import Basis, compute
from multibill.documents.document import KINDS, CreditNote, Document, Invoice, Quote
from multibill.documents.line import Attribute, Classification, ItemDetails, Line
from multibill.documents.parts import (
    Attachment,
    Brand,
    Delivery,
    ExchangeRate,
    Mention,
    Note,
    Payee,
    Period,
    Reference,
    TaxRepresentative,
    Terms,
)
from multibill.documents.payment import Card, CreditTransfer, DirectDebit, PaymentInstructions
from multibill.documents.totals import Totals, VatTotal

__all__ = [
    "KINDS",
    "Allowance",
    "Attachment",
    "Attribute",
    "Basis",
    "Brand",
    "Card",
    "Charge",
    "Classification",
    "CreditNote",
    "CreditTransfer",
    "Delivery",
    "DirectDebit",
    "Document",
    "DocumentAllowance",
    "DocumentCharge",
    "ExchangeRate",
    "Invoice",
    "ItemDetails",
    "Line",
    "Mention",
    "Note",
    "Payee",
    "PaymentInstructions",
    "Period",
    "Quote",
    "Reference",
    "TaxRepresentative",
    "Terms",
    "Totals",
    "VatTotal",
    "compute",
]
