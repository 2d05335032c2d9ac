"""Payments: recorded, allocated up to what is due, found when they are left over, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from multibill.documents import Invoice, Line
from multibill.errors import Denied, InvalidValue, KeyReused, NotFound, WrongState
from multibill.money import Money
from multibill.permissions import Policy, permit
from multibill.query.doc import Doc
from multibill.testing import acme
from tests.office import HOSTING, LOGO, Office

ON = date(2026, 12, 20)
MIXED = [LOGO, Line(id="c", name="Book", unit_price="100", vat="5.5")]


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def settled(office: Office, document: Any) -> tuple[str | None, Money | None]:
    found = office.bob.invoices.get(document.id)
    return found.settlement, found.due


def rows(office: Office, document: Invoice) -> dict[str, Any]:
    (found,) = (
        row["content"]
        for row in office.rows("record")
        if (row["kind"], row["id"]) == ("settlement", document.id)
    )
    content: dict[str, Any] = found
    return content


def test_a_draft_is_not_settled_and_an_issued_invoice_is_open(office: Office) -> None:
    draft = office.draft()
    assert (None, None) == (draft.settlement, draft.due)
    invoice = office.issued()
    assert ("open", eur("1080")) == (invoice.settlement, invoice.due)
    assert ("open", eur("1080")) == settled(office, invoice)


def test_a_payment_settles_what_is_due_and_keeps_the_rest(office: Office) -> None:
    invoice = office.issued()
    payment = office.bob.payments.record("acme", "1200", on=ON, settles=[invoice])
    assert ({invoice.id: eur("1080")}, eur("120")) == (payment.allocations, payment.unallocated)
    assert ("paid", eur("0")) == settled(office, invoice)
    (rest,) = office.bob.payments.unallocated("acme")
    assert ("payment", payment.id, eur("120")) == (rest.kind, rest.id, rest.amount)
    assert () == office.verify().faults


def test_payments_are_allocated_in_the_order_given(office: Office) -> None:
    one, two = office.issued(), office.issued(lines=[HOSTING])
    payment = office.bob.payments.record("acme", "1100", on=ON, settles=[two, one])
    assert {two.id: eur("108"), one.id: eur("992")} == payment.allocations
    assert ("part-paid", eur("88")) == settled(office, one)


def test_a_payment_is_split_over_the_rates_and_the_last_takes_each_rest(office: Office) -> None:
    invoice = office.issued(lines=MIXED)
    pay = office.bob.payments.record
    first = pay("acme", "100", on=ON, settles=[invoice])
    assert {"S-20": "91.1", "S-5.5": "8.9"} == rows(office, invoice)["payments"][first.id]
    last = pay("acme", "1085.50", on=ON, settles=[invoice])
    assert {"S-20": "988.9", "S-5.5": "96.6"} == rows(office, invoice)["payments"][last.id]


def test_the_document_stays_at_its_version_and_its_history_tells(office: Office) -> None:
    invoice = office.issued()
    office.bob.payments.record("acme", "80", on=ON, settles=[invoice], reason="first part")
    found = office.bob.invoices.get(invoice.id)
    assert invoice.version == found.version
    assert ["issue", "settle"] == [event.action for event in office.bob.invoices.history(found)][
        -2:
    ]


def test_lists_filter_and_show_what_is_due(office: Office) -> None:
    paid, part, new = office.issued(), office.issued(), office.issued()
    office.bob.payments.record("acme", "1180", on=ON, settles=[paid, part])
    office.draft()
    found = office.bob.invoices.list(Doc.settlement == "part-paid")
    assert [(part.id, eur("980"))] == [(row.id, row.due) for row in found]
    owing = office.bob.invoices.list(Doc.due > eur("0"), order="due")
    assert [part.id, new.id] == [row.id for row in owing]
    unpaid = office.bob.invoices.list(Doc.settlement.in_({"open", "part-paid"}), order="id")
    assert {part.id, new.id} == {row.id for row in unpaid}
    assert 1 == office.bob.invoices.list(Doc.due.is_null()).count()


def test_an_edit_of_the_envelope_leaves_the_settlement(office: Office) -> None:
    invoice = office.issued()
    office.bob.payments.record("acme", "80", on=ON, settles=[invoice])
    saved = office.bob.invoices.save(invoice.evolve(assignee="cat")).document
    assert ("part-paid", eur("1000")) == (saved.settlement, saved.due)
    assert ("part-paid", eur("1000")) == settled(office, invoice)
    assert () == office.verify().faults


def test_what_is_left_is_allocated_later(office: Office) -> None:
    payment = office.bob.payments.record("acme", "1000", on=ON, method="transfer", reference="8841")
    assert eur("1000") == payment.unallocated
    invoice = office.issued()
    payment = office.bob.payments.allocate(payment, settles=[invoice])
    assert (2, eur("0")) == (payment.version, payment.unallocated)
    assert ("part-paid", eur("80")) == settled(office, invoice)
    assert payment == office.bob.payments.allocate(payment, settles=[invoice])
    assert payment == office.bob.payments.get(payment.id)
    assert () == office.bob.payments.unallocated("acme")


def test_a_reversed_payment_settles_nothing_and_stays_in_the_books(office: Office) -> None:
    invoice = office.issued()
    bob = office.bob.payments
    kept = bob.record("acme", "80", on=ON, settles=[invoice])
    payment = bob.record("acme", "1500", on=ON, settles=[invoice])
    back = bob.reverse(payment, reason="debit returned")
    assert ("debit returned", {}, eur("0")) == (back.reversed, back.allocations, back.unallocated)
    assert ("part-paid", eur("1000")) == settled(office, invoice)
    assert [kept.id, payment.id] == [each.id for each in bob.list(customer="acme")]
    assert () == bob.unallocated("acme")
    for again in (
        lambda: bob.reverse(payment, reason="twice"),
        lambda: bob.allocate(payment, settles=[invoice]),
    ):
        with pytest.raises(WrongState):
            again()
    bob.reverse(kept, reason="both")
    assert ("open", eur("1080")) == settled(office, invoice)
    assert () == office.verify().faults


def test_a_reversal_needs_a_reason(office: Office) -> None:
    payment = office.bob.payments.record("acme", "80", on=ON)
    with pytest.raises(InvalidValue, match="/reason"):
        office.bob.payments.reverse(payment, reason=" ")


def test_a_retry_changes_nothing_more(office: Office) -> None:
    invoice, bob = office.issued(), office.bob.payments
    said: dict[str, Any] = {"on": ON, "settles": [invoice], "request_id": "bank:8841"}
    first = bob.record("acme", "500", **said)
    length = len(office.journal())
    assert first == bob.record("acme", "500", **said)
    with pytest.raises(KeyReused):
        bob.record("acme", "501", **said)
    bob.reverse(first, reason="no", request_id="r2")
    back = bob.reverse(first, reason="no", request_id="r2")
    assert back == bob.record("acme", "500", **said)
    other = bob.record("acme", "20", on=ON)
    allocated = bob.allocate(other, settles=[invoice], request_id="r3")
    assert allocated == bob.allocate(other, settles=[invoice], request_id="r3")
    assert length + 2 + 1 + 2 == len(office.journal())


def test_another_currency_or_customer_is_refused(office: Office) -> None:
    invoice = office.issued()
    pay = office.bob.payments.record
    with pytest.raises(InvalidValue, match="is in EUR, what was paid in USD") as caught:
        pay("acme", Money("10", "USD"), on=ON, settles=[invoice])
    assert "/settles" == caught.value.path
    office.bob.customers.save(acme(id="other"))
    with pytest.raises(InvalidValue, match="is not an invoice to other"):
        pay("other", "10", on=ON, settles=[invoice])
    assert () == office.bob.payments.list()
    assert eur("10") == pay("acme", Decimal(10), on="2026-12-20").amount
    assert Money("10", "USD") == pay("acme", 10, on=ON, currency="USD").amount


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"amount": "0"}, "/amount"),
        ({"amount": "-1"}, "/amount"),
        ({"amount": 1.5}, "/amount"),
        ({"amount": "0.001"}, "/amount"),
        ({"on": "yesterday"}, "/on"),
        ({"customer": "no spaces"}, "/customer"),
        ({"settles": "one"}, "/settles"),
    ],
)
def test_what_is_no_payment_is_refused_with_its_path(
    office: Office, said: dict[str, Any], path: str
) -> None:
    known: dict[str, Any] = {"customer": "acme", "amount": "10", "on": ON}
    with pytest.raises(InvalidValue) as caught:
        office.bob.payments.record(**known | said)
    assert path == caught.value.path


def test_a_draft_cannot_be_paid_and_unknown_ones_are_not_found(office: Office) -> None:
    pay = office.bob.payments.record
    with pytest.raises(WrongState):
        pay("acme", "10", on=ON, settles=[office.draft()])
    known: dict[str, Any] = {"customer": "acme", "amount": "10", "on": ON}
    for wrong in ({"settles": ["nothing"]}, {"customer": "nobody"}):
        with pytest.raises(NotFound):
            pay(**known | wrong)
    with pytest.raises(NotFound):
        office.bob.payments.get("nothing")


def test_who_may_not_pay_is_denied_and_who_may_not_read_finds_nothing(office: Office) -> None:
    payment = office.bob.payments.record("acme", "10", on=ON)
    with pytest.raises(Denied):
        office.as_("root", "admin").payments.record("acme", "10", on=ON)
    assert payment == office.as_("root", "admin").payments.get(payment)
    eve = office.as_("eve", "sales").payments
    assert () == eve.list()
    assert () == eve.unallocated("acme")
    with pytest.raises(NotFound):
        eve.get(payment)


def test_allocations_to_documents_out_of_sight_are_not_shown(
    open_office: Callable[..., Office],
) -> None:
    policy = Policy(
        permit("all", to="manager", on={"read", "draft", "submit", "approve", "issue", "pay"}),
        permit("pay", on={"read", "pay"}, of="payment"),
        permit("registers", on="read", of="customer"),
        permit("sellers", on="read", of="seller"),
    )
    office = open_office(policy=policy)
    payment = office.bob.payments.record("acme", "100", on=ON, settles=[office.issued()])
    seen = office.as_("eve", "clerk").payments.get(payment)
    assert ({}, eur("0")) == (seen.allocations, seen.unallocated)


def test_an_invoice_with_nothing_to_pay_is_paid_when_issued(office: Office) -> None:
    invoice = office.issued(lines=[LOGO], prepaid="1080")
    assert ("paid", eur("0")) == (invoice.settlement, invoice.due)
    payment = office.bob.payments.record("acme", "10", on=ON, settles=[invoice])
    assert ({}, eur("10")) == (payment.allocations, payment.unallocated)
