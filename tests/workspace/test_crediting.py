"""Credit notes from invoices: drafted from what remains, checked again at issue, applied or left to the customer."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from multibill.billing import Billing
from multibill.clock import FrozenClock
from multibill.documents import CreditNote, Invoice, Line
from multibill.documents.parts import Reference
from multibill.errors import Denied, InvalidValue, OverCredited, WrongState
from multibill.money import Money
from multibill.parties import Party
from multibill.presets import agency
from multibill.query.doc import Doc
from multibill.records import Actor
from multibill.testing import acme, opened
from tests.office import LOGO, Office

ON = date(2026, 12, 20)


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def issue(office: Office, note: CreditNote) -> CreditNote:
    ann, bob = office.ann.credit_notes, office.bob.credit_notes
    return bob.issue(bob.approve(ann.submit(note)))


def credited(office: Office, invoice: Invoice, **said: Any) -> CreditNote:
    return issue(office, office.ann.invoices.credit(invoice, **said))


def due(office: Office, invoice: Invoice) -> tuple[str | None, Money | None]:
    found = office.bob.invoices.get(invoice.id)
    return found.settlement, found.due


def test_a_credit_note_says_what_its_invoice_said(office: Office) -> None:
    """Whatever the registers say by now."""
    invoice = office.issued()
    office.bob.customers.save(acme(party=Party("Acme Holding"), language="en"))
    note = office.bob.invoices.credit(invoice, lines={"a": 1}, reason="one day less")
    assert (invoice.seller, invoice.buyer, "fr") == (note.seller, note.buyer, note.language)
    assert [(invoice.id, invoice.number, invoice.issue_date)] == [
        (each.id, each.number, each.issue_date) for each in note.preceding
    ]
    assert ["one day less"] == [each.text for each in note.notes]
    assert ("draft", "381", invoice.id, "bob") == (
        note.phase, note.type_code, note.credit_of, note.owner
    )  # fmt: skip
    assert eur("540") == note.totals.payable
    assert () == office.verify().faults


@pytest.mark.parametrize(("code", "credit"), [("386", "503"), ("389", "261"), ("380", "381")])
def test_a_type_of_its_own_for_prepayments_and_self_billing(
    office: Office, code: str, credit: str
) -> None:
    invoice = office.issued(type_code=code)
    assert credit == office.bob.invoices.credit(invoice).type_code


def test_a_credit_takes_off_what_is_due(office: Office) -> None:
    invoice = office.issued()
    note = credited(office, invoice, lines={"a": 1})
    assert ("paid", eur("0")) == (note.settlement, note.due)
    assert ("part-paid", eur("540")) == due(office, invoice)
    credited(office, invoice)
    assert ("paid", eur("0")) == due(office, invoice)
    assert () == office.bob.payments.unallocated("acme")
    assert () == office.verify().faults


def test_a_credit_on_a_paid_invoice_stands_to_the_customers_credit(office: Office) -> None:
    invoice = office.issued()
    office.bob.payments.record("acme", "800", on=ON, settles=[invoice])
    note = credited(office, invoice, lines={"a": 1})
    assert ("part-paid", eur("260")) == (note.settlement, note.due)
    (rest,) = office.bob.payments.unallocated("acme")
    assert ("credit_note", note.id, eur("260"), note.number) == (
        rest.kind, rest.id, rest.amount, rest.name
    )  # fmt: skip
    assert [note.id] == [row.id for row in office.bob.credit_notes.list(Doc.due > eur("0"))]
    other = office.issued()
    used = office.bob.payments.allocate(rest, settles=[other], request_id="r1")
    assert used == office.bob.payments.allocate(note, settles=[other], request_id="r1")
    assert ("paid", eur("0")) == (used.settlement, used.due)
    assert ("part-paid", eur("820")) == due(office, other)
    assert () == office.bob.payments.unallocated("acme")
    assert () == office.verify().faults


def test_an_amount_is_credited_over_the_rates(office: Office) -> None:
    lines = [LOGO, Line(id="c", name="Book", unit_price="100", vat="5.5")]
    invoice = office.issued(lines=lines)
    note = office.ann.invoices.credit(invoice, amount="100")
    assert eur("100") == note.totals.gross
    assert ["S-20", "S-5.5"] == sorted(row.key for row in note.totals.breakdown)
    assert {"Geste commercial"} == {line.name for line in note.lines}
    issued = issue(office, note)
    assert eur("100") == issued.totals.gross
    assert ("part-paid", eur("1085.50")) == due(office, invoice)


def test_334_99_is_credited_by_four_notes_to_the_cent(office: Office) -> None:
    """getlago/lago-api PR #2643."""
    lines = [Line(id=id, name=id, unit_price="69.79", vat="20") for id in "abcd"]
    invoice = office.issued(lines=lines)
    notes = [credited(office, invoice, lines={id: 1}) for id in "abcd"]
    assert eur("334.99") == invoice.totals.gross == sum(note.totals.gross for note in notes)
    assert [{}, {}, {}, {"S-20": Decimal("-0.01")}] == [note.vat_adjustments for note in notes]
    assert ("paid", eur("0")) == due(office, invoice)
    assert () == office.verify().faults


def test_what_fitted_when_drafted_is_checked_again_at_issue(office: Office) -> None:
    """Drafts reserve nothing: the first that is issued takes, the second is refused and takes nothing."""
    invoice = office.issued()
    one, two = (office.ann.invoices.credit(invoice, lines={"a": 2}) for _ in range(2))
    issue(office, one)
    length = len(office.journal())
    with pytest.raises(OverCredited, match="/lines/a"):
        issue(office, two)
    assert length + 3 == len(office.journal())  # submitted, approved, refused
    with pytest.raises(OverCredited):
        office.ann.invoices.credit(invoice)


def test_the_residue_goes_to_whoever_is_issued_last(office: Office) -> None:
    lines = [Line(id=id, name=id, unit_price="69.79", vat="20") for id in "abcd"]
    invoice = office.issued(lines=lines)
    drafts = [office.ann.invoices.credit(invoice, lines={id: 1}) for id in "abcd"]
    assert [{}] * 4 == [draft.vat_adjustments for draft in drafts]
    notes = [issue(office, draft) for draft in reversed(drafts)]
    assert eur("334.99") == sum(note.totals.gross for note in notes)


def test_an_edited_draft_is_held_to_what_remains(office: Office) -> None:
    invoice = office.issued()
    note = office.ann.invoices.credit(invoice, lines={"a": 1})
    more = office.ann.credit_notes.save(note.with_line("a", quantity=3)).document
    with pytest.raises(OverCredited):
        issue(office, more)
    back = office.bob.credit_notes.get(note.id)
    extra = back.with_line("a", quantity=1).with_line(Line(name="x", unit_price="450", vat="20"))
    ready = office.ann.credit_notes.save(extra).document
    bob = office.bob.credit_notes
    assert eur("1080") == bob.issue(bob.approve(ready)).totals.gross


def test_an_adjustment_goes_with_the_base_it_was_made_for(office: Office) -> None:
    lines = [Line(id=id, name=id, quantity=2, unit_price="34.895", vat="20") for id in "abcd"]
    invoice = office.issued(lines=lines)
    for id in "abc":
        credited(office, invoice, lines={id: 2})
    note = office.ann.invoices.credit(invoice)
    assert {"S-20": Decimal("-0.01")} == note.vat_adjustments
    named = office.ann.credit_notes.save(note.with_line("d", name="renamed")).document
    assert note.vat_adjustments == named.vat_adjustments
    half = office.ann.credit_notes.save(named.with_line("d", quantity=1)).document
    assert {} == half.vat_adjustments
    assert () == office.verify().faults


def test_what_cannot_be_credited(office: Office) -> None:
    invoice, credit = office.issued(), office.bob.invoices.credit
    with pytest.raises(WrongState):
        credit(office.draft())
    invalid: tuple[dict[str, Any], ...] = (
        {"lines": {"a": 1}, "amount": "10"},
        {"amount": "0"},
        {"amount": "x"},
        {"amount": Money("10", "USD")},
        {"lines": {"z": 1}},
        {"lines": {"a": 1.5}},
    )
    for said in invalid:
        with pytest.raises(InvalidValue) as caught:
            credit(invoice, **said)
        assert caught.value.path is not None
    nothing_left: tuple[dict[str, Any], ...] = (
        {"lines": {"a": 0}},
        {"lines": {}},
        {"lines": {"a": 3}},
        {"amount": "1080.01"},
    )
    for said in nothing_left:
        with pytest.raises(OverCredited):
            credit(invoice, **said)
    with pytest.raises(Denied):
        office.as_("root", "admin").invoices.credit(invoice)
    with pytest.raises(InvalidValue):
        office.bob.credit_notes.credit(credit(invoice))


def test_a_credit_that_is_asked_for_twice_is_drafted_once(office: Office) -> None:
    invoice = office.issued()
    one, two = (
        office.bob.invoices.credit(invoice, lines={"a": 1}, request_id="r1") for _ in range(2)
    )
    assert one == two


def test_cash_rounding_is_credited_with_the_whole(office: Office) -> None:
    invoice = office.issued(
        lines=[Line(id="a", name="Cut", unit_price="8.35", vat="20")], cash_unit="0.05"
    )
    assert ("open", eur("10.00")) == due(office, invoice)
    note = credited(office, invoice)
    assert (eur("10.00"), eur("0")) == (note.totals.payable, note.due)
    assert ("paid", eur("0")) == due(office, invoice)


def test_threads_credit_no_more_than_there_is(office: Office) -> None:
    invoice = office.issued()
    notes = [office.ann.invoices.credit(invoice, amount="300") for _ in range(6)]
    ready = [
        office.bob.credit_notes.approve(office.ann.credit_notes.submit(note)) for note in notes
    ]
    start = Barrier(len(ready))

    def race(note: CreditNote) -> str:
        start.wait()
        try:
            return office.bob.credit_notes.issue(note).phase
        except OverCredited:
            return "refused"

    with ThreadPoolExecutor(len(ready)) as pool:
        told = sorted(pool.map(race, ready))
    assert ["issued", "issued", "issued", "refused", "refused", "refused"] == told
    assert ("part-paid", eur("180")) == due(office, invoice)
    assert () == office.verify().faults


RACER = """
import sys
from multibill import Actor, Billing, FrozenClock, OverCredited, presets
url, who, note = sys.argv[1:]
billing = Billing.open(url, policy=presets.agency(), clock=FrozenClock("2026-11-30T12:00:00Z"))
desk = billing.workspace("t1", actor=Actor(who, roles={"manager"}))
desk.credit_notes.get(note)
print("ready", flush=True)
sys.stdin.readline()
try:
    desk.credit_notes.issue(note)
    print("issued")
except OverCredited:
    print("refused")
billing.close()
"""


def raced(racers: list[subprocess.Popen[str]]) -> list[str]:
    """What the processes answer when they all start at once."""
    for racer in racers:
        assert racer.stdout is not None
        assert "ready\n" == racer.stdout.readline()
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    return sorted(racer.communicate()[0].strip() for racer in racers)


@pytest.mark.parametrize("free", [False, True])
def test_two_processes_credit_no_more_than_there_is(tmp_path: Path, free: bool) -> None:
    """Nor do they with notes that were drafted freely and only name the invoice."""
    url = f"sqlite:///{tmp_path / 'race.db'}"
    clock = FrozenClock("2026-11-30T12:00:00Z")
    with Billing.open(url, policy=agency(), clock=clock) as billing:
        billing.migrate()
        opened(billing)
        ann, bob = (
            billing.workspace("t1", actor=Actor(name, roles={"manager"})) for name in ("ann", "bob")
        )
        draft = ann.invoices.draft(seller="studio", buyer="acme", lines=[LOGO])
        invoice = bob.invoices.issue(bob.invoices.approve(ann.invoices.submit(draft)))
        goodwill = [Line(name="Goodwill", unit_price="500", vat="20")]
        named = [Reference(id="r", number=invoice.number or "", issue_date=invoice.issue_date)]
        said: dict[str, Any] = {"lines": goodwill, "preceding": named}
        notes = [
            ann.credit_notes.draft(seller="studio", buyer="acme", **said)
            if free
            else ann.invoices.credit(invoice, amount="600")
            for _ in range(4)
        ]
        for note in notes:
            bob.credit_notes.approve(ann.credit_notes.submit(note))
        racers = [
            subprocess.Popen(
                [sys.executable, "-c", RACER, url, who, note.id],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for who, note in zip(("bob", "cat", "bob", "cat"), notes, strict=True)
        ]
        told = raced(racers)
        assert ["issued", "refused", "refused", "refused"] == told
        found = bob.invoices.get(invoice.id)
        assert ("part-paid", eur("480")) == (found.settlement, found.due)
        auditor = billing.workspace("t1", actor=Actor("auditor", roles={"admin"}))
        assert () == auditor.audit.verify().faults


def test_lines_to_credit_are_a_map(office: Office) -> None:
    issued = office.issued()
    with pytest.raises(InvalidValue, match="maps ids of lines"):
        office.bob.invoices.credit(issued, lines=[issued.lines[0].id])  # type: ignore[arg-type]
