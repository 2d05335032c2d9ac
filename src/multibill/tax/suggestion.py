"""Which VAT category a supply usually has, by the general rules of the directive. Only says so; changes nothing.

What the goods or services are (land, events, transport, margin schemes) can lead elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from multibill.tax.cases import CASES, Case
from multibill.tax.supply import Supply
from multibill.tax.territories import Territory

ANTILLES = {"GP", "MQ"}
"""One market for VAT (CGI art. 294, 2)."""

LOCAL = {"IGIC": "igic", "IPSI": "ipsi"}


@attrs.frozen
class Suggestion:
    """One treatment of a supply: the case with category and law, and the territory whose rates apply."""

    case: Case
    place: str

    @property
    def category(self) -> str:
        """The VAT category (UNTDID 5305)."""
        return self.case.category

    @property
    def exemption(self) -> str | None:
        """The VATEX code, None where the category has no reason or the line must name its own."""
        return self.case.exemption

    def fits(self, category: str) -> bool:
        """Whether a category is this one or just as possible."""
        return category == self.case.category or category in self.case.also


def suggest(supply: Supply) -> tuple[Suggestion, ...]:
    """How a supply is usually treated, the likeliest first; several where the values leave it open.

    >>> from datetime import date
    >>> on = date(2026, 11, 30)
    >>> german = Supply(seller="FR", buyer="DE", buyer_vat="DE136695976", kind="services", on=on)
    >>> [(found.category, found.exemption) for found in suggest(german)]
    [('AE', 'VATEX-EU-AE')]
    >>> [found.category for found in suggest(Supply(seller="FR", buyer="RE", kind="goods", on=on))]
    ['G']
    """
    kinds = ("goods", "services") if supply.kind == "mixed" else (supply.kind,)
    rules = {"goods": _goods, "services": _services}
    return tuple(dict.fromkeys(found for kind in kinds for found in rules[kind](supply)))


def _goods(supply: Supply) -> Iterator[Suggestion]:
    here, there = supply.seller, supply.arrives
    if here.tax != "VAT" or one_market(here, there):
        yield _at_home(supply, there, abroad="export")
    elif supply.franchise:
        yield _franchise(here)
    elif "overseas" in {here.reach, there.reach} and here.state == there.state:
        yield _as("overseas-goods", here)
    elif _in_union(supply, "goods", here, there):
        yield from _within_union(supply)
    else:
        yield _as("export", here)


def _within_union(supply: Supply) -> Iterator[Suggestion]:
    if supply.numbered_abroad:
        yield _as("ic-goods", supply.seller)
    elif supply.business:
        yield _as("ic-unnumbered", supply.seller)
    else:
        yield _as("distance-there", supply.arrives)
        yield _as("distance-here", supply.seller)


def _services(supply: Supply) -> Iterator[Suggestion]:
    here, there = supply.seller, supply.buyer
    if here.tax != "VAT" or one_market(here, there):
        yield _at_home(supply, there, abroad="third-services" if supply.business else "")
    elif supply.business:
        yield _to_business(supply)
    elif supply.franchise:
        yield _franchise(here)
    else:
        yield from _to_consumer(supply)


def _to_business(supply: Supply) -> Suggestion:
    here, there = supply.seller, supply.buyer
    overseas = "overseas" in {here.reach, there.reach}
    if overseas and here.state == there.state:
        return _as("overseas-services" if there.tax == "VAT" else "untaxed", there)
    taxed = here.reach == "overseas" or here.in_union("services", supply.on)
    if taxed and there.in_union("services", supply.on):
        return _as("eu-services", there)
    return _as("third-services", there)


def _to_consumer(supply: Supply) -> Iterator[Suggestion]:
    here, there = supply.seller, supply.buyer
    yield _as("consumer-here", here)
    if _in_union(supply, "services", here, there):
        yield _as("consumer-there", there)
    elif here.state != there.state:
        yield _as("consumer-third", there)


def _at_home(supply: Supply, there: Territory, abroad: str) -> Suggestion:
    """Supplies within one market, and those of sellers where another tax or none is due."""
    here = supply.seller
    if here.tax == "none":
        return _as("untaxed", here)
    if local := LOCAL.get(here.tax):
        return _as(local if here == there or not abroad else abroad, here)
    if supply.construction and supply.business and here.state == "FR":
        return _as("construction", here)
    if supply.franchise:
        return _franchise(here)
    return _as("domestic-business" if supply.business else "domestic-consumer", here)


def _franchise(here: Territory) -> Suggestion:
    return _as("franchise" if here.state == "FR" else "small-business", here)


def one_market(here: Territory, there: Territory) -> bool:
    """Whether a supply between two territories is one at home.

    >>> from multibill.tax.territories import territory
    >>> one_market(territory("GP"), territory("MQ")), one_market(territory("FR"), territory("RE"))
    (True, False)
    """
    if here == there or {here.code, there.code} == ANTILLES:
        return True
    plain = "overseas" not in {here.reach, there.reach}
    return here.state == there.state and here.tax == there.tax == "VAT" and plain


def _in_union(supply: Supply, kind: str, *places: Territory) -> bool:
    return all(place.in_union(kind, supply.on) for place in places)


def _as(id: str, place: Territory) -> Suggestion:
    return Suggestion(CASES[id], place.code)
