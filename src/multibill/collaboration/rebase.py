"""Rebase: what I changed since a version, laid on what others changed since. Merge units merge whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from multibill.history import Change


@attrs.frozen
class Overlap:
    """The same thing changed by two people: what stood there, what I made of it, what they made of it."""

    path: str
    base: Any
    mine: Any
    theirs: Any


def rebase(
    mine: Sequence[Change], theirs: Sequence[Change], unit: Callable[[str], str]
) -> tuple[list[Change], list[Overlap]]:
    """My changes that still have to be made on top of theirs, and where the two meet.

    Args:
        mine: my changes since the base version.
        theirs: the net changes of everybody else since the same version.
        unit: path -> the merge unit it belongs to; what is in one unit only makes sense together.

    Disjoint units merge. The same change made twice is made once. A change above or below another (a deleted line,
    an edited quantity in it) meets it.

    >>> rebase([Change("/a", "1", "2")], [Change("/b", "1", "3")], lambda path: path)[1]
    []
    >>> rebase([Change("/a", "1", "2")], [Change("/a", "1", "3")], lambda path: path)[1]
    [Overlap(path='/a', base='1', mine='2', theirs='3')]
    """
    others = _Others(theirs, unit)
    own: dict[str, list[Change]] = {}
    for change in mine:
        own.setdefault(unit(change.path), []).append(change)
    todo, overlaps = [], []
    for name, changes in own.items():
        if changes == others.by_unit.get(name):
            continue
        for change in changes:
            met = others.meeting(change.path, name)
            if met is None:
                todo.append(change)
            else:
                overlaps.append(Overlap(change.path, change.before, change.after, met.after))
    return todo, overlaps


class _Others:
    """Everybody else's changes, found by merge unit, by path, and by what lies above a path."""

    def __init__(self, changes: Sequence[Change], unit: Callable[[str], str]) -> None:
        self.by_unit: dict[str, list[Change]] = {}
        self._at: dict[str, Change] = {}
        self._above: dict[str, Change] = {}
        for change in changes:
            self.by_unit.setdefault(unit(change.path), []).append(change)
            self._at[change.path] = change
            for path in _ancestors(change.path):
                self._above.setdefault(path, change)

    def meeting(self, path: str, unit: str) -> Change | None:
        """A change in the same unit, below the path, or above it."""
        same = self.by_unit.get(unit)
        if same:
            return next((change for change in same if change.path == path), same[0])
        if path in self._above:
            return self._above[path]
        return next((self._at[above] for above in _ancestors(path) if above in self._at), None)


def _ancestors(path: str) -> list[str]:
    """The paths above a path, the root left out."""
    names = path.split("/")
    return ["/".join(names[:end]) for end in range(2, len(names))]
