"""Counters, and the day that an issued document may bear."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.errors import InvalidValue
from multibill.numbering import Counter, day_of_issue

TODAY = date(2026, 11, 30)
COUNTER = Counter("studio", "invoice", "main", "2026")


@pytest.mark.parametrize("name", ["seller", "kind", "series", "period"])
def test_a_counter_is_told_apart_by_each_of_its_parts(name: str) -> None:
    assert COUNTER != attrs.evolve(COUNTER, **{name: "other"})
    assert 1 == len({COUNTER, attrs.evolve(COUNTER)})


@pytest.mark.parametrize(
    ("on", "last", "expected"),
    [
        (None, None, TODAY),
        (None, TODAY, TODAY),
        (TODAY, None, TODAY),
        (date(2026, 11, 1), None, date(2026, 11, 1)),
        (date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 1)),
        (TODAY, TODAY, TODAY),
    ],
)
def test_the_day_is_today_or_one_that_was_named(
    on: date | None, last: date | None, expected: date
) -> None:
    assert expected == day_of_issue(on, TODAY, last)


@pytest.mark.parametrize(
    ("on", "last", "said"),
    [
        (date(2026, 12, 1), None, "2026-12-01 lies after 2026-11-30, today at the seller's"),
        (date(2026, 11, 1), date(2026, 11, 2), "2026-11-01 is before 2026-11-02, the last date"),
        (None, date(2026, 12, 1), "2026-11-30 is before 2026-12-01"),
    ],
)
def test_a_day_to_come_or_before_the_last_of_the_series_is_refused(
    on: date | None, last: date | None, said: str
) -> None:
    with pytest.raises(InvalidValue, match=said) as caught:
        day_of_issue(on, TODAY, last)
    assert "/issue_date" == caught.value.path


@given(st.none() | st.integers(-40, 5), st.none() | st.integers(-40, 5))
def test_numbers_follow_dates(on: int | None, last: int | None) -> None:
    named = None if on is None else TODAY + timedelta(on)
    before = None if last is None else TODAY + timedelta(last)
    try:
        day = day_of_issue(named, TODAY, before)
    except InvalidValue:
        chosen = named or TODAY
        assert chosen > TODAY or (before is not None and chosen < before)
    else:
        assert day == (named or TODAY)
        assert (before or day) <= day <= TODAY
