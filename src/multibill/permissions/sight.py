"""Sight: what one actor sees of a document's fields. Prunes trees and changes; knows no storage and no verb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from multibill.errors import Denied
from multibill.history import Change
from multibill.model import Masked, ModelMap
from multibill.permissions.covering import Covering, covering
from multibill.permissions.veils import Veil

Tree = dict[str, Any]
NOTHING = ModelMap(())


@attrs.frozen(eq=False)
class Sight:
    """Patterns of the model map that are hidden, masked (with the characters that stay) or read-only.

    A pattern covers all below it. A clear sight hides and masks nothing. ``rules`` names the rule behind each pattern.
    """

    hidden: frozenset[str] = frozenset()
    masked: Mapping[str, int] = attrs.field(factory=dict)
    fixed: frozenset[str] = frozenset()
    rules: Mapping[str, str] = attrs.field(factory=dict)
    _map: ModelMap = attrs.field(default=NOTHING, repr=False)

    @classmethod
    def under(cls, veils: Iterable[Veil], map: ModelMap) -> Sight:
        """What stays to be seen under these veils."""
        found = Covering()
        for veil in veils:
            found = found.also(covering(veil, map), veil)
        return cls(frozenset(found.hidden), found.masked, frozenset(found.fixed), found.rules, map)

    @property
    def clear(self) -> bool:
        """Whether everything is seen as it is."""
        return not self.hidden and not self.masked

    @property
    def covered(self) -> frozenset[str]:
        """The patterns of what is not seen as it is, whether or not anything stands there."""
        return self.hidden | self.masked.keys()

    def covers(self, path: str) -> bool:
        """Whether what stands at a concrete path is not seen as it is: hidden, or masked."""
        return self._rule(path, self.covered) is not None

    def settable(self, path: str) -> bool:
        """Whether the actor may set what stands at a concrete path."""
        return self._rule(path, self.covered | self.fixed) is None

    def rule(self, path: str) -> str:
        """The name of the rule that covers a concrete path or keeps the actor from setting it."""
        known = self._rule(path, self.covered | self.fixed)
        return self.rules.get(known or "", "a rule that held when it was loaded")

    def denied(self, path: str) -> Denied:
        """The error for an attempt to set what the actor may not."""
        return Denied(f"you may not set this ({self.rule(path)})", path=path)

    def also(self, patterns: Iterable[str]) -> Sight:
        """With more that is hidden: what was covered when a value was handed out."""
        more = frozenset(patterns) - self.covered
        return attrs.evolve(self, hidden=self.hidden | more) if more else self

    def tree(self, tree: Tree, above: str = "") -> Tree:
        """The tree without what is hidden, with what is masked covered; maps that become empty are gone."""
        return tree if self.clear else self._seen(tree, above, above) or {}

    def value(self, path: str, value: Any) -> Any:
        """A value at a concrete path as it is seen: None where it is hidden."""
        if value is None or self.clear:
            return value
        if self._rule(path, self.hidden):
            return None
        return self._seen(value, path, self._map.pattern(path) or path)

    def changes(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """The changes as they are seen; those of which nothing is seen are gone."""
        if self.clear:
            return tuple(changes)
        seen = (
            Change(c.path, self.value(c.path, c.before), self.value(c.path, c.after))
            for c in changes
        )
        return tuple(change for change in seen if change.before != change.after)

    def laid(self, said: Tree, stored: Tree) -> Tree:
        """What was made of a tree that was handed out, with what is covered as it is stored.

        Raises Denied for what cannot be set: a value where something is covered, and taking away what holds such a
        thing; never because of what is stored there.
        """
        return said if self.clear else self._laid(said, stored, "", "")

    def _laid(self, said: Tree, stored: Tree, path: str, pattern: str) -> Tree:
        made = {}
        for name in (*stored, *(name for name in said if name not in stored)):
            below = f"{path}/{name}", self._map.step(pattern, name)
            value = self._kept(said.get(name), stored.get(name), *below)
            if value is not None and value != {}:
                made[name] = value
        return made

    def _kept(self, said: Any, stored: Any, path: str, pattern: str) -> Any:
        if path in self.hidden or pattern in self.hidden:
            if said is None or isinstance(said, Masked):
                return stored
            raise self.denied(path)
        last = self._last(path, pattern)
        if last is not None:
            if (said is None and stored is None) or said == _masked(stored, last):
                return stored
            raise self.denied(path)
        if isinstance(said, dict) and (said or stored is None):
            return self._laid(said, stored if isinstance(stored, dict) else {}, path, pattern)
        if said is None and isinstance(stored, dict):
            return self._left(stored, path, pattern)
        return said

    def _left(self, stored: Tree, path: str, pattern: str) -> Tree | None:
        """What stays of a map that was taken away: all of it where nothing of it was seen."""
        if self._map.collection(pattern):
            return self._laid({}, stored, path, pattern)
        if self._seen(stored, path, pattern) is None:
            return stored
        for known in self.covered:
            own = pattern.endswith("/*") and self._map.absent(known) == known
            if known.startswith(f"{pattern}/") and not own:
                raise self.denied(path)
        return None

    def _seen(self, value: Any, path: str, pattern: str) -> Any:
        if isinstance(value, dict):
            below = ((name, self._below(item, path, pattern, name)) for name, item in value.items())
            return {name: item for name, item in below if item is not None} or None
        last = self._last(path, pattern)
        return value if last is None else _masked(value, last)

    def _last(self, path: str, pattern: str) -> int | None:
        return self.masked.get(pattern, self.masked.get(path)) if self.masked else None

    def _below(self, value: Any, path: str, pattern: str, name: str) -> Any:
        path, pattern = f"{path}/{name}", self._map.step(pattern, name)
        hidden = path in self.hidden or pattern in self.hidden
        return None if hidden else self._seen(value, path, pattern)

    def _rule(self, path: str, patterns: Iterable[str]) -> str | None:
        """The pattern among these that covers a concrete path."""
        pattern = self._map.pattern(path) or path
        return next((known for known in patterns if _within(path, pattern, known)), None)


CLEAR = Sight()


def path_to(name: str) -> str:
    """The path of a flat name: ``buyer.name`` stands at ``/buyer/name``."""
    return "/" + name.replace(".", "/")


def _masked(value: Any, last: int) -> Any:
    return None if value is None else Masked.of(str(value), last)


def _within(path: str, pattern: str, known: str) -> bool:
    return any(each == known or each.startswith(f"{known}/") for each in (path, pattern))
