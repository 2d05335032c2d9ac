"""How to pay: means, accounts, card, mandate, the code for a bank's application. Says what the document says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from multibill.documents import Document
from multibill.documents.payment import CreditTransfer, DirectDebit, PaymentInstructions
from multibill.formats.pdf.faces import width
from multibill.formats.pdf.facts import Fact, named
from multibill.formats.pdf.grid import Grid, Slot
from multibill.formats.pdf.images import Modules, payment_code
from multibill.formats.pdf.page import Column, Sheet
from multibill.formats.pdf.style import (
    BODY_BOLD,
    BODY_TEXT,
    BOTTOM,
    CAPTION,
    CODE,
    RESUME,
    RIGHT,
    SOFT_TEXT,
)
from multibill.formats.pdf.wrap import DOT, wrap
from multibill.i18n import Labels

MEANS = {
    "10": "Cash",
    "20": "Cheque",
    "30": "Credit transfer",
    "31": "Credit transfer",
    "42": "Credit transfer",
    "48": "Card",
    "49": "Direct debit",
    "54": "Card",
    "55": "Card",
    "57": "Standing agreement",
    "58": "SEPA credit transfer",
    "59": "SEPA direct debit",
    "97": "Clearing between partners",
}
"""UNTDID 4461 code -> what it is called."""

IBAN = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")
LABEL, GAP = (38.0, 48.0), 3.0
"""What the labels take at least and at most."""


def draw_payment(column: Column, document: Document, say: Labels) -> None:
    """The whole block on one page where it fits; nothing for a document that says nothing of it."""
    rows = [*_rows(document, say)]
    if not rows:
        return
    column.skip(6)
    code = payment_code(document)
    trial = Column(Sheet(), 1, RESUME + 1)
    _drawn(trial, rows, code, say)
    column.keep(trial.y - RESUME - 1 if trial.page == 1 else BOTTOM - RESUME)
    _drawn(column, rows, code, say)


def _drawn(column: Column, rows: list[Fact], code: Modules | None, say: Labels) -> None:
    aside = column.beside(RIGHT - CODE, CODE)
    text = column.beside(column.x, column.w - CODE - 8 if code else column.w)
    text.paragraph(say("Payment"), BODY_BOLD)
    text.skip(0.6)
    longest = max(width(label, SOFT_TEXT) for label, _ in rows) + 0.01
    label_w = min(max(longest, LABEL[0]), LABEL[1])
    slots = (Slot(label_w), Slot(text.w - label_w - GAP))
    grid = Grid(text, slots, gap=GAP, pad=0.25, ruled=False)
    for label, value in rows:
        grid.row(wrap(label, SOFT_TEXT, slots[0].w), wrap(value, BODY_TEXT, slots[1].w))
    if code:
        column.sheet.picture(aside.here, aside.x, CODE, CODE, code)
        aside.y += CODE + 1
        aside.paragraph(say("Scan to pay"), CAPTION)
    column.below(text, aside)


def _rows(document: Document, say: Labels) -> Iterator[Fact]:
    payment = document.payment
    if payment:
        means = payment.text or (say(MEANS[payment.means]) if payment.means in MEANS else None)
        if means:
            yield say("Means of payment"), means
    if document.payee:
        numbers = [
            named(one, say("No."))
            for one in (document.payee.registration, document.payee.identifier)
            if one
        ]
        yield say("Payable to"), DOT.join([document.payee.name, *numbers])
    if payment:
        yield from _ways(payment, say)


def _ways(payment: PaymentInstructions, say: Labels) -> Iterator[Fact]:
    for account in payment.transfers:
        yield from _account(account, say)
    if payment.card:
        yield say("Card"), DOT.join(filter(None, (payment.card.number, payment.card.holder)))
    if payment.debit:
        yield from _debit(payment.debit, say)
    if payment.remittance:
        yield say("Payment reference"), payment.remittance


def _account(account: CreditTransfer, say: Labels) -> Iterator[Fact]:
    if account.holder:
        yield say("Account holder"), account.holder
    label = "IBAN" if IBAN.fullmatch(account.account) else say("Account no.")
    yield label, grouped(account.account)
    if account.bic:
        yield "BIC", account.bic


def _debit(debit: DirectDebit, say: Labels) -> Iterator[Fact]:
    texts = (
        (say("Mandate"), debit.mandate),
        (say("Creditor identifier"), debit.creditor),
        (say("Debited account"), grouped(debit.account) if debit.account else None),
    )
    yield from ((label, text) for label, text in texts if text)


def grouped(account: str) -> str:
    """An IBAN in groups of four, which no line end tears (ISO 13616); another number as it is.

    >>> grouped("FR7630006000011234567890189").split("\\N{NO-BREAK SPACE}")
    ['FR76', '3000', '6000', '0112', '3456', '7890', '189']
    """
    if not IBAN.fullmatch(account):
        return account
    parts = [account[start : start + 4] for start in range(0, len(account), 4)]
    return "\N{NO-BREAK SPACE}".join(parts)
