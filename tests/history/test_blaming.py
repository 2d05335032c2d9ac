"""Blame over random logs, against asking of each path who set it last."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, strategies as st

from multibill.history import apply, at, diff
from multibill.history.blaming import blamed, leaves
from tests.history.trees import bodies

Tree = dict[str, Any]
plain = bodies.filter(lambda tree: "$redacted" not in str(tree))


@given(st.lists(plain, min_size=1, max_size=6))
def test_each_path_is_blamed_on_the_last_version_in_which_it_came_to_be_what_it_is(
    states: list[Tree],
) -> None:
    """An item that came whole is its version's, also where a part of it says what it said before it went."""
    log = [diff(None, states[0])]
    log += [diff(one, other) for one, other in pairwise(states)]
    found = blamed(states[-1], [(n, log[n]) for n in reversed(range(len(log)))])
    expected: dict[str, int] = {}
    tree: Tree | None = None
    for n, changes in enumerate(log):
        tree = apply(tree, changes)
        for change in changes:
            expected |= {path: n for path, _ in leaves(change.path, change.after)}
    wanted = dict(leaves("", states[-1]))
    assert {path: (value, expected[path]) for path, value in wanted.items()} == found


@given(plain)
def test_what_lies_under_a_path_is_a_part_of_the_whole(tree: Tree) -> None:
    log = [(1, diff(None, tree))]
    whole = blamed(tree, log)
    for path in whole:
        above = path.rpartition("/")[0]
        part = blamed(tree, log, above)
        assert part == {p: v for p, v in whole.items() if p.startswith(f"{above}/")}
        assert {path: whole[path]} == blamed(tree, log, path)
        assert whole[path][0] == at(tree, path)


def test_no_more_of_the_log_is_read_than_is_needed() -> None:
    tree = {"a": "2"}

    def log() -> Any:
        yield 2, diff({"a": "1"}, tree)
        raise AssertionError

    assert {"/a": ("2", 2)} == blamed(tree, log())


def test_an_erased_value_is_one_value() -> None:
    tree = {"a": {"$redacted": "ab" * 32}, "tags": {"$redacted": True}}
    assert ["/a", "/tags/$redacted"] == [path for path, _ in leaves("", tree)]


def test_what_was_set_again_is_not_its_first_makers() -> None:
    states: list[Tree] = [{"a": "1", "l": {"x": {"n": "1", "m": "1"}}}]
    states += [{**states[0], "a": "2"}, {"a": "2", "l": {"x": {"n": "1", "m": "2"}}}]
    log = [diff(None, states[0]), *(diff(one, other) for one, other in pairwise(states))]
    found = blamed(states[-1], [(n, log[n]) for n in (2, 1, 0)])
    assert {"/a": 1, "/l/x/m": 2, "/l/x/n": 0} == {path: n for path, (_, n) in found.items()}
