"""Changes between trees: diff, apply and revert on random trees, and what one change is."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given

from multibill.history import Change, apply, diff, revert, rewound
from tests.history.trees import ITEMS, bodies, trees

Tree = dict[str, Any]
ONE, TWO = {"n": "1"}, {"n": "2"}


@given(trees, trees)
def test_applying_a_difference_gives_the_other_tree_and_reverting_gives_it_back(
    one: Tree, other: Tree
) -> None:
    changes = diff(one, other)
    assert other == apply(one, changes)
    assert one == revert(other, changes)
    assert one == apply(other, [Change(c.path, c.after, c.before) for c in reversed(changes)])


@given(bodies, bodies)
def test_items_are_told_apart_and_still_give_the_other_tree(one: Tree, other: Tree) -> None:
    changes = diff(one, other, ITEMS)
    assert other == apply(one, changes)
    assert one == revert(other, changes)
    assert not [change for change in changes if change.path[1:] in ITEMS]


@given(trees, trees)
def test_a_tree_differs_from_itself_in_nothing_and_from_any_other_in_something(
    one: Tree, other: Tree
) -> None:
    assert () == diff(one, copy.deepcopy(one))
    assert bool(diff(one, other)) is not (one == other)


@given(trees, trees)
def test_trees_are_never_altered(one: Tree, other: Tree) -> None:
    kept = copy.deepcopy((one, other))
    changes = diff(one, other)
    apply(one, changes)
    revert(other, changes)
    assert kept == (one, other)


@given(trees, trees)
def test_every_change_says_what_stands_at_its_path_on_both_sides(one: Tree, other: Tree) -> None:
    """And no path of a difference lies on or below another."""
    changes = diff(one, other)
    for change in changes:
        assert change.before != change.after
        assert (change.before, change.after) == (_at(one, change.path), _at(other, change.path))
    paths = [change.path + "/" for change in changes]
    assert not [(p, q) for p in paths for q in paths if p is not q and q.startswith(p)]


@given(trees, trees, trees)
def test_rewinding_goes_back_over_several_changesets(one: Tree, two: Tree, three: Tree) -> None:
    first, second = diff(one, two), diff(two, three)
    assert one == rewound(three, [second, first])
    assert two == rewound(three, [second])
    assert three == rewound(three, [])


@given(trees)
def test_a_new_record_is_one_change_at_the_empty_path(tree: Tree) -> None:
    assert (Change("", None, tree),) == diff(None, tree)
    assert tree == apply(None, diff(None, tree))
    assert revert(tree, diff(None, tree)) is None
    assert (Change("", tree, None),) == diff(tree, None)
    assert () == diff(None, None)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"lines": {"a": ONE}}, [("/lines/a", None, ONE)]),
        ({"lines": {"a": ONE, "b": TWO}}, {}, [("/lines/a", ONE, None), ("/lines/b", TWO, None)]),
        ({"lines": {"a": ONE}}, {"lines": {"a": TWO}}, [("/lines/a/n", "1", "2")]),
        ({"lines": {"a": ONE}}, {"lines": {"b": ONE}}, [("/lines/a", ONE, None), ("/lines/b", None, ONE)]),
        ({}, {"buyer": {"name": "x"}}, [("/buyer", None, {"name": "x"})]),
        ({"a": "1"}, {"a": {"x": "1"}}, [("/a", "1", {"x": "1"})]),
        ({"a": {"x": "1"}}, {"a": "1"}, [("/a", {"x": "1"}, "1")]),
        ({"b": "1", "a": "1"}, {"a": "2", "b": "2"}, [("/a", "1", "2"), ("/b", "1", "2")]),
    ],
)  # fmt: skip
def test_an_item_that_came_or_went_is_one_change_and_paths_are_in_order(
    before: Tree, after: Tree, expected: list[tuple[str, Any, Any]]
) -> None:
    changes = diff(before, after, {"lines"})
    assert expected == [(change.path, change.before, change.after) for change in changes]


SHAPE = {
    "lines": {"*": {"parts": {"*": {}}, "item": {"codes": {"*": {}}}}},
    "pay": {"to": {"*": {}}},
}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"lines": {"a": {"parts": {"p": ONE}}}}, ["/lines/a"]),
        ({"lines": {"a": ONE}}, {"lines": {"a": {**ONE, "parts": {"p": ONE}}}}, ["/lines/a/parts/p"]),
        ({"lines": {"a": {**ONE, "parts": {"p": ONE}}}}, {"lines": {"a": ONE}}, ["/lines/a/parts/p"]),
        ({"lines": {"a": ONE}}, {"lines": {"a": {**ONE, "item": {"codes": {"c": ONE}}}}}, ["/lines/a/item/codes/c"]),
        ({"lines": {"a": {**ONE, "item": {"codes": {"c": ONE}}}}}, {"lines": {"a": ONE}}, ["/lines/a/item"]),
        ({}, {"pay": {"by": "x", "to": {"t": ONE}}}, ["/pay/by", "/pay/to/t"]),
        ({"pay": {"by": "x", "to": {"t": ONE}}}, {}, ["/pay"]),
        ({"pay": {"by": "x"}}, {"pay": {"by": "x", "to": {"t": ONE}}}, ["/pay/to/t"]),
        ({}, {"other": {"to": {"t": ONE}}}, ["/other"]),
    ],
)  # fmt: skip
def test_nested_items_are_told_apart_by_the_shape_of_the_tree(
    before: Tree, after: Tree, expected: list[str]
) -> None:
    changes = diff(before, after, SHAPE)
    assert expected == [change.path for change in changes]
    assert (after, before) == (apply(before, changes), revert(after, changes))


@given(bodies, bodies)
def test_a_shape_loses_nothing(one: Tree, other: Tree) -> None:
    shape = {
        "a": {"*": {"b": {"*": {}}}},
        "b": {"a": {"*": {}}},
        "lines": {"*": {}},
        "ab": {"b": {"a": {}}},
    }
    changes = diff(one, other, shape)
    assert (other, one) == (apply(one, changes), revert(other, changes))


def test_true_and_one_are_the_same_to_python_but_not_to_a_reader_of_the_journal() -> None:
    """No path holds a number at one time and a boolean at another: the model's types see to that."""
    assert {"a": 1} == apply({"a": True}, diff({"a": True}, {"a": 1}))


def test_a_map_that_became_empty_is_gone_with_its_last_value() -> None:
    assert {"b": "2"} == apply({"a": {"x": {"y": "1"}}, "b": "2"}, [Change("/a/x/y", "1", None)])
    assert {"a": {"x": {"y": "1"}}} == revert({}, [Change("/a/x/y", "1", None)])


def test_what_is_shared_is_not_copied() -> None:
    """Only what lies on the path of a change is new."""
    tree = {"a": {"x": "1"}, "b": {"y": "2"}}
    changed = apply(tree, [Change("/a/x", "1", "3")])
    assert changed is not None
    assert changed["b"] is tree["b"]


def _at(tree: Any, path: str) -> Any:
    for name in path.split("/")[1:]:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree
