"""A line of a document and what it says of its item. Plain values; no totals here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Self

import attrs

from multibill.documents.adjustments import LINE_ALLOWANCE, LINE_CHARGE, Allowance, Charge
from multibill.documents.converters import (
    optional_key,
    optional_not_negative,
    optional_positive,
    optional_unit,
    unit_code,
)
from multibill.documents.order import order_key
from multibill.documents.parts import Period
from multibill.model import (
    instance_of,
    means,
    optional_text,
    replaced,
    said,
    term,
    text,
    told_apart,
)
from multibill.money import decimal
from multibill.parties import Identifier
from multibill.parties.identifiers import content_key
from multibill.parties.party import country
from multibill.tax import VAT, vat


@attrs.frozen
class Attribute:
    """A property of an item (BG-32): ``Attribute("colour", "blue")``."""

    name: str = attrs.field(converter=text, metadata=term("BT-160"))
    value: str = attrs.field(converter=text, metadata=term("BT-161"))

    @property
    def key(self) -> str:
        """What tells it apart in paths."""
        return content_key(self.name, self.value)


@attrs.frozen
class Classification:
    """What kind of thing an item is, in a list of UNTDID 7143: ``Classification("43211503", "MP")``."""

    value: str = attrs.field(converter=text, metadata=term("BT-158"))
    scheme: str = attrs.field(converter=text, metadata=term("BT-158-1"))
    version: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-158-2")
    )

    @property
    def key(self) -> str:
        """What tells it apart in paths."""
        return content_key(self.scheme, self.version, self.value)


def _attributes(values: Iterable[Attribute]) -> tuple[Attribute, ...]:
    return told_apart(Attribute, values, "attributes")


def _classifications(values: Iterable[Classification]) -> tuple[Classification, ...]:
    return told_apart(Classification, values, "classifications")


def _optional_country(code: str | None) -> str | None:
    return None if code is None else country(code)


@attrs.frozen(kw_only=True)
class ItemDetails:
    """What else is known of a line's item (BG-31): whose number it has, what it is, where it comes from.

    >>> ItemDetails(seller_id="SKU-7", origin="FR").origin
    'FR'
    """

    seller_id: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-155")
    )
    buyer_id: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-156")
    )
    standard_id: Identifier | None = attrs.field(
        default=None,
        validator=instance_of(Identifier, optional=True),
        metadata=means({"value": "BT-157", "scheme": "BT-157-1"}),
    )
    classifications: tuple[Classification, ...] = attrs.field(
        default=(), converter=_classifications, metadata=term()
    )
    origin: str | None = attrs.field(
        default=None, converter=_optional_country, metadata=term("BT-159")
    )
    attributes: tuple[Attribute, ...] = attrs.field(
        default=(), converter=_attributes, metadata=term()
    )


def _allowances(values: Iterable[Allowance]) -> tuple[Allowance, ...]:
    return told_apart(Allowance, values, "allowances")


def _charges(values: Iterable[Charge]) -> tuple[Charge, ...]:
    return told_apart(Charge, values, "charges")


@attrs.frozen(kw_only=True)
class Line:
    """One invoice line (BG-25). ``id`` and ``order`` come from the desk, ``net`` from the totals (BT-131).

    Quantity in units of UN/ECE Recommendation 20 (``DAY``, ``HUR``, ``C62`` for one); ``unit_price`` without
    VAT for ``base_quantity`` units (one when None), with VAT where the document's prices include it (rounding rule
    ``included``); ``vat`` a bare rate or ``VAT(category, rate, exemption)``. ``allowances`` and ``charges`` of the
    line change its net; a ``gross_price`` less ``price_discount`` only explains the unit price.

    >>> Line(name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20").vat.rate
    Decimal('20')
    """

    id: str | None = attrs.field(
        default=None, converter=optional_key, metadata=term("BT-126", label="line")
    )
    order: str | None = attrs.field(
        default=None,
        converter=order_key,
        metadata=term(material=False, feeds=True, merge="last"),
    )
    name: str = attrs.field(converter=text, metadata=term("BT-153", label="item"))
    description: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-154", merge="text")
    )
    quantity: Decimal = attrs.field(
        default=Decimal(1), converter=decimal, metadata=term("BT-129", feeds=True)
    )
    unit: str = attrs.field(default="C62", converter=unit_code, metadata=term("BT-130"))
    unit_price: Decimal = attrs.field(
        converter=decimal, metadata=term("BT-146", unit="price", feeds=True)
    )
    base_quantity: Decimal | None = attrs.field(
        default=None, converter=optional_positive, metadata=term("BT-149", unit="price", feeds=True)
    )
    vat: VAT = attrs.field(
        converter=vat,
        metadata=means({"category": "BT-151", "rate": "BT-152"}, unit="vat", feeds=True),
    )
    base_unit: str | None = attrs.field(
        default=None, converter=optional_unit, metadata=term("BT-150", unit="price")
    )
    gross_price: Decimal | None = attrs.field(
        default=None, converter=optional_not_negative, metadata=term("BT-148", unit="price")
    )
    price_discount: Decimal | None = attrs.field(
        default=None, converter=optional_not_negative, metadata=term("BT-147", unit="price")
    )
    allowances: tuple[Allowance, ...] = attrs.field(
        default=(), converter=_allowances, metadata=means(LINE_ALLOWANCE)
    )
    charges: tuple[Charge, ...] = attrs.field(
        default=(), converter=_charges, metadata=means(LINE_CHARGE)
    )
    period: Period | None = attrs.field(
        default=None,
        validator=instance_of(Period, optional=True),
        metadata=means({"start": "BT-134", "end": "BT-135"}, unit="period"),
    )
    note: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-127", merge="text")
    )
    object_id: Identifier | None = attrs.field(
        default=None,
        validator=instance_of(Identifier, optional=True),
        metadata=means({"value": "BT-128", "scheme": "BT-128-1"}),
    )
    order_line: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-132", label="order line")
    )
    buyer_accounting: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-133")
    )
    item: ItemDetails | None = attrs.field(
        default=None,
        converter=said,
        validator=instance_of(ItemDetails, optional=True),
        metadata=term(),
    )
    net: Decimal | None = attrs.field(default=None, init=False, eq=False)

    def evolve(self, **changes: Any) -> Self:
        """The same line with other attributes: ``line.evolve(quantity=4)``."""
        return attrs.evolve(self, **changes)

    @property
    def units(self) -> Decimal:
        """How many times the price is paid: the quantity, by the base quantity where there is one."""
        return self.quantity if self.base_quantity is None else self.quantity / self.base_quantity

    def showing(self, net: Decimal | None) -> Self:
        """The line with this net: itself, filled in once like any cached figure, or a copy where it has another."""
        if self.net is None:
            _put_net(self, net)
        elif self.net != net:
            return replaced(self, net=net)
        return self


_put_net: Callable[[Line, Decimal | None], None] = Line.net.__set__  # type: ignore[union-attr]
