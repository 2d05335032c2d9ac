"""Records that name other records by id: whoever may not read those does not find them named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from multibill.history import Change

MONEY = frozenset({"payment", "refund"})
"""Kinds of record that the right to read payments is asked of."""

PAID = frozenset({"payments", "refunds"})
"""Maps by the id of one of them."""

LINKS = {
    "payment": frozenset({"allocations"}),
    "settlement": frozenset({"payments", "refunds", "credits", "credited", "uses"}),
}
"""Maps by the id of another record: what an actor may not read is not named there."""


def unlinked(changes: Iterable[Change], hidden: Callable[[str, str], bool]) -> Iterator[Change]:
    """The changes without what stands below a hidden (map, id)."""
    for change in changes:
        path = change.path.split("/")[1:]
        before, after = (_kept(path, side, hidden) for side in (change.before, change.after))
        if before != after:
            yield Change(change.path, before, after)


def _kept(path: list[str], value: Any, hidden: Callable[[str, str], bool]) -> Any:
    if len(path) > 1:
        return None if hidden(path[0], path[1]) else value
    if not isinstance(value, dict):
        return value
    kept = {name: _kept([*path, name], item, hidden) for name, item in value.items()}
    return {name: item for name, item in kept.items() if item is not None} or None
