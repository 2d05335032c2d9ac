"""Changes between trees: [path, before, after]. Trees are never altered; what is touched is copied.

A path is the names from the root, each after a ``/``; the empty path is the whole tree. None is absence, on both
sides: a tree holds no null and no empty map, so that each state has one tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import attrs

Tree = dict[str, Any]
Shape = Mapping[str, Any]
"""Where collections stand in a tree: the names down to them, and ``*`` for each of their items."""

ITEMS: Shape = {"*": {}}


@attrs.frozen
class Change:
    """One path, what stood there and what stands there now; None where there was or is nothing."""

    path: str
    before: Any
    after: Any


def diff(
    before: Tree | None, after: Tree | None, collections: Collection[str] | Shape = ()
) -> tuple[Change, ...]:
    """The changes from one tree to another, by path; an item that came or went is one change.

    Args:
        collections: names at the root, or the shape of the tree, whose items are told apart even when all of them
            came or went. A group that came with collections in it is told apart too: two people may both begin it.

    >>> diff({"a": {"x": "1", "y": "2"}}, {"a": {"x": "3", "y": "2"}})
    (Change(path='/a/x', before='1', after='3'),)
    >>> diff({}, {"lines": {"l1": {"name": "Logo"}}}, {"lines"})
    (Change(path='/lines/l1', before=None, after={'name': 'Logo'}),)
    >>> shape = {"lines": {"*": {"charges": {"*": {}}}}}
    >>> diff({"lines": {"l1": {}}}, {"lines": {"l1": {"charges": {"c1": {"amount": "5"}}}}}, shape)
    (Change(path='/lines/l1/charges/c1', before=None, after={'amount': '5'}),)
    """
    if before is None or after is None:
        return () if before is after else (Change("", before, after),)
    if not isinstance(collections, Mapping):
        collections = {name: ITEMS for name in collections}
    changes: list[Change] = []
    _walk("", before, after, collections, changes)
    return tuple(changes)


def _walk(above: str, before: Tree, after: Tree, shape: Shape, changes: list[Change]) -> None:
    items = shape.get("*")
    for name in _differing(before, after):
        path, old, new = f"{above}/{name}", before.get(name), after.get(name)
        below = shape.get(name) if items is None else items
        if below and items is None:
            old, new = _opened(old, new, below)
        if type(old) is dict and type(new) is dict:
            _walk(path, old, new, below or NOTHING, changes)
        else:
            changes.append(Change(path, old, new))


NOTHING: Shape = {}


def _opened(old: Any, new: Any, shape: Shape) -> tuple[Any, Any]:
    """Both sides of what holds items: a collection stands empty where it is absent, a group only before it came.

    A group that went is one change: half of it would say nothing.
    """
    if old is None and type(new) is dict:
        return {}, new
    if new is None and "*" in shape and type(old) is dict:
        return old, {}
    return old, new


def _differing(old: Tree, new: Tree) -> list[str]:
    """The names that do not hold the same on both sides, sorted."""
    names = [
        name
        for name, value in new.items()
        if (before := old.get(name)) is not value and before != value
    ]
    names += [name for name in old if name not in new]
    names.sort()
    return names


def apply(tree: Tree | None, changes: Iterable[Change]) -> Tree | None:
    """The tree after the changes.

    >>> apply({"a": {"x": "1"}}, [Change("/a/x", "1", None), Change("/b", None, "2")])
    {'b': '2'}
    """
    copies: Copies = {}
    for change in changes:
        tree = _put(tree, change.path, change.after, copies)
    return tree


def revert(tree: Tree | None, changes: Sequence[Change]) -> Tree | None:
    """The tree before the changes, which must be the last ones made to it.

    >>> revert({"b": "2"}, [Change("/a/x", "1", None), Change("/b", None, "2")])
    {'a': {'x': '1'}}
    """
    return rewound(tree, (changes,))


def rewound(tree: Tree | None, changesets: Iterable[Sequence[Change]]) -> Tree | None:
    """The tree before several changesets, given newest first."""
    copies: Copies = {}
    for changes in changesets:
        for change in reversed(changes):
            tree = _put(tree, change.path, change.before, copies)
    return tree


def at(tree: Tree | None, path: str) -> Any:
    """What stands at a path; None when nothing does.

    >>> at({"a": {"x": "1"}}, "/a/x")
    '1'
    """
    found: Any = tree
    for name in path.split("/")[1:]:
        found = found.get(name) if isinstance(found, dict) else None
    return found


Copies = dict[int, Tree]
"""The maps that were copied on the way, by identity: each is copied once, however many changes touch it."""


def _put(tree: Tree | None, path: str, value: Any, copies: Copies) -> Tree | None:
    """The tree with one value put in or taken out; a map that became empty is gone with it."""
    if path == "":
        return None if value is None else dict(value)
    *above, last = path.split("/")[1:]
    nodes = [_own(tree, copies)]
    for name in above:
        below = nodes[-1][name] = _own(nodes[-1].get(name), copies)
        nodes.append(below)
    if value is not None:
        nodes[-1][last] = value
    else:
        nodes[-1].pop(last, None)
        _prune(nodes, above)
    return nodes[0]


def _own(node: Any, copies: Copies) -> Tree:
    """The map itself if it is a copy already, else a copy; a new one where none was."""
    if id(node) in copies:
        found: Tree = node
        return found
    copy = dict(node) if isinstance(node, dict) else {}
    copies[id(copy)] = copy
    return copy


def _prune(nodes: list[Tree], names: list[str]) -> None:
    for name in reversed(names):
        if nodes.pop():
            return
        del nodes[-1][name]
