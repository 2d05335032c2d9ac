"""What is left of credit notes: found for a customer, and taken off other invoices of the same customer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from multibill.documents import CreditNote, Document
from multibill.ports import UnitOfWork
from multibill.query.doc import Doc
from multibill.settlement import Surplus
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.listing import rows
from multibill.workspace.paying import fits, opened
from multibill.workspace.revising import allowed, handed, retold
from multibill.workspace.settling import applied, settle, settled
from multibill.workspace.steps import Seen, named


def allocate(
    desk: Desk, id: str, settles: Sequence[Seen], *, reason: str | None, request_id: str | None
) -> CreditNote:
    """What is left of a credit note, taken off these invoices in this order; the credit note as it stands then."""
    ids = [named(each) for each in settles]
    request = Request.of(request_id, "allocate", id, ids)
    call = Call("allocate", reason, request)

    def case(uow: UnitOfWork) -> Document:
        if done := answered(desk, uow, request):
            return retold(desk, uow, desk.kinds["credit_note"], done.record)
        for other in sorted({*ids, id}):
            uow.load("credit_note" if other == id else "invoice", other)
        loaded = readable(desk, uow, "credit_note", id, "pay")
        allowed(desk, "pay", loaded)
        before = source = settled(desk, uow, loaded)
        note, changed = source.document, []
        for target in opened(desk, uow, ids).values():
            fits(target, note.buyer_ref, note.currency)
            if part := min(source.due, target.due):
                source, after = applied(source, target, part)
                changed.append((target, after))
        told = settle(desk, uow, before, source.settlement, call)
        for target, after in changed:
            settle(desk, uow, target, after.settlement)
        return handed(desk, uow, told)

    return cast("CreditNote", desk.written(case))


def surplus(desk: Desk, uow: UnitOfWork, customer: str) -> Iterator[Surplus]:
    """The credit notes of a customer that have something left and that the actor may read."""
    left = Doc.settlement.in_({"open", "part-paid"})
    for row in rows(desk, uow, "credit_note", Doc.buyer_ref == customer, left):
        yield Surplus(
            kind="credit_note",
            id=row["id"],
            amount=row["due"],
            on=row["issue_date"],
            name=row["number"],
        )
