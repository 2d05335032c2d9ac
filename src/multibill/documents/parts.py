"""The small parts of a document: notes, mentions, references, periods, terms, delivery, attachments. Plain values."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import attrs

from multibill.clock import day
from multibill.documents.converters import (
    optional_day,
    optional_key,
    optional_percent,
    positive,
)
from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.model import instance_of, means, optional_text, term, text
from multibill.parties import Address, Identifier


@attrs.frozen(kw_only=True)
class Note:
    """A free note on the document (BG-1): text and UNTDID 4451 subject code."""

    id: str | None = attrs.field(default=None, converter=optional_key)
    text: str = attrs.field(converter=text, metadata=term("BT-22"))
    subject: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-21", feeds=True)
    )


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

    ``discount_percent`` off for payment within ``discount_days``; ``late_rate`` the yearly rate of late interest in
    percent, where it is not that of the law (L441-10 II).

    >>> Terms(days=30).due(date(2026, 11, 30))
    datetime.date(2026, 12, 30)
    >>> Terms(days=45, end_of_month=True).due(date(2026, 11, 30))
    datetime.date(2027, 1, 31)
    """

    days: int = attrs.field(default=30)
    end_of_month: bool = attrs.field(default=False)
    text: str | None = attrs.field(default=None, converter=optional_text)
    discount_percent: Decimal | None = attrs.field(
        default=None, kw_only=True, converter=optional_percent
    )
    discount_days: int | None = attrs.field(default=None, kw_only=True)
    late_rate: Decimal | None = attrs.field(default=None, kw_only=True, converter=optional_percent)

    @days.validator
    def _bounded(self, _: object, value: int) -> None:
        if type(value) is not int or not 0 <= value <= 366:
            raise InvalidValue(f"{value!r} is not a number of days between 0 and 366", path="/days")

    def __attrs_post_init__(self) -> None:
        """Refuse a discount for early payment without its days, or days without one."""
        if (self.discount_percent is None) != (self.discount_days is None):
            raise InvalidValue("a discount for early payment needs a percentage and days")
        days = self.discount_days
        if days is not None and (type(days) is not int or not 0 <= days <= 366):
            raise InvalidValue(
                f"{days!r} is not a number of days between 0 and 366", path="/discount_days"
            )

    def due(self, issued: date) -> date:
        """The day payment is due for a document issued on that day."""
        due = date.fromordinal(issued.toordinal() + self.days)
        if not self.end_of_month:
            return due
        following = date(due.year + due.month // 12, due.month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)


@attrs.frozen(kw_only=True)
class Delivery:
    """Where goods or services go (BG-13, BG-15) when that is not the buyer's address; the date is the document's."""

    name: str | None = attrs.field(default=None, converter=optional_text, metadata=term("BT-70"))
    location: Identifier | None = attrs.field(
        default=None,
        validator=instance_of(Identifier, optional=True),
        metadata=means({"value": "BT-71", "scheme": "BT-71-1"}),
    )
    address: Address | None = attrs.field(
        default=None,
        validator=instance_of(Address, optional=True),
        metadata=means(
            {
                "line1": "BT-75",
                "line2": "BT-76",
                "line3": "BT-165",
                "city": "BT-77",
                "postcode": "BT-78",
                "subdivision": "BT-79",
                "country": "BT-80",
            }
        ),
    )


@attrs.frozen(kw_only=True)
class Payee:
    """Who is paid (BG-10) when that is not the seller, such as a factoring company."""

    name: str = attrs.field(converter=text, metadata=term("BT-59"))
    identifier: Identifier | None = attrs.field(
        default=None,
        validator=instance_of(Identifier, optional=True),
        metadata=means({"value": "BT-60", "scheme": "BT-60-1"}),
    )
    registration: Identifier | None = attrs.field(
        default=None,
        validator=instance_of(Identifier, optional=True),
        metadata=means({"value": "BT-61", "scheme": "BT-61-1"}),
    )


@attrs.frozen(kw_only=True)
class TaxRepresentative:
    """Who answers for a foreign seller's VAT (BG-11)."""

    name: str = attrs.field(converter=text, metadata=term("BT-62"))
    vat_id: str = attrs.field(converter=text, metadata=term("BT-63"))
    address: Address = attrs.field(
        validator=instance_of(Address),
        metadata=means(
            {
                "line1": "BT-64",
                "line2": "BT-65",
                "line3": "BT-164",
                "city": "BT-66",
                "postcode": "BT-67",
                "subdivision": "BT-68",
                "country": "BT-69",
            }
        ),
    )


def _sha256(value: str | None) -> str | None:
    if value is None or (isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value)):
        return value
    raise InvalidValue(f"{value!r} is no SHA-256 in 64 hexadecimal digits")


@attrs.frozen(kw_only=True)
class Attachment:
    """A supporting document (BG-24): a reference, and a place on the web or a file kept with the document.

    The bytes of a file are kept apart, under their SHA-256: what was approved and issued is what is attached.
    """

    id: str | None = attrs.field(default=None, converter=optional_key)
    reference: str = attrs.field(converter=text, metadata=term("BT-122"))
    description: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-123")
    )
    url: str | None = attrs.field(default=None, converter=optional_text, metadata=term("BT-124"))
    filename: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-125-2", unit="file")
    )
    mime: str | None = attrs.field(
        default=None, converter=optional_text, metadata=term("BT-125-1", unit="file")
    )
    sha256: str | None = attrs.field(
        default=None, converter=_sha256, metadata=term("BT-125", unit="file")
    )

    def __attrs_post_init__(self) -> None:
        """Refuse half a file."""
        known = [self.filename, self.mime, self.sha256]
        if None in known and any(known):
            raise InvalidValue("a file needs its name, type and SHA-256")


@attrs.frozen(kw_only=True)
class ExchangeRate:
    """Units of the VAT accounting currency for one unit of the document's, with its source and day.

    Frozen with the document (Directive 2006/112/EC art. 91(2): the rate of the day tax becomes chargeable).
    """

    rate: Decimal = attrs.field(converter=positive)
    source: str = attrs.field(converter=text)
    on: date = attrs.field(converter=day)


def _colour(value: str | None) -> str | None:
    if value is None or (isinstance(value, str) and re.fullmatch("#[0-9a-fA-F]{6}", value)):
        return value if value is None else value.lower()
    raise InvalidValue(f"{value!r} is no colour such as '#1f4e79'")


@attrs.frozen(kw_only=True)
class Brand:
    """How a document looks: the template it was made with, its colour, the SHA-256 of its logo, its closing words."""

    template: str = attrs.field(converter=key)
    version: int = attrs.field(default=0)
    colour: str | None = attrs.field(default=None, converter=_colour)
    logo: str | None = attrs.field(default=None, converter=_sha256)
    footer: str | None = attrs.field(default=None, converter=optional_text)
