"""VAT rates by territory and date, each with its source. A rate that is not listed is a finding, never a change.

Territories with rates of their own stand under their ISO 3166 code: Corsica is ``FR-20R``. The lists are in ``tables``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

import attrs

from multibill.money import decimal
from multibill.tax.finding import TaxFinding, finding
from multibill.tax.tables import BESIDE, COVERED, EVERYWHERE, SURVEYED, TABLES
from multibill.tax.territories import territory


@attrs.frozen
class Rate:
    """One rate of one country in its time: percent, level or subject, first and last day, source."""

    country: str
    percent: Decimal
    name: str
    since: date
    until: date | None
    source: str

    def applies(self, on: date) -> bool:
        """Whether the rate was in force on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


def _listed(country: str, table: str) -> Iterator[Rate]:
    for row in table.strip().splitlines():
        percent, name, since, until, source = (cell.strip() for cell in row.split("|"))
        last = date.fromisoformat(until) if until else None
        yield Rate(country, Decimal(percent), name, date.fromisoformat(since), last, source)


BY_TERRITORY = {code: tuple(_listed(code, table)) for code, table in TABLES.items()}
RATES = tuple(rate for listed in BY_TERRITORY.values() for rate in listed)

FRENCH = ("FR", "FR-20R", "GP", "MQ", "RE")
"""Where French VAT is due: the mainland, Corsica, Guadeloupe, Martinique, La Réunion (CGI art. 294)."""

WHERE_LISTED = {"MC": "FR", "XI": "GB", "IM": "GB"}
"""Territories that charge the rates of another."""


def list_of(country: str, region: str | None = None) -> str:
    """The code under which the rates of a place stand, listed or not.

    >>> list_of("FR", "974"), list_of("MC"), list_of("PT", "PT-30")
    ('RE', 'FR', 'PT-30')
    """
    code = territory(country, region).code
    return WHERE_LISTED.get(code, code)


def rates(country: str, on: date, region: str | None = None) -> tuple[Rate, ...]:
    """The rates of a country or territory in force on a day, highest first; empty when it is not listed.

    >>> [str(rate.percent) for rate in rates("FR", date(2026, 11, 30))]
    ['20', '10', '5.5', '2.1']
    >>> [str(rate.percent) for rate in rates("PT", date(2026, 11, 30), region="PT-20")]
    ['16', '9', '4']
    """
    listed = BY_TERRITORY.get(list_of(country, region), ())
    found = [rate for rate in listed if rate.applies(on)]
    return tuple(sorted(found, key=lambda rate: rate.percent, reverse=True))


@lru_cache(maxsize=1024)
def percents(country: str, on: date, region: str | None = None) -> tuple[Decimal, ...]:
    """Every percentage a seller may charge in a place on a day, highest first, zero among them where it is a rate.

    >>> [str(percent) for percent in percents("FR", date(2026, 11, 30), region="2A")]
    ['20', '13', '10', '5.5', '2.1', '0.9']
    """
    code = list_of(country, region)
    own = rates(code, on)
    replaced = {"standard"} & {rate.name for rate in own}
    beside = rates(BESIDE[code], on) if code in BESIDE else ()
    found = {rate.percent for rate in (*own, *(b for b in beside if b.name not in replaced))}
    return tuple(sorted(found, reverse=True))


@lru_cache(maxsize=1024)
def french(on: date) -> frozenset[Decimal]:
    """Every percentage of French VAT in force somewhere on a day.

    >>> Decimal("20") in french(date(2014, 1, 1)), Decimal("20") in french(date(2013, 12, 31))
    (True, False)
    """
    return frozenset(rate.percent for country in FRENCH for rate in rates(country, on))


def known(
    country: str, rate: Decimal | int | str, on: date, region: str | None = None
) -> TaxFinding | None:
    """What is wrong with a rate in a place on a day; None when it was in force or nothing is known.

    An error up to the day the lists were last compared with the law, a warning after it; only a warning for zero, since
    zero rates are listed as far as they were found. Countries and days outside the lists give None.

    >>> print(known("FR", "20.6", date(2026, 6, 30)))
    TAX-RATE rate: 20.6 % was no VAT rate of FR on 2026-06-30; choose one of 20, 10, 5.5, 2.1
    >>> known("FR", "5.5", date(2026, 6, 30)) is None
    True
    """
    code, percent = list_of(country, region), decimal(rate)
    if code not in BY_TERRITORY or on < COVERED.get(code, EVERYWHERE):
        return None
    listed = percents(code, on)
    if percent in listed:
        return None
    return finding(
        "TAX-RATE",
        "rate",
        WORDS,
        law(code, on),
        severity="error" if percent and on <= SURVEYED else "warning",
        rate=f"{percent.normalize():f}",
        place=code,
        day=on,
        rates=", ".join(str(other) for other in listed),
    )


def law(country: str, on: date) -> str:
    """The source of a territory's standard rate on a day, of its country's where it has none of its own."""
    listed = (*rates(country, on), *(rates(BESIDE[country], on) if country in BESIDE else ()))
    return next((rate.source for rate in listed if rate.name == "standard"), "")


WORDS = {
    "en": ("{rate} % was no VAT rate of {place} on {day}", "choose one of {rates}"),
    "fr": (
        "{rate} % n'était pas un taux de TVA de {place} le {day}",
        "choisissez parmi {rates}",
    ),
}
