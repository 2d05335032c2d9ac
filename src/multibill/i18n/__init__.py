"""Words and figures in the reader's language: catalogues and formatting. Knows no document and computes nothing.

Babel supplies the locale data and is loaded at the first use, never on import.
"""

from __future__ import annotations

from multibill.i18n.catalogue import Labels, labels
from multibill.i18n.formatting import (
    format_country,
    format_date,
    format_decimal,
    format_moment,
    format_money,
    format_percent,
    format_price,
    format_quantity,
    format_unit,
)
from multibill.i18n.languages import LANGUAGES, language

__all__ = [
    "LANGUAGES",
    "Labels",
    "format_country",
    "format_date",
    "format_decimal",
    "format_moment",
    "format_money",
    "format_percent",
    "format_price",
    "format_quantity",
    "format_unit",
    "labels",
    "language",
]
