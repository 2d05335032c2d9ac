"""Changes between trees: [path, before, after]. Trees are never altered; what is touched is copied.

A path is the names from the root, each after a ``/``; the empty path is the whole tree. None is absence, on both
sides: a tree holds no null and no empty map, so that each state has one tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import attrs

Tree = dict[str, Any]


@attrs.frozen
class Change:
    """One path, what stood there and what stands there now; None where there was or is nothing."""

    path: str
    before: Any
    after: Any


def diff(
    before: Tree | None, after: Tree | None, collections: Collection[str] = ()
) -> tuple[Change, ...]:
    """The changes from one tree to another, by path; an item that came or went is one change.

    Args:
        collections: names at the root whose items are told apart even when all of them came or went.

    >>> diff({"a": {"x": "1", "y": "2"}}, {"a": {"x": "3", "y": "2"}})
    (Change(path='/a/x', before='1', after='3'),)
    >>> diff({}, {"lines": {"l1": {"name": "Logo"}}}, {"lines"})
    (Change(path='/lines/l1', before=None, after={'name': 'Logo'}),)
    """
    if before is None or after is None:
        return () if before is after else (Change("", before, after),)
    changes: list[Change] = []
    for name in _differing(before, after):
        old, new = before.get(name), after.get(name)
        if name in collections:
            old, new = old or {}, new or {}
        _walk(f"/{name}", old, new, changes)
    return tuple(changes)


def _walk(path: str, old: Any, new: Any, changes: list[Change]) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in _differing(old, new):
            _walk(f"{path}/{name}", old.get(name), new.get(name), changes)
    else:
        changes.append(Change(path, old, new))


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
