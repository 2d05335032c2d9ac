"""The past of one document: who did what, when and why, read from the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from multibill.history import Change, Changeset
from multibill.permissions import Sight
from multibill.ports import UnitOfWork
from multibill.workspace.desk import Desk, readable
from multibill.workspace.kinds import Kind

ATTACHED = ("review", "refusal", "rendering", "settlement")
"""Kinds of record about a document; a register entry may have the same id as a document."""

DIGESTS = ("digest", "sha256", "size")
"""What reviews and renderings keep of the whole document: whoever guesses what is hidden could check it by them."""

TELLING = frozenset({"edit", "save", "attach", "refresh", "confirm", "reject"})
"""Actions whose changes a history spells out."""


@attrs.frozen
class Event:
    """One entry of the journal: position, version, action, who, when, why, what."""

    position: int
    kind: str
    version: int
    action: str
    actor: str
    on_behalf_of: str | None
    at: datetime
    reason: str | None
    changes: tuple[Change, ...] = attrs.field(repr=False)

    def __str__(self) -> str:
        who = f"{self.actor} for {self.on_behalf_of}" if self.on_behalf_of else self.actor
        why = f" ({self.reason})" if self.reason else ""
        return f"{self.at:%Y-%m-%d %H:%M} {who}: {self.action}{why}{self.detail()}"

    def detail(self) -> str:
        """What an edit changed, one path after the other."""
        if self.action == "refuse-issue":
            return "".join(
                f"\n    {found['rule']} {found['path']}"
                for found in self.changes[0].after["findings"]
            )
        if self.action not in TELLING:
            return ""
        return "".join(
            f"\n    {c.path}: {_shown(c.before)} -> {_shown(c.after)}"
            for c in self.changes
            if c.path
        )


@attrs.frozen
class History:
    """The events of one document, oldest first; ``str()`` reads as text."""

    events: tuple[Event, ...]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __str__(self) -> str:
        return "\n".join(map(str, self.events))


def history(desk: Desk, kind: Kind, id: str) -> History:
    """Everything that happened to a document the actor may read: edits, steps, reviews, refusals, renderings,
    and each change of its settlement."""

    def case(uow: UnitOfWork) -> History:
        sight = desk.sight(kind, readable(desk, uow, kind.name, id).row)
        events = told(uow, id, kind.name, *ATTACHED)
        return History(tuple(_seen(event, kind, sight) for event in events))

    return desk.read(case)


def _seen(event: Event, kind: Kind, sight: Sight) -> Event:
    """The event without what the actor does not see of its changes."""
    if sight.clear:
        return event
    if event.kind == kind.name:
        return attrs.evolve(event, changes=sight.changes(event.changes))
    return attrs.evolve(event, changes=tuple(_beside(change, sight) for change in event.changes))


def _beside(change: Change, sight: Sight) -> Change:
    """A change of what stands beside the document, without findings on what is covered and digests that bind it."""
    if not isinstance(change.after, dict):
        return change
    after = {name: value for name, value in change.after.items() if name not in DIGESTS}
    if "findings" in after:
        found = [each for each in after["findings"] if not sight.covers(each["path"])]
        after["findings"] = found
    return attrs.evolve(change, after=after)


def told(uow: UnitOfWork, about: str, *kinds: str) -> History:
    """The journal about one id, of these kinds of record."""
    return History(tuple(_event(e) for e in uow.journal(about=about) if e.kind in kinds))


def _event(entry: Changeset) -> Event:
    return Event(
        entry.position,
        entry.kind,
        entry.version,
        entry.action,
        entry.actor,
        entry.on_behalf_of,
        entry.recorded_at,
        entry.reason,
        entry.changes,
    )


def _shown(value: object) -> str:
    if isinstance(value, dict):
        name = value.get("name") or value.get("text")
        return f"{name!r}" if name else f"{len(value)} fields"
    return "nothing" if value is None else str(value)
