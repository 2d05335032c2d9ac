"""Splitting an amount without losing a cent: largest remainder. Decides no policy of who gets what."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from multibill.errors import InvalidValue
from multibill.money.amount import Money


def allocate(amount: Money, weights: Sequence[Decimal | int]) -> list[Money]:
    """The amount split in proportion to the weights; the parts always sum to it.

    Each part is rounded towards zero, then the minor units left go to the largest remainders,
    the earlier part first among equals.

    >>> allocate(Money("100.00", "EUR"), [1, 1, 1])
    [Money('33.34', 'EUR'), Money('33.33', 'EUR'), Money('33.33', 'EUR')]
    """
    if not weights or any(not Decimal(w).is_finite() or w < 0 for w in weights) or not any(weights):
        raise InvalidValue("weights must be finite, not negative and not all zero")
    sign, whole = -1 if amount.amount < 0 else 1, abs(amount.minor)
    scale = sum(map(Fraction, weights))
    exact = [whole * Fraction(weight) / scale for weight in weights]
    floors = [int(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda index: (floors[index] - exact[index], index))
    for index in order[: whole - sum(floors)]:
        floors[index] += 1
    return [Money.from_minor(sign * minor, amount.currency) for minor in floors]
