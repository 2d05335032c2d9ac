"""Undo and redo in a log: which entries were taken back, which edit of a person is the last that stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from multibill.history.chain import Changeset
from multibill.history.change import Change

UNDO, REDO = "undo", "redo"
"""The actions that take an entry of the same record back; ``base`` is the version of that entry."""


def inverse(changes: Sequence[Change]) -> tuple[Change, ...]:
    """What takes the changes back, made last to first.

    >>> inverse([Change("/a", "1", "2")])
    (Change(path='/a', before='2', after='1'),)
    """
    return tuple(Change(c.path, c.after, c.before) for c in reversed(changes))


def taken_back(log: Sequence[Changeset]) -> frozenset[int]:
    """The versions whose changes an undo took back; a redo takes back an undo.

    Args:
        log: the entries of one record, in order.
    """
    gone: set[int] = set()
    for entry in reversed(log):
        if entry.action in (UNDO, REDO) and entry.version not in gone and entry.base is not None:
            gone.add(entry.base)
    return frozenset(gone)


def to_undo(edits: Iterable[Changeset], log: Sequence[Changeset]) -> Changeset | None:
    """The last of these edits that stands."""
    gone = taken_back(log)
    return max((e for e in edits if e.version not in gone), key=_version, default=None)


def to_redo(edits: Iterable[Changeset], log: Sequence[Changeset], actor: str) -> Changeset | None:
    """The actor's last undo that stands; none after a new edit of the actor's."""
    gone = taken_back(log)
    since = max((entry.version for entry in edits), default=0)
    mine = (e for e in log if e.action == UNDO and e.actor == actor and e.version > since)
    return max((e for e in mine if e.version not in gone), key=_version, default=None)


def _version(entry: Changeset) -> int:
    return entry.version
