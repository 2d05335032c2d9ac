"""Customers and sellers: the parties of documents, with what their documents say when nobody says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from multibill.documents import Delivery, Terms
from multibill.documents.document import OPERATIONS, vat_options
from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.model import instance_of, language, optional_text, term
from multibill.money import currency
from multibill.parties import Party
from multibill.records.register import Register


def _optional_key(value: str | None) -> str | None:
    return None if value is None else key(value)


def _optional_currency(code: str | None) -> str | None:
    return None if code is None else currency(code)


def timezone(name: str) -> str:
    """A name of the time zone database.

    >>> timezone("Europe/Paris")
    'Europe/Paris'
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise InvalidValue(f"{name!r} is not a time zone such as 'Europe/Paris'") from error
    return name


def _series(patterns: Mapping[str, str]) -> Mapping[str, str]:
    if not isinstance(patterns, Mapping):
        raise InvalidValue("series is a map from kind to number pattern", path="/series")
    return dict(patterns)


def _operation(value: str | None) -> str | None:
    if value is None or value in OPERATIONS:
        return value
    raise InvalidValue(f"{value!r} is no operation; one of {', '.join(OPERATIONS)}")


@attrs.frozen
class Customer(Register):
    """Somebody who is invoiced: ``Customer("acme", Party(name="Acme SAS", ...))``.

    ``language`` is the language of its documents; ``terms`` go before the seller's. ``delivery`` is where goods go when
    that is not the party's address; ``buyer_reference`` what the customer wants quoted (BT-10).
    """

    kind: ClassVar[str] = "customer"
    party: Party = attrs.field(validator=instance_of(Party), metadata=term())
    terms: Terms | None = attrs.field(
        default=None, kw_only=True, validator=instance_of(Terms, optional=True), metadata=term()
    )
    language: str | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(language), metadata=term()
    )
    delivery: Delivery | None = attrs.field(
        default=None, kw_only=True, validator=instance_of(Delivery, optional=True), metadata=term()
    )
    buyer_reference: str | None = attrs.field(
        default=None, kw_only=True, converter=optional_text, metadata=term()
    )


@attrs.frozen
class Seller(Register):
    """Somebody who invoices: party, time zone of its legal dates, series by kind of document.

    ``vat_options``, ``operation`` and ``tax_currency`` (BT-6) are those of its documents. ``template`` names the
    template they look like; ``account`` the one bank account they show, all of the seller's when left out.

    >>> seller = Seller(
    ...     "studio",
    ...     Party(name="Studio"),
    ...     timezone="Europe/Paris",
    ...     series={"invoice": "F{year}-{n:05}"},
    ... )
    >>> seller.zone
    zoneinfo.ZoneInfo(key='Europe/Paris')
    """

    kind: ClassVar[str] = "seller"
    party: Party = attrs.field(validator=instance_of(Party), metadata=term())
    terms: Terms | None = attrs.field(
        default=None, kw_only=True, validator=instance_of(Terms, optional=True), metadata=term()
    )
    timezone: str = attrs.field(kw_only=True, converter=timezone, metadata=term())
    series: Mapping[str, str] = attrs.field(
        kw_only=True, hash=False, converter=_series, metadata=term()
    )
    currency: str = attrs.field(default="EUR", kw_only=True, converter=currency, metadata=term())
    language: str = attrs.field(default="fr", kw_only=True, converter=language, metadata=term())
    vat_options: frozenset[str] = attrs.field(
        default=frozenset(), kw_only=True, converter=vat_options, metadata=term(label="VAT options")
    )
    operation: str | None = attrs.field(
        default=None, kw_only=True, converter=_operation, metadata=term()
    )
    tax_currency: str | None = attrs.field(
        default=None,
        kw_only=True,
        converter=_optional_currency,
        metadata=term(label="VAT accounting currency"),
    )
    template: str | None = attrs.field(
        default=None, kw_only=True, converter=_optional_key, metadata=term()
    )
    account: str | None = attrs.field(
        default=None, kw_only=True, converter=_optional_key, metadata=term()
    )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the seller's days begin and end."""
        return ZoneInfo(self.timezone)
