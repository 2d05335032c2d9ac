"""Sight: what one actor sees of a document's fields. Prunes trees and changes; knows no storage and no verb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from multibill.history import Change
from multibill.model import Masked, ModelMap
from multibill.permissions.veils import Effect, Veil

Tree = dict[str, Any]
NOTHING = ModelMap(())


@attrs.frozen(eq=False)
class Sight:
    """Patterns of the model map that are hidden, masked (with the characters that stay) or read-only.

    A pattern covers all below it. A clear sight hides and masks nothing.
    """

    hidden: frozenset[str] = frozenset()
    masked: Mapping[str, int] = attrs.field(factory=dict)
    fixed: frozenset[str] = frozenset()
    _map: ModelMap = attrs.field(default=NOTHING, repr=False)

    @classmethod
    def under(cls, veils: Iterable[Veil], map: ModelMap) -> Sight:
        """What stays to be seen under these veils."""
        found: dict[Effect, dict[str, int]] = {"hide": {}, "mask": {}, "read-only": {}}
        for veil in veils:
            for pattern in _patterns(veil, map):
                known = found[veil.effect].get(pattern)
                last = veil.last or 0
                found[veil.effect][pattern] = last if known is None else min(known, last)
        return cls(frozenset(found["hide"]), found["mask"], frozenset(found["read-only"]), map)

    @property
    def clear(self) -> bool:
        """Whether everything is seen as it is."""
        return not self.hidden and not self.masked

    def covers(self, path: str) -> bool:
        """Whether what stands at a concrete path is not seen as it is: hidden, or masked."""
        return self._met(path, self.hidden) or self._met(path, self.masked)

    def settable(self, path: str) -> bool:
        """Whether the actor may set what stands at a concrete path."""
        return not self.covers(path) and not self._met(path, self.fixed)

    def tree(self, tree: Tree, above: str = "") -> Tree:
        """The tree without what is hidden, with what is masked covered; maps that become empty are gone."""
        return tree if self.clear else self._seen(tree, above, "") or {}

    def changes(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """The changes as they are seen; those of which nothing is seen are gone."""
        if self.clear:
            return tuple(changes)
        seen = (
            Change(c.path, self._side(c.path, c.before), self._side(c.path, c.after))
            for c in changes
        )
        return tuple(change for change in seen if change.before != change.after)

    def _side(self, path: str, value: Any) -> Any:
        if value is None or self._met(path, self.hidden):
            return None
        return self._seen(value, path, self._map.pattern(path) or path)

    def _seen(self, value: Any, path: str, pattern: str) -> Any:
        if isinstance(value, dict):
            below = ((name, self._below(item, path, pattern, name)) for name, item in value.items())
            return {name: item for name, item in below if item is not None} or None
        last = min(
            (last for name, last in self.masked.items() if _within(path, pattern, name)),
            default=None,
        )
        return value if last is None else Masked.of(str(value), last)

    def _below(self, value: Any, path: str, pattern: str, name: str) -> Any:
        path, pattern = f"{path}/{name}", self._map.step(pattern, name)
        return (
            None
            if path in self.hidden or pattern in self.hidden
            else self._seen(value, path, pattern)
        )

    def _met(self, path: str, patterns: Iterable[str]) -> bool:
        pattern = self._map.pattern(path) or path
        return any(_within(path, pattern, known) for known in patterns)


CLEAR = Sight()


def _patterns(veil: Veil, map: ModelMap) -> Iterable[str]:
    """The patterns a veil speaks of: those of a class, or the path it names."""
    if veil.what.startswith("/"):
        return (veil.what,)
    return (entry.path for entry in map if entry.term.sensitive == veil.what)


def _within(path: str, pattern: str, known: str) -> bool:
    return any(each == known or each.startswith(f"{known}/") for each in (path, pattern))
