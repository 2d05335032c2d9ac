"""Telling: changes in the reader's language, as lines of text. What people wrote is quoted: it forges no line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from multibill.codec import Tree
from multibill.history import Change, at
from multibill.history.chain import erased
from multibill.i18n import format_date, format_decimal, format_money, labels
from multibill.money import Money
from multibill.workspace.kinds import Kind

NAMING = ("name", "text", "reference", "number", "holder", "reason", "value")
"""What an item is called by, the first that it has; its id when it has none."""

WORDS = (
    "{who} for {whom}",
    "version {number}",
    "added",
    "removed",
    "moved",
    "nothing",
    "yes",
    "no",
    "erased",
    "{label}: {value}",
    "{place} {theirs} stands, not {mine}",
)
"""The phrases of a history, beside the names of fields and of actions."""

ACTIONS = (
    "accept",
    "adopt",
    "allocate",
    "approve",
    "attach",
    "confirm",
    "credit",
    "discard",
    "dismiss",
    "draft",
    "edit",
    "issue",
    "keep",
    "pay",
    "redo",
    "refresh",
    "refund",
    "refuse",
    "refuse-issue",
    "reinstate",
    "reject",
    "release",
    "render",
    "reverse",
    "save",
    "settle",
    "submit",
    "undo",
    "write-off",
)
"""What is said to have been done; an action of the host's own speaks for itself."""


def caption(kind: Kind, pattern: str) -> str:
    """The message that names a field or a group: the term's label, or the attribute's name.

    >>> from multibill.workspace.kinds import kinds
    >>> caption(kinds([])["invoice"], "/lines/*/unit_price")
    'unit price'
    """
    found = (kind.map.by_pattern.get(p) for p in (pattern, f"{pattern}/*"))
    said = next((entry.term.label for entry in found if entry), None)
    return said or pattern.rsplit("/", 1)[1].replace("_", " ")


def quoted(text: str) -> str:
    """A text on one line, in quotes, with what cannot be printed escaped.

    >>> quoted("one\\ntwo")
    "'one\\\\ntwo'"
    """
    return str.__repr__(text)


@attrs.frozen
class Teller:
    """Changes of one kind of record in one language.

    Args:
        states: trees in which items find their names, the first that has them.
    """

    kind: Kind
    language: str
    states: tuple[Tree, ...] = ()

    def word(self, message: str, **values: object) -> str:
        """A word of the history in this language."""
        words = labels(self.language, "history")
        return words(message, **values)

    def among(self, *states: Tree | None) -> Teller:
        """The same, with items named as they are in these trees."""
        return attrs.evolve(self, states=tuple(state for state in states if state))

    def lines(self, changes: Iterable[Change]) -> Iterator[str]:
        """One line for each thing that changed; an item that came or went is one."""
        for change in changes:
            yield from self._told(change.path, change.before, change.after)

    def kept(self, changes: Iterable[Tree]) -> Iterator[str]:
        """One line for each thing that somebody wanted otherwise than it stands."""
        for each in changes:
            path = each["path"]
            theirs, mine = (self.value(path, each.get(side)) for side in ("theirs", "mine"))
            said = {"place": self.place(path), "theirs": theirs, "mine": mine}
            yield self.word("{place} {theirs} stands, not {mine}", **said)

    def place(self, path: str) -> str:
        """Where a path is: ``line 'Logo design': quantity``."""
        *above, last = self._names(path) or [""]
        return self.word("{label}: {value}", label=", ".join(above), value=last) if above else last

    def value(self, path: str, value: Any) -> str:
        """A value as the language writes it."""
        if value is None:
            return self.word("nothing")
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        if isinstance(value, dict):
            return self._whole(path, value)
        kind = self._type(path)
        if kind is Decimal:
            return format_decimal(Decimal(value), self.language)
        if kind is date:
            return format_date(date.fromisoformat(value), self.language)
        return quoted(value) if isinstance(value, str) else str(value)

    def _whole(self, path: str, value: Tree) -> str:
        if erased(value):
            return self.word("erased")
        if self._type(path) is Money:
            return format_money(Money(value["amount"], value["currency"]), self.language)
        return quoted(_name(value) or path.rsplit("/", 1)[1])

    def _told(self, path: str, before: Any, after: Any) -> Iterator[str]:
        pattern = self.kind.map.pattern(path) or ""
        sides = [side for side in (before, after) if side is not None]
        if pattern.endswith("/*") and len(sides) == 1 and self._is_item(path, sides[0]):
            done = self.word("added" if before is None else "removed")
            named = self.among(*self.states, _under(path, sides[0])).place(path)
            yield self.word("{label}: {value}", label=named, value=done)
        elif pattern.endswith("/order") and len(sides) == 2:
            item = self.place(path.rpartition("/")[0])
            yield self.word("{label}: {value}", label=item, value=self.word("moved"))
        elif pattern and all(map(self._composed, (path, path), (before, after))):
            for name in sorted({**(before or {}), **(after or {})}):
                yield from self._told(
                    f"{path}/{name}", (before or {}).get(name), (after or {}).get(name)
                )
        elif pattern:
            was, now = self.value(path, before), self.value(path, after)
            yield f"{self.place(path)} {was} -> {now}"

    def _is_item(self, path: str, value: Any) -> bool:
        """Whether a side is an item or a member of a set: it comes and goes, and says nothing by itself."""
        return isinstance(value, dict) or (value is True and self._type(path) is not bool)

    def _composed(self, path: str, value: Any) -> bool:
        """Whether a side is told by its parts."""
        whole = isinstance(value, dict) and (erased(value) or self._type(path) is Money)
        return value is None or (isinstance(value, dict) and not whole)

    def _type(self, path: str) -> type:
        names = path.split("/")
        if names[1:2] == ["custom"] and names[2:] and names[2] in self.kind.custom:
            return self.kind.custom[names[2]].type
        entry = self.kind.map.entry(path)
        return entry.type if entry else object

    def _names(self, path: str) -> list[str]:
        found: list[str] = []
        above = pattern = ""
        for name in path.split("/")[1:]:
            above, pattern = f"{above}/{name}", self.kind.map.step(pattern, name)
            if pattern == "/custom/*":
                found[-1] = name
            elif pattern.endswith("/*"):
                found[-1] += f" {quoted(self._called(above) or name)}"
            else:
                found.append(self.word(caption(self.kind, pattern)))
        return found

    def _called(self, path: str) -> str | None:
        """The name of the item at a path; what only stands for a line, such as its cost, has the line's name."""
        line = f"/lines/{path.rpartition('/')[2]}"
        names = (_name(at(state, place)) for place in (path, line) for state in self.states)
        return next((name for name in names if name), None)


def _name(item: Any) -> str | None:
    """What an item is called by."""
    if not isinstance(item, dict):
        return None
    return next((item[n] for n in NAMING if isinstance(item.get(n), str)), None)


def _under(path: str, value: Any) -> Tree:
    """A tree that holds nothing but this value at its path."""
    for name in reversed(path.split("/")[1:]):
        value = {name: value}
    found: Tree = value
    return found
