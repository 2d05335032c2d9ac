"""What tests of payments, refunds and write-offs ask of an office."""

from __future__ import annotations

from typing import Any

from multibill.documents import CreditNote, Invoice
from multibill.money import Money
from tests.office import Office


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def due(office: Office, invoice: Invoice) -> tuple[str | None, Money | None]:
    found = office.bob.invoices.get(invoice.id)
    return found.settlement, found.due


def credited(office: Office, invoice: Invoice, **said: Any) -> CreditNote:
    note = office.ann.credit_notes.submit(office.ann.invoices.credit(invoice, **said))
    return office.bob.credit_notes.issue(office.bob.credit_notes.approve(note))
