"""Order keys: there is always room between two, they sort where they were put, and nobody can bring a bad one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from multibill.documents.order import DIGITS, between, order_key, spread
from multibill.errors import InvalidValue


def sorted_and_distinct(keys: list[str]) -> bool:
    return sorted(set(keys)) == keys


def inserted(places: list[int]) -> list[str]:
    """The keys after inserting one at each place, counted modulo what is there."""
    keys: list[str] = []
    for place in places:
        at = place % (len(keys) + 1)
        before = keys[at - 1] if at else None
        after = keys[at] if at < len(keys) else None
        keys.insert(at, between(before, after))
    return keys


@settings(max_examples=10)
@given(st.lists(st.integers(0, 10**6), min_size=2000, max_size=2000))
def test_two_thousand_random_inserts_stay_in_order(places: list[int]) -> None:
    keys = inserted(places)
    assert sorted_and_distinct(keys)
    assert keys == [order_key(key) for key in keys]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10**6)), max_size=120))
def test_inserts_and_deletes_in_any_turn_stay_in_order(turns: list[tuple[bool, int]]) -> None:
    keys: list[str] = []
    for adds, place in turns:
        at = place % (len(keys) + 1)
        if adds:
            neighbours = keys[at - 1] if at else None, keys[at] if at < len(keys) else None
            keys.insert(at, between(*neighbours))
        elif keys:
            keys.pop(at % len(keys))
    assert sorted_and_distinct(keys)


def test_a_line_put_first_after_the_first_was_deleted_is_first() -> None:
    """The key between the first two is short; what comes before it must still sort before it."""
    second = between(None, None)
    first = between(None, second)
    middle = between(first, second)
    assert between(None, middle) < middle < second


@pytest.mark.parametrize("place", [0, 1, 10**9 + 7], ids=["first", "second", "last"])
def test_two_thousand_inserts_at_one_place_stay_in_order(place: int) -> None:
    """The worst a person can do; keys may grow, but stay keys."""
    at_end = [n if place > 1 else min(n, place) for n in range(2000)]
    keys = inserted(at_end)
    assert sorted_and_distinct(keys)
    assert keys == [order_key(key) for key in keys]


def test_two_thousand_bisections_stay_in_order() -> None:
    low, high = between(None, None), between(between(None, None), None)
    for turn in range(2000):
        middle = between(low, high)
        assert low < middle < high
        low, high = (middle, high) if turn % 2 else (low, middle)


KEYS = st.text(DIGITS, min_size=1, max_size=6).filter(lambda key: key[-1] != "0")


@given(KEYS, KEYS)
def test_between_any_two_keys_lies_another(one: str, other: str) -> None:
    if one == other:
        return
    low, high = sorted((one, other))
    middle = between(low, high)
    assert low < middle < high
    assert order_key(middle) == middle


@given(KEYS)
def test_before_and_after_any_key_lies_another(key: str) -> None:
    before, after = between(None, key), between(key, None)
    assert before < key < after
    assert [before, after] == [order_key(before), order_key(after)]


@given(st.integers(0, 3000), st.none() | KEYS)
def test_new_lines_at_the_end_come_in_order_after_the_last(count: int, last: str | None) -> None:
    keys = spread(count, last)
    assert count == len(keys)
    assert all(one < other for one, other in pairwise([last or "", *keys]))


def test_a_run_of_new_lines_has_short_keys() -> None:
    assert {3} == {len(key) for key in spread(5000)}


@pytest.mark.parametrize(("before", "after"), [("V02", "V01"), ("V01", "V01")])
def test_nothing_lies_between_keys_out_of_order(before: str, after: str) -> None:
    with pytest.raises(InvalidValue, match="no order key"):
        between(before, after)


@pytest.mark.parametrize(
    "value", ["", "0", "V0", "V-1", "é", "V\x001", "\ud800", "V" * 2001, 1, True]
)
def test_what_is_no_order_key_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match="not an order key"):
        order_key(value)  # type: ignore[arg-type]
