"""What both ways of computing share: rounding in one currency, sizes of allowances and charges, what was found.

``computing`` puts the totals together from the figures; nothing else reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TypeVar

import attrs

from multibill.documents.adjustments import Adjustment
from multibill.documents.totals import HUNDRED, ZERO, VatTotal, adjustment_name, adjustment_names
from multibill.errors import InvalidValue
from multibill.money import Money
from multibill.money.amount import LIMITS
from multibill.money.currencies import EXPONENTS, exponent
from multibill.money.rounding import QUANTA

A = TypeVar("A", bound=Adjustment)
Row = tuple[str, Decimal, str | None]
"""What a row of the VAT breakdown is grouped by: category, rate, exemption."""


class Unit:
    """Rounding to one currency's minor unit; decimal.InvalidOperation for what storage could not hold."""

    __slots__ = ("code", "quantize", "quantum", "zero")

    def __init__(self, code: str) -> None:
        self.code = code
        self.quantum = QUANTA[code]
        self.zero = ZERO.quantize(self.quantum)
        # As many digits as the largest amount has: quantize() itself refuses what is longer.
        digits = LIMITS[code].adjusted() + EXPONENTS[code]
        self.quantize = Context(prec=digits, rounding=ROUND_HALF_UP).quantize

    def rounded(self, amount: Decimal) -> Decimal:
        """The amount rounded half away from zero; never minus zero."""
        return self.quantize(amount, self.quantum) or self.zero

    def money(self, amount: Decimal) -> Money:
        """The amount, rounded, as Money."""
        amount = self.quantize(amount, self.quantum) or self.zero
        return Money.of(amount, self.code)


UNITS = {code: Unit(code) for code in EXPONENTS}


def unit(code: str) -> Unit:
    """The unit of a currency; InvalidValue for one that ISO 4217 does not know.

    >>> unit("JPY").rounded(Decimal("-100.5"))
    Decimal('-101')
    """
    exponent(code)
    return UNITS[code]


@attrs.define
class Figures:
    """What lines, allowances and charges come to, and the rows of the VAT breakdown they make."""

    nets: dict[str, Decimal]
    amounts: dict[str, Decimal]
    lines: Decimal
    less: Decimal
    more: Decimal
    rows: list[VatTotal]


def row(
    group: Row, taxable: Decimal, tax: Decimal, reasons: Iterable[str] | None, unit: Unit
) -> VatTotal:
    """A row of the breakdown, with every reason that its parts give, whatever their order."""
    words = "; ".join(sorted(set(reasons))) if reasons else None
    return VatTotal(*group, unit.money(taxable), unit.money(tax), words)


def extra(group: Row, adjustments: Mapping[str, Decimal], unit: Unit) -> Decimal:
    """The VAT that a row takes beyond its rate, so that credit notes sum to their invoice."""
    if not adjustments:
        return unit.zero
    nothing = Money.of(unit.zero, unit.code)
    return unit.rounded(adjustments.get(VatTotal(*group, nothing, nothing).key, ZERO))


def worth(
    items: Sequence[Adjustment], owner: str, base: Decimal, amounts: dict[str, Decimal], unit: Unit
) -> Decimal:
    """What allowances or charges come to together, each of them rounded, and noted under its name."""
    quantize, quantum, zero = unit.quantize, unit.quantum, unit.zero
    total, named = zero, not owner.startswith("#")
    for place, item in enumerate(items):
        amount = item.amount
        if amount is None:
            amount = (base if item.base is None else item.base) * (item.percent or ZERO) / HUNDRED
        amount = quantize(amount, quantum) or zero
        name = item.id if named and item.id else adjustment_name(item, place, owner)
        if name in amounts:
            raise twice(name)
        amounts[name] = amount
        total += amount
    return total


def exact_size(item: Adjustment, base: Fraction, scale: int) -> Fraction:
    """What an allowance or charge comes to before rounding, in minor units, of which ``scale`` make one."""
    if item.amount is not None:
        return Fraction(item.amount) * scale
    base = base if item.base is None else Fraction(item.base) * scale
    return base * Fraction(item.percent or ZERO) / 100


def named(items: Sequence[A], owner: str = "") -> Iterable[tuple[A, str]]:
    """Each allowance or charge with the name that its amount is kept under."""
    return zip(items, adjustment_names(items, owner), strict=True)


def keep(amounts: dict[str, Decimal], name: str, amount: Decimal) -> None:
    """Note what an allowance or charge comes to."""
    if name in amounts:
        raise twice(name)
    amounts[name] = amount


def twice(name: str) -> InvalidValue:
    """The error where two allowances or charges would be kept under one name."""
    return InvalidValue(
        f"two allowances or charges have the id {name!r}; leave the id of a new one out"
    )
