"""Each change of a rate since 2014, written down from the laws and not from the lists."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from multibill.tax.rates import RATES, list_of, rates

Change = tuple[str, str | None, str, str, str | None, str | None]

CHANGES: list[Change] = [
    # country, region, first day of the change, name, rate the day before, rate from that day on
    ("FR", None, "2014-01-01", "standard", "19.6", "20"),
    ("FR", None, "2014-01-01", "intermediate", "7", "10"),
    ("FR", "20R", "2014-01-01", "petroleum", None, "13"),
    ("FR", "GP", "2014-01-01", "standard", None, "8.5"),
    ("DE", None, "2020-07-01", "standard", "19", "16"),
    ("DE", None, "2020-07-01", "reduced", "7", "5"),
    ("DE", None, "2021-01-01", "standard", "16", "19"),
    ("DE", None, "2021-01-01", "reduced", "5", "7"),
    ("DE", None, "2021-01-01", "restaurant meals", None, "7"),
    ("DE", None, "2024-01-01", "restaurant meals", "7", None),
    ("DE", None, "2026-01-01", "restaurant meals", None, "7"),
    ("DE", None, "2022-10-01", "gas, heat", None, "7"),
    ("DE", None, "2024-04-01", "gas, heat", "7", None),
    ("DE", None, "2023-01-01", "zero", None, "0"),
    ("BE", None, "2022-03-01", "electricity", None, "6"),
    ("BE", None, "2022-04-01", "gas, heat", None, "6"),
    ("ES", None, "2020-04-23", "zero", None, "0"),
    ("ES", None, "2022-07-01", "zero", "0", None),
    ("ES", None, "2020-11-19", "surgical masks", None, "4"),
    ("ES", None, "2023-07-01", "surgical masks", "4", None),
    ("ES", None, "2022-07-01", "electricity", None, "5"),
    ("ES", None, "2024-01-01", "electricity", "5", "10"),
    ("ES", None, "2025-01-01", "electricity", "10", None),
    ("ES", None, "2022-10-01", "gas, firewood", None, "5"),
    ("ES", None, "2024-01-01", "gas, firewood", "5", None),
    ("ES", None, "2024-01-01", "gas", None, "10"),
    ("ES", None, "2024-04-01", "gas", "10", None),
    ("ES", None, "2024-01-01", "firewood", None, "10"),
    ("ES", None, "2024-07-01", "firewood", "10", None),
    ("ES", None, "2023-01-01", "oils, pasta", None, "5"),
    ("ES", None, "2024-10-01", "oils, pasta", "5", "7.5"),
    ("ES", None, "2025-01-01", "oils, pasta", "7.5", None),
    ("ES", None, "2023-01-01", "basic food", None, "0"),
    ("ES", None, "2024-10-01", "basic food", "0", "2"),
    ("ES", None, "2025-01-01", "basic food", "2", None),
    ("IT", None, "2016-01-01", "second reduced", None, "5"),
    ("NL", None, "2019-01-01", "reduced", "6", "9"),
    ("NL", None, "2019-01-01", "accommodation", None, "9"),
    ("NL", None, "2026-01-01", "accommodation", "9", "21"),
    ("NL", None, "2023-01-01", "zero", None, "0"),
    ("LU", None, "2015-01-01", "standard", "15", "17"),
    ("LU", None, "2023-01-01", "standard", "17", "16"),
    ("LU", None, "2024-01-01", "standard", "16", "17"),
    ("LU", None, "2015-01-01", "parking", "12", "14"),
    ("LU", None, "2023-01-01", "parking", "14", "13"),
    ("LU", None, "2024-01-01", "parking", "13", "14"),
    ("LU", None, "2015-01-01", "reduced", "6", "8"),
    ("LU", None, "2023-01-01", "reduced", "8", "7"),
    ("LU", None, "2024-01-01", "reduced", "7", "8"),
    ("AT", None, "2016-01-01", "intermediate", None, "13"),
    ("AT", None, "2016-01-01", "parking", "12", "13"),
    ("AT", None, "2020-07-01", "hospitality, arts", None, "5"),
    ("AT", None, "2022-01-01", "hospitality, arts", "5", None),
    ("AT", None, "2024-01-01", "zero", None, "0"),
    ("AT", None, "2026-01-01", "zero", "0", None),
    ("AT", None, "2026-07-01", "basic food", None, "4.9"),
    ("PT", None, "2023-04-18", "zero", None, "0"),
    ("PT", None, "2024-01-05", "zero", "0", None),
    ("PT", "20", "2015-07-01", "intermediate", "10", "9"),
    ("PT", "20", "2015-07-01", "reduced", "5", "4"),
    ("PT", "20", "2021-07-01", "standard", "18", "16"),
    ("PT", "20", "2023-04-18", "zero", None, "0"),
    ("PT", "20", "2024-01-05", "zero", "0", None),
    ("PT", "30", "2024-10-01", "reduced", "5", "4"),
    ("PT", "30", "2023-04-18", "zero", None, "0"),
    ("PT", "30", "2024-01-05", "zero", "0", None),
    ("IE", None, "2020-09-01", "standard", "23", "21"),
    ("IE", None, "2021-03-01", "standard", "21", "23"),
    ("IE", None, "2019-01-01", "hospitality", "9", None),
    ("IE", None, "2020-11-01", "hospitality", None, "9"),
    ("IE", None, "2023-09-01", "hospitality", "9", None),
    ("IE", None, "2026-07-01", "food service", None, "9"),
    ("IE", None, "2022-05-01", "gas, electricity", None, "9"),
    ("IE", None, "2031-01-01", "gas, electricity", "9", None),
    ("IE", None, "2025-10-08", "apartments", None, "9"),
    ("IE", None, "2031-01-01", "apartments", "9", None),
    ("GB", None, "2020-07-15", "hospitality", None, "5"),
    ("GB", None, "2021-10-01", "hospitality", "5", "12.5"),
    ("GB", None, "2022-04-01", "hospitality", "12.5", None),
]

STEADY: dict[tuple[str, str | None], dict[str, str]] = {
    # what held from the first day of 2014 to the middle of 2026, by country and region
    ("AT", None): {"standard": "20", "reduced": "10"},
    ("AT", "6691"): {"standard": "19"},
    ("AT", "6991"): {"standard": "19"},
    ("BE", None): {
        "standard": "21",
        "intermediate": "12",
        "parking": "12",
        "reduced": "6",
        "zero": "0",
    },
    ("ES", None): {"standard": "21", "reduced": "10", "super reduced": "4"},
    ("FR", None): {
        "standard": "20",
        "intermediate": "10",
        "reduced": "5.5",
        "super reduced": "2.1",
    },
    ("FR", "20R"): {
        "petroleum": "13",
        "intermediate": "10",
        "reduced": "2.1",
        "super reduced": "0.9",
    },
    ("GB", None): {"standard": "20", "reduced": "5", "zero": "0"},
    ("IE", None): {
        "reduced": "13.5",
        "parking": "13.5",
        "second reduced": "9",
        "super reduced": "4.8",
        "zero": "0",
    },
    ("IT", None): {"standard": "22", "reduced": "10", "super reduced": "4"},
    ("LU", None): {"super reduced": "3"},
    ("NL", None): {"standard": "21"},
    ("PT", None): {"standard": "23", "intermediate": "13", "parking": "13", "reduced": "6"},
    ("PT", "30"): {"standard": "22", "intermediate": "12"},
    **{
        ("FR", island): {
            "standard": "8.5",
            "reduced": "2.1",
            "super reduced": "1.75",
            "press": "1.05",
        }
        for island in ("GP", "MQ", "RE")
    },
}


def on_day(country: str, region: str | None, day: date, name: str) -> Decimal | None:
    """The rate of that name on a day."""
    found = {rate.name: rate.percent for rate in rates(country, day, region)}
    return found.get(name)


def decimal(rate: str | None) -> Decimal | None:
    return None if rate is None else Decimal(rate)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: "-".join(map(str, change[:4])))
def test_a_rate_changed_on_the_day_that_the_law_says(change: Change) -> None:
    country, region, day, name, before, after = change
    first = date.fromisoformat(day)
    assert decimal(before) == on_day(country, region, first - timedelta(days=1), name)
    assert decimal(after) == on_day(country, region, first, name)


@pytest.mark.parametrize(("country", "region"), STEADY)
def test_what_did_not_change_held_throughout(country: str, region: str | None) -> None:
    for day in (date(2014, 1, 1), date(2020, 8, 15), date(2023, 6, 15), date(2026, 6, 30)):
        for name, rate in STEADY[country, region].items():
            assert Decimal(rate) == on_day(country, region, day, name), (day, name)


def test_every_change_in_the_lists_is_one_of_these() -> None:
    """One that nobody wrote down here would rest on the list alone."""
    first = date(2014, 1, 1)
    written = {(list_of(c, r), date.fromisoformat(day), name) for c, r, day, name, _, _ in CHANGES}
    for rate in RATES:
        ended = rate.until and rate.until + timedelta(days=1)
        listed = {day for day in (rate.since, ended) if day and day > first}
        assert {(rate.country, day, rate.name) for day in listed} <= written, rate
