"""Drafting: a new document from register snapshots and what the caller says; business keys."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import attrs

from multibill.codec import WIRE, Tree, unknown_field
from multibill.documents import Document, Line, Note
from multibill.documents.complete import completed
from multibill.documents.order import between, spread
from multibill.errors import InvalidValue, KeyReused, NotFound
from multibill.ids import is_key, key as checked
from multibill.ports import Key, UnitOfWork
from multibill.records import Customer, Seller, typed
from multibill.workspace.desk import Call, Desk, Request, answered, fingerprint
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import facts, retold, revision, write

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
    said = {name: _plain(value) for name, value in fields.items()}
    asked = fingerprint("draft", kind.name, seller, buyer, team, key, said)
    used = None if key is None else Key(verb="draft", text=checked(key, "key"), fingerprint=asked)
    request = None if request_id is None else Request(request_id, asked)

    def case(uow: UnitOfWork) -> Document:
        if done := answered(desk, uow, request):
            return retold(desk, uow, kind, done.record)
        values = {**snapshot(desk, uow, seller, buyer), **fields}
        values["team"] = team if team is not None else _team(desk)
        values.setdefault("owner", desk.actor.id)
        value = kind.cls(id=desk.new_id(), version=1, key=key, **values)
        value = value.evolve(lines=numbered(desk, value.lines), notes=noted(desk, value.notes))
        made = revision(desk, uow, None, completed(value, desk.today()), OPENING)
        desk.require("draft", "document", facts(desk, None, made), f"a new {kind.name}")
        if used and (known := uow.keyed(used.verb, used.text)):
            return _again(desk, uow, kind, known, used)
        return write(desk, uow, made, Call("draft", reason, request, key=used))

    return desk.written(case)


def refuse_unsettable(kind: Kind, paths: Iterable[str]) -> None:
    """Raise InvalidValue for a path that only verbs set or that is computed."""
    for path in paths:
        if not kind.settable(path):
            raise InvalidValue("only a verb sets this, or it is computed; leave it out", path=path)


def snapshot(desk: Desk, uow: UnitOfWork, seller: str, buyer: str) -> dict[str, Any]:
    """What a document copies from the registers, so that later changes there touch it no more."""
    of: Seller = register(desk, uow, "seller", seller)
    to: Customer = register(desk, uow, "customer", buyer)
    return {
        "seller": of.party,
        "seller_ref": of.id,
        "buyer": to.party,
        "buyer_ref": to.id,
        "terms": to.terms or of.terms,
        "language": to.language or of.language,
        "currency": of.currency,
        "base_currency": of.currency,
    }


def register(desk: Desk, uow: UnitOfWork, kind: str, id: str) -> Any:
    """A register entry that the actor may read; NotFound otherwise."""
    loaded = uow.load(kind, id) if is_key(id) else None
    if loaded is None or not desk.rights.allows("read", kind, {}):
        raise NotFound(f"no {kind} {id!r} here")
    return desk.kinds[kind].stored(loaded.record)


def numbered(desk: Desk, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with an id each and order keys that follow the tuple, changing as few keys as can be."""
    keys = ordered([line.order for line in lines])
    return tuple(
        line
        if line.id is not None and line.order == key
        else attrs.evolve(line, id=line.id or desk.new_id(), order=key)
        for line, key in zip(lines, keys, strict=True)
    )


def noted(desk: Desk, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """The notes with an id each."""
    return tuple(note if note.id else attrs.evolve(note, id=desk.new_id()) for note in notes)


def ordered(keys: list[str | None]) -> list[str]:
    """Rising keys for the whole list; those that already rise are kept.

    >>> ordered(["V01", None, "V02"])
    ['V01', 'V01V', 'V02']
    """
    kept = _rising(keys)
    following: list[str | None] = [None] * len(keys)
    for index in range(len(keys) - 1, -1, -1):
        later = following[index + 1] if index + 1 < len(keys) else None
        following[index] = keys[index] if index in kept else later
    result: list[str] = []
    for index, after in enumerate(following):
        before = result[-1] if result else None
        if after is not None and index in kept:
            result.append(after)
        else:
            result.append(between(before, after) if after else spread(1, before)[0])
    return result


def _rising(keys: list[str | None]) -> set[int]:
    """The places of a longest run of rising keys: the lines that need not move."""
    tails: list[str] = []
    places: list[int] = []
    came_from: dict[int, int | None] = {}
    for index, key in enumerate(keys):
        if key is None:
            continue
        at = bisect_left(tails, key)
        came_from[index] = places[at - 1] if at else None
        tails[at : at + 1], places[at : at + 1] = [key], [index]
    kept: set[int] = set()
    last = places[-1] if places else None
    while last is not None:
        kept.add(last)
        last = came_from[last]
    return kept


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
