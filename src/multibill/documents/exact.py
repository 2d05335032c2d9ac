"""The rules ``precise`` and ``included``: exact fractions of minor units, rounded once per rate and then shared.

What rounding leaves goes to the parts where it erred most, so that they sum to their row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from multibill.documents.adjustments import DocumentAllowance, DocumentCharge
from multibill.documents.figures import Figures, Row, Unit, exact_size, extra, keep, named, row
from multibill.documents.line import Line
from multibill.documents.totals import VatTotal, names
from multibill.money import exponent
from multibill.tax import VAT


@attrs.define
class Part:
    """A line, allowance or charge of the document: its exact minor units, signed, then the whole ones it gets."""

    name: str
    vat: VAT
    exact: Fraction
    share: int = 0


def half_away(amount: Fraction) -> int:
    """The nearest whole number, halves away from zero.

    >>> half_away(Fraction(5, 2)), half_away(Fraction(-5, 2)), half_away(Fraction(1, 3))
    (3, -3, 0)
    """
    whole = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return whole if amount >= 0 else -whole


def share(parts: Sequence[Part], exact: Sequence[Fraction], whole: int) -> None:
    """Round each part, then give or take single units where rounding erred most, until they sum to the whole.

    Between equal errors the name decides, not the place: moving a line moves no cent.
    """
    for part, amount in zip(parts, exact, strict=True):
        part.share = half_away(amount)
    missing = whole - sum(part.share for part in parts)
    if not missing:
        return
    step = 1 if missing > 0 else -1
    errors = [
        (step * (part.share - amount), part.name, place)
        for place, (part, amount) in enumerate(zip(parts, exact, strict=True))
    ]
    all_get, rest = divmod(abs(missing), len(parts))
    for rank, (_, _, place) in enumerate(sorted(errors)):
        parts[place].share += step * (all_get + (rank < rest))


class Sheet:
    """One computation under ``precise``, or ``included`` where prices contain the VAT."""

    def __init__(self, unit: Unit, included: bool, adjustments: Mapping[str, Decimal]) -> None:
        self.unit = unit
        self.included = included
        self.adjustments = adjustments
        self.scale = 10 ** exponent(unit.code)
        self.amounts: dict[str, Decimal] = {}

    def figures(
        self,
        lines: Sequence[Line],
        allowances: Sequence[DocumentAllowance],
        charges: Sequence[DocumentCharge],
    ) -> Figures:
        """All that is needed for the totals."""
        parts = [self._line(line, name) for line, name in zip(lines, names(lines), strict=True)]
        found = sum((part.exact for part in parts), Fraction(0))
        less = [self._part(item, name, -1, found) for item, name in named(allowances)]
        more = [self._part(item, name, 1, found) for item, name in named(charges)]
        rows = self._rows(parts, [*less, *more])
        for sign, parts_of in ((-1, less), (1, more)):
            for part in parts_of:
                keep(self.amounts, part.name, self._amount(sign * part.share))
        return Figures(
            nets={part.name: self._amount(part.share) for part in parts},
            amounts=self.amounts,
            lines=self._summed(parts),
            less=self._amount(-sum(part.share for part in less)),
            more=self._summed(more),
            rows=rows,
        )

    def _line(self, line: Line, name: str) -> Part:
        gross = Fraction(line.quantity) * Fraction(line.unit_price) * self.scale
        if line.base_quantity is not None:
            gross /= Fraction(line.base_quantity)
        total = gross = self._step(gross)
        for items, sign in ((line.allowances, -1), (line.charges, 1)):
            for item, known in named(items, name):
                amount = self._step(exact_size(item, gross, self.scale))
                total += sign * amount
                shown = self._without(amount, line.vat) if self.included else amount
                keep(self.amounts, known, self._amount(half_away(shown)))
        return Part(name, line.vat, total)

    def _part(
        self, item: DocumentAllowance | DocumentCharge, name: str, sign: int, lines: Fraction
    ) -> Part:
        amount = sign * half_away(exact_size(item, lines, self.scale))
        return Part(name, item.vat, Fraction(amount), amount)

    def _step(self, amount: Fraction) -> Fraction:
        """An amount on the way: a price that is printed with VAT is rounded, others stay exact."""
        return Fraction(half_away(amount)) if self.included else amount

    def _rows(self, lines: Sequence[Part], others: Sequence[Part]) -> list[VatTotal]:
        groups: dict[Row, tuple[list[Part], list[Part]]] = {}
        for place, parts in enumerate((lines, others)):
            for part in parts:
                vat = part.vat
                group = vat.category, vat.rate, vat.exemption
                groups.setdefault(group, ([], []))[place].append(part)
        total = self._with_vat if self.included else self._precise
        return [total(group, *found) for group, found in groups.items()]

    def _precise(self, group: Row, lines: list[Part], others: list[Part]) -> VatTotal:
        """Exact lines, rounded once; allowances and charges of the document are whole already."""
        exact = sum((part.exact for part in lines), Fraction(0))
        share(lines, [part.exact for part in lines], half_away(exact))
        exact += sum(part.exact for part in others)
        tax = self._amount(half_away(exact * Fraction(group[1]) / 100))
        tax += extra(group, self.adjustments, self.unit)
        return self._row(group, [*lines, *others], tax)

    def _with_vat(self, group: Row, lines: list[Part], others: list[Part]) -> VatTotal:
        """The gross stands: the VAT is taken out of it once, and the parts share what is left."""
        parts = [*lines, *others]
        gross = sum((part.exact for part in parts), Fraction(0))
        rate = Fraction(group[1])
        tax = self._amount(half_away(gross * rate / (100 + rate)))
        tax += extra(group, self.adjustments, self.unit)
        nets = [self._without(part.exact, part.vat) for part in parts]
        share(parts, nets, int(gross) - int(tax * self.scale))
        return self._row(group, parts, tax)

    def _row(self, group: Row, parts: Sequence[Part], tax: Decimal) -> VatTotal:
        reasons = [part.vat.reason for part in parts if part.vat.reason]
        return row(group, self._summed(parts), tax, reasons, self.unit)

    def _summed(self, parts: Sequence[Part]) -> Decimal:
        return self._amount(sum(part.share for part in parts))

    def _amount(self, minor: int) -> Decimal:
        return self.unit.rounded(Decimal(minor) / self.scale)

    def _without(self, gross: Fraction, vat: VAT) -> Fraction:
        """An amount without the VAT it contains."""
        return gross * 100 / (100 + Fraction(vat.rate))
