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
    todo, overlaps = [], []
    for change in mine:
        if change in theirs and not _lonely(change, mine, theirs, unit):
            continue
        met = next((their for their in theirs if _meet(change.path, their.path, unit)), None)
        if met is None:
            todo.append(change)
        else:
            overlaps.append(Overlap(change.path, change.before, change.after, met.after))
    return todo, overlaps


def _meet(one: str, other: str, unit: Callable[[str], str]) -> bool:
    """Whether two paths are in one unit, or one lies below the other."""
    return unit(one) == unit(other) or one.startswith(other + "/") or other.startswith(one + "/")


def _lonely(
    change: Change, mine: Sequence[Change], theirs: Sequence[Change], unit: Callable[[str], str]
) -> bool:
    """Whether a change that both made stands in a unit where the rest differs."""
    name = unit(change.path)
    inside = [own for own in mine if unit(own.path) == name]
    return inside != [their for their in theirs if unit(their.path) == name]
