"""Refunds: money paid back to a customer out of what is left of a payment or of a credit note, and come back again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Literal

import attrs

from multibill.errors import InvalidValue, NotFound, WrongState
from multibill.history import Change, diff
from multibill.ids import is_key
from multibill.money import Money
from multibill.ports import UnitOfWork
from multibill.records import Record
from multibill.settlement import Payment, Refund
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.paying import standing, written
from multibill.workspace.revising import allowed
from multibill.workspace.settling import positive, settle, settled

BACK = Call("refund")
AGAIN = Call("reverse")


@attrs.frozen
class Source:
    """What a refund is paid out of: whose it is, what is left of it, how it is written with and without a refund."""

    customer: str
    left: Money
    refunding: Callable[[str, Money], object]
    not_refunding: Callable[[str], object]


def refund(
    desk: Desk,
    kind: Literal["payment", "credit_note"],
    id: str,
    amount: Money | Decimal | int | str | None,
    fields: dict[str, Any],
    *,
    reason: str | None,
    request_id: str | None,
) -> Refund:
    """A refund out of a payment or a credit note: an amount, or all that is left.

    Raises InvalidValue for more than is left, WrongState when nothing is.
    """
    asked = {name: str(value) for name, value in fields.items()}
    request = Request.of(request_id, "refund", kind, id, str(amount), asked)

    def case(uow: UnitOfWork) -> Refund:
        if done := answered(desk, uow, request):
            return get(desk, uow, done.record)
        source = _source(desk, uow, kind, id)
        paid = _amount(amount, source.left)
        made = Refund(
            id=desk.new_id(), customer=source.customer, source=kind, of=id, amount=paid, **fields
        )
        _write(desk, uow, None, made, Call("refund", reason, request))
        source.refunding(made.id, paid)
        return made

    return desk.written(case)


def reverse(desk: Desk, id: str, *, reason: str, request_id: str | None) -> Refund:
    """The refund without effect, for the money came back: it stands to the customer's credit again."""
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidValue("say why the refund is reversed", path="/reason")
    request = Request.of(request_id, "reverse", id, reason)

    def case(uow: UnitOfWork) -> Refund:
        if done := answered(desk, uow, request):
            return get(desk, uow, done.record)
        known = get(desk, uow, id)
        source = _source(desk, uow, known.source, known.of)
        if known.reversed is not None:
            raise WrongState("the refund was reversed; record another one")
        back = attrs.evolve(known, version=known.version + 1, reversed=reason)
        _write(desk, uow, known, back, Call("reverse", reason, request))
        source.not_refunding(id)
        return back

    return desk.written(case)


def get(desk: Desk, uow: UnitOfWork, id: str) -> Refund:
    """The refund; NotFound when there is none, or none that the actor may see."""
    loaded = uow.load("refund", id) if is_key(id) else None
    if loaded is None or not desk.rights.allows("read", "payment", {}):
        raise NotFound(f"no refund {id!r} here")
    return Refund.stored(id, loaded.record.version, loaded.record.content)


def listed(desk: Desk, uow: UnitOfWork, customer: str | None) -> Sequence[Refund]:
    """Refunds in the order they were recorded, of one customer or of all; those reversed too."""
    if not desk.rights.allows("read", "payment", {}):
        return ()
    return tuple(
        Refund.stored(record.id, record.version, record.content)
        for record in uow.records("refund", customer)
    )


def _source(desk: Desk, uow: UnitOfWork, kind: str, id: str) -> Source:
    """The payment or credit note, locked, if this actor may pay out of it."""
    if kind == "payment":
        return _of_payment(desk, uow, standing(desk, uow, id, "refund"))
    loaded = readable(desk, uow, "credit_note", id, "pay")
    allowed(desk, "pay", loaded)
    desk.require("refund", "payment", {}, "a refund")
    note = settled(desk, uow, loaded)
    return Source(
        customer=note.document.buyer_ref or "",
        left=note.due,
        refunding=lambda by, amount: settle(
            desk, uow, note, note.settlement.refunding(by, amount), BACK
        ),
        not_refunding=lambda by: settle(desk, uow, note, note.settlement.not_refunding(by), AGAIN),
    )


def _of_payment(desk: Desk, uow: UnitOfWork, payment: Payment) -> Source:
    return Source(
        customer=payment.customer,
        left=payment.unallocated,
        refunding=lambda by, amount: written(
            desk, uow, payment, payment.refunding(by, amount), BACK
        ),
        not_refunding=lambda by: written(desk, uow, payment, payment.not_refunding(by), AGAIN),
    )


def _amount(amount: Money | Decimal | int | str | None, left: Money) -> Money:
    if not left:
        raise WrongState("nothing is left here that could be paid back")
    try:
        wanted = left if amount is None else amount
        paid = positive(wanted if isinstance(wanted, Money) else Money(wanted, left.currency))
    except InvalidValue as error:
        raise error if error.path else error.at("/amount") from None
    if paid.currency != left.currency or paid > left:
        raise InvalidValue(f"{paid} is more than the {left} that is left here", path="/amount")
    return paid


def _write(desk: Desk, uow: UnitOfWork, before: Refund | None, after: Refund, call: Call) -> None:
    changes = diff(before.tree, after.tree) if before else (Change("", None, after.tree),)
    record = Record("refund", after.id, after.version, after.tree, {})
    desk.append(uow, record, changes, call, about=after.customer)
