"""Money: an exact amount in whole minor units of one currency; and what counts as a decimal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import total_ordering
from typing import ClassVar

import attrs

from multibill.errors import InvalidValue
from multibill.money.currencies import EXPONENTS, currency, exponent
from multibill.money.rounding import ARITHMETIC, half_up

LIMIT = Decimal(10) ** 15
PLACES = 12
LIMITS = {code: Decimal(10) ** (18 - max(digits, 3)) for code, digits in EXPONENTS.items()}
"""Below this, an amount in minor units fits eighteen digits, and so a BIGINT column."""


def decimal(value: Decimal | int | str) -> Decimal:
    """An exact, finite decimal below 10**15 with at most 12 places; floats are refused.

    >>> decimal("450"), decimal(3)
    (Decimal('450'), Decimal('3'))
    >>> decimal(0.1)
    Traceback (most recent call last):
    multibill.errors.InvalidValue: 0.1 is a float and not exact; write '0.1' or Decimal('0.1')
    """
    if type(value) is str:
        number = parsed(value)
        if len(value) <= PLACES:
            return number
    else:
        number = value if type(value) is Decimal else exact(value)
    if not number.is_finite() or not -LIMIT < number < LIMIT or places(number) > PLACES:
        raise InvalidValue(
            f"{str(value)[:40]} must be finite, below 10^15, with at most {PLACES} decimal places"
        )
    return number


def parsed(text: str) -> Decimal:
    """A decimal from text: digits, one point, no white space, underscores or exponent."""
    try:
        if len(text) <= 40 and not text.strip("0123456789+-."):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise InvalidValue(f"{text[:40]!r} is not a decimal number such as '1234.50'")


def exact(value: object) -> Decimal:
    """A decimal from an int or a Decimal subclass; everything else could have lost digits already."""
    if isinstance(value, float):
        raise InvalidValue(
            f"{value!r} is a float and not exact; write '{value!r}' or Decimal('{value!r}')"
        )
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidValue(
            f"{value!r} is not a decimal number; write '1234.50', 1234 or Decimal('1234.50')"
        )
    if isinstance(value, int) and abs(value) >= LIMIT:
        raise InvalidValue("the number must be below 10^15")
    return Decimal(value)


def places(value: Decimal) -> int:
    """Decimal places that carry a digit: 2 for 1.50 written ``1.50``, and 0 for 1E+3."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def optional_decimal(value: Decimal | int | str | None) -> Decimal | None:
    """Like decimal(), and None stays None."""
    return None if value is None else decimal(value)


@total_ordering
@attrs.frozen(order=False, repr=False)
class Money:
    """An amount in whole minor units of a currency: ``Money("1620.00", "EUR")``.

    Adding, subtracting and comparing need one currency; multiplying rounds half away from zero.

    >>> Money("10", "EUR") + Money("0.50", "EUR")
    Money('10.50', 'EUR')
    >>> Money("1.005", "EUR")
    Traceback (most recent call last):
    multibill.errors.InvalidValue: 1.005 has more than 2 decimal places, EUR's own; ...
    """

    __atom__: ClassVar[bool] = True

    amount: Decimal = attrs.field(converter=decimal)
    currency: str = attrs.field(converter=currency)

    def __attrs_post_init__(self) -> None:
        """Bring the amount to the currency's own number of places, or refuse."""
        quantised = half_up(self.amount, self.currency)
        if quantised != self.amount:
            digits = exponent(self.currency)
            raise InvalidValue(
                f"{self.amount} has more than {digits} decimal places, {self.currency}'s own; "
                f"round it with Money.rounded('{self.amount}', '{self.currency}')"
            )
        if quantised.copy_abs() >= LIMITS[self.currency]:
            raise InvalidValue(
                f"{quantised} {self.currency} has more than 18 digits of minor units"
            )
        # A host may have lowered the precision of its own decimal context: nothing here runs under that one.
        object.__setattr__(self, "amount", quantised or quantised.copy_abs())

    @classmethod
    def rounded(cls, amount: Decimal | int | str, code: str) -> Money:
        """The amount rounded half away from zero to the currency's minor unit.

        >>> Money.rounded("1.005", "EUR")
        Money('1.01', 'EUR')
        """
        return cls(half_up(decimal(amount), code), code)

    @classmethod
    def of(cls, amount: Decimal, code: str) -> Money:
        """Money from an amount that this library has just rounded; skips the checks."""
        self = object.__new__(cls)
        _put_amount(self, amount)
        _put_currency(self, code)
        return self

    @classmethod
    def from_minor(cls, minor: int, code: str) -> Money:
        """Money from minor units as stored.

        >>> Money.from_minor(162000, "EUR")
        Money('1620.00', 'EUR')
        """
        return cls.of(Decimal(minor).scaleb(-exponent(code), ARITHMETIC), code)

    @property
    def minor(self) -> int:
        """The amount in minor units, as stored in BIGINT columns."""
        return int(self.amount.scaleb(EXPONENTS[self.currency], ARITHMETIC))

    def _same(self, other: object) -> Decimal:
        if not isinstance(other, Money):
            raise InvalidValue(
                f"{other!r} is not Money; write Money({str(other)!r}, {self.currency!r})"
            )
        if other.currency != self.currency:
            raise InvalidValue(
                f"{self.currency} and {other.currency} cannot be mixed without a rate"
            )
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(ARITHMETIC.add(self.amount, self._same(other)), self.currency)

    def __radd__(self, other: int) -> Money:
        """Let ``sum(amounts)`` begin with its 0."""
        return self if other == 0 else NotImplemented

    def __sub__(self, other: Money) -> Money:
        return Money(ARITHMETIC.subtract(self.amount, self._same(other)), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        product = ARITHMETIC.multiply(self.amount, decimal(factor))
        return Money(half_up(product, self.currency), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)

    def __abs__(self) -> Money:
        return Money.of(self.amount.copy_abs(), self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __repr__(self) -> str:
        return f"Money('{self.amount}', '{self.currency}')"

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


_put_amount = Money.amount.__set__  # type: ignore[attr-defined]
_put_currency = Money.currency.__set__  # type: ignore[attr-defined]


def total(amounts: Iterable[Money], code: str) -> Money:
    """The sum, in a currency that must be named because the list may be empty.

    >>> total([Money("1.10", "EUR"), Money("2.20", "EUR")], "EUR")
    Money('3.30', 'EUR')
    """
    result = Money(Decimal(0), code)
    for amount in amounts:
        result += amount
    return result
