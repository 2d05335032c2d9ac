"""Rates as dated data: what was in force on a day, each row with its source."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest

from multibill.tax import RATES, rates
from multibill.tax.rates import FRENCH, french


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2010, 1, 1), ["19.6", "5.5", "2.1"]),
        (date(2011, 12, 31), ["19.6", "5.5", "2.1"]),
        (date(2012, 1, 1), ["19.6", "7", "5.5", "2.1"]),
        (date(2013, 12, 31), ["19.6", "7", "5.5", "2.1"]),
        (date(2014, 1, 1), ["20", "10", "5.5", "2.1"]),
        (date(2026, 11, 30), ["20", "10", "5.5", "2.1"]),
    ],
)
def test_french_rates_changed_when_the_law_said(day: date, expected: list[str]) -> None:
    assert expected == [str(rate.percent) for rate in rates("FR", day)]


def test_territories_have_rates_of_their_own() -> None:
    day = date(2026, 11, 30)
    assert ["13", "10", "2.1", "0.9"] == [str(rate.percent) for rate in rates("FR-20R", day)]
    for island in ("GP", "MQ", "RE"):
        assert ["8.5", "2.1", "1.75", "1.05"] == [str(r.percent) for r in rates(island, day)]


def test_french_vat_is_the_union_of_its_territories() -> None:
    day = date(2026, 11, 30)
    expected = {rate.percent for country in FRENCH for rate in rates(country, day)}
    assert expected == french(day)
    assert Decimal("20.00") in french(day)
    assert Decimal("19.6") not in french(day)


def test_a_country_that_is_not_listed_has_no_rates() -> None:
    assert () == rates("DE", date(2026, 11, 30))


def test_every_row_has_a_source_and_ends_after_it_began() -> None:
    for rate in RATES:
        assert rate.source
        assert rate.until is None or rate.since <= rate.until


def test_no_rate_is_listed_twice_for_one_day() -> None:
    for one, other in combinations(RATES, 2):
        if (one.country, one.percent) == (other.country, other.percent):
            apart = (one.until and one.until < other.since) or (
                other.until and other.until < one.since
            )
            assert apart, (one, other)


def test_one_standard_rate_follows_another_without_a_day_between() -> None:
    before, after = sorted(
        (rate for rate in RATES if rate.country == "FR" and rate.name == "standard"),
        key=lambda rate: rate.since,
    )
    assert before.until is not None
    assert before.until + timedelta(days=1) == after.since
