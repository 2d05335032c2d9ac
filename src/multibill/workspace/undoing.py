"""Undo and redo: an own edit taken back by a new version, as long as nobody changed the same thing since.

An edit is mine when I made it, also on somebody's behalf; what a delegate made for me is the delegate's. Steps
(submit, issue) are never undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import attrs

from multibill.codec import Tree
from multibill.collaboration import Overlap, rebase
from multibill.errors import Denied, Stale, UndoConflict, WrongState
from multibill.history import Change, Changeset, apply, at, diff, rewound
from multibill.history.blaming import leaves
from multibill.history.standing import REDO, UNDO, inverse, taken_back, to_redo, to_undo
from multibill.ports import Loaded, UnitOfWork
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.editing import Saved, revised
from multibill.workspace.kinds import STAGE, Kind
from multibill.workspace.revising import Revision, present, told, write
from multibill.workspace.steps import Seen, named

STEPS = frozenset({"", *(f"/{name}" for name in STAGE)})
"""Paths that an edit never changes: an entry that does is the first one, or a step."""


def undo(desk: Desk, kind: Kind, document: Seen, **context: Any) -> Saved[Any]:
    """The document without the actor's last edit that still stands."""
    return _taken_back(desk, kind, document, UNDO, **context)


def redo(desk: Desk, kind: Kind, document: Seen, **context: Any) -> Saved[Any]:
    """The document with what the actor's last undo took back."""
    return _taken_back(desk, kind, document, REDO, **context)


def _taken_back(
    desk: Desk,
    kind: Kind,
    document: Seen,
    action: str,
    *,
    reason: str | None,
    request_id: str | None,
) -> Saved[Any]:
    id = named(document)
    request = Request.of(request_id, action, id)

    def case(uow: UnitOfWork) -> Saved[Any]:
        loaded = readable(desk, uow, kind.name, id, "edit", "annotate")
        if answered(desk, uow, request):
            return Saved(present(desk, loaded.record, loaded.row))
        log = own(uow, kind, id)
        entry = _target(desk, kind, log, action)
        merged = _since(desk, kind, loaded, log, document)
        made = _Reversal(desk, kind, loaded, log, entry).made(uow)
        call = Call(action, reason, request, entry.version)
        return Saved(write(desk, uow, made, call), merged)

    return desk.written(case)


def own(uow: UnitOfWork, kind: Kind, id: str) -> list[Changeset]:
    """The entries of the document itself, in order."""
    return [e for e in uow.journal(about=id) if (e.kind, e.record) == (kind.name, id)]


def is_edit(entry: Changeset) -> bool:
    """Whether an entry can be undone: no step, no undo and not the first one."""
    paths = {change.path for change in entry.changes}
    return entry.action not in (UNDO, REDO) and not paths & STEPS


def _target(desk: Desk, kind: Kind, log: Sequence[Changeset], action: str) -> Changeset:
    """The entry to take back; WrongState when there is none."""
    edits = [entry for entry in log if entry.actor == desk.actor.id and is_edit(entry)]
    found = to_undo(edits, log) if action == UNDO else to_redo(edits, log, desk.actor.id)
    if found is None:
        what = kind.name.replace("_", " ")
        raise WrongState(f"there is nothing of yours to {action} in this {what}")
    return found


@attrs.frozen(slots=False)
class _Reversal:
    """One entry of a document's log that is to be taken back."""

    desk: Desk
    kind: Kind
    loaded: Loaded
    log: Sequence[Changeset]
    entry: Changeset

    @cached_property
    def later(self) -> list[Changeset]:
        """What was written since."""
        return [e for e in self.log if e.version > self.entry.version]

    @cached_property
    def left(self) -> Tree:
        """The body as the entry left it."""
        return rewound(self.loaded.record.body, [e.changes for e in reversed(self.later)]) or {}

    @cached_property
    def found(self) -> Tree:
        """The body as the entry found it."""
        return rewound(self.left, [self.entry.changes]) or {}

    def made(self, uow: UnitOfWork) -> Revision:
        """The next version. Raises Denied, UndoConflict, WrongState and what an edit raises."""
        self._check_sight()
        kind, loaded, changes = self.kind, self.loaded, self.entry.changes
        if loaded.row["phase"] == "issued" and any(kind.legal(c.path) for c in changes):
            raise WrongState("what was issued cannot be undone; correct it by a new document")
        self._check_standing()
        record = kind.record(loaded.record.id, loaded.record.version, self.found)
        return revised(
            self.desk,
            uow,
            loaded,
            apply(loaded.record.body, inverse(changes)) or {},
            files=_files(self.found),
            verb=True,
            basis=kind.stored(record, **told(loaded.row)),
        )

    def _check_sight(self) -> None:
        """Refuse as a whole what touches anything that the actor may no longer see or set."""
        sight, changes = self.desk.sight(self.kind, self.loaded.row), self.entry.changes
        sides = [(c.path, side) for c in changes for side in (c.before, c.after)]
        below = [path for above, side in sides for path, _ in leaves(above, side)]
        if not all(map(sight.settable, [*(c.path for c in changes), *below])):
            raise Denied("it touches what you may no longer see or set; nothing was changed")

    def _check_standing(self) -> None:
        """Raise UndoConflict unless all that the entry touched stands as it left it."""
        now = self.loaded.record.body
        theirs = diff(self.left, now, self.kind.collections)
        met = [c for c in inverse(self.entry.changes) if self._meets(c, theirs)]
        if met:
            sight = self.desk.sight(self.kind, self.loaded.row)
            left, now = sight.tree(self.left), sight.tree(now)
            raise UndoConflict(
                [Overlap(c.path, at(left, c.path), c.after, at(now, c.path)) for c in met],
                by=self._changers(met),
            )

    def _changers(self, met: Sequence[Change]) -> tuple[str, ...]:
        """Whose changes of it stand since, in order; whoever touched it where none of them does."""
        found = [e for e in self.later if any(self._meets(c, e.changes) for c in met)]
        gone = taken_back(self.log)
        stand = [e for e in found if e.version not in gone and e.action not in (UNDO, REDO)]
        return tuple(dict.fromkeys(entry.actor for entry in stand or found))

    def _meets(self, change: Change, others: Sequence[Change]) -> bool:
        """Whether others change anything of the same merge unit, above or below."""
        return rebase([change], others, self.kind.unit) != ([change], [])


def _files(body: Tree) -> set[str]:
    """The digests of the files that were attached: their bytes are still kept."""
    return {item["sha256"] for item in body.get("attachments", {}).values() if "sha256" in item}


def _since(
    desk: Desk, kind: Kind, loaded: Loaded, log: Sequence[Changeset], document: Seen
) -> tuple[str, ...]:
    """The paths that others changed since the version that was seen."""
    version = loaded.record.version
    seen = version if isinstance(document, str) else document.version
    if not 1 <= seen <= version:
        raise Stale(f"version {seen} does not exist; it stands at {version}", current=version)
    later = [e.changes for e in reversed(log) if e.version > seen]
    net = diff(rewound(loaded.record.body, later), loaded.record.body, kind.collections)
    return tuple(change.path for change in desk.sight(kind, loaded.row).changes(net))
