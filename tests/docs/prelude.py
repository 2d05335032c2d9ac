"""The names that every snippet of README.md and docs may use without importing them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal


def prelude(namespace: dict[str, object]) -> None:
    """Fill the namespace that all snippets of one file share, before the first of them runs."""
    namespace.update(date=date, datetime=datetime, Decimal=Decimal)
