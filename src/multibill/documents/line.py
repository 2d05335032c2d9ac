"""The parts of a document: lines, notes, terms, periods, references. Plain values; no totals here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Self

import attrs

from multibill.clock import day
from multibill.documents.order import order_key
from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.model import means, optional_text, replaced, term, text
from multibill.money import decimal
from multibill.tax import VAT, vat


def optional_key(value: str | None) -> str | None:
    """Like ids.key(); None waits for the desk to make one."""
    return None if value is None else key(value)


def optional_day(value: date | str | None) -> date | None:
    """Like clock.day(); None stays None."""
    return None if value is None else day(value)


def unit_code(value: str) -> str:
    """A code of UN/ECE Recommendation 20 or 21 (BR-CL-23), by its form: two or three capitals and figures.

    >>> unit_code("DAY")
    'DAY'
    >>> unit_code("day")
    Traceback (most recent call last):
    multibill.errors.InvalidValue: 'day' is no UN/ECE unit code; write DAY, HUR, C62 for one, or another of them
    """
    if isinstance(value, str) and re.fullmatch("[A-Z0-9]{2,3}", value):
        return str(value)
    raise InvalidValue(
        f"{value!r} is no UN/ECE unit code; write DAY, HUR, C62 for one, or another of them"
    )


def optional_positive(value: Decimal | int | str | None) -> Decimal | None:
    """A decimal above zero; None stays None."""
    if value is None:
        return None
    number = decimal(value)
    if number > 0:
        return number
    raise InvalidValue(f"{number} must be above zero")


@attrs.frozen(kw_only=True)
class Line:
    """One invoice line (BG-25). ``id`` and ``order`` come from the desk, ``net`` from the totals (BT-131).

    Quantity in units of UN/ECE Recommendation 20 (``DAY``, ``HUR``, ``C62`` for one); ``unit_price`` without
    VAT for ``base_quantity`` units (one when None); ``vat`` a bare rate or ``VAT(category, rate, exemption)``.

    >>> Line(name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20").vat.rate
    Decimal('20')
    """

    id: str | None = attrs.field(
        default=None, converter=optional_key, metadata=term("BT-126", label="line")
    )
    order: str | None = attrs.field(
        default=None, converter=order_key, metadata=term(material=False)
    )
    name: str = attrs.field(converter=text, metadata=term("BT-153", label="item"))
    description: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-154")
    )
    quantity: Decimal = attrs.field(default=Decimal(1), converter=decimal, metadata=term("BT-129"))
    unit: str = attrs.field(default="C62", converter=unit_code, metadata=term("BT-130"))
    unit_price: Decimal = attrs.field(converter=decimal, metadata=term("BT-146", unit="price"))
    base_quantity: Decimal | None = attrs.field(
        default=None, converter=optional_positive, metadata=term("BT-149", unit="price")
    )
    vat: VAT = attrs.field(
        converter=vat, metadata=means({"category": "BT-151", "rate": "BT-152"}, unit="vat")
    )
    net: Decimal | None = attrs.field(default=None, init=False, eq=False)

    def evolve(self, **changes: Any) -> Self:
        """The same line with other attributes: ``line.evolve(quantity=4)``."""
        return attrs.evolve(self, **changes)

    def showing(self, net: Decimal | None) -> Self:
        """The line with this net: itself, filled in once like any cached figure, or a copy where it has another."""
        if self.net is None:
            _put_net(self, net)
        elif self.net != net:
            return replaced(self, net=net)
        return self


_put_net: Callable[[Line, Decimal | None], None] = Line.net.__set__  # type: ignore[union-attr]


@attrs.frozen(kw_only=True)
class Note:
    """A free note on the document (BG-1): text and UNTDID 4451 subject code."""

    id: str | None = attrs.field(default=None, converter=optional_key)
    text: str = attrs.field(converter=text, metadata=term("BT-22"))
    subject: str | None = attrs.field(default=None, converter=optional_text, metadata=term("BT-21"))


@attrs.frozen(kw_only=True)
class Mention:
    """A sentence that the law wants on the document; frozen with it, printed like a note (BG-1)."""

    id: str = attrs.field(converter=key)
    law: str = attrs.field(converter=text)
    text: str = attrs.field(converter=text, metadata=term("BT-22"))
    subject: str | None = attrs.field(default=None, converter=optional_text, metadata=term("BT-21"))


@attrs.frozen(kw_only=True)
class Reference:
    """A preceding document (BG-3): its number, its date and, when it is ours, its id."""

    id: str = attrs.field(converter=key)
    number: str = attrs.field(converter=text, metadata=term("BT-25"))
    issue_date: date | None = attrs.field(
        default=None, converter=optional_day, metadata=term("BT-26")
    )


@attrs.frozen
class Period:
    """First and last day of what is billed (BG-14); at least one of them (BR-CO-19)."""

    start: date | None = attrs.field(default=None, converter=optional_day)
    end: date | None = attrs.field(default=None, converter=optional_day)

    def __attrs_post_init__(self) -> None:
        """Refuse a period that says nothing."""
        if self.start is None and self.end is None:
            raise InvalidValue("a period needs a start or an end")


@attrs.frozen(kw_only=True)
class Terms:
    """When to pay: days after issue, then the end of that month if asked (article L441-10 Code de commerce).

    >>> Terms(days=30).due(date(2026, 11, 30))
    datetime.date(2026, 12, 30)
    >>> Terms(days=45, end_of_month=True).due(date(2026, 11, 30))
    datetime.date(2027, 1, 31)
    """

    days: int = attrs.field(default=30)
    end_of_month: bool = attrs.field(default=False)
    text: str | None = attrs.field(default=None, converter=optional_text)

    @days.validator
    def _bounded(self, _: object, value: int) -> None:
        if type(value) is not int or not 0 <= value <= 366:
            raise InvalidValue(f"{value!r} is not a number of days between 0 and 366", path="/days")

    def due(self, issued: date) -> date:
        """The day payment is due for a document issued on that day."""
        due = date.fromordinal(issued.toordinal() + self.days)
        if not self.end_of_month:
            return due
        following = date(due.year + due.month // 12, due.month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
