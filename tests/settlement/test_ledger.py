"""The settlement of one document: what payments and credit notes took of its rows, what is due, how it stands."""

from __future__ import annotations

from typing import Any

from multibill.documents import CreditNote, Invoice, Line
from multibill.money import Money
from multibill.settlement import Settlement, standing
from multibill.testing import acme, studio

PARTIES: dict[str, Any] = {"seller": studio().party, "buyer": acme().party, "phase": "issued"}
LINES = [
    Line(id="a", name="Work", unit_price="100", vat="20"),
    Line(id="b", name="Book", unit_price="100", vat="10"),
]
INVOICE = Invoice(id="i", lines=LINES, **PARTIES)
NEW = Settlement(document="i", currency="EUR")


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def test_a_credit_takes_its_own_rows_and_the_payment_after_it_what_they_left() -> None:
    note = {"S-20": eur("60")}
    credited = NEW.crediting(INVOICE, "c", note, eur("60"))
    assert {"c": note} == credited.credits
    assert {"S-20": eur("60"), "S-10": eur("110")} == credited.left(INVOICE)
    paid = credited.paying(INVOICE, "p", eur("170"))
    assert {"p": {"S-20": eur("60"), "S-10": eur("110")}} == paid.payments
    half = credited.paying(INVOICE, "p", eur("85"))
    assert {"p": {"S-20": eur("30"), "S-10": eur("55")}} == half.payments


def test_what_a_credit_has_beyond_its_own_rows_goes_to_the_others() -> None:
    paid = NEW.paying(INVOICE, "p", eur("115"))
    assert {"S-20": eur("60"), "S-10": eur("55")} == paid.left(INVOICE)
    credited = paid.crediting(INVOICE, "c", {"S-20": eur("100")}, eur("100"))
    assert {"c": {"S-20": eur("60"), "S-10": eur("40")}} == credited.credits
    assert eur("15") == credited.due(INVOICE)


def test_a_second_amount_of_the_same_source_joins_the_first() -> None:
    twice = NEW.paying(INVOICE, "p", eur("46")).paying(INVOICE, "p", eur("46"))
    assert {"p": {"S-20": eur("48"), "S-10": eur("44")}} == twice.payments
    note = {"S-20": eur("120")}
    noted = NEW.crediting(INVOICE, "c", note, eur("50")).crediting(INVOICE, "c", note, eur("70"))
    assert {"c": note} == noted.credits
    own = Settlement(document="c", currency="EUR").using("i", eur("50")).using("i", eur("70"))
    assert {"i": eur("120")} == own.uses


def test_what_is_due_is_never_below_zero() -> None:
    """An invoice of more prepaid than billed asks for nothing."""
    over = Invoice(id="i", lines=LINES, prepaid="300", **PARTIES)
    assert eur("-70") == over.totals.payable
    assert ("paid", eur("0")) == standing(over, None)


def test_only_issued_invoices_and_credit_notes_stand_anywhere() -> None:
    draft = Invoice(id="i", lines=LINES, **{**PARTIES, "phase": "draft"})
    assert (None, None) == standing(draft, None)
    note = CreditNote(id="c", lines=LINES, **PARTIES)
    assert ("open", eur("230")) == standing(note, None)
    used = Settlement(document="c", currency="EUR").using("i", eur("30"))
    assert ("part-paid", eur("200")) == standing(note, used)


def test_a_settlement_is_read_back_as_it_was_stored() -> None:
    found = NEW.paying(INVOICE, "p", eur("10")).crediting(INVOICE, "c", {}, eur("5"))
    assert found == Settlement.of(found.tree)
    own = Settlement(document="c", currency="EUR").using("i", eur("5"))
    assert own == Settlement.of(own.tree)
