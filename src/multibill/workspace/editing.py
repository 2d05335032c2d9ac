"""Editing: whole values and wire changes become one thing, my changes since a base version, rebased on the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import attrs

from multibill.codec import WIRE, Tree, unknown_field
from multibill.collaboration import Overlap, rebase
from multibill.documents import Document
from multibill.documents.order import between, spread
from multibill.errors import Conflict, Frozen, InvalidValue, Stale
from multibill.history import Change, apply, diff, rewound
from multibill.ids import key as identifier
from multibill.model import label, replaced
from multibill.ports import Loaded, UnitOfWork
from multibill.workspace.desk import Call, Desk, Request, answered, body_of, readable
from multibill.workspace.drafting import noted, numbered, refuse_unsettable
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import allowed, present, revision, write

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
    request = Request.of(request_id, "save", document.id, document.version, _asked(kind, document))
    document = document.evolve(
        lines=numbered(desk, document.lines), notes=noted(desk, document.notes)
    )
    wanted = body_of(kind.body(document))
    call = Call("edit", reason, request, document.version)
    return _edit(desk, kind, document.id, call, lambda _: wanted)


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
    request = Request.of(request_id, "edit", id, base, dict(changes))
    call = Call("edit", reason, request, base)
    return _edit(desk, kind, id, call, lambda body: edited(kind, body, changes))


def _edit(
    desk: Desk, kind: Kind, id: str, call: Call, wanted: Callable[[Tree], Tree]
) -> Saved[Any]:
    def case(uow: UnitOfWork) -> Saved[Any]:
        needed = desk.rights.needs("edit", "document") & {"authors"}
        loaded = readable(desk, uow, kind.name, id, needed)
        if answered(desk, uow, call.request):
            return Saved(present(desk, loaded.record, loaded.row["state"]))
        mine, theirs = _since(kind, uow, loaded, call.base or 0, wanted)
        todo, overlaps = rebase(mine, theirs, lambda path: unit(kind, path))
        if overlaps:
            raise Conflict(overlaps)
        merged = tuple(change.path for change in theirs)
        if not todo:
            return Saved(present(desk, loaded.record, loaded.row["state"]), merged)
        return Saved(_revise(desk, uow, loaded, todo, call), merged)

    return desk.written(case)


def _since(
    kind: Kind, uow: UnitOfWork, loaded: Loaded, base: int, wanted: Callable[[Tree], Tree]
) -> tuple[Sequence[Change], Sequence[Change]]:
    """My net changes and everybody else's, both since the base version."""
    now = loaded.record.body
    version = loaded.record.version
    if not 1 <= base <= version:
        raise Stale(
            f"version {base} of {loaded.record.id} does not exist; it stands at {version}",
            current=version,
        )
    then: Tree = now
    if base < version:
        own = [c for c in uow.journal(about=loaded.record.id) if c.record == loaded.record.id]
        then = rewound(now, [c.changes for c in reversed(own) if c.version > base]) or {}
    before = body_of(then)
    mine = diff(before, wanted(before), kind.collections)
    return mine, diff(before, body_of(now), kind.collections) if base < version else ()


def _revise(
    desk: Desk, uow: UnitOfWork, loaded: Loaded, todo: Sequence[Change], call: Call
) -> Document:
    kind = desk.kinds[loaded.record.kind]
    refuse_unsettable(kind, (change.path for change in todo))
    issued = loaded.row["phase"] == "issued"
    if issued and (frozen := next((c.path for c in todo if kind.legal(c.path)), None)):
        raise Frozen("issued content never changes; correct it by a new document", path=frozen)
    version = loaded.record.version
    body = apply(loaded.record.body, todo) or {}
    made = revision(desk, uow, loaded, kind.record(loaded.record.id, version + 1, body))
    if not made.changes:
        return present(desk, loaded.record, loaded.row["state"])
    allowed(desk, "annotate" if issued else "edit", loaded, made)
    if call.base == version:
        call = attrs.evolve(call, base=None)
    return write(desk, uow, made, call)


def _asked(kind: Kind, document: Document) -> list[Any]:
    """What a save asks for, before new lines and notes get their ids: the same for a retry."""
    items = [WIRE.tree(item) for item in (*document.lines, *document.notes)]
    return [body_of(kind.body(replaced(document, lines=(), notes=()))), items]


def unit(kind: Kind, path: str) -> str:
    """The merge unit of a concrete path: the path itself, or the group it only makes sense in."""
    entry = kind.map.entry(path)
    if entry is None or entry.unit == entry.path:
        return path
    depth = entry.unit.split("#")[0].count("/")
    return "/".join(path.split("/")[: depth + 1]) + "#" + entry.unit.split("#")[1]


def edited(kind: Kind, body: Tree, changes: Mapping[str, Any]) -> Tree:
    """The body after wire changes: values set, items added or deleted (None), lines moved (``/lines/<id>/after``).

    Raises InvalidValue for a path that does not exist, InvalidInput for a value that is not of its type.
    """
    tree: Tree = body
    moves = []
    for path, value in changes.items():
        if path.startswith("/lines/") and path.endswith("/after"):
            moves.append((path.split("/")[2], value))
        else:
            tree = _set(kind, tree, path, value)
    tree = _appended(tree)
    for line, after in moves:
        tree = _moved(tree, line, after)
    return _normal(kind, tree)


def _set(kind: Kind, tree: Tree, path: str, value: Any) -> Tree:
    names = path.split("/")
    if not path.startswith("/") or not _known(kind, names, path):
        raise no_such_path(kind, path)
    refuse_unsettable(kind, [path])
    head, item = names[1], names[2] if len(names) > 2 else None
    if item is not None and head in kind.collections and head != "custom":
        label(item) if head == "tags" else identifier(item)
        known = tree.get(head, {}).get(item)
        if len(names) > 3 and known is None:
            raise InvalidValue(f"there is no item {item!r} to change", path=path)
        if len(names) == 3 and known and isinstance(value, dict) and "order" in known:
            value = {"order": known["order"], **value}
    return apply(tree, [Change(path, None, value)]) or {}


def _known(kind: Kind, names: Sequence[str], path: str) -> bool:
    if names[1] == "custom":
        return len(names) == 3 and names[2] in kind.custom
    return kind.map.pattern(path) is not None and "" not in names[1:]


def no_such_path(kind: Kind, path: str) -> InvalidValue:
    """The error for a path that the model map does not know, with the nearest name."""
    known = {name for entry in kind.map for name in entry.path.split("/")} | set(kind.custom)
    error = unknown_field(path.rsplit("/", 1)[-1], sorted(known))
    return InvalidValue(error.message, path=path)


def _appended(tree: Tree) -> Tree:
    """New lines without a place go to the end, in the order of their ids."""
    lines: dict[str, Tree] = tree.get("lines", {})
    new = sorted(
        name for name, line in lines.items() if isinstance(line, dict) and "order" not in line
    )
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
    if line not in lines or (after is not None and (after not in lines or after == line)):
        raise InvalidValue(
            "a line moves after another line of the document, or first (None)",
            path=f"/lines/{line}/after",
        )
    rest = sorted((lines[name]["order"], name) for name in lines if name != line)
    at = 0 if after is None else 1 + next(i for i, (_, name) in enumerate(rest) if name == after)
    before = rest[at - 1][0] if at else None
    following = rest[at][0] if at < len(rest) else None
    return {**tree, "lines": {**lines, line: {**lines[line], "order": between(before, following)}}}


def _normal(kind: Kind, tree: Tree) -> Tree:
    """The tree in normal form: read as its class and written again, so that 3.00 and 3 are no difference."""
    record = kind.record("x", 1, {**tree, "phase": "draft", "state": "draft"})
    return body_of(kind.body(kind.value(record)))
