"""The totals of a document (BG-22) and their VAT breakdown (BG-23) as values. Computes nothing; see ``computing``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import attrs

from multibill.documents.adjustments import Adjustment
from multibill.documents.line import Line
from multibill.model import term
from multibill.money import ARITHMETIC, Money

HUNDRED, ZERO = Decimal(100), Decimal(0)


@attrs.frozen
class VatTotal:
    """One row of the VAT breakdown (BG-23)."""

    category: str = attrs.field(metadata=term("BT-118"))
    rate: Decimal = attrs.field(metadata=term("BT-119"))
    exemption: str | None = attrs.field(metadata=term("BT-121"))
    taxable: Money = attrs.field(metadata=term("BT-116"))
    tax: Money = attrs.field(metadata=term("BT-117"))
    reason: str | None = attrs.field(default=None, metadata=term("BT-120"))

    @property
    def key(self) -> str:
        """What tells the row apart in paths: ``S-20``, ``E-0-VATEX-FR-FRANCHISE``."""
        rate = f"{self.category}-{self.rate.normalize(ARITHMETIC):f}"
        return f"{rate}-{self.exemption}" if self.exemption else rate


@attrs.frozen(kw_only=True)
class Totals:
    """The document totals (BG-22) with their VAT breakdown, all in the document's currency.

    ``nets`` is what each line comes to, by its id; ``amounts`` what each allowance and charge comes to, by its id.
    ``tax`` is the VAT in the VAT accounting currency, where that is another one.
    """

    lines: Money = attrs.field(metadata=term("BT-106"))
    allowances: Money | None = attrs.field(default=None, metadata=term("BT-107"))
    charges: Money | None = attrs.field(default=None, metadata=term("BT-108"))
    net: Money = attrs.field(metadata=term("BT-109"))
    vat: Money = attrs.field(metadata=term("BT-110"))
    tax: Money | None = attrs.field(default=None, metadata=term("BT-111"))
    gross: Money = attrs.field(metadata=term("BT-112"))
    prepaid: Money | None = attrs.field(default=None, metadata=term("BT-113"))
    rounding: Money | None = attrs.field(default=None, metadata=term("BT-114"))
    payable: Money = attrs.field(metadata=term("BT-115"))
    breakdown: tuple[VatTotal, ...] = attrs.field(default=(), metadata=term())
    nets: Mapping[str, Decimal] = attrs.field(factory=dict, hash=False, metadata=term("BT-131"))
    amounts: Mapping[str, Decimal] = attrs.field(factory=dict, hash=False, metadata=term())


def row_order(row: VatTotal) -> tuple[str, Decimal, str]:
    """Where a row stands in the breakdown."""
    return row.category, row.rate, row.exemption or ""


_NOTHING = Money(ZERO, "EUR")

PENDING = Totals(lines=_NOTHING, net=_NOTHING, vat=_NOTHING, gross=_NOTHING, payable=_NOTHING)
"""Stands for totals that are still to be computed; no document is handed out with it."""


def names(lines: Sequence[Line]) -> list[str]:
    """What each line's net is kept under: its id, or its place while it has none."""
    ids = [line.id for line in lines]
    return [known or f"#{place}" for place, known in enumerate(ids)] if None in ids else ids  # type: ignore[return-value]


def adjustment_names(items: Sequence[Adjustment], owner: str) -> list[str]:
    """What the amounts of a line's allowances or charges, or the document's, are kept under."""
    return [adjustment_name(item, place, owner) for place, item in enumerate(items)]


def adjustment_name(item: Adjustment, place: int, owner: str) -> str:
    """What an allowance's or charge's amount is kept under: its id, or its place while it has none.

    Those of a new line, perhaps the copy of another one, are told apart by their place.
    """
    known = None if owner.startswith("#") else item.id
    return known or f"{owner}#{type(item).__name__.lower()}{place}"
