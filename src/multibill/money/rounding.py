"""Rounding: half away from zero, to a currency's minor unit. The only place that quantises.

Arithmetic on amounts runs under ARITHMETIC, whose precision no accepted pair of operands exhausts.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from multibill.money.currencies import EXPONENTS, exponent

ARITHMETIC = Context(prec=60, rounding=ROUND_HALF_UP)

QUANTA = {code: Decimal(1).scaleb(-digits) for code, digits in EXPONENTS.items()}


def quantum(code: str) -> Decimal:
    """One minor unit of the currency.

    >>> quantum("EUR"), quantum("JPY")
    (Decimal('0.01'), Decimal('1'))
    """
    exponent(code)
    return QUANTA[code]


def half_up(amount: Decimal, code: str) -> Decimal:
    """The amount rounded to the currency's minor unit, halves away from zero (EN 16931-1, 6.4.4).

    >>> (
    ...     half_up(Decimal("2.345"), "EUR"),
    ...     half_up(Decimal("-2.345"), "EUR"),
    ...     half_up(Decimal("0.5"), "JPY"),
    ... )
    (Decimal('2.35'), Decimal('-2.35'), Decimal('1'))
    """
    return amount.quantize(quantum(code), ROUND_HALF_UP, ARITHMETIC)
