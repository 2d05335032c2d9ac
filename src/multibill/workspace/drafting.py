"""Drafting: a new document from register snapshots and what the caller says; business keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import attrs

from multibill.codec import WIRE, Tree, unknown_field
from multibill.documents import Document
from multibill.documents.complete import completed
from multibill.errors import InvalidValue, KeyReused, NotFound
from multibill.ids import key as checked
from multibill.ports import Key, UnitOfWork
from multibill.records import typed
from multibill.workspace.desk import Call, Desk, Request, answered, fingerprint
from multibill.workspace.files import check_files
from multibill.workspace.identifying import identified, placeholders
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import facts, retold, revision, write
from multibill.workspace.seeing import refuse_covered
from multibill.workspace.snapshots import Registry, snapshot

OPENING: Tree = {"phase": "draft", "state": "draft", "since": 1}


def draft(
    desk: Desk,
    kind: Kind,
    *,
    seller: str,
    buyer: str,
    team: str | None,
    key: str | None,
    reason: str | None,
    request_id: str | None,
    fields: Mapping[str, Any],
) -> Document:
    """A new draft, or the one that this business key already made.

    Raises NotFound for an unknown seller or buyer, InvalidValue for fields only verbs set, Denied, KeyReused.
    """
    refuse_unsettable(kind, (f"/{name}" for name in fields))
    fields = {name: _read(kind, name, value) for name, value in fields.items()}
    told = {**fields, **identified(fields, placeholders())}
    said = {name: _plain(value) for name, value in told.items()}
    asked = fingerprint("draft", kind.name, seller, buyer, team, key, said)
    used = None if key is None else Key(verb="draft", text=checked(key, "key"), fingerprint=asked)
    request = None if request_id is None else Request(request_id, asked)

    def case(uow: UnitOfWork) -> Document:
        if done := answered(desk, uow, request):
            return retold(desk, uow, kind, done.record)
        taken = snapshot(Registry(desk, uow), kind, seller, buyer, fields)
        values = {**taken, **fields, **identified(fields, desk.new_id)}
        values["team"] = team if team is not None else _team(desk)
        values.setdefault("owner", desk.actor.id)
        value = kind.cls(id=desk.new_id(), version=1, key=key, **values)
        check_files(value, {})
        made = revision(desk, uow, None, completed(value, desk.today()), OPENING)
        desk.require("draft", "document", facts(desk, None, made), f"a new {kind.name}")
        refuse_covered(desk, None, made, [*fields, *(["team"] if team is not None else [])])
        if used and (known := uow.keyed(used.verb, used.text)):
            return _again(desk, uow, kind, known, used)
        return write(desk, uow, made, Call("draft", reason, request, key=used))

    return desk.written(case)


def refuse_unsettable(kind: Kind, paths: Iterable[str]) -> None:
    """Raise InvalidValue for a path that only verbs set or that is computed."""
    for path in paths:
        if not kind.settable(path):
            raise InvalidValue("only a verb sets this, or it is computed; leave it out", path=path)


def _team(desk: Desk) -> str | None:
    teams = desk.actor.teams
    if len(teams) > 1:
        raise InvalidValue(f"name the team, one of {', '.join(sorted(teams))}", path="/team")
    return next(iter(teams), None)


def _read(kind: Kind, name: str, value: Any) -> Any:
    """A field as the document will hold it: a date for its text, a tuple for a list or generator of lines.

    Raises InvalidValue when it is not what the field needs.
    """
    if name == "custom":
        return typed(value, kind.custom)
    known: Mapping[str, Any] = attrs.fields_dict(kind.cls)
    if name not in known:
        raise unknown_field(name, known)
    convert = known[name].converter
    try:
        return value if convert is None else convert(value)
    except InvalidValue as error:
        raise error if error.path else error.at(f"/{name}") from None


def _plain(value: Any) -> Any:
    """A field in wire form; a set, which has no order of its own, sorted."""
    return sorted(value) if isinstance(value, frozenset) else WIRE.tree(value)


def _again(desk: Desk, uow: UnitOfWork, kind: Kind, known: tuple[str, str], used: Key) -> Document:
    """What the key drafted before; whoever may not read it learns no more than that the key is taken."""
    record, before = known
    with suppress(NotFound):
        if before == used.fingerprint:
            return retold(desk, uow, kind, record)
    raise KeyReused(
        f"the key {used.text!r} already made another draft; use a new key for a new one"
    )
