"""Deciding on kept conflicts: to accept one is an edit like any other, to dismiss one changes no document."""

from __future__ import annotations

from typing import Any

from multibill.codec import Tree
from multibill.errors import Conflict, InvalidValue, NotFound, WrongState
from multibill.history import Change, apply
from multibill.ids import is_key
from multibill.ports import Loaded, UnitOfWork
from multibill.records import Record
from multibill.workspace.conflicts import (
    KIND,
    KeptChange,
    decided,
    kept_of,
    of_document,
    shown,
    standing,
    visible,
)
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.editing import Saved, merged, relative, revised
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import allowed, described, present, write
from multibill.workspace.steps import Seen, named


def conflicts(desk: Desk, kind: Kind, document: Seen) -> tuple[KeptChange, ...]:
    """What is open on a document and the actor may see, each beside what stands there now."""

    def case(uow: UnitOfWork) -> tuple[KeptChange, ...]:
        loaded = readable(desk, uow, kind.name, named(document))
        now, version = loaded.record.body, loaded.record.version
        found = [each for each in of_document(uow, loaded.record.id) if each.state == "open"]
        beside = [standing(each, version, now) for each in found]
        return shown(desk.sight(kind, loaded.row), beside)

    return desk.read(case)


def accept(
    desk: Desk,
    kind: Kind,
    conflict: KeptChange | str,
    *,
    reason: str | None,
    request_id: str | None,
) -> Saved[Any]:
    """The kept change made now, on what stood there when it was seen.

    Raises Conflict when somebody has changed the same thing once more since, and whatever an edit raises.
    """
    request = Request.of(request_id, "accept", _id(conflict))

    def case(uow: UnitOfWork) -> Saved[Any]:
        record, loaded = _opened(desk, uow, kind, conflict)
        if answered(desk, uow, request):
            return Saved(present(desk, loaded.record, loaded.row))
        kept = _still_open(record)
        seen = conflict.version if isinstance(conflict, KeptChange) else kept.version
        return _accepted(desk, uow, loaded, record, Call("accept", reason, request, seen))

    return desk.written(case)


def _accepted(
    desk: Desk, uow: UnitOfWork, loaded: Loaded, record: Record, call: Call
) -> Saved[Any]:
    kept = kept_of(record)
    sight = desk.sight(desk.kinds[loaded.record.kind], loaded.row)
    if unseen := next((each for each in kept.changes if visible(sight, [each]) != (each,)), None):
        raise sight.denied(unseen.path)
    wanted = [Change(each.path, each.theirs, each.mine) for each in kept.changes]
    merge = merged(desk, uow, loaded, call.base or 0, lambda body: apply(body, wanted) or {})
    if merge.overlaps:
        raise Conflict(merge.overlaps)
    made = revised(desk, uow, loaded, merge.body, files=_files(kept), persons=kept.persons)
    if not made.changes:
        allowed(desk, "annotate" if loaded.row["phase"] == "issued" else "edit", loaded)
        decided(desk, uow, record, "accepted", Call(call.action, call.reason, call.request))
        return Saved(present(desk, loaded.record, loaded.row), merge.merged)
    document = write(desk, uow, made, relative(call, loaded))
    decided(desk, uow, record, "accepted", Call(call.action, call.reason), applied=document.version)
    return Saved(document, merge.merged)


def dismiss(
    desk: Desk,
    kind: Kind,
    conflict: KeptChange | str,
    *,
    reason: str | None,
    request_id: str | None,
) -> KeptChange:
    """The kept change given up; what stands, stands. Raises NotFound, Denied, WrongState."""
    request = Request.of(request_id, "dismiss", _id(conflict))

    def case(uow: UnitOfWork) -> KeptChange:
        record, loaded = _opened(desk, uow, kind, conflict)
        if not answered(desk, uow, request):
            _still_open(record)
            desk.require("edit", "document", loaded.row, described(desk, loaded))
            done = decided(desk, uow, record, "discarded", Call("dismiss", reason, request))
        else:
            done = kept_of(record)
        return shown(desk.sight(kind, loaded.row), [done])[0]

    return desk.written(case)


def _id(conflict: KeptChange | str) -> str:
    if isinstance(conflict, KeptChange):
        return conflict.id
    if isinstance(conflict, str):
        return conflict
    raise InvalidValue(f"give what conflicts() gave, or its id, not {conflict!r:.60}")


def _opened(
    desk: Desk, uow: UnitOfWork, kind: Kind, conflict: KeptChange | str
) -> tuple[Record, Loaded]:
    """The record of a kept change and its document; NotFound as for the document.

    Who decided between the two readings is found by the compare-and-set on the record: then the call starts over.
    """
    id = _id(conflict)
    found = uow.load(KIND, id) if is_key(id) else None
    if found is None:
        raise NotFound(f"no conflict {id!r} here")
    try:
        about = found.record.content["document"]
        loaded = readable(desk, uow, kind.name, about, "edit", "annotate")
    except NotFound:
        raise NotFound(f"no conflict {id!r} here") from None
    if not shown(desk.sight(kind, loaded.row), [kept_of(found.record)]):
        raise NotFound(f"no conflict {id!r} here")
    return found.record, loaded


def _still_open(record: Record) -> KeptChange:
    kept = kept_of(record)
    if kept.state != "open":
        raise WrongState(f"this conflict was {kept.state} before; there is nothing left to decide")
    return kept


def _files(kept: KeptChange) -> set[str]:
    """Digests of files that the change brings back: they were this document's once."""
    return {digest for each in kept.changes for digest in _digests(each.base)}


def _digests(value: Any) -> set[str]:
    known: Tree = value if isinstance(value, dict) else {}
    return {known["sha256"]} if isinstance(known.get("sha256"), str) else set()
