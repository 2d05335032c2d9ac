"""VAT rates by country and date, each with its source. A rate that is not listed is a finding, never a change.

Territories with rates of their own stand under their ISO 3166 code: Corsica is ``FR-20R``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

import attrs


@attrs.frozen
class Rate:
    """One rate of one country in its time: percent, first and last day, source."""

    country: str
    percent: Decimal
    name: str
    since: date
    until: date | None
    source: str

    def applies(self, on: date) -> bool:
        """Whether the rate was in force on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


LAST_REFORM = "loi 2012-1510 art. 68"
CORSICA = (
    ("13", "petroleum"),
    ("10", "intermediate"),
    ("2.1", "reduced"),
    ("0.9", "super reduced"),
)
OVERSEAS = (("8.5", "standard"), ("2.1", "reduced"), ("1.75", "super reduced"), ("1.05", "press"))

ROWS: tuple[tuple[str, str, str, str, str | None, str], ...] = (
    ("FR", "20", "standard", "2014-01-01", None, f"CGI art. 278; {LAST_REFORM}"),
    ("FR", "10", "intermediate", "2014-01-01", None, f"CGI art. 278 bis, 279; {LAST_REFORM}"),
    ("FR", "5.5", "reduced", "1982-07-01", None, "CGI art. 278-0 bis"),
    ("FR", "2.1", "super reduced", "1989-01-01", None, "CGI art. 281 quater to 298 septies"),
    ("FR", "19.6", "standard", "2000-04-01", "2013-12-31", "loi 2000-656 art. 1"),
    ("FR", "7", "intermediate", "2012-01-01", "2013-12-31", "loi 2011-1978 art. 13"),
    # The territories' rates are listed from the last reform on; no document before it needed them.
    *(
        ("FR-20R", percent, name, "2014-01-01", None, "CGI art. 297, I")
        for percent, name in CORSICA
    ),
    *(
        (country, percent, name, "2014-01-01", None, "CGI art. 294, 296")
        for country in ("GP", "MQ", "RE")
        for percent, name in OVERSEAS
    ),
)

RATES = tuple(
    Rate(
        country,
        Decimal(percent),
        name,
        date.fromisoformat(since),
        date.fromisoformat(until) if until else None,
        source,
    )
    for country, percent, name, since, until, source in ROWS
)

FRENCH = ("FR", "FR-20R", "GP", "MQ", "RE")
"""Where French VAT is due: the mainland, Corsica, Guadeloupe, Martinique, La Réunion (CGI art. 294)."""


def rates(country: str, on: date) -> tuple[Rate, ...]:
    """The rates of a country in force on a day, highest first; empty when the country is not listed.

    >>> [str(rate.percent) for rate in rates("FR", date(2026, 11, 30))]
    ['20', '10', '5.5', '2.1']
    """
    found = [rate for rate in RATES if rate.country == country and rate.applies(on)]
    return tuple(sorted(found, key=lambda rate: rate.percent, reverse=True))


@lru_cache(maxsize=1024)
def french(on: date) -> frozenset[Decimal]:
    """Every percentage of French VAT in force somewhere on a day.

    >>> Decimal("20") in french(date(2014, 1, 1)), Decimal("20") in french(date(2013, 12, 31))
    (True, False)
    """
    return frozenset(rate.percent for country in FRENCH for rate in rates(country, on))
