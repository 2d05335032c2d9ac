"""Number patterns: what a number looks like, when its counter starts again, and what could never work."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from multibill.errors import InvalidDefinition
from multibill.numbering import Pattern

DAY = date(2026, 3, 7)


@pytest.mark.parametrize(
    ("text", "n", "number", "period"),
    [
        ("F{year}-{n:05}", 1, "F2026-00001", "2026"),
        ("F{year}-{n:05}", 123456, "F2026-123456", "2026"),
        ("{yy}{month}/{n}", 7, "2603/7", "2026-03"),
        ("{year}{month}{n:03}", 7, "202603007", "2026-03"),
        ("{n}", 12, "12", ""),
        ("A+B_c-{n:02}", 3, "A+B_c-03", ""),
        ("{n:01}", 3, "3", ""),
    ],
)
def test_a_number_and_the_period_whose_counter_gives_it(
    text: str, n: int, number: str, period: str
) -> None:
    assert (number, period) == (Pattern(text).number(n, DAY), Pattern(text).period(DAY))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "F2026",
        "F{year}",
        "{n}{n}",
        "{n}-{n:05}",
        "{N}",
        "{n:5}",
        "{n:0}",
        "{n:05d}",
        "F {n}",
        "F.{n}",
        "É{n}",
        "{day}{n}",
        "{year:04}{n}",
        "{}{n}",
        "{{n}}",
        "F\n{n}",
        "{n}\n",
        "F" * 35 + "{n}",
        "F" * 30 + "{n}",
        "F{year}{month}" + "x" * 24 + "{n}",
        "{n:036}",
        "{n:099999999999}",
        None,
        5,
    ],
)
def test_a_pattern_that_could_never_work_is_refused(text: str) -> None:
    with pytest.raises(InvalidDefinition, match="number pattern"):
        Pattern(text)


@pytest.mark.parametrize("text", ["F{month}-{n}", "{month}{n:05}"])
def test_a_month_without_a_year_is_refused_for_numbers_would_repeat(text: str) -> None:
    with pytest.raises(InvalidDefinition, match="has a month but no year"):
        Pattern(text)


@pytest.mark.parametrize("text", ["{n:035}", "F" * 29 + "{n}", "F{year}{month}" + "x" * 22 + "{n}"])
def test_the_longest_patterns_leave_room_for_a_million_numbers(text: str) -> None:
    """BR-FR-01: at most 35 characters."""
    assert 35 >= len(Pattern(text).number(999_999, DAY))


parts = st.lists(st.sampled_from(["F", "-", "2", "{year}", "{yy}", "{month}"]), max_size=4)


@given(parts, st.sampled_from(["{n}", "{n:03}", "{n:05}"]), parts)
def test_no_two_documents_get_one_number(before: list[str], counter: str, after: list[str]) -> None:
    """Neighbouring days and counters of any pattern that is let in: equal only where period and counter are."""
    try:
        pattern = Pattern("".join([*before, counter, *after]))
    except InvalidDefinition:
        return
    days = [date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2027, 1, 1)]
    places = {(pattern.period(day), n) for day in days for n in (1, 2)}
    numbers = {pattern.number(n, day) for day in days for n in (1, 2)}
    assert len(places) == len(numbers)
