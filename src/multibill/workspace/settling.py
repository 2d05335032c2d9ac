"""Settlements as records beside their documents: read, changed, written, with the marks they leave on the documents."""

from __future__ import annotations

import attrs

from multibill.documents import Document
from multibill.errors import InvalidValue
from multibill.history import diff
from multibill.model import replaced
from multibill.money import Money
from multibill.ports import Loaded, SettlementMark, UnitOfWork
from multibill.records import Record
from multibill.settlement import Balance, Settlement, balance, credited, standing
from multibill.settlement.split import Rows
from multibill.workspace.desk import Call, Desk
from multibill.workspace.revising import described, whole

SETTLE = Call("settle")


@attrs.frozen
class Settled:
    """A document with its settlement as it stands, and the version of that record; 0 while there is none.

    ``name`` is what the actor sees it called.
    """

    document: Document
    settlement: Settlement
    version: int
    name: str = ""

    @property
    def due(self) -> Money:
        """What is due of it."""
        return self.settlement.due(self.document)

    @property
    def left(self) -> Balance:
        """What can still be credited of it."""
        return balance(self.document, self.settlement.credited.values())

    def with_(self, settlement: Settlement) -> Settled:
        """The same document, settled otherwise."""
        return attrs.evolve(self, settlement=settlement)


def settled(desk: Desk, uow: UnitOfWork, loaded: Loaded) -> Settled:
    """How a loaded document stands."""
    found = settled_of(uow, whole(desk, loaded.record, loaded.row))
    return attrs.evolve(found, name=described(desk, loaded))


def settled_of(uow: UnitOfWork, document: Document) -> Settled:
    """How a document stands."""
    known = uow.load("settlement", document.id)
    if known is None:
        return Settled(document, Settlement(document=document.id, currency=document.currency), 0)
    return Settled(document, Settlement.of(known.record.content), known.record.version)


def settle(
    desk: Desk, uow: UnitOfWork, before: Settled, after: Settlement, call: Call = SETTLE
) -> Document:
    """The next version of a settlement, and the document as it stands then; nothing when nothing changed."""
    document = before.document
    state, due = standing(document, after)
    changes = diff(before.settlement.tree if before.version else None, after.tree)
    if not changes or state is None or due is None:
        return document
    record = Record("settlement", document.id, before.version + 1, after.tree, {})
    mark = SettlementMark(document=document.id, settlement=state, due=due)
    desk.append(uow, record, changes, call, about=document.id, mark=mark)
    return replaced(document, settlement=state, due=due)


def applied(source: Settled, target: Settled, amount: Money) -> tuple[Settled, Settled]:
    """An amount of a credit note taken off an invoice: both as they stand then, not yet written."""
    note = source.document
    rows: Rows = {row.key: row.taxable + row.tax for row in note.totals.breakdown}
    took = target.settlement.crediting(target.document, note.id, rows, amount)
    return source.with_(source.settlement.using(target.document.id, amount)), target.with_(took)


def credit_issued(desk: Desk, uow: UnitOfWork, note: Document, original: Settled) -> Document:
    """The settlements that an issued credit note makes: what it takes off its invoice, what is left to the customer."""
    source = settled_of(uow, note)
    amount = min(source.due, original.due)
    taken = {**original.settlement.credited, note.id: credited(note, original.document)}
    target = original.with_(attrs.evolve(original.settlement, credited=taken))
    one, other = applied(source, target, amount) if amount else (source, target)
    settle(desk, uow, original, other.settlement)
    return settle(desk, uow, source, one.settlement)


def positive(amount: Money) -> Money:
    """An amount above zero; InvalidValue with its path otherwise."""
    if amount.amount > 0:
        return amount
    raise InvalidValue(f"{amount} is nothing; give an amount above zero", path="/amount")
