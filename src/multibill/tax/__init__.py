"""VAT as dated data: categories, rates by date, exemption reasons. Knows no document and computes no total."""

from __future__ import annotations

from multibill.tax.category import CATEGORIES, VAT, Category, vat
from multibill.tax.exemptions import EXEMPTIONS, FRANCHISE, Exemption, reason
from multibill.tax.rates import RATES, Rate, rates

__all__ = [
    "CATEGORIES",
    "EXEMPTIONS",
    "FRANCHISE",
    "RATES",
    "VAT",
    "Category",
    "Exemption",
    "Rate",
    "rates",
    "reason",
    "vat",
]
