"""Undo and redo: an own edit taken back by a new version, as long as nobody changed the same thing since.

An edit is mine when I made it, also on somebody's behalf; what a delegate made for me is the delegate's. Steps
(submit, issue) are never undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from multibill.codec import Tree
from multibill.collaboration import Overlap, rebase
from multibill.errors import Denied, Stale, UndoConflict, WrongState
from multibill.history import Change, Changeset, apply, diff, rewound
from multibill.history.blaming import at, leaves
from multibill.history.standing import REDO, UNDO, inverse, to_redo, to_undo
from multibill.permissions import Sight
from multibill.ports import Loaded, UnitOfWork
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.editing import Saved, revised, unit
from multibill.workspace.kinds import STAGE, Kind
from multibill.workspace.revising import Revision, present, told, write
from multibill.workspace.steps import Seen, named

STEPS = frozenset({"", *(f"/{name}" for name in STAGE)})
"""Paths that an edit never changes: an entry that does is the first one, or a step."""


def undo(
    desk: Desk, kind: Kind, document: Seen, *, reason: str | None, request_id: str | None
) -> Saved[Any]:
    """The document without the actor's last edit that still stands."""
    return _taken_back(desk, kind, document, UNDO, reason, request_id)


def redo(
    desk: Desk, kind: Kind, document: Seen, *, reason: str | None, request_id: str | None
) -> Saved[Any]:
    """The document with what the actor's last undo took back."""
    return _taken_back(desk, kind, document, REDO, reason, request_id)


def _taken_back(
    desk: Desk,
    kind: Kind,
    document: Seen,
    action: str,
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
        made = _without(desk, uow, loaded, log, entry)
        return Saved(write(desk, uow, made, Call(action, reason, request, entry.version)), merged)

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


def _without(
    desk: Desk, uow: UnitOfWork, loaded: Loaded, log: Sequence[Changeset], entry: Changeset
) -> Revision:
    """The next version without what an entry did. Raises Denied, UndoConflict, WrongState and what an edit raises."""
    kind = desk.kinds[loaded.record.kind]
    _check_sight(desk.sight(kind, loaded.row), entry.changes)
    if loaded.row["phase"] == "issued" and any(kind.legal(c.path) for c in entry.changes):
        raise WrongState("what was issued cannot be undone; correct it by a new document")
    now = loaded.record.body
    later = [e for e in log if e.version > entry.version]
    left = rewound(now, [e.changes for e in reversed(later)]) or {}
    _check_standing(desk, kind, loaded, left, entry, later)
    found = rewound(left, [entry.changes]) or {}
    body = apply(now, inverse(entry.changes)) or {}
    record = kind.record(loaded.record.id, loaded.record.version, found)
    return revised(
        desk,
        uow,
        loaded,
        body,
        files=_files(found),
        verb=True,
        basis=kind.stored(record, **told(loaded.row)),
    )


def _files(body: Tree) -> set[str]:
    """The digests of the files that were attached: their bytes are still kept."""
    return {item["sha256"] for item in body.get("attachments", {}).values() if "sha256" in item}


def _check_sight(sight: Sight, changes: Sequence[Change]) -> None:
    """Refuse as a whole what touches anything that the actor may no longer see or set."""
    paths = [c.path for c in changes]
    paths += [
        path for c in changes for side in (c.before, c.after) for path, _ in leaves(c.path, side)
    ]
    if not all(map(sight.settable, paths)):
        raise Denied("it touches what you may no longer see or set; nothing was changed")


def _check_standing(
    desk: Desk,
    kind: Kind,
    loaded: Loaded,
    left: Tree,
    entry: Changeset,
    later: Sequence[Changeset],
) -> None:
    """Raise UndoConflict unless all that the entry touched stands as it left it."""
    theirs = diff(left, loaded.record.body, kind.collections)
    mine = inverse(entry.changes)
    met = [c for c in mine if rebase([c], theirs, lambda path: unit(kind, path)) != ([c], [])]
    if not met:
        return
    sight = desk.sight(kind, loaded.row)
    shown = sight.tree(left), sight.tree(loaded.record.body)
    overlaps = [Overlap(c.path, at(shown[0], c.path), c.after, at(shown[1], c.path)) for c in met]
    raise UndoConflict(overlaps, by=_changers(kind, met, later))


def _changers(kind: Kind, met: Sequence[Change], later: Sequence[Changeset]) -> tuple[str, ...]:
    """Who changed any of it since, in order."""
    found = [
        entry.actor
        for entry in later
        if any(rebase([c], entry.changes, lambda path: unit(kind, path)) != ([c], []) for c in met)
    ]
    return tuple(dict.fromkeys(found))


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
