"""The past of one record: who did what, when and why; who set what; how it stood. All from one reading of the journal.

Nothing is built before it is asked for, and nothing is told that the reader may not see today.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, Generic, TypeVar, cast

import attrs

from multibill.codec import Tree
from multibill.documents import Document
from multibill.errors import InvalidValue
from multibill.history import Change, Changeset, apply, at, diff, rewound
from multibill.history.blaming import blamed
from multibill.history.chain import micros
from multibill.permissions import Sight
from multibill.ports import Loaded, UnitOfWork
from multibill.records import Record
from multibill.workspace.conflicts import KIND as CONFLICT
from multibill.workspace.desk import Desk, readable
from multibill.workspace.earlier import earlier
from multibill.workspace.events import ENGLISH, Blame, Differences, Event, Origin
from multibill.workspace.html import table
from multibill.workspace.kinds import Kind
from multibill.workspace.links import LINKS, unlinked
from multibill.workspace.telling import Teller
from multibill.workspace.wiring import no_such_path

D = TypeVar("D")

ATTACHED = ("review", "refusal", "rendering", "settlement", CONFLICT)
"""Kinds of record about a document; a register entry may have the same id as a document."""


def history(desk: Desk, kind: Kind, id: str, path: str | None = None) -> History[Any]:
    """Everything that happened to a document the actor may read: edits, steps, reviews, refusals, renderings,
    and each change of its settlement."""

    def case(uow: UnitOfWork) -> History[Any]:
        loaded = readable(desk, uow, kind.name, id)
        sight = desk.sight(kind, loaded.row)
        return told(desk, uow, kind, loaded, sight, *ATTACHED)

    found = desk.read(case)
    return found if path is None else found.path(path)


def told(
    desk: Desk, uow: UnitOfWork, kind: Kind, loaded: Loaded, sight: Sight, *attached: str
) -> History[Any]:
    """The journal about one record, with these kinds of record about it."""
    names = {kind.name, *attached}
    log = tuple(entry for entry in uow.journal(about=loaded.record.id) if entry.kind in names)
    return History(desk=desk, kind=kind, record=loaded.record, sight=sight, log=log)


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class History(Generic[D]):
    """The past of one record, oldest first; ``str()`` reads as text, a notebook shows a table.

    What the reader may not see today stands nowhere in it; of an entry that changed nothing else remains that a
    change happened, by whom and when.
    """

    _desk: Desk
    _kind: Kind
    _record: Record
    _sight: Sight
    _log: tuple[Changeset, ...]
    _only: str | None = None

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order."""
        found = ((entry, self._shown(entry)) for entry in self._log)
        return tuple(Event(e, c, self._teller) for e, c in found if self._only is None or c)

    def path(self, path: str) -> History[D]:
        """Only what happened at a path or below it: ``h.path(f"/lines/{line}")``. Raises InvalidValue."""
        self._check(path)
        return attrs.evolve(self, only=path)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, History) and self.events == other.events

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<History of {self._kind.name} {self._record.id}: {len(self)} events>"

    def __str__(self) -> str:
        return self.as_text()

    def as_text(self, language: str = ENGLISH) -> str:
        """When, who, what, why, in one of the languages en, fr, de, es, it; times are in UTC."""
        return "\n".join(event.as_text(language) for event in self.events)

    def as_html(self, language: str = ENGLISH) -> str:
        """The same as an HTML table; whatever people wrote is escaped."""
        return table([event.cells(language) for event in self.events])

    def _repr_html_(self) -> str:
        return self.as_html()

    def to_dicts(self) -> list[dict[str, Any]]:
        """One row for each change, for data frames; an event without a change that is shown has one without path."""
        nothing = (Change(cast("str", None), None, None),)
        return [
            {**event.row(), "kind": event.kind, "base": event.base}
            | {"path": change.path, "before": change.before, "after": change.after}
            for event in self.events
            for change in event.changes or nothing
        ]

    def blame(self, path: str | None = None) -> Blame:
        """For each path that stands now, or those at a path and below it: who set it last, when, in which version.

        An item that was added whole is its adder's, with all that is in it. What is computed is nobody's.
        """
        if path is not None:
            self._check(path)
        skipped = {"since", *self._kind.map.derived}
        body = {name: v for name, v in self._record.body.items() if name not in skipped}
        tree = self._sight.tree(body)
        log = ((entry, self._seen(entry)) for entry in reversed(self._own))
        found = blamed(tree, log, path or "")
        items = (Origin(entry, p, v) for p, (v, entry) in found.items())
        return Blame(tuple(items), self._now)

    def diff(self, before: int | datetime, after: int | datetime | None = None) -> Differences:
        """The net changes from one version (or moment) to another, to the present one when left out.

        They are what tells the two states apart, whatever happened between. Raises InvalidValue.
        """
        trees = self._trees(self._version(before), self._version(after))
        was, now = map(self._sight.tree, trees)
        changes = diff(was, now, self._kind.collections)
        return Differences(changes, lambda language: self._now(language).among(now, was))

    def at(self, moment: datetime | None = None, *, version: int | None = None) -> D:
        """The record as it stood at a version or a moment: a draft with its totals, an issued one as it was frozen.

        State and settlement are those that it had then, at a version those that it had last. Raises InvalidValue for a
        version that never was, for a moment before the first one or without a time zone.
        """
        if (moment is None) == (version is None) or not isinstance(moment, datetime | None):
            raise InvalidValue("name a version or a moment: at(version=25), at(datetime(...))")
        number = self._version(version if moment is None else moment)
        [tree] = self._trees(number)
        record = self._kind.record(self._record.id, number, tree)
        if not issubclass(self._kind.cls, Document):
            return cast("D", self._kind.stored(record))
        log = self._until(number, moment)
        return cast("D", earlier(self._desk, self._kind, self._sight, record, log))

    @cached_property
    def _own(self) -> tuple[Changeset, ...]:
        """The entries of the record itself: one for each version."""
        found = (entry for entry in self._log if entry.kind == self._kind.name)
        return tuple(
            islice(found, self._record.version)
        )  # another may have been faster since it was loaded

    def _version(self, named: int | datetime | None) -> int:
        """The version of that number, or that stood at that moment; the present one for None."""
        if isinstance(named, datetime):
            return self._version_at(named)
        last = self._record.version
        if named is None:
            return last
        if type(named) is not int or not 1 <= named <= last:
            raise InvalidValue(
                f"{named!r} is no version of {self._record.id}; they run from 1 to {last}",
                path="/version",
            )
        return named

    def _version_at(self, moment: datetime) -> int:
        if moment.tzinfo is None:
            raise InvalidValue(f"{moment} needs a time zone, such as tzinfo=UTC")
        then = micros(moment)
        found = [entry.version for entry in self._own if entry.recorded <= then]
        if not found:
            first = self._own[0].recorded_at
            raise InvalidValue(f"{self._record.id} did not exist yet; it was made at {first}")
        return found[-1]

    def _trees(self, *versions: int) -> list[Tree]:
        """The bodies at these versions: the present one rewound."""
        found: dict[int, Tree] = {}
        tree, version = self._record.body, self._record.version
        for wanted in sorted(set(versions), reverse=True):
            later = [e.changes for e in reversed(self._own[wanted:version])]
            tree, version = rewound(tree, later) or {}, wanted
            found[wanted] = tree
        return [found[version] for version in versions]

    def _until(self, version: int, moment: datetime | None) -> list[Changeset]:
        """What had been written by the moment, or before the next version."""
        if moment is not None:
            then = micros(moment)
            return [entry for entry in self._log if entry.recorded <= then]
        end = self._own[version].position if version < len(self._own) else None
        return [entry for entry in self._log if end is None or entry.position < end]

    def _seen(self, entry: Changeset) -> tuple[Change, ...]:
        """The changes of an entry as the reader sees them."""
        sight = self._sight
        if entry.kind == "settlement" and not self._desk.rights.allows("read", "payment", {}):
            entry = attrs.evolve(entry, changes=tuple(unlinked(entry.changes, _linked)))
        if sight.clear:
            return entry.changes
        if entry.kind == self._kind.name:
            return sight.changes(entry.changes)
        if entry.kind == "refusal":
            return tuple(attrs.evolve(c, after=self._findings(c.after)) for c in entry.changes)
        if entry.kind == "settlement":
            return entry.changes  # facts of the record, which no rule covers
        return ()  # digests of what is hidden would give it away to whoever guesses

    def _findings(self, refusal: Tree) -> Tree:
        found = [f for f in refusal.get("findings", ()) if not self._sight.covers(f["path"])]
        return {**refusal, "findings": found}

    def _shown(self, entry: Changeset) -> tuple[Change, ...]:
        """The changes that the reader sees and asked for."""
        if self._only is None:
            return self._seen(entry)
        if entry.kind != self._kind.name:
            return ()
        found = (_within(change, self._only) for change in self._seen(entry))
        return tuple(change for change in found if change is not None)

    def _teller(self, position: int, language: str) -> Teller:
        return self._now(language).among(*self._states.get(position, ()))

    def _now(self, language: str) -> Teller:
        return Teller(self._kind, language, (self._sight.tree(self._record.body),))

    @cached_property
    def _states(self) -> dict[int, tuple[Tree, Tree]]:
        """Around each entry, by position, what the reader sees of the record: items are named as they were."""
        found = {}
        tree: Tree = {}
        for entry in self._log:
            own = entry.kind == self._kind.name
            after = (apply(tree, self._seen(entry)) or {}) if own else tree
            found[entry.position] = (tree, after)
            tree = after
        return found

    def _check(self, path: str) -> None:
        """Raise InvalidValue for a path that the record cannot have."""
        names = path.split("/") if isinstance(path, str) else ["?"]
        if names[0] or len(names) == 1:
            raise InvalidValue(f"a path starts with a slash, so {path!r} is none")
        own = names[1] != "custom" or not names[2:] or names[2] in self._kind.custom
        if not own or self._kind.map.pattern(path) is None:
            raise no_such_path(self._kind, path)


def _linked(head: str, _: str) -> bool:
    """Whether a part of a settlement names payments and other documents."""
    return head in LINKS["settlement"]


def _within(change: Change, path: str) -> Change | None:
    """What a change does at a path or below it; None when nothing."""
    if change.path == path or change.path.startswith(f"{path}/"):
        return change
    if not f"{path}/".startswith(f"{change.path}/"):
        return None
    below = path[len(change.path) :]
    before, after = at(change.before, below), at(change.after, below)
    return None if before == after else Change(path, before, after)
