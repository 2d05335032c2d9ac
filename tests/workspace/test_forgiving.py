"""Write-offs: what is due is given up with a reason, per VAT rate; found again, reinstated, credited."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from multibill.documents import Invoice, Line
from multibill.errors import Denied, InvalidValue, KeyReused, NotFound, WrongState
from multibill.query.doc import Doc
from tests.office import LOGO, Office
from tests.settling import credited, due, eur

ON = date(2026, 12, 20)
MIXED = [LOGO, Line(id="c", name="Book", unit_price="100", vat="5.5")]


def stored(office: Office, invoice: Invoice) -> dict[str, Any]:
    (found,) = (
        row["content"]
        for row in office.rows("record")
        if (row["kind"], row["id"]) == ("settlement", invoice.id)
    )
    content: dict[str, Any] = found
    return content


def test_the_rest_is_given_up_per_rate_and_the_document_stays(office: Office) -> None:
    invoice = office.issued(lines=MIXED)
    office.bob.payments.record("acme", "100", on=ON, settles=[invoice])
    lost = office.bob.invoices.write_off(invoice, reason="insolvent")
    assert ("written-off", eur("0"), invoice.version) == (lost.settlement, lost.due, lost.version)
    assert {
        "rows": {"S-20": "988.9", "S-5.5": "96.6"},
        "on": "2026-11-30",
        "reason": "insolvent",
    } == stored(office, invoice)["written_off"]
    assert lost == office.bob.invoices.get(invoice.id)
    assert [lost.id] == [
        row.id for row in office.bob.invoices.list(Doc.settlement == "written-off")
    ]
    last = list(office.bob.invoices.history(invoice))[-1]
    assert ("write-off", "bob", "insolvent") == (last.action, last.actor, last.reason)
    assert () == office.verify().faults


def test_what_was_given_up_is_reinstated_and_paid(office: Office) -> None:
    """Money for a debt that was given up stays the customer's until somebody says that the debt is back."""
    invoice = office.issued()
    office.bob.invoices.write_off(invoice, reason="insolvent")
    payment = office.bob.payments.record("acme", "300", on=ON, settles=[invoice])
    assert eur("300") == payment.unallocated
    back = office.bob.invoices.reinstate(invoice, reason="the receiver pays")
    assert ("open", eur("1080")) == (back.settlement, back.due)
    office.bob.payments.allocate(payment, settles=[invoice])
    assert ("part-paid", eur("780")) == due(office, invoice)
    assert "written_off" not in stored(office, invoice)
    assert ["write-off", "reinstate", "settle"] == [
        event.action for event in office.bob.invoices.history(invoice)
    ][-3:]
    assert () == office.verify().faults


def test_nothing_due_is_nothing_to_write_off(office: Office) -> None:
    bob, invoice = office.bob.invoices, office.issued()
    for wrong in (lambda: bob.write_off(office.draft(), reason="x"),):
        with pytest.raises(WrongState):
            wrong()
    with pytest.raises(WrongState, match="nothing of this invoice is written off"):
        bob.reinstate(invoice, reason="x")
    bob.write_off(invoice, reason="insolvent")
    with pytest.raises(WrongState, match="nothing is due of this invoice"):
        bob.write_off(invoice, reason="twice")
    paid = office.issued()
    office.bob.payments.record("acme", "1080", on=ON, settles=[paid])
    with pytest.raises(WrongState):
        bob.write_off(paid, reason="x")
    with pytest.raises(InvalidValue, match="/reason"):
        bob.write_off(invoice, reason=" ")
    note = office.ann.invoices.credit(invoice)
    with pytest.raises(InvalidValue, match="only what is due of an invoice"):
        office.bob.credit_notes.write_off(note, reason="x")


def test_a_credit_takes_what_is_due_and_then_what_was_given_up(office: Office) -> None:
    """Nobody is given back what was never paid."""
    invoice = office.issued(lines=MIXED)
    office.bob.payments.record("acme", "100", on=ON, settles=[invoice])
    office.bob.invoices.write_off(invoice, reason="insolvent")
    note = credited(office, invoice, lines={"a": 1})
    assert ("paid", eur("0"), "written-off", eur("0")) == (
        note.settlement, note.due, *due(office, invoice)
    )  # fmt: skip
    assert {"S-20": "448.9", "S-5.5": "96.6"} == stored(office, invoice)["written_off"]["rows"]
    note = credited(office, invoice)
    assert ("part-paid", eur("100")) == (note.settlement, note.due)
    assert ("paid", eur("0")) == due(office, invoice)
    assert "written_off" not in stored(office, invoice)
    assert () == office.verify().faults


def test_a_payment_that_bounces_later_is_due_and_can_be_given_up_too(office: Office) -> None:
    invoice = office.issued(lines=MIXED)
    payment = office.bob.payments.record("acme", "100", on=ON, settles=[invoice])
    office.bob.invoices.write_off(invoice, reason="insolvent")
    office.bob.payments.reverse(payment, reason="bounced")
    assert ("part-paid", eur("100")) == due(office, invoice)
    note = credited(office, invoice, amount="150")
    assert ("paid", "written-off") == (note.settlement, due(office, invoice)[0])
    office.bob.invoices.reinstate(invoice, reason="mistake")
    assert ("part-paid", eur("1035.50")) == due(office, invoice)
    office.bob.invoices.write_off(invoice, reason="all of it")
    assert ("written-off", eur("0")) == due(office, invoice)
    assert () == office.verify().faults


def test_only_who_may_gives_up(office: Office) -> None:
    invoice = office.issued()
    clerk = office.as_("acc", "accountant").invoices
    assert not clerk.may("write-off", invoice)
    for verb in clerk.write_off, clerk.reinstate:
        with pytest.raises(Denied, match="write-off"):
            verb(invoice, reason="x")
    assert office.bob.invoices.may("write-off", invoice)
    assert [invoice.id] == [row.id for row in office.bob.invoices.list(can={"write-off"})]
    with pytest.raises(NotFound):
        office.as_("eve", "sales").invoices.write_off(invoice, reason="x")


def test_a_retry_gives_up_once(office: Office) -> None:
    bob, invoice = office.bob.invoices, office.issued()
    for verb, said in (bob.write_off, "r1"), (bob.reinstate, "r2"):
        done = verb(invoice, reason="x", request_id=said)
        length = len(office.journal())
        assert done == verb(invoice, reason="x", request_id=said)
        assert length == len(office.journal())
    with pytest.raises(KeyReused):
        bob.write_off(invoice, reason="y", request_id="r1")
