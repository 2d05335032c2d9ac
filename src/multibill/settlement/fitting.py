"""Fitting a credit note to what remains of its invoice: checked per line and row, the last of a row takes the rest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from multibill.documents import Document
from multibill.documents.totals import ZERO, VatTotal
from multibill.errors import OverCredited
from multibill.money import ARITHMETIC, Money
from multibill.settlement.balance import Balance
from multibill.settlement.split import between


def fitted(note: Document, original: Document, left: Balance) -> dict[str, Any]:
    """The fields that make a credit note fit what remains of its invoice: VAT adjustments, and the cash rounding.

    The last note of a row takes the row's rest, the last of all the invoice's rounding. Raises OverCredited, with its
    path, where the note takes more than remains of a line or a row.
    """
    fields: dict[str, Any] = {"vat_adjustments": _adjustments(note, left)}
    if original.totals.rounding is not None:
        fields["cash_unit"] = fields["rounding_amount"] = None
        fields["rounding_amount"] = _rounding(note.evolve(**fields), original, left)
    return fields


def _adjustments(note: Document, left: Balance) -> dict[str, Decimal]:
    for id, net in note.totals.nets.items():
        rest = left.lines[id][1] if id in left.lines else net
        if within(net, rest) != net:
            raise OverCredited(
                f"{net} is more than the {rest} that remains of this line", path=f"/lines/{id}"
            )
    plain = note.evolve(vat_adjustments={}) if note.vat_adjustments else note
    found = {}
    for row in plain.totals.breakdown:
        taxable, tax = left.row(row.key, note.currency)
        if between(row.taxable, taxable) != row.taxable:
            raise _too_much(row, taxable)
        asked = row.tax + Money(note.vat_adjustments.get(row.key, ZERO), note.currency)
        due = tax if row.taxable == taxable else between(asked, tax)
        if difference := due.amount - row.tax.amount:
            found[row.key] = difference
    return found


def _rounding(note: Document, original: Document, left: Balance) -> Decimal | None:
    """The invoice's rounding where this note is its last, at most what keeps the note above nothing."""
    rows = {row.key: (row.taxable, row.tax) for row in note.totals.breakdown}
    whole = {key: row for key, row in left.rows.items() if any(row)}
    if {key: row for key, row in rows.items() if any(row)} != whole or not original.totals.rounding:
        return None
    return max(original.totals.rounding.amount, -note.totals.gross.amount)


def _too_much(row: VatTotal, rest: Money) -> OverCredited:
    return OverCredited(
        f"{row.taxable} at {row.rate.normalize(ARITHMETIC):f} % is more than the {rest} without VAT"
        " that can still be credited at this rate",
        path="/lines",
    )


def within(amount: Decimal, bound: Decimal) -> Decimal:
    """The amount kept between zero and the bound."""
    return max(min(ZERO, bound), min(amount, max(ZERO, bound)))
