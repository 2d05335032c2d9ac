"""Editing: whole values and wire changes become one thing, my changes since a base version, rebased on the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

import attrs

from multibill.codec import WIRE, Tree
from multibill.collaboration import Overlap, rebase
from multibill.documents import Document
from multibill.documents.complete import completed
from multibill.errors import Conflict, Frozen, InvalidValue, Stale
from multibill.history import apply, diff, rewound
from multibill.model import replaced
from multibill.ports import Loaded, Row, UnitOfWork
from multibill.records import Record
from multibill.workspace.conflicts import KeptChange, keep, lost, of_request, shown
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.drafting import refuse_unsettable
from multibill.workspace.files import check_files
from multibill.workspace.identifying import identified, nested, placeholders
from multibill.workspace.kinds import STAGE, Kind
from multibill.workspace.placing import resettled
from multibill.workspace.revising import (
    NOBODY,
    Revision,
    allowed,
    present,
    revision,
    stage_of,
    told,
    whole,
    write,
)
from multibill.workspace.seeing import Wanted, refuse_covered, through, uncovered
from multibill.workspace.wiring import edited

D = TypeVar("D", bound=Document)


OnConflict = Literal["raise", "keep"]


@attrs.frozen
class Saved(Generic[D]):
    """What became of an edit: the new document, the paths others had changed meanwhile (``merged``), and what met them.

    ``conflicts`` holds what was kept to be accepted or dismissed; it is empty unless that was asked for.
    """

    document: D
    merged: tuple[str, ...] = ()
    conflicts: tuple[KeptChange, ...] = ()


def save(
    desk: Desk,
    kind: Kind,
    document: Document,
    *,
    on_conflict: OnConflict,
    reason: str | None,
    request_id: str | None,
) -> Saved[Any]:
    """The document's differences from the version it was loaded at, merged into what stands now."""
    if not isinstance(document, kind.cls):
        raise InvalidValue(f"save takes the {kind.name} as it was loaded, changed by evolve()")
    request = Request.of(request_id, "save", document.id, document.version, _asked(kind, document))
    document = document.evolve(**identified(nested(document), desk.new_id))
    wanted = kind.body(document)
    call = Call("edit", reason, request, document.version)

    def made(body: Tree) -> Tree:
        return wanted | {name: body[name] for name in STAGE}

    keeps = _keeping(on_conflict)
    return _edit(desk, kind, document.id, call, made, keeps=keeps, covered=document.hidden)


def edit(
    desk: Desk,
    kind: Kind,
    id: str,
    *,
    base: int,
    changes: Mapping[str, Any],
    on_conflict: OnConflict,
    reason: str | None,
    request_id: str | None,
) -> Saved[Any]:
    """Wire changes made on a base version, merged into what stands now."""
    if type(base) is not int:
        raise InvalidValue(f"{base!r} is not the number of a version", path="/base")
    request = Request.of(request_id, "edit", id, base, WIRE.tree(dict(changes)))
    call = Call("edit", reason, request, base)
    keeps = _keeping(on_conflict)
    return _edit(desk, kind, id, call, lambda body: edited(kind, body, changes), keeps=keeps)


def _keeping(on_conflict: OnConflict) -> bool:
    if on_conflict in ("raise", "keep"):
        return on_conflict == "keep"
    raise InvalidValue(f"{on_conflict!r} is neither 'raise' nor 'keep'", path="/on_conflict")


def _edit(
    desk: Desk,
    kind: Kind,
    id: str,
    call: Call,
    wanted: Wanted,
    *,
    keeps: bool,
    covered: frozenset[str] = frozenset(),
) -> Saved[Any]:
    def case(uow: UnitOfWork) -> Saved[Any]:
        loaded = readable(desk, uow, kind.name, id, "edit", "annotate")
        if call.request and answered(desk, uow, call.request):
            return _again(desk, uow, loaded, call.request)
        wish = through(desk.sight(kind, loaded.row).also(covered), wanted)
        merge = merged(desk, uow, loaded, call.base or 0, wish)
        if merge.lost and not keeps:
            raise Conflict(merge.overlaps)
        return _written(desk, uow, loaded, merge, call)

    return desk.written(case)


def _written(desk: Desk, uow: UnitOfWork, loaded: Loaded, merge: Merge, call: Call) -> Saved[Any]:
    """What fits applied, what does not kept, in one transaction."""
    made = revised(desk, uow, loaded, merge.body)
    if made.changes:
        document, request = write(desk, uow, made, relative(call, loaded)), None
    else:
        document, request = present(desk, loaded.record, loaded.row), call.request
    kept = keep(desk, uow, document, merge.lost, call, request=request)
    kind = desk.kinds[loaded.record.kind]
    return Saved(document, merge.merged, shown(desk.sight(kind, loaded.row), kept))


def _again(desk: Desk, uow: UnitOfWork, loaded: Loaded, request: Request) -> Saved[Any]:
    """The answer to an edit that was already made: what stands now, and what it left to decide."""
    kind = desk.kinds[loaded.record.kind]
    kept = of_request(desk, uow, loaded.record.id, request)
    document = present(desk, loaded.record, loaded.row)
    return Saved(document, (), shown(desk.sight(kind, loaded.row), kept))


@attrs.frozen
class Merge:
    """My changes on top of everybody else's: the body, the paths that others changed, and what met them."""

    body: Tree
    merged: tuple[str, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    lost: Mapping[str, tuple[Overlap, ...]] = {}


def merged(desk: Desk, uow: UnitOfWork, loaded: Loaded, base: int, wanted: Wanted) -> Merge:
    """What is wanted of the base version, on top of what others changed since, told as the actor sees it.

    Raises Stale for a version that does not exist; Frozen, WrongState or Denied where what meets others could not be
    changed at all.
    """
    kind, now, version = desk.kinds[loaded.record.kind], loaded.record.body, loaded.record.version
    if not 1 <= base <= version:
        raise Stale(
            f"version {base} does not exist; {loaded.record.id} stands at {version}",
            current=version,
        )
    if base == version:
        return Merge(wanted(now))
    before = _at(uow, loaded.record, base)
    asked = _normal(kind, wanted(before))
    mine, theirs = diff(before, asked, kind.collections), diff(before, now, kind.collections)
    todo, overlaps = rebase(mine, theirs, kind.unit, kind.merge)
    if overlaps:
        _contestable(desk, loaded, [overlap.path for overlap in overlaps])
    sight = desk.sight(kind, loaded.row)
    return Merge(
        resettled(apply(now, todo) or {}, asked, todo, theirs),
        tuple(change.path for change in sight.changes(theirs)),
        tuple(uncovered(sight, overlaps, theirs)),
        lost(overlaps, theirs, kind.unit, before=before, wanted=asked, now=now),
    )


def _contestable(desk: Desk, loaded: Loaded, paths: Sequence[str]) -> None:
    """Refuse paths that the actor could not change even if nobody else had."""
    kind = desk.kinds[loaded.record.kind]
    refuse_unsettable(kind, paths)
    refuse_frozen(kind, loaded.row, paths)
    allowed(desk, "annotate" if loaded.row["phase"] == "issued" else "edit", loaded)
    sight = desk.sight(kind, loaded.row)
    for path in paths:
        if not sight.settable(path):
            raise sight.denied(path)


def refuse_frozen(kind: Kind, row: Row, paths: Iterable[str]) -> None:
    """Raise Frozen for a path that nobody changes in an issued document."""
    if row["phase"] == "issued" and (frozen := next(filter(kind.legal, paths), None)):
        raise Frozen("issued content never changes; correct it by a new document", path=frozen)


def _at(uow: UnitOfWork, record: Record, version: int) -> Tree:
    """The body at an earlier version: the present one rewound by the journal."""
    mine = (record.kind, record.id)
    own = [e for e in uow.journal(about=record.id) if mine == (e.kind, e.record)]
    later = [entry.changes for entry in reversed(own) if entry.version > version]
    return rewound(record.body, later) or {}


def revised(
    desk: Desk,
    uow: UnitOfWork,
    loaded: Loaded,
    body: Tree,
    *,
    files: Collection[str] = (),
    verb: bool = False,
    basis: Document | None = None,
    persons: frozenset[str] = NOBODY,
) -> Revision:
    """The next version with this body, if the actor may make it; nothing issued changes in it.

    Args:
        files: digests of bytes that are being attached.
        verb: whether a verb made the body, which may set what people may not.
        basis: the document that the VAT adjustments in the body were made for, where it is not what stands.
        persons: who stands behind it beside the actor.

    Raises InvalidInput, InvalidValue, Frozen, Denied, WrongState.
    """
    kind = desk.kinds[loaded.record.kind]
    if loaded.row["phase"] != "issued":
        body = {name: value for name, value in body.items() if name not in kind.map.derived}
    record = kind.record(loaded.record.id, loaded.record.version + 1, body)
    document: Document = kind.value(record, **told(loaded.row))
    if document.phase == "draft":
        document = completed(document, desk.today())
    made = revision(desk, uow, loaded, document, stage_of(record), persons=persons)
    paths = [change.path for change in made.changes]
    if not verb:
        refuse_unsettable(kind, paths)
        refuse_covered(desk, loaded, made)
    if document.vat_adjustments:
        fresh = _unadjusted(document, basis or whole(desk, loaded.record, loaded.row))
        made = revision(desk, uow, loaded, fresh, stage_of(record), persons=persons)
    refuse_frozen(kind, loaded.row, paths)
    check_files(document, loaded.record.content, files)
    if made.changes:
        action = "annotate" if loaded.row["phase"] == "issued" else "edit"
        allowed(desk, action, loaded, made)
    return made


def _unadjusted(document: Document, before: Document) -> Document:
    """Without the VAT adjustments of rows whose base is no more the one that they were made for."""
    if document.phase != "draft":
        return document
    bases = [{row.key: row.taxable for row in each.totals.breakdown} for each in (before, document)]
    kept = {
        key: extra
        for key, extra in document.vat_adjustments.items()
        if bases[0].get(key) == bases[1].get(key)
    }
    return document.evolve(vat_adjustments=kept) if kept != document.vat_adjustments else document


def relative(call: Call, loaded: Loaded) -> Call:
    """The call as it is journaled: the base only where it was not the version that stood."""
    return attrs.evolve(call, base=None) if call.base == loaded.record.version else call


def _asked(kind: Kind, document: Document) -> Tree:
    """What a save asks for, before what is new in it gets its ids: the same for a retry."""
    return kind.body(replaced(document, **identified(nested(document), placeholders())))


def _normal(kind: Kind, body: Tree) -> Tree:
    """The body in normal form: read as its class and written again, so that 3.00 and 3 are no difference."""
    record = kind.record("any", 1, body)
    return kind.body(kind.value(record)) | stage_of(record)
