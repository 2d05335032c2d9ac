"""Rebase: what I changed since a version, laid on what others changed since. Merge units merge whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from multibill.collaboration.words import merge_words
from multibill.history import Change, apply

Policy = Callable[[str], str | None]
"""Path -> how two changes of it merge: ``last`` (the later one stands), ``text`` (by words), None (they conflict)."""


@attrs.frozen
class Overlap:
    """The same thing changed by two people: what stood there, what I made of it, what they made of it."""

    path: str
    base: Any
    mine: Any
    theirs: Any


def strict(_: str) -> None:
    """The policy of what must be decided by a person."""
    return


def rebase(
    mine: Sequence[Change],
    theirs: Sequence[Change],
    unit: Callable[[str], str],
    policy: Policy = strict,
) -> tuple[list[Change], list[Overlap]]:
    """My changes that still have to be made on top of theirs, and where the two meet.

    Args:
        mine: my changes since the base version.
        theirs: the net changes of everybody else since the same version.
        unit: path -> the merge unit it belongs to; what is in one unit only makes sense together.
        policy: path -> how two changes of the very same path merge, where they need not conflict.

    Disjoint units merge. The same change made twice is made once. A change above or below another (a deleted line,
    an edited quantity in it) meets it; but what was only moved is deleted all the same.

    >>> rebase([Change("/a", "1", "2")], [Change("/b", "1", "3")], lambda path: path)[1]
    []
    >>> rebase([Change("/a", "1", "2")], [Change("/a", "1", "3")], lambda path: path)[1]
    [Overlap(path='/a', base='1', mine='2', theirs='3')]
    """
    others = _Others(theirs, unit, policy)
    own: dict[str, list[Change]] = {}
    for change in mine:
        own.setdefault(unit(change.path), []).append(change)
    todo: list[Change] = []
    overlaps: list[Overlap] = []
    for name, changes in own.items():
        if changes == others.by_unit.get(name):
            continue
        for change in changes:
            if not others.meets(change.path, name):
                todo.append(change)
            elif (merged := others.merged(change, policy(change.path))) is None:
                overlaps.append(others.overlap(change))
            elif merged.before != merged.after:
                todo.append(merged)
    return todo, overlaps


class _Others:
    """Everybody else's changes, found by merge unit, by path, and by what lies above a path."""

    def __init__(
        self, changes: Sequence[Change], unit: Callable[[str], str], policy: Policy
    ) -> None:
        self.by_unit: dict[str, list[Change]] = {}
        self._at: dict[str, Change] = {}
        self._below: dict[str, list[Change]] = {}
        for change in changes:
            self.by_unit.setdefault(unit(change.path), []).append(change)
            self._at[change.path] = change
            if policy(change.path) != "last":
                for path in _ancestors(change.path):
                    self._below.setdefault(path, []).append(change)

    def meets(self, path: str, unit: str) -> bool:
        """Whether they changed the same unit, or anything below the path or above it."""
        return unit in self.by_unit or path in self._below or self._above(path) is not None

    def _above(self, path: str) -> Change | None:
        return next((self._at[above] for above in _ancestors(path) if above in self._at), None)

    def merged(self, change: Change, policy: str | None) -> Change | None:
        """My change of a path that they changed too, as the policy merges it; None where it does not."""
        met = self._at.get(change.path)
        if policy is None or met is None:
            return None
        texts = change.before, change.after, met.after
        after = change.after if policy == "last" else _by_words(*texts)
        return None if after is None else Change(change.path, met.after, after)

    def overlap(self, change: Change) -> Overlap:
        """My change beside what stands at its path after theirs."""
        return Overlap(change.path, change.before, change.after, self._left(change))

    def _left(self, change: Change) -> Any:
        path = change.path
        if path in self._at:
            return self._at[path].after
        if above := self._above(path):
            return _found(above.after, path[len(above.path) + 1 :])
        below = self._below.get(path, ())
        inner = [Change(c.path[len(path) :], c.before, c.after) for c in below]
        return apply(change.before, inner) if inner else change.before


def _by_words(base: Any, mine: Any, theirs: Any) -> str | None:
    texts = isinstance(base, str) and isinstance(mine, str) and isinstance(theirs, str)
    return merge_words(base, mine, theirs) if texts else None


def _found(value: Any, names: str) -> Any:
    for name in names.split("/"):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _ancestors(path: str) -> list[str]:
    """The paths above a path, the root left out."""
    names = path.split("/")
    return ["/".join(names[:end]) for end in range(2, len(names))]
