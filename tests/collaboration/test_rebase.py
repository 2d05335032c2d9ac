"""Rebase: disjoint edits commute, and each submitted change ends as exactly one of applied, no-op, conflict."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.collaboration import Overlap, rebase
from multibill.history import Change, apply, diff
from tests.history.trees import ITEMS, bodies

UNITS = {"/price": "#price", "/base": "#price"}


def unit(path: str) -> str:
    """Two names that only make sense together; everything else stands for itself."""
    return UNITS.get(path, path)


def alone(path: str) -> str:
    return path


PRICED = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(["1", "2"]) for name in ("price", "base", "qty", "name")}
)


def outcome(mine: Any, theirs: Any, units: Any) -> dict[str, list[Change]]:
    todo, overlaps = rebase(mine, theirs, units)
    met = {overlap.path for overlap in overlaps}
    return {
        "applied": todo,
        "conflict": [change for change in mine if change.path in met],
        "no-op": [change for change in mine if change not in todo and change.path not in met],
    }


@given(bodies, bodies, bodies)
def test_invariant_07_each_change_ends_as_one_of_applied_no_op_or_conflict(
    base: Any, one: Any, other: Any
) -> None:
    mine, theirs = diff(base, one, ITEMS), diff(base, other, ITEMS)
    ends = outcome(mine, theirs, alone)
    assert sorted(mine, key=str) == sorted([c for found in ends.values() for c in found], key=str)
    assert all(change in theirs for change in ends["no-op"])
    assert not any(change in theirs for change in ends["applied"])


@given(bodies, bodies, bodies)
def test_a_rebase_keeps_everybodys_changes_and_takes_none_of_theirs_away(
    base: Any, one: Any, other: Any
) -> None:
    mine, theirs = diff(base, one, ITEMS), diff(base, other, ITEMS)
    todo, overlaps = rebase(mine, theirs, alone)
    merged = apply(apply(base, theirs), todo)
    for change in (*mine, *theirs) if not overlaps else theirs:
        assert change.after == _at(merged, change.path)


@given(bodies, bodies, bodies)
def test_invariant_07_disjoint_edits_commute(base: Any, one: Any, other: Any) -> None:
    """Whoever came first, the result is the same; and they meet from both sides or from none."""
    mine, theirs = diff(base, one, ITEMS), diff(base, other, ITEMS)
    late, met = rebase(mine, theirs, alone)
    early, crossed = rebase(theirs, mine, alone)
    assert bool(met) is bool(crossed)
    if not met:
        assert apply(apply(base, theirs), late) == apply(apply(base, mine), early)


@given(PRICED, PRICED, PRICED)
def test_a_unit_is_taken_whole_from_one_of_the_two(base: Any, one: Any, other: Any) -> None:
    mine, theirs = diff(base, one), diff(base, other)
    todo, overlaps = rebase(mine, theirs, unit)
    if not overlaps:
        merged = apply(apply(base, theirs), todo) or {}
        price = [merged.get("price"), merged.get("base")]
        assert price in [[tree.get("price"), tree.get("base")] for tree in (one, other)]


@given(PRICED, PRICED)
def test_the_same_edit_made_twice_is_made_once(base: Any, one: Any) -> None:
    mine = diff(base, one)
    assert ([], []) == rebase(mine, mine, unit)


@given(PRICED, PRICED)
def test_without_others_everything_stays_to_be_done(base: Any, one: Any) -> None:
    mine = diff(base, one)
    todo, overlaps = rebase(mine, (), unit)
    assert (list(mine), []) == (sorted(todo, key=lambda change: change.path), overlaps)


def change(path: str, before: Any = "1", after: Any = "2") -> Change:
    return Change(path, before, after)


@pytest.mark.parametrize(
    ("mine", "theirs", "met"),
    [
        ([change("/a")], [change("/b")], []),
        ([change("/a")], [change("/a", after="3")], ["/a"]),
        ([change("/a")], [change("/a")], []),
        ([change("/lines/a", {"q": "1"}, None)], [change("/lines/a/q")], ["/lines/a"]),
        ([change("/lines/a/q")], [change("/lines/a", {"q": "1"}, None)], ["/lines/a/q"]),
        ([change("/lines/a/q")], [change("/lines/ab", {"q": "1"}, None)], []),
        ([change("/lines/ab/q")], [change("/lines/a", {"q": "1"}, None)], []),
        ([change("/lines/a", None, {"q": "1"})], [change("/lines/b", None, {"q": "1"})], []),
        ([change("/lines/a", None, {"q": "1"})], [change("/lines/a", None, {"q": "2"})], ["/lines/a"]),
        ([change("/price")], [change("/base")], ["/price"]),
        ([change("/price"), change("/base")], [change("/price")], ["/price", "/base"]),
        ([change("/price")], [change("/price"), change("/base")], ["/price"]),
        ([change("/price"), change("/base")], [change("/price"), change("/base")], []),
        ([change("/a"), change("/b"), change("/c")], [change("/b", after="3")], ["/b"]),
    ],
)  # fmt: skip
def test_where_two_edits_meet(mine: list[Change], theirs: list[Change], met: list[str]) -> None:
    _, overlaps = rebase(mine, theirs, unit)
    assert met == [overlap.path for overlap in overlaps]


def test_an_overlap_says_what_stood_there_what_i_made_of_it_and_what_they_did() -> None:
    """Where a change of theirs lies above mine, what they made of it is the whole above."""
    mine = [change("/a", "1", "2"), change("/lines/a/q", "1", "5"), change("/z", "1", "9")]
    theirs = [change("/a", "1", "3"), change("/lines/a", {"q": "1"}, None)]
    todo, overlaps = rebase(mine, theirs, alone)
    assert [change("/z", "1", "9")] == todo
    assert [Overlap("/a", "1", "2", "3"), Overlap("/lines/a/q", "1", "5", None)] == overlaps


def _at(tree: Any, path: str) -> Any:
    for name in path.split("/")[1:]:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def policy(path: str) -> str | None:
    return {"order": "last", "text": "text"}.get(path.rsplit("/", 1)[1])


LINE = {"order": "1"}
WORDS = ("one two three", "1 two three", "one two 3", "1 two 3")


@pytest.mark.parametrize(
    ("mine", "theirs", "todo"),
    [
        (change("/order"), change("/order", after="3"), [change("/order", "3", "2")]),
        (change("/text", WORDS[0], WORDS[1]), change("/text", WORDS[0], WORDS[2]), [change("/text", *WORDS[2:])]),
        (change("/text", WORDS[0], WORDS[1]), change("/text", WORDS[0], WORDS[3]), []),
        (change("/lines/a", LINE, None), change("/lines/a/order"), [change("/lines/a", LINE, None)]),
    ],
)  # fmt: skip
def test_a_policy_decides_what_people_need_not(
    mine: Change, theirs: Change, todo: list[Change]
) -> None:
    assert (todo, []) == rebase([mine], [theirs], alone, policy)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (change("/text", "a b", "a c"), change("/text", "a b", "a d")),
        (change("/text", "a b", None), change("/text", "a b", "a d")),
        (change("/text", None, "a"), change("/text", None, "b")),
        (change("/lines/a/order"), change("/lines/a", {"order": "1"}, None)),
        (change("/lines/a", {"q": "1"}, None), change("/lines/a/q")),
    ],
)
def test_a_policy_is_no_guess(mine: Change, theirs: Change) -> None:
    todo, overlaps = rebase([mine], [theirs], alone, policy)
    assert ([], [mine.path]) == (todo, [overlap.path for overlap in overlaps])


def test_what_stands_there_is_told_from_whatever_they_changed() -> None:
    """At the path itself, above it, below it, or elsewhere in its unit."""
    line = {"q": "1", "n": "x"}
    cases = [
        (change("/a"), change("/a", after="3"), "3"),
        (change("/lines/a/q"), change("/lines/a", line, {"q": "7"}), "7"),
        (change("/lines/a", line, None), change("/lines/a/q", after="7"), {"q": "7", "n": "x"}),
        (change("/price"), change("/base"), "1"),
    ]
    for mine, theirs, expected in cases:
        _, (overlap,) = rebase([mine], [theirs], unit)
        assert expected == overlap.theirs
