"""One supply as plain values: from where, to whom and where, goods or services, on which day. Knows no party."""

from __future__ import annotations

from datetime import date
from typing import Literal

import attrs

from multibill.tax.territories import Territory, territory

Kind = Literal["goods", "services", "mixed"]


def _place(value: Territory | str) -> Territory:
    return value if isinstance(value, Territory) else territory(value)


def _prefix(value: str | None) -> str | None:
    """The state of a VAT number; Greece writes EL."""
    state = "".join((value or "").split()).upper()[:2]
    return {"EL": "GR"}.get(state, state) or None


@attrs.frozen(kw_only=True)
class Supply:
    """What decides the VAT category of a line. Places are territories, or codes such as ``FR``, ``ES-CN``, ``XI``.

    ``buyer_vat`` is the buyer's VAT number or its first two letters, ``business`` whether the buyer acts as one (by
    default: has a number), ``deliver_to`` where goods arrive (by default: at the buyer), ``franchise`` whether the
    seller charges no VAT at all (CGI art. 293 B), ``construction`` whether it is subcontracted work on buildings.

    >>> Supply(seller="FR", buyer="DE", buyer_vat="DE136695976", on=date(2026, 11, 30)).buyer_vat
    'DE'
    """

    seller: Territory = attrs.field(converter=_place)
    on: date
    buyer: Territory = attrs.field(
        default=attrs.Factory(lambda self: self.seller, takes_self=True), converter=_place
    )
    kind: Kind = "mixed"
    buyer_vat: str | None = attrs.field(default=None, converter=_prefix)
    business: bool = attrs.field(
        default=attrs.Factory(lambda self: self.buyer_vat is not None, takes_self=True)
    )
    deliver_to: Territory | None = attrs.field(
        default=None, converter=attrs.converters.optional(_place)
    )
    franchise: bool = False
    construction: bool = False

    @property
    def arrives(self) -> Territory:
        """Where the goods arrive, as far as it is said."""
        return self.deliver_to or self.buyer

    @property
    def numbered_abroad(self) -> bool:
        """Whether the buyer's VAT number is of another state than the seller's (directive art. 138, 1, b)."""
        own = self.seller.code if self.seller.code == "XI" else self.seller.state
        return self.buyer_vat not in {None, own}
