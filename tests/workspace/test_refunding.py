"""Refunds out of what is left of payments and credit notes, releases of allocations: never more than there is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest

from multibill.errors import Denied, InvalidValue, KeyReused, NotFound, WrongState
from multibill.money import Money
from tests.office import HOSTING, Office
from tests.settling import credited, due, eur

ON = date(2026, 12, 20)


def test_what_is_left_of_a_payment_is_paid_back(office: Office) -> None:
    bob, invoice = office.bob.payments, office.issued()
    payment = bob.record("acme", "1200", on=ON, settles=[invoice])
    some = bob.refund(payment, "50", on=ON, method="transfer", reference="R1", reason="asked for")
    assert ("payment", payment.id, "acme", eur("50"), ON, "transfer", "R1") == (
        some.source, some.of, some.customer, some.amount, some.on, some.method, some.reference
    )  # fmt: skip
    (rest,) = bob.unallocated("acme")
    assert eur("70") == rest.amount
    office.clock.advance(hours=1)
    last = bob.refund(rest, on="2026-12-21")
    assert eur("70") == last.amount
    assert () == bob.unallocated("acme")
    found = bob.get(payment)
    assert ({some.id: eur("50"), last.id: eur("70")}, eur("0")) == (
        found.refunds,
        found.unallocated,
    )
    assert (some, last) == bob.refunds() == bob.refunds(customer="acme")
    assert () == bob.refunds(customer="other")
    assert ("paid", eur("0")) == due(office, invoice)
    entry = next(each for each in office.journal() if each.record == some.id)
    assert ("refund", "refund", "acme", "asked for") == (
        entry.kind, entry.action, entry.about, entry.reason
    )  # fmt: skip
    assert () == office.verify().faults


def test_what_is_left_of_a_credit_note_is_paid_back(office: Office) -> None:
    bob, invoice = office.bob.payments, office.issued()
    bob.record("acme", "1080", on=ON, settles=[invoice])
    note = credited(office, invoice, lines={"a": 1})
    assert eur("540") == note.due
    refund = bob.refund(note, "500", on=ON)
    assert ("credit_note", note.id, "acme") == (refund.source, refund.of, refund.customer)
    found = office.bob.credit_notes.get(note.id)
    assert ("part-paid", eur("40")) == (found.settlement, found.due)
    (rest,) = bob.unallocated("acme")
    bob.refund(rest, on=ON)
    found = office.bob.credit_notes.get(note.id)
    assert ("paid", eur("0")) == (found.settlement, found.due)
    assert ["issue", "settle", "refund", "refund"] == [
        event.action for event in office.bob.credit_notes.history(note)
    ][-4:]
    assert () == office.verify().faults


def test_no_more_is_paid_back_than_is_left(office: Office) -> None:
    bob, invoice = office.bob.payments, office.issued()
    payment = bob.record("acme", "1200", on=ON, settles=[invoice])
    note = credited(office, invoice, lines={"a": 1})
    length = len(office.journal())
    for source, amount in (payment, "120.01"), (note, "540.01"), (payment, Money("1", "USD")):
        with pytest.raises(InvalidValue, match="more than the") as caught:
            bob.refund(source, amount, on=ON)
        assert "/amount" == caught.value.path
    wrong: tuple[Any, ...] = ("0", "-1", "x", 1.5)
    for nothing in wrong:
        with pytest.raises(InvalidValue) as caught:
            bob.refund(payment, nothing, on=ON)
        assert "/amount" == caught.value.path
    with pytest.raises(NotFound):
        bob.refund("nothing", on=ON)
    assert length == len(office.journal())
    bob.refund(payment, on=ON)
    with pytest.raises(WrongState, match="nothing is left"):
        bob.refund(payment, on=ON)


def test_a_refund_that_came_back_stands_to_the_customers_credit_again(office: Office) -> None:
    bob, invoice = office.bob.payments, office.issued()
    payment = bob.record("acme", "1200", on=ON, settles=[invoice])
    note = credited(office, invoice, lines={"a": 1})
    for source, rest in (payment, "120"), (note, "540"):
        office.clock.advance(hours=1)
        refund = bob.refund(source, on=ON)
        back = bob.reverse(refund, reason="wrong account", request_id=f"r{rest}")
        assert back == bob.reverse(refund, reason="wrong account", request_id=f"r{rest}")
        assert (2, "wrong account", eur(rest)) == (back.version, back.reversed, back.amount)
        assert eur(rest) in {each.amount for each in bob.unallocated("acme")}
        with pytest.raises(WrongState):
            bob.reverse(refund, reason="twice")
        with pytest.raises(InvalidValue, match="/reason"):
            bob.reverse(refund, reason=" ")
    assert {} == bob.get(payment).refunds
    assert ("wrong account", "wrong account") == tuple(each.reversed for each in bob.refunds())
    assert () == office.verify().faults


def test_a_payment_of_which_some_was_paid_back_is_not_reversed(office: Office) -> None:
    bob = office.bob.payments
    payment = bob.record("acme", "100", on=ON)
    refund = bob.refund(payment, "10", on=ON)
    with pytest.raises(WrongState, match="reverse the refund first"):
        bob.reverse(payment, reason="returned")
    bob.reverse(refund, reason="came back")
    assert "returned" == bob.reverse(payment, reason="returned").reversed
    with pytest.raises(WrongState):
        bob.refund(payment, on=ON)


def test_an_allocation_is_taken_back_and_given_to_another_invoice(office: Office) -> None:
    """A debit returned in part: release, pay back, allocate what remains."""
    bob, one, two = office.bob.payments, office.issued(), office.issued(lines=[HOSTING])
    payment = bob.record("acme", "1188", on=ON, settles=[one, two])
    freed = bob.release(payment, settles=[one], reason="returned in part", request_id="r1")
    assert freed == bob.release(payment, settles=[one], reason="returned in part", request_id="r1")
    assert ({two.id: eur("108")}, eur("1080")) == (freed.allocations, freed.unallocated)
    assert [("open", eur("1080")), ("paid", eur("0"))] == [due(office, one), due(office, two)]
    bob.refund(freed, "80", on=ON)
    bob.allocate(freed, settles=[one])
    assert ("part-paid", eur("80")) == due(office, one)
    with pytest.raises(InvalidValue, match="gave nothing to") as caught:
        bob.release(bob.record("acme", "1", on=ON), settles=[one])
    assert "/settles" == caught.value.path
    assert () == office.verify().faults


def test_a_retry_pays_back_once(office: Office) -> None:
    bob = office.bob.payments
    payment = bob.record("acme", "100", on=ON)
    refund = bob.refund(payment, "60", on=ON, request_id="r1")
    assert refund == bob.refund(payment, "60", on=ON, request_id="r1")
    with pytest.raises(KeyReused):
        bob.refund(payment, "40", on=ON, request_id="r1")
    assert (refund,) == bob.refunds()


def test_who_may_not_pay_back_is_denied_and_who_may_not_read_finds_nothing(office: Office) -> None:
    invoice = office.issued()
    payment = office.bob.payments.record("acme", "1180", on=ON, settles=[invoice])
    note = credited(office, invoice)
    refund = office.bob.payments.refund(payment, "10", on=ON)
    root, eve = office.as_("root", "admin").payments, office.as_("eve", "sales").payments
    for source in payment, note:
        with pytest.raises(Denied):
            root.refund(source, on=ON)
        with pytest.raises(NotFound):
            eve.refund(source, on=ON)
    with pytest.raises(Denied):
        root.reverse(refund, reason="no")
    with pytest.raises(NotFound):
        eve.reverse(refund, reason="no")
    assert ((refund,), ()) == (root.refunds(), eve.refunds())
    assert eur("5") == office.as_("acc", "accountant").payments.refund(payment, "5", on=ON).amount


def test_threads_pay_back_no_more_than_there_is(office: Office) -> None:
    payment = office.bob.payments.record("acme", "100", on=ON)
    start = Barrier(4)

    def race(_: int) -> str:
        start.wait()
        try:
            return office.bob.payments.refund(payment, "40", on=ON).source
        except InvalidValue:
            return "refused"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(race, range(4)))
    assert ["payment", "payment", "refused", "refused"] == told
    assert eur("20") == office.bob.payments.get(payment).unallocated
    assert () == office.verify().faults
