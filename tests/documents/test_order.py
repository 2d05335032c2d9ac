"""Order keys: there is always room between two, they sort where they were put, and nobody can bring a bad one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from multibill.documents.order import DIGITS, LONGEST, Place, between, order_key, ordered, spread
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
    """The worst a person can do: so it goes where nobody looks at how long the keys get."""
    at_end = [n if place > 1 else min(n, place) for n in range(2000)]
    assert sorted_and_distinct(inserted(at_end))


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
    "value", ["", "0", "V0", "V-1", "é", "V\x001", "\ud800", "V" * 33, 1, True]
)
def test_what_is_no_order_key_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match="not an order key"):
        order_key(value)  # type: ignore[arg-type]


def put(lines: list[tuple[str, str]], at: int, id: str) -> int:
    """A line at a place of the list, as a save puts it there; how many others got new keys."""
    places: list[Place] = [*lines[:at], (None, id), *lines[at:]]
    keys = ordered(places)
    again = zip(places, keys, strict=True)
    moved = sum(1 for (old, _), new in again if old not in (None, new))
    lines[:] = [(key, name or "") for (_, name), key in zip(places, keys, strict=True)]
    return moved


@pytest.mark.parametrize("gap", ["after one line", "before one line"])
def test_invariant_09_of_history_ten_thousand_inserts_in_one_gap(gap: str) -> None:
    """Keys stay short and in order; a rebalance, which touches every line, is rare. Lines far from the gap go."""
    lines = [("V01", "a"), ("V02", "z")]
    rebalanced = 0
    for n in range(10_000):
        at = 1 if gap == "after one line" else len(lines) - 1
        rebalanced += put(lines, at, f"l{n:05}") > 0
        assert sorted(lines) == lines
        assert LONGEST >= max(len(key) for key, _ in lines)
        if len(lines) > 40:
            lines.pop(-2 if gap == "after one line" else 1)
    assert rebalanced <= 10_000 / 140


@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_a_thousand_lines_put_in_one_place_have_keys(where: str) -> None:
    lines = [("V01", "a"), ("V02", "z")]
    for n in range(1000):
        at = {"first": 0, "middle": len(lines) // 2, "last": len(lines)}[where]
        put(lines, at, f"l{n}")
    assert sorted(lines) == lines
    assert [key for key, _ in lines] == [order_key(key) for key, _ in lines]


def test_lines_with_one_key_stay_as_they_are_until_another_comes_between() -> None:
    """Two people put a line in one place at once: their ids decide, and nobody's save moves either."""
    lines = [("V01", "a"), ("V01V", "m"), ("V01V", "n"), ("V02", "z")]
    assert [key for key, _ in lines] == ordered(list(lines))
    assert 1 == put(lines, 2, "between")
    assert ["a", "m", "between", "n", "z"] == [id for _, id in sorted(lines)]


PLACES = st.lists(st.tuples(st.none() | KEYS, st.text("abc", min_size=1, max_size=3)), max_size=12)


@given(PLACES)
def test_invariant_09_of_history_the_order_is_total_and_what_is_ordered_stays(
    places: list[Place],
) -> None:
    """However keys and ids stand: the lines sort as they were given, and asking again changes nothing."""
    named = [(key, f"{n:02}-{id}") for n, (key, id) in enumerate(places)]
    lines = [(key, id) for key, (_, id) in zip(ordered(named), named, strict=True)]
    assert sorted(lines) == lines
    assert [key for key, _ in lines] == ordered(lines)
