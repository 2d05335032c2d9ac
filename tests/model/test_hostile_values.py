"""Keys and days: whatever comes in from outside is taken whole or refused with InvalidValue, nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.clock import day, instant, instant_text
from multibill.errors import InvalidValue
from multibill.ids import key, uuid7

JUNK: list[Any] = [None, True, 0, 10**400, 1.5, float("nan"), b"a", [], {}, object()]


@pytest.mark.parametrize("value", ["a", "A1", "0", "a.b_c:d@e+f-g", "x" * 64, "fr-late-penalties"])
def test_a_key_is_short_and_plain(value: str) -> None:
    assert value == key(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "-a",
        ".a",
        "_a",
        "a b",
        "a/b",
        "a*",
        "a\n",
        "\na",
        "é",
        "١",
        "a\x00",
        "\ud800",
        "x" * 65,
        "a\u202e",
        *JUNK,
    ],
    ids=lambda value: ascii(value)[:16] if not isinstance(value, int) else "int",
)
def test_what_could_not_stand_in_a_path_is_no_key(value: Any) -> None:
    with pytest.raises(InvalidValue, match="must be 1 to 64"):
        key(value)


@given(st.text(max_size=70))
def test_any_text_is_a_key_or_refused(value: str) -> None:
    try:
        assert value == key(value)
    except InvalidValue:
        return
    assert value.isascii()
    assert not set(value) & set("/*~ \n\x00#")


@pytest.mark.parametrize("value", ["2026-11-30", date(2026, 11, 30)])
def test_a_day_is_iso_text_or_a_date(value: Any) -> None:
    assert date(2026, 11, 30) == day(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2026-13-01",
        "2026-02-29",
        "30/11/2026",
        "2026-11-30T00:00:00",
        " 2026-11-30",
        "2026-11-30\n",
        "2026-11-3\u0660",
        "\uff12\uff10\uff12\uff16-11-30",
        "2026-11-30\x00",
        "\ud800",
        "9999-12-32",
        "0000-01-01",
        datetime(2026, 11, 30, tzinfo=UTC),
        datetime(2026, 11, 30),  # noqa: DTZ001
        *JUNK,
    ],
    ids=lambda value: ascii(value)[:20] if not isinstance(value, int) else "int",
)
def test_what_is_no_plain_date_is_no_day(value: Any) -> None:
    with pytest.raises(InvalidValue):
        day(value)


@given(st.dates())
def test_days_survive_their_text(value: date) -> None:
    assert value == day(value) == day(value.isoformat())


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_refused(value: str) -> None:
    try:
        found = day(value)
    except InvalidValue:
        return
    assert found == day(found.isoformat())


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_instants_survive_their_text(value: datetime) -> None:
    assert value == instant(instant_text(value))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2026-11-30",
        "2026-11-30T10:00:00",
        "soon",
        "\ud800",
        "2026-11-30T25:00Z",
        "0001-01-01T00:00+14:00",
        *JUNK[:5],
    ],
)
def test_what_is_no_instant_with_a_zone_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue):
        instant(value)


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_a_uuid7_is_a_key_that_sorts_by_its_time(milliseconds: int, tail: bytes) -> None:
    made = uuid7(milliseconds, lambda _: tail)
    assert made == key(made)
    assert (milliseconds, "7") == (int(made[:8] + made[9:13], 16), made[14])
    assert made[19] in "89ab"
    assert made <= uuid7(min(milliseconds + 1, 2**48 - 1), lambda _: b"\xff" * 10)
