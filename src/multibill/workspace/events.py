"""What a history hands out: events, origins, differences. Plain values that read as text, as HTML and as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar, overload

import attrs

from multibill.history import Change, Changeset
from multibill.history.standing import REDO, UNDO
from multibill.i18n import format_moment
from multibill.workspace.html import table
from multibill.workspace.kinds import STAGE
from multibill.workspace.telling import Teller, quoted

T = TypeVar("T")
ENGLISH = "en"
Tellers = Callable[[int, str], Teller]
"""Position and language -> how what was written there is told."""


@attrs.frozen
class Made:
    """Who wrote a version or an entry, when, why, on whose behalf."""

    _entry: Changeset = attrs.field(repr=False)

    @property
    def position(self) -> int:
        """The position in the tenant's journal."""
        return self._entry.position

    @property
    def version(self) -> int:
        """The version of the record that it made."""
        return self._entry.version

    @property
    def action(self) -> str:
        """What was done: ``edit``, ``issue``, ``undo`` ..."""
        return self._entry.action

    @property
    def actor(self) -> str:
        """Who did it."""
        return self._entry.actor

    @property
    def on_behalf_of(self) -> str | None:
        """For whom it was done."""
        return self._entry.on_behalf_of

    @property
    def at(self) -> datetime:
        """When it was recorded, in UTC."""
        return self._entry.recorded_at

    @property
    def reason(self) -> str | None:
        """Why, if somebody said so."""
        return self._entry.reason

    def who(self, teller: Teller) -> str:
        """The actor, and whom the actor acted for."""
        if self.on_behalf_of is None:
            return self.actor
        return teller.word("{who} for {whom}", who=self.actor, whom=self.on_behalf_of)

    def done(self, teller: Teller) -> str:
        """What was done, and why."""
        return teller.word(self.action) + (f" ({quoted(self.reason)[1:-1]})" if self.reason else "")

    def row(self) -> dict[str, Any]:
        """The fields of a row of data."""
        names = ("position", "version", "action", "actor", "on_behalf_of", "at", "reason")
        return {name: getattr(self, name) for name in names}


@attrs.frozen(repr=False)
class Event(Made):
    """One entry of the journal: position, version, action, who, when, why, what.

    ``changes`` are those that the reader may see; an event without any says only that a change happened.
    """

    changes: tuple[Change, ...]
    _teller: Tellers = attrs.field(repr=False, eq=False)

    @property
    def kind(self) -> str:
        """The kind of record that changed: the document, a review, a refusal, a rendering, its settlement."""
        return self._entry.kind

    @property
    def base(self) -> int | None:
        """The version that an undo or redo takes back; else the one an edit was made on, where others came between."""
        return self._entry.base

    def done(self, teller: Teller) -> str:
        """What was done, to which version, and why."""
        if self.action not in (UNDO, REDO):
            return super().done(teller)
        what = teller.word("version {number}", number=self.base)
        return teller.word("{label}: {value}", label=super().done(teller), value=what)

    def __repr__(self) -> str:
        return f"<Event {self.position}: {self.actor} {self.action} {self.kind} {self.version}>"

    def __str__(self) -> str:
        return self.as_text()

    def as_text(self, language: str = ENGLISH) -> str:
        """When, who, what; below it what changed, one thing a line."""
        teller = self._teller(self.position, language)
        who = teller.word("{label}: {value}", label=self.who(teller), value=self.done(teller))
        head = f"{format_moment(self.at, language)} {who}"
        return "\n    ".join([head, *self.lines(language)])

    def lines(self, language: str = ENGLISH) -> list[str]:
        """What changed, one thing a line, in the reader's language."""
        teller = self._teller(self.position, language)
        if self.action == "refuse-issue":
            found = [f for change in self.changes for f in (change.after or {}).get("findings", ())]
            return [f"{finding['rule']} {finding['path']}" for finding in found]
        if self.action == "keep":
            return [line for c in self.changes for line in teller.kept(c.after["changes"].values())]
        if self.kind != teller.kind.name:
            return []
        quiet = {"", *STAGE, *teller.kind.map.derived}
        return list(
            teller.lines(
                c for c in self.changes if c.path.partition("/")[2].split("/")[0] not in quiet
            )
        )

    def cells(self, language: str) -> list[Sequence[str]]:
        """When, who, what was done, what changed: the cells of a table."""
        teller = self._teller(self.position, language)
        when = format_moment(self.at, language)
        return [[when], [self.who(teller)], [self.done(teller)], self.lines(language)]


@attrs.frozen
class Origin(Made):
    """One path of a document as it stands, its value in wire form, and who set it last."""

    path: str
    value: Any

    def row(self) -> dict[str, Any]:
        """The fields of a row of data."""
        return {"path": self.path, "value": self.value, **super().row()}


@attrs.frozen
class Table(Generic[T]):
    """Some of a history, to go through, to read and to hand on as rows."""

    items: tuple[T, ...]
    _teller: Callable[[str], Teller] = attrs.field(repr=False, eq=False)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self.items[index]

    def __str__(self) -> str:
        return self.as_text()

    def as_text(self, language: str = ENGLISH) -> str:
        """One line for each."""
        rows = self.cells(language)
        return "\n".join("  ".join(cell[0] for cell in row if cell) for row in rows)

    def as_html(self, language: str = ENGLISH) -> str:
        """A table in HTML; whatever people wrote is escaped."""
        return table(self.cells(language))

    def _repr_html_(self) -> str:
        return self.as_html()

    def cells(self, language: str) -> list[list[Sequence[str]]]:
        """The rows of a table."""
        raise TypeError(f"{type(self).__name__} has no rows")


class Blame(Table[Origin]):
    """For each path of a document as it stands who set it last: ``blame[0].actor``."""

    __slots__ = ()

    @property
    def last(self) -> Origin | None:
        """What was set last of all."""
        return max(self.items, key=lambda origin: origin.position, default=None)

    def cells(self, language: str) -> list[list[Sequence[str]]]:
        """Where, what stands there, who set it, how and when."""
        teller = self._teller(language)
        return [
            [
                [teller.place(o.path)],
                [teller.value(o.path, o.value)],
                [o.who(teller)],
                [o.done(teller)],
                [teller.word("version {number}", number=o.version)],
                [format_moment(o.at, language)],
            ]
            for o in self.items
        ]

    def to_dicts(self) -> list[dict[str, Any]]:
        """One row for each path, for data frames."""
        return [origin.row() for origin in self.items]


class Differences(Table[Change]):
    """The net changes from one version to another: paths with what stood there and what stands there then."""

    __slots__ = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes by path; an item that came or went is one."""
        return self.items

    def cells(self, language: str) -> list[list[Sequence[str]]]:
        """One line for each thing that differs."""
        return [[[line]] for line in self._teller(language).lines(self.items)]

    def to_dicts(self) -> list[dict[str, Any]]:
        """One row for each change, for data frames."""
        return [attrs.asdict(change, recurse=False) for change in self.items]
