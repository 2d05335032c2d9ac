"""Allowances and charges: what comes off or on top, for a line or for the whole document. Computes nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Self

import attrs

from multibill.documents.converters import optional_key, optional_not_negative, optional_percent
from multibill.errors import InvalidValue
from multibill.model import means, optional_text, replaced, term
from multibill.tax import VAT, vat


@attrs.frozen(kw_only=True)
class Adjustment:
    """What allowances and charges share: a fixed amount, or a percentage of a base.

    The base is what the line, or all lines, come to where none is given. ``total`` is what it comes to (BT-92, BT-99,
    BT-136, BT-141), from the totals.
    """

    id: str | None = attrs.field(default=None, converter=optional_key)
    amount: Decimal | None = attrs.field(
        default=None, converter=optional_not_negative, metadata=term(unit="size", feeds=True)
    )
    percent: Decimal | None = attrs.field(
        default=None, converter=optional_percent, metadata=term(unit="size", feeds=True)
    )
    base: Decimal | None = attrs.field(
        default=None, converter=optional_not_negative, metadata=term(unit="size", feeds=True)
    )
    reason: str | None = attrs.field(default=None, converter=optional_text, metadata=term())
    reason_code: str | None = attrs.field(default=None, converter=optional_text, metadata=term())
    total: Decimal | None = attrs.field(default=None, init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Refuse one that does not say how much, or says it twice."""
        if (self.amount is None) == (self.percent is None):
            raise InvalidValue("give an amount or a percentage")
        if self.base is not None and self.percent is None:
            raise InvalidValue("a base needs a percentage")

    def showing(self, total: Decimal | None) -> Self:
        """The same with what it comes to: itself, filled in once, or a copy where it has another figure."""
        if self.total is None:
            _put_total(self, total)
        elif self.total != total:
            return replaced(self, total=total)
        return self


_put_total: Callable[[Any, Decimal | None], None] = Adjustment.total.__set__  # type: ignore[union-attr]


@attrs.frozen(kw_only=True)
class Allowance(Adjustment):
    """A discount on a line (BG-27); ``reason_code`` of UNTDID 5189.

    >>> Allowance(percent="10", reason="Volume").percent
    Decimal('10')
    """


@attrs.frozen(kw_only=True)
class Charge(Adjustment):
    """A surcharge on a line (BG-28); ``reason_code`` of UNTDID 7161.

    >>> Charge(amount="12.50", reason="Express").amount
    Decimal('12.50')
    """


@attrs.frozen(kw_only=True)
class DocumentAllowance(Adjustment):
    """A discount on the whole document (BG-20), with the VAT it lowers; ``reason_code`` of UNTDID 5189.

    >>> DocumentAllowance(percent="10", reason="Loyalty", vat="20").vat.rate
    Decimal('20')
    """

    vat: VAT = attrs.field(converter=vat, metadata=means({}, unit="vat", feeds=True))


@attrs.frozen(kw_only=True)
class DocumentCharge(Adjustment):
    """A surcharge on the whole document (BG-21), such as freight, with its VAT; ``reason_code`` of UNTDID 7161.

    >>> DocumentCharge(amount="12.50", reason="Freight", vat="20").amount
    Decimal('12.50')
    """

    vat: VAT = attrs.field(converter=vat, metadata=means({}, unit="vat", feeds=True))


def adjustment_terms(
    amount: str, base: str, percent: str, reason: str, code: str
) -> dict[str, str]:
    """What the parts of an allowance or charge mean where it stands."""
    return {
        "amount": amount,
        "base": base,
        "percent": percent,
        "reason": reason,
        "reason_code": code,
    }


LINE_ALLOWANCE = adjustment_terms("BT-136", "BT-137", "BT-138", "BT-139", "BT-140")
LINE_CHARGE = adjustment_terms("BT-141", "BT-142", "BT-143", "BT-144", "BT-145")
DOCUMENT_ALLOWANCE = {
    **adjustment_terms("BT-92", "BT-93", "BT-94", "BT-97", "BT-98"),
    "vat/category": "BT-95",
    "vat/rate": "BT-96",
}
DOCUMENT_CHARGE = {
    **adjustment_terms("BT-99", "BT-100", "BT-101", "BT-104", "BT-105"),
    "vat/category": "BT-102",
    "vat/rate": "BT-103",
}
