"""Rates as dated data: what was in force on a day, each row with its source."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

import pytest

from multibill.tax import RATES, known, percents, rates
from multibill.tax.rates import BY_TERRITORY, FRENCH, french, law
from multibill.tax.tables import COVERED, EVERYWHERE, SURVEYED, TABLES

LEVELS = {"standard", "intermediate", "reduced", "second reduced", "super reduced", "parking"}


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
    assert () == rates("US", date(2026, 11, 30)) == rates("FR", date(2026, 11, 30), region="973")


def test_every_row_has_a_source_and_ends_after_it_began() -> None:
    for rate in RATES:
        assert rate.source
        assert rate.until is None or rate.since <= rate.until


def test_a_level_has_one_rate_a_day() -> None:
    for one, other in combinations(RATES, 2):
        if (one.country, one.name) == (other.country, other.name) and one.name in LEVELS:
            apart = (one.until and one.until < other.since) or (
                other.until and other.until < one.since
            )
            assert apart, (one, other)


@pytest.mark.parametrize("code", [code for code in TABLES if code != "FR-20R"])
def test_one_standard_rate_follows_another_without_a_day_between(code: str) -> None:
    listed = [rate for rate in BY_TERRITORY[code] if rate.name == "standard"]
    ordered = sorted(listed, key=lambda rate: rate.since)
    for before, after in pairwise(ordered):
        assert before.until is not None
        assert before.until + timedelta(days=1) == after.since
    assert ordered[0].since <= COVERED.get(code, EVERYWHERE)
    assert ordered[-1].until is None


def test_places_are_found_by_code_subdivision_and_alias() -> None:
    day = date(2026, 6, 30)
    assert rates("RE", day) == rates("FR", day, region="FR-974") == rates("FR-RE", day)
    assert rates("FR", day) == rates("MC", day)
    assert rates("GB", day) == rates("XI", day) == rates("GB", day, region="NIR")


def test_corsica_charges_its_own_rates_and_those_of_the_mainland() -> None:
    expected = [Decimal(rate) for rate in ("20", "13", "10", "5.5", "2.1", "0.9")]
    assert expected == list(percents("FR", date(2026, 6, 30), region="2B"))


def test_the_border_towns_have_another_standard_rate() -> None:
    assert Decimal(19) in percents("AT-6691", date(2026, 6, 30))
    assert Decimal(20) not in percents("AT-6691", date(2026, 6, 30))
    assert Decimal(10) in percents("AT-6991", date(2026, 6, 30))


@pytest.mark.parametrize(
    ("country", "rate", "day", "region"),
    [
        ("FR", "20", date(2026, 6, 30), None),
        ("FR", Decimal("20.00"), date(2026, 6, 30), None),
        ("FR", "19.6", date(2013, 12, 31), None),
        ("FR", "8.5", date(2026, 6, 30), "GP"),
        ("FR", "0.9", date(2026, 6, 30), "20R"),
        ("ES", "0", date(2023, 6, 1), None),
        ("US", "8.875", date(2026, 6, 30), None),
        ("DE", "3", date(2013, 12, 31), None),
        ("FR", "33.33", date(2000, 3, 31), None),
        ("FR", "20", date(2026, 6, 30), "GF"),
        ("ES", "7", date(2026, 6, 30), "CN"),
    ],
)
def test_a_rate_in_force_or_beyond_the_lists_is_no_finding(
    country: str, rate: str | Decimal, day: date, region: str | None
) -> None:
    assert known(country, rate, day, region) is None


@pytest.mark.parametrize(
    ("country", "rate", "day", "severity"),
    [
        ("FR", "20.6", date(2026, 6, 30), "error"),
        ("FR", "20", date(2000, 4, 1), "error"),
        ("FR", "20", date(2013, 12, 31), "error"),
        ("RE", "20", date(2026, 6, 30), "error"),
        ("DE", "3", date(2014, 1, 1), "error"),
        ("DE", "3", SURVEYED, "error"),
        ("DE", "3", SURVEYED + timedelta(days=1), "warning"),
        ("FR", "0", date(2026, 6, 30), "warning"),
    ],
)
def test_a_rate_that_is_not_listed_is_a_finding(
    country: str, rate: str, day: date, severity: str
) -> None:
    """After the survey a new law may have come; zero rates are listed as far as they were found."""
    found = known(country, rate, day)
    assert found is not None
    assert ("TAX-RATE", "rate", severity) == (found.rule, found.field, found.severity)
    assert rate in found.message["en"]
    assert day.isoformat() in found.message["fr"]


def test_the_finding_names_the_rates_of_that_day_and_the_law() -> None:
    found = known("DE", "19", date(2020, 7, 1))
    assert found is not None
    assert "choose one of 16, 5" == found.remedy["en"]
    assert "choisissez parmi 16, 5" == found.remedy["fr"]
    assert "UStG § 28 Abs. 1; Zweites Corona-Steuerhilfegesetz" == found.law


def test_a_territory_without_standard_rate_cites_its_countrys_law() -> None:
    assert "CGI art. 278; loi 2012-1510 art. 68" == law("FR-20R", date(2026, 6, 30))
    assert "" == law("US", date(2026, 6, 30))
