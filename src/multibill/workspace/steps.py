"""Steps of a draft: transitions, discard, reviews. Each is decided on the version that was seen, or refused."""

from __future__ import annotations

from typing import Any, Literal

from multibill.codec import WIRE, Tree
from multibill.documents import Document
from multibill.errors import InvalidValue, Stale
from multibill.history import Change
from multibill.model import optional_text, replaced
from multibill.permissions import Decision
from multibill.ports import Loaded, StateMark, UnitOfWork
from multibill.records import Record
from multibill.workflow import Review, material_digest
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.kinds import Kind
from multibill.workspace.listing import SummaryRow
from multibill.workspace.revising import (
    allowed,
    described,
    present,
    retold,
    revision,
    shown_state,
    stage_of,
    whole,
    write,
)

Verdict = Literal["approve", "refuse"]
Seen = Document | SummaryRow | str
"""A document or a list's row means the version that was seen, an id alone whatever stands there."""


def opened(desk: Desk, uow: UnitOfWork, kind: Kind, document: Seen, action: str) -> Loaded:
    """The stored document that a step is about, with what the step's rules ask for; a stale version is refused."""
    id, seen = named(document), None if isinstance(document, str) else document.version
    loaded = readable(desk, uow, kind.name, id, action)
    stands = loaded.record.version
    if seen is not None and seen != stands:
        raise Stale(
            f"you saw version {seen} of {id}, it stands at {stands}; load it again", current=stands
        )
    return loaded


def named(document: Seen) -> str:
    """The id of what was handed in."""
    if isinstance(document, Document | SummaryRow):
        return document.id
    if isinstance(document, str):
        return document
    raise InvalidValue(f"give the document, its row in a list or its id, not {document!r:.60}")


def may(desk: Desk, kind: Kind, action: str, id: str) -> Decision:
    """The decision on an action, the workflow's guard included."""
    if not isinstance(action, str):
        raise InvalidValue(
            f"may takes the action first: may('issue', document), not {action!r:.60}"
        )
    loaded = desk.read(lambda uow: readable(desk, uow, kind.name, id, action))
    guard = desk.workflow.guard(action)
    return desk.decided(action, "document", loaded.row, described(desk, loaded), guard)


def transition(
    desk: Desk,
    kind: Kind,
    document: Seen,
    action: str,
    facts: Tree,
    *,
    reason: str | None,
    request_id: str | None,
) -> Document:
    """A step that raises the version: the facts put into the envelope, with the version that entered them."""
    request = Request.of(request_id, action, named(document))

    def case(uow: UnitOfWork) -> Document:
        if done := answered(desk, uow, request):
            return retold(desk, uow, kind, done.record)
        loaded = opened(desk, uow, kind, document, action)
        allowed(desk, action, loaded)
        version = loaded.record.version + 1
        stage: Tree = {**stage_of(loaded.record), **facts, "since": version}
        stands = whole(desk, loaded.record, {**loaded.row, "state": stage["state"]})
        moved = replaced(stands, version=version, phase=stage["phase"])
        made = revision(desk, uow, loaded, moved, stage, before=stands)
        return write(desk, uow, made, Call(action, reason, request))

    return desk.written(case)


def submit(desk: Desk, kind: Kind, document: Seen, **context: Any) -> Document:
    """Hand a draft over for review."""
    target = desk.workflow.target("submit")
    return transition(desk, kind, document, "submit", {"state": target}, **context)


def discard(desk: Desk, kind: Kind, document: Seen, **context: Any) -> Document:
    """Give a draft up for good. Nothing is deleted; an issued document cannot be discarded."""
    facts = {"phase": "discarded", "state": "discarded"}
    return transition(desk, kind, document, "discard", facts, **context)


def review(
    desk: Desk,
    kind: Kind,
    document: Seen,
    verdict: Verdict,
    *,
    comment: str | None,
    request_id: str | None,
) -> Document:
    """A verdict on the version that was seen, bound to its material content; the version stays as it is."""
    comment = _comment(comment)
    if verdict == "refuse" and not (comment or "").strip():
        raise InvalidValue("say why: a refusal needs a comment", path="/comment")
    request = Request.of(request_id, verdict, named(document), comment)

    def case(uow: UnitOfWork) -> Document:
        if done := answered(desk, uow, request):
            return retold(desk, uow, kind, done.about)
        loaded = opened(desk, uow, kind, document, verdict)
        allowed(desk, verdict, loaded)
        made = Review(
            document=loaded.record.id,
            verdict=verdict,
            person=desk.actor.on_behalf_of or desk.actor.id,
            by=desk.actor.id,
            version=loaded.record.version,
            digest=material_digest(loaded.record.content, kind.map),
            comment=comment,
        )
        state = shown_state(desk, uow, loaded.record, also=(made,))
        _record(desk, uow, made, state, request)
        return present(desk, loaded.record, {**loaded.row, "state": state})

    return desk.written(case)


def _comment(value: str | None) -> str | None:
    try:
        return optional_text(value)
    except InvalidValue as error:
        raise error.at("/comment") from None


def _record(desk: Desk, uow: UnitOfWork, made: Review, state: str, request: Request | None) -> None:
    body: Tree = WIRE.tree(made)
    record = Record("review", desk.new_id(), 1, body, {})
    mark = StateMark(document=made.document, version=made.version, state=state)
    call = Call(made.verdict, made.comment, request)
    change = Change("", None, body)
    desk.append(uow, record, (change,), call, about=made.document, mark=mark)
