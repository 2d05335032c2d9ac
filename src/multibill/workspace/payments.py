"""The door to payments: what customers paid, what it settles, what stands to their credit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast, overload

from multibill.clock import day
from multibill.documents import CreditNote
from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.model import optional_text
from multibill.money import Money
from multibill.ports import UnitOfWork
from multibill.settlement import Payment, Refund, Surplus
from multibill.workspace import offsetting, paying, refunding
from multibill.workspace.desk import Desk
from multibill.workspace.listing import SummaryRow
from multibill.workspace.steps import Seen

Source = Payment | Surplus | CreditNote | SummaryRow | str
Amount = Money | Decimal | int | str


class Payments:
    """Payments as one actor sees them: ``ws.payments``. What they settle changes beside the documents."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(
        self,
        customer: str,
        amount: Amount,
        *,
        on: date | str,
        settles: Sequence[Seen] = (),
        method: str | None = None,
        reference: str | None = None,
        currency: str | None = None,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Payment:
        """Money that a customer paid, allocated to invoices in this order up to what is due of each.

        Args:
            amount: above zero; in ``currency``, or the first invoice's, or the seller's when nothing is said.
            on: the day it was paid.
            settles: invoices, rows of a list, or ids; what they leave stands to the customer's credit.
            method: how it was paid, in the host's words: ``"transfer"``.
            reference: what finds it in the bank's books.

        Raises InvalidValue (another currency, another customer's invoice), WrongState, Denied, NotFound, KeyReused.
        """
        fields = {
            "customer": _at("/customer", key, customer),
            "on": _at("/on", day, on),
            "method": _at("/method", optional_text, method),
            "reference": _at("/reference", optional_text, reference),
        }
        return paying.record(
            self._desk,
            fields,
            amount,
            currency,
            _many(settles),
            reason=reason,
            request_id=request_id,
        )

    @overload
    def allocate(
        self,
        payment: Payment | str,
        *,
        settles: Sequence[Seen],
        reason: str | None = ...,
        request_id: str | None = ...,
    ) -> Payment: ...

    @overload
    def allocate(
        self,
        payment: CreditNote | SummaryRow,
        *,
        settles: Sequence[Seen],
        reason: str | None = ...,
        request_id: str | None = ...,
    ) -> CreditNote: ...

    @overload
    def allocate(
        self,
        payment: Surplus,
        *,
        settles: Sequence[Seen],
        reason: str | None = ...,
        request_id: str | None = ...,
    ) -> Payment | CreditNote: ...

    def allocate(
        self,
        payment: Source,
        *,
        settles: Sequence[Seen],
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Payment | CreditNote:
        """What is left of a payment or of a credit note, allocated to invoices of the same customer in this order.

        Raises InvalidValue, WrongState, Denied, NotFound.
        """
        id, verb = _id(payment), paying.allocate
        if _of_note(payment):
            return offsetting.allocate(
                self._desk, id, _many(settles), reason=reason, request_id=request_id
            )
        return verb(self._desk, id, _many(settles), reason=reason, request_id=request_id)

    def release(
        self,
        payment: Payment | str,
        *,
        settles: Sequence[Seen],
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Payment:
        """Take from these invoices what the payment gave them; it stands to the customer's credit again.

        Raises InvalidValue for an invoice that it gave nothing to, WrongState, Denied, NotFound.
        """
        ids = _many(settles)
        return paying.release(self._desk, _id(payment), ids, reason=reason, request_id=request_id)

    def refund(
        self,
        source: Source,
        amount: Amount | None = None,
        *,
        on: date | str,
        method: str | None = None,
        reference: str | None = None,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Refund:
        """Money paid back to the customer out of what is left of a payment or of a credit note.

        Args:
            source: a payment, a credit note or a surplus; an id means a payment.
            amount: above zero and at most what is left; all of it when left out.
            on: the day it was paid back.

        Raises InvalidValue for more than is left, WrongState when nothing is, Denied, NotFound.
        """
        fields = {
            "on": _at("/on", day, on),
            "method": _at("/method", optional_text, method),
            "reference": _at("/reference", optional_text, reference),
        }
        kind: Literal["payment", "credit_note"] = "credit_note" if _of_note(source) else "payment"
        return refunding.refund(
            self._desk, kind, _id(source), amount, fields, reason=reason, request_id=request_id
        )

    def refunds(self, *, customer: str | None = None) -> tuple[Refund, ...]:
        """Refunds in the order they were recorded, of one customer or of all; those reversed too."""
        return tuple(self._desk.read(lambda uow: refunding.listed(self._desk, uow, customer)))

    @overload
    def reverse(
        self, payment: Payment | Surplus | str, *, reason: str, request_id: str | None = ...
    ) -> Payment: ...

    @overload
    def reverse(self, payment: Refund, *, reason: str, request_id: str | None = ...) -> Refund: ...

    def reverse(
        self,
        payment: Payment | Surplus | Refund | str,
        *,
        reason: str,
        request_id: str | None = None,
    ) -> Payment | Refund:
        """Take a payment back, a returned debit or a mistake: its allocations go, the entry and the reason stay.

        A refund that came back stands to the customer's credit again. Raises WrongState when it was reversed before,
        or when some of a payment was paid back, Denied, NotFound.
        """
        if isinstance(payment, Refund):
            return refunding.reverse(self._desk, payment.id, reason=reason, request_id=request_id)
        return paying.reverse(self._desk, _id(payment), reason=reason, request_id=request_id)

    def get(self, payment: Payment | Surplus | str) -> Payment:
        """The payment as it stands; NotFound when there is none, or none that the actor may see."""
        return self._desk.read(lambda uow: paying.get(self._desk, uow, _id(payment)))

    def list(self, *, customer: str | None = None) -> tuple[Payment, ...]:
        """Payments in the order they were recorded, of one customer or of all; those reversed too."""
        return self._desk.read(lambda uow: self._list(uow, customer))

    def unallocated(self, customer: str) -> tuple[Surplus, ...]:
        """What stands to a customer's credit: rests of payments and of credit notes, the oldest record first."""
        return self._desk.read(lambda uow: self._surplus(uow, customer))

    def _list(self, uow: UnitOfWork, customer: str | None) -> tuple[Payment, ...]:
        if not self._desk.rights.allows("read", "payment", {}):
            return ()
        found = [
            Payment.of(record.id, record.version, record.content)
            for record in uow.records("payment", customer)
        ]
        return paying.visible_payments(self._desk, uow, found)

    def _surplus(self, uow: UnitOfWork, customer: str) -> tuple[Surplus, ...]:
        rests = [
            Surplus(
                kind="payment",
                id=payment.id,
                amount=payment.unallocated,
                on=payment.on,
                name=payment.reference,
            )
            for payment in self._list(uow, customer)
            if payment.unallocated
        ]
        notes = offsetting.surplus(self._desk, uow, customer)
        return tuple(sorted((*rests, *notes), key=lambda rest: rest.id))


def _of_note(source: Source) -> bool:
    if isinstance(source, Surplus):
        return source.kind == "credit_note"
    return isinstance(source, CreditNote | SummaryRow)


def _id(source: Source) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, Payment | Surplus | CreditNote | SummaryRow):
        return cast("str", source.id)
    raise InvalidValue(f"give the payment, the credit note or its id, not {source!r:.60}")


def _many(settles: Sequence[Seen]) -> Sequence[Seen]:
    if isinstance(settles, Sequence) and not isinstance(settles, str):
        return settles
    raise InvalidValue("give a list of invoices: settles=[invoice]", path="/settles")


def _at(path: str, read: Callable[[Any], Any], value: object) -> Any:
    try:
        return read(value)
    except InvalidValue as error:
        raise error.at(path) from None
