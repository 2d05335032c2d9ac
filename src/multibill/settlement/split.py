"""Amounts per VAT row: what a document asks for, and how a payment of a part of it falls on the rates."""

from __future__ import annotations

from collections.abc import Mapping

from multibill.documents import Document
from multibill.money import Money, allocate
from multibill.money.amount import total

Rows = Mapping[str, Money]
"""An amount with VAT for each row of the breakdown, by the row's key: ``{"S-20": Money("120.00", "EUR")}``."""


def whole(rows: Rows, currency: str) -> Money:
    """What the rows come to."""
    return total(rows.values(), currency)


def less(rows: Rows, taken: Rows) -> dict[str, Money]:
    """The rows without what was taken."""
    return {key: amount - taken[key] if key in taken else amount for key, amount in rows.items()}


def split(amount: Money, rows: Rows) -> dict[str, Money]:
    """An amount spread over what remains per row, by largest remainder; all that remains takes each row's rest.

    No row gets more than it has as long as the amount is not above the sum. Rows below zero get their share last.

    >>> rest = {"S-20": Money("120.00", "EUR"), "S-10": Money("55.00", "EUR")}
    >>> split(Money("100.00", "EUR"), rest)["S-20"]
    Money('68.57', 'EUR')
    """
    if amount.amount < 0:
        return {key: -part for key, part in split(-amount, rows).items()}
    if amount == whole(rows, amount.currency):
        parts: dict[str, Money] = dict(rows)
    else:
        weights = [max(part.minor, 0) for part in rows.values()]
        if not any(weights):
            return {}
        parts = dict(zip(rows, allocate(amount, weights), strict=True))
    return {key: part for key, part in parts.items() if part}


def owed(document: Document) -> dict[str, Money]:
    """What the document asks to be paid per row: the amounts with VAT, less what was prepaid, cash rounding in it."""
    totals = document.totals
    gross = {row.key: row.taxable + row.tax for row in totals.breakdown}
    return less(gross, split(totals.gross - totals.payable, gross))


def taken_from(rows: Rows, wanted: Rows) -> dict[str, Money]:
    """Of what is wanted from each row, what the row still has; on its own side of zero only."""
    found = {key: between(wanted[key], rows[key]) for key in rows if key in wanted}
    return {key: amount for key, amount in found.items() if amount}


def between(amount: Money, bound: Money) -> Money:
    """The amount kept between zero and the bound.

    >>> (
    ...     between(Money("5", "EUR"), Money("3", "EUR")),
    ...     between(Money("5", "EUR"), Money("-3", "EUR")),
    ... )
    (Money('3.00', 'EUR'), Money('0.00', 'EUR'))
    """
    zero = bound - bound
    low, high = min(zero, bound), max(zero, bound)
    return max(low, min(amount, high))
