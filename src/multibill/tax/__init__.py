"""VAT as dated data: categories, rates by date, exemption reasons, what is usual between two places.

Knows no document and no party, and computes no total.
"""

from __future__ import annotations

from multibill.tax.category import CATEGORIES, VAT, Category, vat
from multibill.tax.examination import examine
from multibill.tax.exemptions import EXEMPTIONS, FRANCHISE, Exemption, reason
from multibill.tax.finding import TaxFinding
from multibill.tax.rates import RATES, Rate, known, percents, rates
from multibill.tax.suggestion import Suggestion, suggest
from multibill.tax.supply import Supply
from multibill.tax.territories import Territory, territory

__all__ = [
    "CATEGORIES",
    "EXEMPTIONS",
    "FRANCHISE",
    "RATES",
    "VAT",
    "Category",
    "Exemption",
    "Rate",
    "Suggestion",
    "Supply",
    "TaxFinding",
    "Territory",
    "examine",
    "known",
    "percents",
    "rates",
    "reason",
    "suggest",
    "territory",
    "vat",
]
