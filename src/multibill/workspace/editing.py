"""Editing: whole values and wire changes become one thing, my changes since a base version, rebased on the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Generic, TypeVar

import attrs

from multibill.codec import WIRE, Tree, unknown_field
from multibill.collaboration import Overlap, rebase
from multibill.documents import Document
from multibill.documents.complete import completed
from multibill.documents.order import order_key, spread
from multibill.errors import Conflict, Frozen, InvalidValue, Stale
from multibill.history import Change, apply, diff, rewound
from multibill.ids import key as identifier
from multibill.model import label, replaced
from multibill.permissions import Sight
from multibill.ports import Loaded, UnitOfWork
from multibill.records import Record
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.drafting import refuse_unsettable
from multibill.workspace.files import check_files
from multibill.workspace.identifying import identified, nested, ordered, placeholders
from multibill.workspace.kinds import STAGE, Kind
from multibill.workspace.revising import (
    Revision,
    allowed,
    present,
    revision,
    stage_of,
    told,
    whole,
    write,
)
from multibill.workspace.seeing import refuse_covered, through, uncovered

D = TypeVar("D", bound=Document)


@attrs.frozen
class Saved(Generic[D]):
    """What became of an edit: the new document, and the paths others had changed meanwhile (``merged``).

    ``conflicts`` is empty: a conflict raises and applies nothing.
    """

    document: D
    merged: tuple[str, ...] = ()
    conflicts: tuple[Overlap, ...] = ()


def save(
    desk: Desk, kind: Kind, document: Document, *, reason: str | None, request_id: str | None
) -> Saved[Any]:
    """The document's differences from the version it was loaded at, merged into what stands now."""
    if not isinstance(document, kind.cls):
        raise InvalidValue(f"save takes the {kind.name} as it was loaded, changed by evolve()")
    request = Request.of(request_id, "save", document.id, document.version, _asked(kind, document))
    document = document.evolve(**identified(nested(document), desk.new_id))
    wanted = kind.body(document)
    call = Call("edit", reason, request, document.version)

    def whole_of(body: Tree) -> Tree:
        return wanted | {name: body[name] for name in STAGE}

    return _edit(desk, kind, document.id, call, whole_of, covered=document.hidden)


def edit(
    desk: Desk,
    kind: Kind,
    id: str,
    *,
    base: int,
    changes: Mapping[str, Any],
    reason: str | None,
    request_id: str | None,
) -> Saved[Any]:
    """Wire changes made on a base version, merged into what stands now."""
    if type(base) is not int:
        raise InvalidValue(f"{base!r} is not the number of a version", path="/base")
    request = Request.of(request_id, "edit", id, base, WIRE.tree(dict(changes)))
    call = Call("edit", reason, request, base)
    return _edit(desk, kind, id, call, lambda body: edited(kind, body, changes))


def _edit(
    desk: Desk,
    kind: Kind,
    id: str,
    call: Call,
    wanted: Callable[[Tree], Tree],
    *,
    covered: frozenset[str] = frozenset(),
) -> Saved[Any]:
    def case(uow: UnitOfWork) -> Saved[Any]:
        loaded = readable(desk, uow, kind.name, id, "edit", "annotate")
        if answered(desk, uow, call.request):
            return Saved(present(desk, loaded.record, loaded.row))
        sight = desk.sight(kind, loaded.row).also(covered)
        wish, base = through(sight, wanted), call.base or 0
        body, merged = _merged(kind, uow, loaded, base, wish, sight=sight)
        made = revised(desk, uow, loaded, body)
        if not made.changes:
            return Saved(present(desk, loaded.record, loaded.row), merged)
        return Saved(write(desk, uow, made, _relative(call, loaded)), merged)

    return desk.written(case)


def _merged(
    kind: Kind,
    uow: UnitOfWork,
    loaded: Loaded,
    base: int,
    wanted: Callable[[Tree], Tree],
    *,
    sight: Sight,
) -> tuple[Tree, tuple[str, ...]]:
    """The body that is wanted, on top of what others changed since the base version; and the paths they changed.

    Raises Conflict where the two meet, Stale for a version that does not exist.
    """
    now, version = loaded.record.body, loaded.record.version
    if not 1 <= base <= version:
        raise Stale(
            f"version {base} does not exist; {loaded.record.id} stands at {version}",
            current=version,
        )
    if base == version:
        return wanted(now), ()
    before = _at(uow, loaded.record, base)
    mine = diff(before, _normal(kind, wanted(before)), kind.collections)
    theirs = diff(before, now, kind.collections)
    todo, overlaps = rebase(mine, theirs, lambda path: unit(kind, path))
    if overlaps:
        raise Conflict(uncovered(sight, overlaps, theirs))
    return apply(now, todo) or {}, tuple(change.path for change in sight.changes(theirs))


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
) -> Revision:
    """The next version with this body, if the actor may make it; nothing issued changes in it.

    Args:
        files: digests of bytes that are being attached.
        verb: whether a verb made the body, which may set what people may not.

    Raises InvalidInput, InvalidValue, Frozen, Denied, WrongState.
    """
    kind = desk.kinds[loaded.record.kind]
    if loaded.row["phase"] != "issued":
        body = {name: value for name, value in body.items() if name not in kind.map.derived}
    record = kind.record(loaded.record.id, loaded.record.version + 1, body)
    document: Document = kind.value(record, **told(loaded.row))
    if document.phase == "draft":
        document = completed(document, desk.today())
    made = revision(desk, uow, loaded, document, stage_of(record))
    paths = [change.path for change in made.changes]
    if not verb:
        refuse_unsettable(kind, paths)
        refuse_covered(desk, loaded, made)
    if document.vat_adjustments:
        fresh = _unadjusted(document, whole(desk, loaded.record, loaded.row))
        made = revision(desk, uow, loaded, fresh, stage_of(record))
    issued = loaded.row["phase"] == "issued"
    if issued and (frozen := next(filter(kind.legal, paths), None)):
        raise Frozen("issued content never changes; correct it by a new document", path=frozen)
    check_files(document, loaded.record.content, files)
    if made.changes:
        allowed(desk, "annotate" if issued else "edit", loaded, made)
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


def _relative(call: Call, loaded: Loaded) -> Call:
    """The call as it is journaled: the base only where it was not the version that stood."""
    return attrs.evolve(call, base=None) if call.base == loaded.record.version else call


def _asked(kind: Kind, document: Document) -> Tree:
    """What a save asks for, before what is new in it gets its ids: the same for a retry."""
    return kind.body(replaced(document, **identified(nested(document), placeholders())))


def unit(kind: Kind, path: str) -> str:
    """The merge unit of a concrete path: the path itself, or the group it only makes sense in.

    Terms that came or went as a whole are in one unit with the due date, as each of their parts is.
    """
    units = {entry.unit for entry in kind.map.below(path)}
    group, mark, name = units.pop().partition("#") if len(units) == 1 else ("", "", "")
    return "/".join(path.split("/")[: group.count("/") + 1]) + "#" + name if mark else path


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
    if names[1] in kind.collections:
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
    if not new:
        return tree
    last = max((line["order"] for line in lines.values() if "order" in line), default=None)
    keys = dict(zip(new, spread(len(new), last), strict=True))
    placed = {
        name: {**line, "order": keys[name]} if name in keys else line
        for name, line in lines.items()
    }
    return {**tree, "lines": placed}


def _moved(tree: Tree, line: str, after: Any) -> Tree:
    lines: dict[str, Tree] = tree.get("lines", {})
    others = [name for name in lines if name != line]
    if line not in lines or (after is not None and after not in others):
        raise InvalidValue(
            "a line moves after another line of the document, or first (None)",
            path=f"/lines/{line}/after",
        )
    others.sort(key=lambda name: (lines[name]["order"], name))
    at = 0 if after is None else 1 + others.index(after)
    wanted = [*others[:at], line, *others[at:]]
    # two lines may share a key, each put last by somebody who did not see the other
    keys = ordered([None if name == line else lines[name]["order"] for name in wanted])
    placed = {name: {**lines[name], "order": key} for name, key in zip(wanted, keys, strict=True)}
    return {**tree, "lines": placed}


def _normal(kind: Kind, body: Tree) -> Tree:
    """The body in normal form: read as its class and written again, so that 3.00 and 3 are no difference."""
    record = kind.record("any", 1, body)
    return kind.body(kind.value(record)) | stage_of(record)
