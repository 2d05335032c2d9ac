"""Editing: whole values and wire changes become one thing, my changes since a base version, rebased on the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

import attrs

from multibill.codec import WIRE, Tree, unknown_field
from multibill.collaboration import Overlap, rebase
from multibill.documents import Document
from multibill.documents.complete import completed
from multibill.documents.order import order_key, ordered
from multibill.errors import Conflict, Frozen, InvalidValue, Stale
from multibill.history import Change, apply, diff, rewound
from multibill.ids import key as identifier
from multibill.model import label, replaced
from multibill.ports import Loaded, Row, UnitOfWork
from multibill.records import Record
from multibill.workspace.conflicts import KeptChange, keep, lost, of_request, shown
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.drafting import refuse_unsettable
from multibill.workspace.files import check_files
from multibill.workspace.identifying import identified, nested, placeholders
from multibill.workspace.kinds import STAGE, Kind
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
        _replaced(apply(now, todo) or {}, asked, todo, theirs),
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


def edited(kind: Kind, body: Tree, changes: Mapping[str, Any]) -> Tree:
    """The body after wire changes: values set, items added or deleted (None), lines moved (``/lines/<id>/after``).

    Values are checked when the body is read as a document. Raises InvalidValue for a path that cannot be set.
    """
    tree, moves = body, []
    for path, value in changes.items():
        names = path.split("/") if isinstance(path, str) else [repr(path)]
        if names[:2] == ["", "lines"] and names[3:] == ["after"]:
            moves.append((names[2], value))
        elif names[0] or len(names) == 1:
            raise InvalidValue(f"a path starts with a slash, so {path!r} is none")
        else:
            tree = _set(kind, tree, path, value)
    tree = _appended(tree)
    for line, after in moves:
        tree = _moved(tree, line, after)
    return tree


def _set(kind: Kind, tree: Tree, path: str, value: Any) -> Tree:
    names = path.split("/")
    if not _known(kind, names, path):
        raise no_such_path(kind, path)
    refuse_unsettable(kind, [path])
    if kind.holds_items(names[1]):
        value = _item(kind, tree, names, path, value)
    return apply(tree, [Change(path, None, value)]) or {}


def _item(kind: Kind, tree: Tree, names: Sequence[str], path: str, value: Any) -> Any:
    """The value for an item of a collection or a part of one; a line that stood there keeps its place."""
    if len(names) == 2:
        raise InvalidValue(f"name the item: {path}/<id>", path=path)
    if f"/{names[1]}/*" in kind.map.by_pattern:
        label(names[2])
        return value
    known = tree.get(names[1], {}).get(identifier(names[2]))
    if len(names) > 3 and known is None:
        raise InvalidValue(f"there is no item {names[2]!r} to change", path=path)
    if value is None:
        return value
    if len(names) == 3 and not isinstance(value, dict):
        raise InvalidValue("an item is a map of its fields, or None to take it away", path=path)
    said = {names[3]: value} if len(names) > 3 else value
    _keeps(names[2], said, path)
    return (
        {"order": known["order"], **said}
        if len(names) == 3 and known and "order" in known
        else value
    )


def _keeps(item: str, said: Tree, path: str) -> None:
    """Refuse what would give an item another id, or a place that is none."""
    if said.get("id", item) != item:
        raise InvalidValue("an item keeps its id; take it away and add another", path=path)
    try:
        order_key(said.get("order"))
    except InvalidValue as error:
        raise error.at(path) from None


def _known(kind: Kind, names: Sequence[str], path: str) -> bool:
    if names[1] == "custom":
        return len(names) == 2 or (len(names) == 3 and names[2] in kind.custom)
    return kind.map.pattern(path) is not None and "" not in names[1:]


def no_such_path(kind: Kind, path: str) -> InvalidValue:
    """The error for a path that the model map does not know, with the nearest name that could stand there."""
    above, _, name = path.rpartition("/")
    while above and not kind.map.below(above):
        above, _, name = above.rpartition("/")
    prefix = f"{kind.map.pattern(above) or ''}/"
    inside = (entry.path for entry in kind.map if entry.path.startswith(prefix))
    near = {entry.removeprefix(prefix).split("/")[0] for entry in inside}
    if path.startswith("/custom/"):
        name, near = path.removeprefix("/custom/"), set(kind.custom)
    return InvalidValue(unknown_field(name, sorted(near)).message, path=path)


def _appended(tree: Tree) -> Tree:
    """New lines without a place go to the end, in the order they came in."""
    lines: dict[str, Tree] = tree.get("lines", {})
    new = [name for name, line in lines.items() if "order" not in line]
    return _placed(tree, [*_standing(lines, new), *new], new) if new else tree


def _moved(tree: Tree, line: str, after: Any) -> Tree:
    lines: dict[str, Tree] = tree.get("lines", {})
    others = _standing(lines, [line])
    if line not in lines or (after is not None and after not in others):
        raise InvalidValue(
            "a line moves after another line of the document, or first (None)",
            path=f"/lines/{line}/after",
        )
    at = 0 if after is None else 1 + others.index(after)
    return _placed(tree, [*others[:at], line, *others[at:]], [line])


def _standing(lines: Mapping[str, Tree], without: Collection[str]) -> list[str]:
    """The ids of the lines as they stand, without some of them."""
    left = [name for name in lines if name not in without]
    return sorted(left, key=lambda name: (lines[name]["order"], name))


def _placed(tree: Tree, wanted: Sequence[str], moved: Collection[str]) -> Tree:
    """The lines in this order: those that moved get keys, and others only where there is no room between them."""
    lines: dict[str, Tree] = tree["lines"]
    places = [(None if name in moved else lines[name]["order"], name) for name in wanted]
    keys = zip(wanted, ordered(places), strict=True)
    return {**tree, "lines": {name: {**lines[name], "order": key} for name, key in keys}}


def _replaced(tree: Tree, asked: Tree, todo: Sequence[Change], theirs: Sequence[Change]) -> Tree:
    """Lines that I put somewhere, after the same lines as I saw, where others gave lines new keys meanwhile."""
    keyed = any(_is_order(c.path) and c.before is not None for c in theirs)
    mine = {c.path.split("/")[2] for c in todo if _puts(c)} if keyed else set()
    if not mine:
        return tree
    wanted = _standing(tree["lines"], mine)
    seen = _standing(asked["lines"], ())
    for place, name in enumerate(seen):
        if name in mine:
            before = next((wanted.index(n) for n in reversed(seen[:place]) if n in wanted), -1)
            wanted.insert(before + 1, name)
    return _placed(tree, wanted, mine)


def _is_order(path: str) -> bool:
    return path.startswith("/lines/") and path.endswith("/order")


def _puts(change: Change) -> bool:
    """Whether it gives a line its place."""
    added = change.before is None and change.path.count("/") == 2
    return change.path.startswith("/lines/") and (added or _is_order(change.path))


def _normal(kind: Kind, body: Tree) -> Tree:
    """The body in normal form: read as its class and written again, so that 3.00 and 3 are no difference."""
    record = kind.record("any", 1, body)
    return kind.body(kind.value(record)) | stage_of(record)
