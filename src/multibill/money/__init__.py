"""Money, rounding, allocation and the ISO 4217 list. Knows no document and no tax."""

from __future__ import annotations

from multibill.money.allocation import allocate
from multibill.money.amount import Money, decimal
from multibill.money.currencies import currency, exponent
from multibill.money.rounding import ARITHMETIC, half_up, quantum

__all__ = [
    "ARITHMETIC",
    "Money",
    "allocate",
    "currency",
    "decimal",
    "exponent",
    "half_up",
    "quantum",
]
