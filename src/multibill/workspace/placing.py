"""The order of lines in a body: new ones at the end, moved ones, and those of two people who did not see each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from multibill.codec import Tree
from multibill.documents.order import ordered
from multibill.errors import InvalidValue
from multibill.history import Change


def appended(tree: Tree) -> Tree:
    """New lines without a place go to the end, in the order they came in."""
    lines: dict[str, Tree] = tree.get("lines", {})
    new = [name for name, line in lines.items() if "order" not in line]
    return _placed(tree, [*_standing(lines, new), *new], new) if new else tree


def moved(tree: Tree, line: str, after: Any) -> Tree:
    """A line put after another one, or first (None); InvalidValue where there is no such line."""
    lines: dict[str, Tree] = tree.get("lines", {})
    others = _standing(lines, [line])
    if line not in lines or (after is not None and after not in others):
        raise InvalidValue(
            "a line moves after another line of the document, or first (None)",
            path=f"/lines/{line}/after",
        )
    at = 0 if after is None else 1 + others.index(after)
    return _placed(tree, [*others[:at], line, *others[at:]], [line])


def _standing(lines: Mapping[str, Tree], without: Collection[str]) -> list[str]:
    """The ids of the lines as they stand, without some of them."""
    left = [name for name in lines if name not in without]
    return sorted(left, key=lambda name: (lines[name]["order"], name))


def _placed(tree: Tree, wanted: Sequence[str], moved: Collection[str]) -> Tree:
    """The lines in this order: those that moved get keys, and others only where there is no room between them."""
    lines: dict[str, Tree] = tree["lines"]
    places = [(None if name in moved else lines[name]["order"], name) for name in wanted]
    keys = zip(wanted, ordered(places), strict=True)
    return {**tree, "lines": {name: {**lines[name], "order": key} for name, key in keys}}


def resettled(tree: Tree, asked: Tree, todo: Sequence[Change], theirs: Sequence[Change]) -> Tree:
    """Lines that I put somewhere, after the same lines as I saw, where others gave lines new keys meanwhile."""
    keyed = any(_is_order(c.path) and c.before is not None for c in theirs)
    mine = {c.path.split("/")[2] for c in todo if _puts(c)} if keyed else set()
    if not mine:
        return tree
    wanted = _standing(tree["lines"], mine)
    seen = _standing(asked["lines"], ())
    for place, name in enumerate(seen):
        if name in mine:
            before = next((wanted.index(n) for n in reversed(seen[:place]) if n in wanted), -1)
            wanted.insert(before + 1, name)
    return _placed(tree, wanted, mine)


def _is_order(path: str) -> bool:
    return path.startswith("/lines/") and path.endswith("/order")


def _puts(change: Change) -> bool:
    """Whether it gives a line its place."""
    added = change.before is None and change.path.count("/") == 2
    return change.path.startswith("/lines/") and (added or _is_order(change.path))
