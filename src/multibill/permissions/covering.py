"""Covering: what a veil comes to on a model map, and why some fields cannot be covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from multibill.errors import InvalidDefinition
from multibill.model import ModelMap
from multibill.model.map import Entry
from multibill.permissions.veils import Veil

Patterns = Mapping[str, int]


@attrs.frozen
class Covering:
    """Patterns that veils hide, mask (with the characters that stay) or make read-only, with the rule behind each."""

    hidden: Patterns = attrs.field(factory=dict)
    masked: Mapping[str, int] = attrs.field(factory=dict)
    fixed: Patterns = attrs.field(factory=dict)
    rules: Mapping[str, str] = attrs.field(factory=dict)

    def also(self, patterns: Iterable[str], veil: Veil) -> Covering:
        """With what another veil covers; of two masks the one that leaves less stays."""
        last = veil.last or 0
        name = {"hide": "hidden", "mask": "masked", "read-only": "fixed"}[veil.effect]
        known: Patterns = getattr(self, name)
        made = {pattern: min(last, known.get(pattern, last)) for pattern in patterns}
        said: dict[str, Any] = {name: {**known, **made}}
        return attrs.evolve(self, rules={**dict.fromkeys(made, veil.name), **self.rules}, **said)


def covering(veil: Veil, map: ModelMap) -> frozenset[str]:
    """The patterns of a kind's map that a veil covers; none where the kind has no such field.

    Hiding takes the nearest thing that may be absent, and with it what only makes sense together. Raises
    InvalidDefinition for what cannot be hidden or masked.
    """
    entries = tuple(_meant(veil, map))
    if veil.effect == "read-only":
        return frozenset({veil.what} if veil.what.startswith("/") and entries else _paths(entries))
    if veil.effect == "mask":
        for entry in entries:
            _refuse(veil, entry, "masks are for plain text; hide it", not entry.maskable)
            _judge(veil, entry)
        return _paths(entries)
    if veil.what.startswith("/"):
        return _hidden(veil, map, map.pattern(veil.what) or veil.what) if entries else frozenset()
    return frozenset[str]().union(*(_hidden(veil, map, entry.path) for entry in entries))


def _paths(entries: Iterable[Entry]) -> frozenset[str]:
    """The patterns of entries."""
    return frozenset(entry.path for entry in entries)


def _meant(veil: Veil, map: ModelMap) -> Iterator[Entry]:
    if veil.what.startswith("/"):
        yield from map.below(veil.what)
    else:
        yield from (entry for entry in map if entry.term.sensitive == veil.what)


def _hidden(veil: Veil, map: ModelMap, pattern: str) -> frozenset[str]:
    found = map.absent(pattern)
    if found is None:
        raise InvalidDefinition(
            f"rule {veil.name!r}: every document has {pattern}; mask it instead"
        )
    for entry in map.below(found):
        _judge(veil, entry)
        _refuse(veil, entry, "paths are made of ids", found.endswith("/id"))
    exact = veil.what if found == map.pattern(veil.what) else found
    return frozenset({exact, *_together(map, found)})


def _together(map: ModelMap, pattern: str) -> Iterator[str]:
    """What only makes sense together with a field, as far as it may be hidden."""
    entry = map.by_pattern.get(pattern)
    for other in map if entry else ():
        same = entry is not None and other.unit == entry.unit
        if same and other.path in other.optional and not other.term.feeds:
            yield other.path


def _judge(veil: Veil, entry: Entry) -> None:
    """Refuse what a reader needs to see for the rest to make sense."""
    _refuse(veil, entry, "it is a fact of the record", entry.part == "fact")
    _refuse(veil, entry, "it is computed; hide what it follows from", entry.term.derived)
    _refuse(veil, entry, "totals, mentions or the order of lines follow from it", entry.term.feeds)


def _refuse(veil: Veil, entry: Entry, why: str, wrong: bool) -> None:
    if wrong:
        what = f"{veil.effect} {veil.what!r}"
        raise InvalidDefinition(f"rule {veil.name!r}: {what} would cover {entry.path}: {why}")
