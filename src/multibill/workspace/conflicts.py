"""Kept conflicts: what somebody changed and somebody else had changed meanwhile, as records beside the document.

Here they are made and read; ``accepting`` decides on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import attrs

from multibill.codec import Tree, canonical
from multibill.collaboration import Overlap
from multibill.documents import Document
from multibill.history import Change, apply, at, diff
from multibill.parties.identifiers import content_key
from multibill.permissions import Sight
from multibill.ports import UnitOfWork
from multibill.records import Record
from multibill.workspace.desk import Call, Desk, Request

KIND = "conflict"
SIDES = ("base", "mine", "theirs")


@attrs.frozen(kw_only=True)
class KeptChange:
    """A change that did not fit, kept until somebody accepts or dismisses it: one merge unit of one edit.

    ``changes`` holds what stood at each path at version ``base_version``, what ``actor`` made of it, and what stood
    there at ``version`` of the document. ``applied`` is the version that has the change since it was accepted, if that
    changed anything. ``path``, ``base``, ``mine`` and ``theirs`` are those of the first path.
    """

    id: str
    document: str
    unit: str
    changes: tuple[Overlap, ...]
    actor: str
    on_behalf_of: str | None
    base_version: int
    version: int
    state: Literal["open", "accepted", "discarded"] = "open"
    applied: int | None = None

    @property
    def path(self) -> str:
        """The path that was changed twice."""
        return self.changes[0].path

    @property
    def base(self) -> Any:
        """What stood there when the change was made; None for nothing."""
        return self.changes[0].base

    @property
    def mine(self) -> Any:
        """What the change would make of it; None to take it away."""
        return self.changes[0].mine

    @property
    def theirs(self) -> Any:
        """What stands there instead; None for nothing."""
        return self.changes[0].theirs

    @property
    def persons(self) -> frozenset[str]:
        """Everybody who stands behind it."""
        return frozenset({self.actor, self.on_behalf_of or self.actor})


def lost(
    overlaps: Iterable[Overlap],
    theirs: Iterable[Change],
    unit: Callable[[str], str],
    *,
    before: Tree,
    wanted: Tree,
    now: Tree,
) -> dict[str, tuple[Overlap, ...]]:
    """What did not fit, by merge unit: every path of the unit that either side changed.

    A change inside of what is gone is one of the whole: to accept it brings back a deleted line with the edit.
    """
    changed = {change.path: change for change in theirs}
    paths: dict[str, set[str]] = {}
    for overlap in overlaps:
        path = _gone(overlap.path, changed)
        paths.setdefault(unit(path), set()).add(path)
    for path in changed:
        if (name := unit(path)) in paths:
            paths[name].add(path)
    return {
        name: tuple(
            Overlap(path, at(before, path), at(wanted, path), at(now, path))
            for path in sorted(found)
            if not any(path.startswith(f"{other}/") for other in found)
        )
        for name, found in paths.items()
    }


def _gone(path: str, theirs: Mapping[str, Change]) -> str:
    """The item or group above a path that they took away; the path itself when it stands."""
    names = path.split("/")
    above = ("/".join(names[:end]) for end in range(2, len(names)))
    return next((p for p in above if p in theirs and theirs[p].after is None), path)


def keep(
    desk: Desk,
    uow: UnitOfWork,
    document: Document,
    units: Mapping[str, tuple[Overlap, ...]],
    call: Call,
    *,
    request: Request | None,
) -> tuple[KeptChange, ...]:
    """Each unit as a record of its own, beside the document as it now is; what is kept already is not kept twice.

    All of them name the request of the call; the first answers ``request``, if nothing else has.
    """
    if not units:
        return ()
    known = {_said(kept): kept for kept in of_document(uow, document.id) if kept.state == "open"}
    found = []
    # two ids of one millisecond do not rise by themselves
    ids = sorted(desk.new_id() for _ in units)
    for id, (unit, changes) in zip(ids, units.items(), strict=True):
        made = _made(desk, document, call, id=id, unit=unit, changes=changes)
        kept = known.get(_said(made))
        if kept is None:
            asked, request = request, None
            _write(desk, uow, made, Call("keep", call.reason, asked), call.request)
        found.append(kept or made)
    return tuple(found)


def _made(desk: Desk, document: Document, call: Call, **said: Any) -> KeptChange:
    return KeptChange(
        document=document.id,
        actor=desk.actor.id,
        on_behalf_of=desk.actor.on_behalf_of,
        base_version=call.base or document.version,
        version=document.version,
        **said,
    )


def of_document(uow: UnitOfWork, document: str) -> list[KeptChange]:
    """Everything that was ever kept about a document, oldest first."""
    return [kept_of(record) for record in uow.records(KIND, about=document)]


def of_request(desk: Desk, uow: UnitOfWork, document: str, request: Request) -> list[KeptChange]:
    """What a request of this actor's left to decide."""
    asked = {"request": request.id, "by": desk.actor.id}
    found = uow.records(KIND, about=document)
    return [kept_of(each) for each in found if asked.items() <= each.content.items()]


def kept_of(record: Record) -> KeptChange:
    """The kept change in a stored record."""
    body = record.content
    sides = sorted(body["changes"].values(), key=lambda said: str(said["path"]))
    return KeptChange(
        id=record.id,
        document=body["document"],
        unit=body["unit"],
        changes=tuple(Overlap(said["path"], *map(said.get, SIDES)) for said in sides),
        actor=body["by"],
        on_behalf_of=body.get("for"),
        base_version=body["base"],
        version=body["version"],
        state=body["state"],
        applied=body.get("applied"),
    )


def standing(kept: KeptChange, version: int, now: Tree) -> KeptChange:
    """The kept change beside what stands at this version."""
    changes = tuple(attrs.evolve(each, theirs=at(now, each.path)) for each in kept.changes)
    return attrs.evolve(kept, changes=changes, version=version)


def shown(sight: Sight, found: Iterable[KeptChange]) -> tuple[KeptChange, ...]:
    """The kept changes of which the actor sees anything, without what is hidden from the actor."""
    seen = (attrs.evolve(kept, changes=visible(sight, kept.changes)) for kept in found)
    return tuple(kept for kept in seen if kept.changes)


def visible(sight: Sight, overlaps: Sequence[Overlap]) -> tuple[Overlap, ...]:
    """The overlaps as the actor sees them; those of which nothing is seen are gone."""
    if sight.clear:
        return tuple(overlaps)
    seen = (Overlap(o.path, *(_side(sight, o, name) for name in SIDES)) for o in overlaps)
    return tuple(o for o in seen if not o.base == o.mine == o.theirs)


def _side(sight: Sight, overlap: Overlap, name: str) -> Any:
    alone = apply({}, [Change(overlap.path, None, getattr(overlap, name))])
    return at(sight.tree(alone or {}), overlap.path)


def _said(kept: KeptChange) -> str:
    """What one and the same change says, however often it is sent."""
    made = [[each.path, each.mine] for each in kept.changes]
    return canonical([kept.unit, kept.actor, kept.on_behalf_of, made])


def _write(
    desk: Desk, uow: UnitOfWork, made: KeptChange, call: Call, asked: Request | None
) -> None:
    body: Tree = {
        "document": made.document,
        "unit": made.unit,
        "changes": {content_key(each.path): _sides(each) for each in made.changes},
        "by": made.actor,
        "base": made.base_version,
        "version": made.version,
        "state": made.state,
    }
    said = {"for": made.on_behalf_of, "request": asked.id if asked else None}
    body |= {name: value for name, value in said.items() if value is not None}
    record = Record(KIND, made.id, 1, body, {})
    desk.append(uow, record, (Change("", None, body),), call, about=made.document)


def _sides(overlap: Overlap) -> Tree:
    sides = {name: getattr(overlap, name) for name in SIDES}
    return {"path": overlap.path} | {n: value for n, value in sides.items() if value is not None}


def decided(
    desk: Desk,
    uow: UnitOfWork,
    record: Record,
    state: str,
    call: Call,
    *,
    applied: int | None = None,
) -> KeptChange:
    """The record's next version: accepted (as this version of the document, if it changed it) or discarded."""
    body = {**record.content, "state": state} | ({} if applied is None else {"applied": applied})
    after = Record(KIND, record.id, record.version + 1, body, {})
    changes = diff(record.content, body)
    desk.append(uow, after, changes, call, about=body["document"])
    return kept_of(after)
