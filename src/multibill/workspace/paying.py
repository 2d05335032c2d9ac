"""Recording, allocating and reversing payments: each changes a payment and the settlements it touches, at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from multibill.errors import InvalidValue, NotFound, WrongState
from multibill.history import Change, diff
from multibill.ids import is_key
from multibill.money import Money
from multibill.ports import UnitOfWork
from multibill.records import Record
from multibill.settlement import Payment
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.listing import visible
from multibill.workspace.revising import allowed
from multibill.workspace.settling import Settled, positive, settle, settled
from multibill.workspace.snapshots import Registry
from multibill.workspace.steps import Seen, named

Targets = dict[str, Settled]


def record(
    desk: Desk,
    fields: dict[str, Any],
    amount: object,
    currency: str | None,
    settles: Sequence[Seen],
    *,
    reason: str | None,
    request_id: str | None,
) -> Payment:
    """A new payment, allocated to these documents in this order up to what is due of each."""
    ids = [named(each) for each in settles]
    asked = {name: str(value) for name, value in fields.items()}
    request = Request.of(request_id, "pay", asked, str(amount), currency, ids)

    def case(uow: UnitOfWork) -> Payment:
        if done := answered(desk, uow, request):
            return get(desk, uow, done.record)
        desk.require("pay", "payment", {}, "a payment")
        Registry(desk, uow).named("customer", fields["customer"])
        targets = opened(desk, uow, ids)
        paid = _amount(uow, amount, currency, targets)
        payment = Payment.made(id=desk.new_id(), amount=paid, **fields)
        call = Call("pay", reason, request)
        return _allocated(desk, uow, payment, targets, call)

    return desk.written(case)


def allocate(
    desk: Desk, id: str, settles: Sequence[Seen], *, reason: str | None, request_id: str | None
) -> Payment:
    """What is left of a payment, allocated to these documents in this order."""
    ids = [named(each) for each in settles]
    request = Request.of(request_id, "allocate", id, ids)

    def case(uow: UnitOfWork) -> Payment:
        if done := answered(desk, uow, request):
            return get(desk, uow, done.record)
        known = _standing(desk, uow, id)
        targets = opened(desk, uow, ids)
        call = Call("allocate", reason, request)
        return _allocated(desk, uow, known, targets, call, before=known)

    return desk.written(case)


def reverse(desk: Desk, id: str, *, reason: str, request_id: str | None) -> Payment:
    """The payment without effect: every allocation is taken back; amount and reason stay in the books."""
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidValue("say why the payment is reversed", path="/reason")
    request = Request.of(request_id, "reverse", id, reason)

    def case(uow: UnitOfWork) -> Payment:
        if done := answered(desk, uow, request):
            return get(desk, uow, done.record)
        known = _standing(desk, uow, id)
        targets = opened(desk, uow, known.allocations)
        payment = written(
            desk, uow, known, known.taken_back(reason), Call("reverse", reason, request)
        )
        for target in targets.values():
            settle(desk, uow, target, target.settlement.without(id))
        return payment

    return desk.written(case)


def get(desk: Desk, uow: UnitOfWork, id: str) -> Payment:
    """The payment, with those allocations that the actor may see; NotFound when there is none to be seen."""
    return visible_payments(desk, uow, [_loaded(desk, uow, id)])[0]


def visible_payments(
    desk: Desk, uow: UnitOfWork, payments: Sequence[Payment]
) -> tuple[Payment, ...]:
    """The payments without allocations to documents that the actor may not read."""
    ids = frozenset(id for payment in payments for id in payment.allocations)
    seen = visible(desk, uow, "invoice", ids)
    return tuple(
        attrs.evolve(
            payment,
            allocations={id: part for id, part in payment.allocations.items() if id in seen},
        )
        for payment in payments
    )


def opened(desk: Desk, uow: UnitOfWork, ids: Iterable[str]) -> Targets:
    """The invoices to be settled, in the order given, locked by id; each must be payable by this actor."""
    wanted = list(dict.fromkeys(ids))
    found = {}
    for id in sorted(wanted):
        loaded = readable(desk, uow, "invoice", id, "pay")
        allowed(desk, "pay", loaded)
        found[id] = settled(desk, uow, loaded)
    return {id: found[id] for id in wanted}


def fits(target: Settled, customer: str | None, currency: str) -> None:
    """Raise InvalidValue for another customer's document, or one in another currency."""
    document = target.document
    if document.currency != currency:
        raise InvalidValue(
            f"{target.name} is in {document.currency}, what was paid in {currency}; "
            "record one payment for each currency",
            path="/settles",
        )
    if document.buyer_ref != customer:
        raise InvalidValue(
            f"{target.name} is not an invoice to {customer}",
            path="/settles",
        )


def written(
    desk: Desk, uow: UnitOfWork, before: Payment | None, after: Payment, call: Call
) -> Payment:
    """The next version of a payment, kept about its customer; the payment as it was when nothing changed."""
    changes = diff(before.tree, after.tree) if before else (Change("", None, after.tree),)
    if not changes:
        return after
    after = attrs.evolve(after, version=before.version + 1 if before else 1)
    made = Record("payment", after.id, after.version, after.tree, {})
    desk.append(uow, made, changes, call, about=after.customer)
    return after


def _allocated(
    desk: Desk,
    uow: UnitOfWork,
    payment: Payment,
    targets: Targets,
    call: Call,
    *,
    before: Payment | None = None,
) -> Payment:
    changed = []
    for id, target in targets.items():
        fits(target, payment.customer, payment.amount.currency)
        if part := min(payment.unallocated, target.due):
            payment = payment.giving(id, part)
            changed.append((target, target.settlement.paying(target.document, payment.id, part)))
    payment = written(desk, uow, before, payment, call)
    for target, settlement in changed:
        settle(desk, uow, target, settlement)
    return visible_payments(desk, uow, [payment])[0]


def _standing(desk: Desk, uow: UnitOfWork, id: str) -> Payment:
    """A payment that can still be changed, by whoever may."""
    payment = _loaded(desk, uow, id)
    desk.require("pay", "payment", {}, f"payment {id}")
    if payment.reversed is not None:
        raise WrongState("the payment was reversed; record another one")
    return payment


def _loaded(desk: Desk, uow: UnitOfWork, id: str) -> Payment:
    loaded = uow.load("payment", id) if is_key(id) else None
    if loaded is None or not desk.rights.allows("read", "payment", {}):
        raise NotFound(f"no payment {id!r} here")
    return Payment.of(id, loaded.record.version, loaded.record.content)


def _amount(uow: UnitOfWork, amount: Any, currency: str | None, targets: Targets) -> Money:
    if isinstance(amount, Money):
        return positive(amount)
    code = currency or next((each.document.currency for each in targets.values()), None)
    code = code or _only_currency(uow)
    try:
        return positive(Money(amount, code))
    except InvalidValue as error:
        raise error if error.path else error.at("/amount") from None


def _only_currency(uow: UnitOfWork) -> str:
    codes = {record.content["currency"] for record in uow.records("seller")}
    if len(codes) == 1:
        return str(codes.pop())
    raise InvalidValue("name the currency: the sellers here have several", path="/currency")
