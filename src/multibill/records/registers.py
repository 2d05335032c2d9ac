"""Registers: customers and sellers, whose data documents take a full snapshot of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from multibill.documents import Terms
from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.model import envelope, fact, instance_of, language, term
from multibill.money import currency
from multibill.parties import Party


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


@attrs.frozen
class Register:
    """What every register entry has: the host's key as id, and the facts of its record."""

    kind: ClassVar[str]

    id: str = attrs.field(converter=key, metadata=fact())
    party: Party = attrs.field(validator=instance_of(Party), metadata=term())
    terms: Terms | None = attrs.field(
        default=None, kw_only=True, validator=instance_of(Terms, optional=True), metadata=term()
    )
    team: str | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(key), metadata=envelope()
    )
    custom: Mapping[str, Any] = attrs.field(
        factory=dict, kw_only=True, hash=False, metadata=envelope()
    )
    version: int = attrs.field(default=0, kw_only=True, metadata=fact())

    def evolve(self, **changes: Any) -> Self:
        """The same entry with other attributes; nothing is written until ``save``."""
        return attrs.evolve(self, **changes)


@attrs.frozen
class Customer(Register):
    """Somebody who is invoiced: ``Customer("acme", Party(name="Acme SAS", ...))``.

    ``language`` is the language of its documents; ``terms`` go before the seller's.
    """

    kind: ClassVar[str] = "customer"
    language: str | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(language), metadata=term()
    )


@attrs.frozen
class Seller(Register):
    """Somebody who invoices: party, time zone of its legal dates, series by kind of document.

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
    timezone: str = attrs.field(kw_only=True, converter=timezone, metadata=term())
    series: Mapping[str, str] = attrs.field(
        kw_only=True, hash=False, converter=_series, metadata=term()
    )
    currency: str = attrs.field(default="EUR", kw_only=True, converter=currency, metadata=term())
    language: str = attrs.field(default="fr", kw_only=True, converter=language, metadata=term())

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the seller's days begin and end."""
        return ZoneInfo(self.timezone)


REGISTERS: Mapping[str, type[Register]] = {cls.kind: cls for cls in (Customer, Seller)}
