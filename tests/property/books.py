"""A random month of money in any order, with retries: invoices, payments, refunds, credit notes, write-offs."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from multibill.documents import Line
from multibill.documents.parts import Reference
from multibill.errors import InvalidValue, OverCredited, WrongState
from multibill.money import Money
from multibill.query.doc import Doc
from multibill.records import Actor
from multibill.settlement import Refund
from multibill.testing import rows_of
from multibill.testing.machine import Office
from tests.property.ledger import Ledger

ANN, BOB, EVE = (Actor(name, roles={"manager"}) for name in ("ann", "bob", "eve"))
REFUSED = (InvalidValue, OverCredited, WrongState)
POOL = [
    Line(id="a", name="Logo", quantity=3, unit_price="33.33", vat="20"),
    Line(id="b", name="Book", quantity=7, unit_price="1.05", vat="5.5"),
    Line(id="c", name="Meal", quantity="1.5", unit_price="12.55", vat="10"),
    Line(id="d", name="Logo", quantity=1, unit_price="69.79", vat="20"),
]
amounts = st.integers(1, 20000).map(lambda minor: str(Money.from_minor(minor, "EUR").amount))


class Books(Office):
    """One customer's invoices, and everything that money does to them."""

    start = "2026-11-30T09:00:00Z"

    def __init__(self) -> None:
        super().__init__()
        self.invoices: list[str] = []
        self.notes: list[str] = []
        self.payments: list[str] = []
        self.refunds: list[Refund] = []

    def ledger(self) -> Ledger:
        return Ledger(self.journal())

    def asked(self, make: Any, *, by: Actor = EVE, refusal: str | None = None) -> Any:
        """The call made, made again as a retry, and its answer; None when it was refused.

        A refused one leaves nothing; a refused issue nothing but one entry about that document (invariant 21).
        """
        self.requests += 1
        request = f"r{self.requests}"
        before, rows = self.journal(), self.stored()
        try:
            made = make(self.workspace(by), request)
        except REFUSED as error:
            entries = self.journal()[len(before) :]
            issue = refusal is not None and isinstance(error, OverCredited | InvalidValue)
            wanted = [("refusal", "refuse-issue", refusal)] if issue else []
            assert wanted == [(each.kind, each.action, each.about) for each in entries]
            assert rows == self.stored()
            return None
        after = self.journal()
        assert made == make(self.workspace(by), request)
        assert after == self.journal()
        return made

    def stored(self) -> Any:
        """What stands of documents, money and numbers; refusals apart."""
        tables = {name: rows_of(self.opened, name, self.tenant) for name in ("summary", "counter")}
        records = rows_of(self.opened, "record", self.tenant)
        return tables, [row for row in records if row["kind"] != "refusal"]

    @initialize(lines=st.lists(st.sampled_from(POOL), min_size=2, max_size=3, unique=True))
    def begin(self, lines: list[Line]) -> None:
        self.bill(lines)

    @rule(lines=st.lists(st.sampled_from(POOL), min_size=1, max_size=3, unique=True))
    def bill(self, lines: list[Line]) -> None:
        ann, bob = self.workspace(ANN).invoices, self.workspace(BOB).invoices
        draft = ann.submit(ann.draft(seller="studio", buyer="acme", lines=lines))
        self.invoices.append(bob.issue(bob.approve(draft)).id)

    @rule(amount=amounts, data=st.data())
    def pay(self, amount: str, data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self.invoices), max_size=3))
        said: dict[str, Any] = {"on": date(2026, 12, 20), "settles": chosen}
        made = self.asked(lambda ws, r: ws.payments.record("acme", amount, request_id=r, **said))
        self.payments.append(made.id)

    @rule(data=st.data())
    def pay_what_is_due(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(self.invoices))
        if due := self.ledger().due(chosen):
            said: dict[str, Any] = {"on": date(2026, 12, 20), "settles": [chosen]}
            made = self.asked(lambda ws, r: ws.payments.record("acme", due, request_id=r, **said))
            self.payments.append(made.id)

    @rule(data=st.data())
    def allocate(self, data: st.DataObject) -> None:
        if self.payments:
            payment = data.draw(st.sampled_from(self.payments))
            chosen = data.draw(st.lists(st.sampled_from(self.invoices), min_size=1, max_size=3))
            # a no-op leaves no entry that a request id could point at
            self.asked(lambda ws, r: ws.payments.allocate(payment, settles=chosen, request_id=r))

    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        if self.payments:
            payment = data.draw(st.sampled_from(self.payments))
            self.asked(lambda ws, r: ws.payments.reverse(payment, reason="returned", request_id=r))

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        if self.payments:
            payment = data.draw(st.sampled_from(self.payments))
            known = list(self.workspace(EVE).payments.get(payment).allocations)
            if known:
                some = data.draw(st.lists(st.sampled_from(known), min_size=1, unique=True))
                self.asked(lambda ws, r: ws.payments.release(payment, settles=some, request_id=r))

    @rule(data=st.data(), amount=st.none() | amounts, came_back=st.booleans())
    def refund(self, data: st.DataObject, amount: str | None, came_back: bool) -> None:
        """All that is left or any amount, more than is left among them; payments and credit notes alike."""
        left = list(self.workspace(EVE).payments.unallocated("acme"))
        if sources := [*left, *self.payments]:
            chosen = data.draw(st.sampled_from(sources))
            said: dict[str, Any] = {"on": date(2026, 12, 21)}
            made = self.asked(
                lambda ws, r: ws.payments.refund(chosen, amount, request_id=r, **said)
            )
            if made is not None:
                self.refunds.append(made)
                if came_back:
                    self.refund_came_back(made)

    @rule(data=st.data())
    def a_refund_came_back(self, data: st.DataObject) -> None:
        if self.refunds:
            self.refund_came_back(data.draw(st.sampled_from(self.refunds)))

    def refund_came_back(self, made: Refund) -> None:
        self.asked(lambda ws, r: ws.payments.reverse(made, reason="came back", request_id=r))

    @rule(data=st.data(), verb=st.sampled_from(["write_off", "write_off", "reinstate"]))
    def give_up(self, data: st.DataObject, verb: str) -> None:
        id = data.draw(st.sampled_from(self.invoices))
        self.asked(lambda ws, r: getattr(ws.invoices, verb)(id, reason="insolvent", request_id=r))

    @rule(
        data=st.data(), lines=st.lists(st.sampled_from(POOL), min_size=1, max_size=2, unique=True)
    )
    def write_a_note_freely(self, data: st.DataObject, lines: list[Line]) -> None:
        """It names an invoice, two, or one of a former system; what it credits is nobody's but its invoice's."""
        known = [self.workspace(ANN).invoices.get(id) for id in self.invoices]
        numbers = data.draw(
            st.lists(
                st.sampled_from([*(each.number or "" for each in known), "2019-7"]),
                min_size=1,
                max_size=2,
                unique=True,
            )
        )
        cited = [Reference(id=f"r{n}", number=n, issue_date=date(2026, 11, 30)) for n in numbers]
        notes = self.workspace(ANN).credit_notes
        note = notes.draft(seller="studio", buyer="acme", lines=lines, preceding=cited)
        self.notes.append(self.workspace(BOB).credit_notes.approve(notes.submit(note)).id)
        self.issue(note.id)

    @rule(data=st.data(), issued=st.booleans())
    def credit(self, data: st.DataObject, issued: bool) -> None:
        """Lines, an amount or all that remains; some stay drafts for a while."""
        id = data.draw(st.sampled_from(self.invoices))
        invoice = self.workspace(ANN).invoices.get(id)
        line = data.draw(st.sampled_from(invoice.lines))
        wanted = st.sampled_from([1, 2, "0.5", line.quantity]).map(
            lambda n: {"lines": {line.id: n}}
        )
        said = data.draw(wanted | amounts.map(lambda amount: {"amount": amount}) | st.just({}))
        note = self.asked(lambda ws, r: ws.invoices.credit(id, request_id=r, **said), by=ANN)
        if note is not None:
            note = self.workspace(ANN).credit_notes.submit(note)
            self.notes.append(self.workspace(BOB).credit_notes.approve(note).id)
            if issued:
                self.issue(note.id)

    @rule(data=st.data())
    def issue_a_note(self, data: st.DataObject) -> None:
        if self.notes:
            self.issue(data.draw(st.sampled_from(self.notes)))

    def issue(self, id: str) -> None:
        self.asked(lambda ws, r: ws.credit_notes.issue(id, request_id=r), by=BOB, refusal=id)

    @rule(data=st.data())
    def apply_a_note(self, data: st.DataObject) -> None:
        if self.notes:
            note = self.workspace(EVE).credit_notes.get(data.draw(st.sampled_from(self.notes)))
            chosen = data.draw(st.lists(st.sampled_from(self.invoices), min_size=1, max_size=2))
            self.asked(lambda ws, r: ws.payments.allocate(note, settles=chosen, request_id=r))

    def check_facts(self) -> None:
        """Documents, lists and what stands to the customer's credit say what the journal says."""
        ledger, office = self.ledger(), self.workspace(EVE)
        for door, ids in ((office.invoices, ledger.invoices), (office.credit_notes, ledger.notes)):
            rows = {row.id: row for row in door.list(Doc.phase == "issued", limit=1000)}
            for id, body in ids.items():
                shown, due = door.get(id), ledger.due(id)
                payable = Money(body["totals"]["payable"], "EUR").amount
                closed = "written-off" if ledger.lost(id) else "paid"
                state = closed if not due else "open" if due == payable else "part-paid"
                assert (state, Money(due, "EUR")) == (shown.settlement, shown.due)
                assert (state, Money(due, "EUR")) == (rows[id].settlement, rows[id].due)
        rests = {id: rest for id in ledger.payments if (rest := ledger.rest(id))}
        rests |= {id: due for id in ledger.notes if (due := ledger.due(id))}
        assert rests == {
            rest.id: rest.amount.amount for rest in office.payments.unallocated("acme")
        }
