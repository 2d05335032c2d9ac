"""A credit note that somebody drafted freely is held to the invoice that it names; a refused one leaves one entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import pytest

from multibill.documents import CreditNote, Invoice, Line
from multibill.documents.parts import Reference
from multibill.errors import Denied, InvalidValue, NotFound, OverCredited
from multibill.money import Money
from multibill.permissions import Policy, permit
from multibill.query.doc import Doc
from multibill.testing import acme, studio
from tests.office import Office

DAY = date(2026, 11, 30)


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def naming(*invoices: Any) -> list[Reference]:
    """References as somebody would type them: the number and the date, under any id."""
    return [
        Reference(id=f"r{place}", number=each.number or "", issue_date=DAY)
        for place, each in enumerate(invoices)
    ]


def written(office: Office, *, price: str = "450", **said: Any) -> CreditNote:
    """A credit note that ann drafted freely and bob approved."""
    lines = [Line(name="Days not worked", quantity=1, unit_price=price, vat="20")]
    known: dict[str, Any] = {"seller": "studio", "buyer": "acme", "lines": lines}
    note = office.ann.credit_notes.draft(**known | said)
    return office.bob.credit_notes.approve(office.ann.credit_notes.submit(note))


def issue(office: Office, note: CreditNote) -> CreditNote:
    return office.bob.credit_notes.issue(note)


def due(office: Office, invoice: Invoice) -> tuple[str | None, Money | None]:
    found = office.bob.invoices.get(invoice.id)
    return found.settlement, found.due


def test_a_note_that_names_an_invoice_takes_from_it(office: Office) -> None:
    invoice = office.issued()
    note = issue(office, written(office, preceding=naming(invoice)))
    assert (invoice.id, "paid", eur("0")) == (note.credit_of, note.settlement, note.due)
    assert ("part-paid", eur("540")) == due(office, invoice)
    assert note == office.bob.credit_notes.get(note.id)
    with pytest.raises(OverCredited):
        office.ann.invoices.credit(invoice, lines={"a": 2})
    assert eur("540") == office.ann.invoices.credit(invoice).totals.payable
    assert () == office.verify().faults


def test_a_note_that_names_an_invoice_cannot_take_more_than_it_has(office: Office) -> None:
    invoice = office.issued()
    issue(office, written(office, preceding=naming(invoice)))
    note = written(office, price="450.01", preceding=naming(invoice))
    assert ["MB-CREDIT"] == [
        found.rule for found in office.bob.credit_notes.preflight(note) if found.severity == "error"
    ]
    with pytest.raises(OverCredited, match="can still be credited"):
        issue(office, note)
    assert ("part-paid", eur("540")) == due(office, invoice)


def test_the_id_names_an_invoice_as_well_as_its_number(office: Office) -> None:
    invoice = office.issued()
    typo = Reference(id=invoice.id, number="F2026-0001", issue_date=DAY)
    assert invoice.id == issue(office, written(office, preceding=[typo])).credit_of
    spaced = Reference(id="r", number=f" {invoice.number} ", issue_date=DAY)
    with pytest.raises(OverCredited):
        issue(office, written(office, price="450.01", preceding=[spaced]))


def test_a_note_on_an_invoice_of_a_former_system_stands_alone(office: Office) -> None:
    office.issued()
    old = Reference(id="r", number="2019-778", issue_date=date(2019, 5, 2))
    note = issue(office, written(office, price="5000", preceding=[old]))
    assert (None, "open", eur("6000")) == (note.credit_of, note.settlement, note.due)
    assert [note.id] == [rest.id for rest in office.bob.payments.unallocated("acme")]


def test_a_draft_has_no_number_that_could_be_named(office: Office) -> None:
    draft = office.draft()
    own = Reference(id=draft.id, number="F2026-00001", issue_date=DAY)
    assert issue(office, written(office, preceding=[own])).credit_of is None


def test_the_same_number_of_another_seller_is_another_invoice(office: Office) -> None:
    office.as_("root", "admin").sellers.save(attrs.evolve(studio(), id="atelier"))
    invoice = office.issued(seller="atelier")
    note = issue(office, written(office, price="5000", preceding=naming(invoice)))
    assert note.credit_of is None
    held = written(office, price="900.01", preceding=naming(invoice), seller="atelier")
    with pytest.raises(OverCredited):
        issue(office, held)


def test_one_note_credits_one_invoice(office: Office) -> None:
    one, two = office.issued(), office.issued()
    both = written(office, preceding=naming(one, two))
    with pytest.raises(InvalidValue, match="names 2; draft one for each") as caught:
        issue(office, both)
    assert "/preceding" == caught.value.path
    made = office.ann.invoices.credit(one, amount="10")
    moved = office.ann.credit_notes.save(made.evolve(preceding=naming(two))).document
    moved = office.bob.credit_notes.approve(office.ann.credit_notes.submit(moved))
    with pytest.raises(InvalidValue, match="names 2"):
        issue(office, moved)
    assert ("open", eur("1080")) == due(office, two)


def test_somebody_elses_invoice_and_another_currency_are_refused(office: Office) -> None:
    invoice = office.issued()
    office.bob.customers.save(acme(id="other"))
    for said, path in ({"buyer": "other"}, "/preceding"), ({"currency": "USD"}, "/currency"):
        with pytest.raises(InvalidValue) as caught:
            issue(office, written(office, preceding=naming(invoice), **said))
        assert path == caught.value.path


def test_a_refused_credit_leaves_one_refusal_and_no_number(office: Office) -> None:
    """Invariant 21."""
    invoice = office.issued()
    lines = [Line(name=" ", unit_price="900.01", vat="20")]
    note = written(office, lines=lines, preceding=naming(invoice))
    journal, counters = office.journal(), office.rows("counter")
    records = len(office.rows("record"))
    for times in (1, 2):
        with pytest.raises(OverCredited):
            office.bob.credit_notes.issue(note, request_id="r1")
        *_, entry = made = office.journal()[len(journal) :]
        assert times == len(made)
    assert ("refusal", "refuse-issue", note.id, 1, None) == (
        entry.kind, entry.action, entry.about, entry.version, entry.request_id
    )  # fmt: skip
    told = entry.changes[0].after
    assert (note.id, note.version) == (told["document"], told["version"])
    found = office.bob.credit_notes.preflight(note)
    assert [(each.rule, each.path) for each in found] == [
        (each["rule"], each["path"]) for each in told["findings"]
    ]
    assert ("MB-CREDIT", "/lines") == (found[0].rule, found[0].path)
    assert "BR-25" in {each.rule for each in found}
    assert (counters, records + 2) == (office.rows("counter"), len(office.rows("record")))
    assert note == office.bob.credit_notes.get(note.id)
    assert "MB-CREDIT /lines" in str(office.ann.credit_notes.history(note))
    assert () == office.verify().faults


def test_who_may_not_credit_the_invoice_cannot_link_a_note_to_it(
    open_office: Callable[..., Office],
) -> None:
    work = {"draft", "submit", "approve", "issue"}
    policy = Policy(
        permit("work", to="manager", on=work),
        permit("read", to="manager", on="read"),
        permit("notes", to="clerk", on="issue"),
        permit("notes-read", to="clerk", on="read", when=Doc.kind == "credit_note"),
        permit("registers", on="read", of="customer"),
        permit("sellers", on="read", of="seller"),
    )
    office = open_office(policy=policy)
    note = written(office, preceding=naming(office.issued()))
    length = len(office.journal())
    with pytest.raises(Denied, match="credit"):
        issue(office, note)
    with pytest.raises(NotFound, match="/preceding: you may not credit") as caught:
        office.as_("eve", "clerk").credit_notes.issue(note)
    assert "invoice 0" not in str(caught.value)
    assert length == len(office.journal())
    much = written(office, price="5000", preceding=naming(*office.bob.invoices.list().items))
    for anyone in office.bob, office.as_("eve", "clerk"):
        assert () == anyone.credit_notes.preflight(much)
    old = Reference(id="r", number="2019-778", issue_date=date(2019, 5, 2))
    free = written(office, preceding=[old])
    assert "issued" == office.as_("eve", "clerk").credit_notes.issue(free).phase
