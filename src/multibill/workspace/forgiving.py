"""Write-offs: what is due of an invoice is given up with a reason, per VAT rate, and may be reinstated."""

from __future__ import annotations

from collections.abc import Callable

from multibill.documents import Document
from multibill.errors import InvalidValue, WrongState
from multibill.ports import UnitOfWork
from multibill.settlement import Settlement
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.issuing import office_of
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import allowed, retold
from multibill.workspace.settling import Settled, settle, settled
from multibill.workspace.steps import Seen, named


def write_off(
    desk: Desk, kind: Kind, document: Seen, *, reason: str, request_id: str | None
) -> Document:
    """The invoice with all that is due of it written off today; WrongState when nothing is due."""

    def after(uow: UnitOfWork, before: Settled) -> Settlement:
        if not before.due:
            raise WrongState("nothing is due of this invoice; nothing to write off")
        day = office_of(desk, uow, before.document.seller_ref or "").today
        return before.settlement.giving_up(before.document, day, reason)

    call = _call("write-off", document, reason, request_id)
    return _settled(desk, kind, document, call, after)


def reinstate(
    desk: Desk, kind: Kind, document: Seen, *, reason: str, request_id: str | None
) -> Document:
    """The invoice without its write-off: what was given up is due again; WrongState when nothing was."""

    def after(_: UnitOfWork, before: Settled) -> Settlement:
        if before.settlement.written_off is None:
            raise WrongState("nothing of this invoice is written off")
        return before.settlement.reinstated()

    call = _call("reinstate", document, reason, request_id)
    return _settled(desk, kind, document, call, after)


def _call(verb: str, document: Seen, reason: str, request_id: str | None) -> Call:
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidValue(f"say why: {verb} needs a reason", path="/reason")
    return Call(verb, reason, Request.of(request_id, verb, named(document), reason))


def _settled(
    desk: Desk,
    kind: Kind,
    document: Seen,
    call: Call,
    after: Callable[[UnitOfWork, Settled], Settlement],
) -> Document:
    if kind.name != "invoice":
        raise InvalidValue("only what is due of an invoice can be written off")

    def case(uow: UnitOfWork) -> Document:
        if done := answered(desk, uow, call.request):
            return retold(desk, uow, kind, done.about)
        loaded = readable(desk, uow, kind.name, named(document), "write-off")
        allowed(desk, "write-off", loaded)
        before = settled(desk, uow, loaded)
        return settle(desk, uow, before, after(uow, before), call)

    return desk.written(case)
