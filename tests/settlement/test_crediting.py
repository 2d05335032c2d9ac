"""Credit notes come from what remains, so that all of them together equal the invoice, per line and per rate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from multibill.documents import (
    Allowance,
    Charge,
    CreditNote,
    DocumentAllowance,
    DocumentCharge,
    Invoice,
    Line,
)
from multibill.errors import OverCredited
from multibill.money import Money
from multibill.settlement import Credited, balance, by_amount, by_lines, credited, fitted, in_full
from multibill.testing import acme, strategies, studio

PARTIES: dict[str, Any] = {"seller": studio().party, "buyer": acme().party}


def invoice(lines: list[Line], **said: Any) -> Invoice:
    return Invoice(id="i", lines=lines, **PARTIES, **said)


class Book:
    """An invoice and the credit notes on it."""

    def __init__(self, original: Invoice) -> None:
        self.original = original
        self.notes: list[CreditNote] = []

    @property
    def left(self) -> Any:
        return balance(self.original, [credited(note, self.original) for note in self.notes])

    def note(self, fields: dict[str, Any]) -> CreditNote:
        lines = [
            line if line.id else attrs.evolve(line, id=f"n{len(self.notes)}.{place}")
            for place, line in enumerate(fields["lines"])
        ]
        code = self.original.currency
        made = CreditNote(id="c", currency=code, **PARTIES, **{**fields, "lines": lines})
        made = made.evolve(**fitted(made, self.original, self.left))
        self.notes.append(made)
        return made

    def lines(self, **wanted: Any) -> CreditNote:
        return self.note(by_lines(self.original, self.left, wanted))

    def amount(self, amount: str) -> CreditNote:
        return self.note(
            by_amount(self.original, self.left, Money(amount, self.original.currency), "Goodwill")
        )

    def rest(self) -> CreditNote:
        return self.note(in_full(self.original, self.left))

    def sums(self) -> dict[str, tuple[Decimal, Decimal]]:
        found: dict[str, tuple[Decimal, Decimal]] = {}
        for note in self.notes:
            for row in note.totals.breakdown:
                taxable, tax = found.get(row.key, (Decimal(0), Decimal(0)))
                found[row.key] = taxable + row.taxable.amount, tax + row.tax.amount
        return {key: parts for key, parts in found.items() if any(parts)}

    def complete(self) -> bool:
        whole = {
            row.key: (row.taxable.amount, row.tax.amount) for row in self.original.totals.breakdown
        }
        assert {key: parts for key, parts in whole.items() if any(parts)} == self.sums()
        assert self.left.empty
        return True


FOUR = [
    Line(id=id, name=id, unit_price=price, vat="20")
    for id, price in [("a", "69.79"), ("b", "69.79"), ("c", "69.79"), ("d", "69.79")]
]


def test_four_credit_notes_on_334_99_sum_to_334_99() -> None:
    """The real case of getlago/lago-api PR #2643, where four of them came to 335.00."""
    book = Book(invoice(FOUR))
    assert Money("334.99", "EUR") == book.original.totals.gross
    for id in "abcd":
        book.lines(**{id: 1})
    assert ["83.75", "83.75", "83.75", "83.74"] == [
        str(note.totals.gross.amount) for note in book.notes
    ]
    assert book.complete()


def test_four_amounts_on_334_99_sum_to_334_99_whatever_the_split() -> None:
    book = Book(invoice(FOUR))
    for amount in ("83.75", "83.75", "83.75", "83.74"):
        assert Money(amount, "EUR") == book.amount(amount).totals.gross
    assert book.complete()


def test_a_line_in_thirds_ends_with_its_residue() -> None:
    book = Book(
        invoice(
            [Line(id="a", name="Day", quantity=3, unit_price="10", base_quantity="3", vat="20")]
        )
    )
    nets = [book.lines(a=1).totals.net.amount for _ in range(3)]
    assert [Decimal("3.33"), Decimal("3.33"), Decimal("3.34")] == nets
    assert book.complete()


def test_a_whole_line_is_credited_as_it_was_billed() -> None:
    line = Line(id="a", name="Day", quantity=3, unit="DAY", unit_price="450", vat="20")
    book = Book(invoice([line]))
    assert (line,) == book.rest().lines


def test_part_of_a_line_keeps_its_price() -> None:
    line = Line(id="a", name="Day", quantity=3, unit="DAY", unit_price="450", vat="20")
    (found,) = Book(invoice([line])).lines(a=1).lines
    assert (Decimal(1), Decimal(450), None) == (
        found.quantity, found.unit_price, found.base_quantity
    )  # fmt: skip


def test_allowances_and_charges_follow_in_proportion_and_the_last_takes_the_rest() -> None:
    lines = [Line(id=id, name=id, unit_price="100", vat="20") for id in "abc"]
    allowance = DocumentAllowance(id="x", amount="10", vat="20", reason="Loyalty")
    charge = DocumentCharge(id="y", percent="1", vat="5.5", reason="Freight")
    book = Book(invoice(lines, allowances=[allowance], charges=[charge]))
    for id in "abc":
        book.lines(**{id: 1})
    taken = [note.totals.amounts["x"] for note in book.notes]
    assert [Decimal("3.33"), Decimal("3.33"), Decimal("3.34")] == taken
    assert book.complete()


def test_a_credit_in_full_after_goodwill_takes_that_off() -> None:
    book = Book(invoice([Line(id="a", name="Work", unit_price="100", vat="20")]))
    assert Money("12.00", "EUR") == book.amount("12").totals.gross
    last = book.rest()
    assert [Decimal("10.00")] == [item.amount for item in last.allowances]
    assert Money("108.00", "EUR") == last.totals.gross
    assert book.complete()


@pytest.mark.parametrize("rounding", ["currency", "precise", "included"])
def test_each_rounding_rule_is_credited_to_the_cent(rounding: str) -> None:
    lines = [
        Line(id=id, name=id, quantity=3, unit_price="3.335", vat=vat)
        for id, vat in [("a", "20"), ("b", "20"), ("c", "5.5")]
    ]
    book = Book(invoice(lines, rounding=rounding))
    book.lines(a=1, c=2)
    book.lines(b=2, a=1)
    book.amount("1.01")
    book.rest()
    assert book.complete()


def test_a_line_with_a_negative_quantity_is_credited_like_any_other() -> None:
    lines = [
        Line(id="a", name="Work", quantity=2, unit_price="100", vat="20"),
        Line(id="b", name="Returned", quantity=-1, unit_price="33.33", vat="10"),
    ]
    book = Book(invoice(lines))
    book.lines(a=1)
    book.rest()
    assert book.complete()


@pytest.mark.parametrize(
    ("wanted", "path"),
    [({"a": 4}, "/lines/a"), ({"a": -1}, "/lines/a"), ({"a": "3.001"}, "/lines/a")],
)
def test_more_than_remains_of_a_line_is_refused(wanted: Any, path: str) -> None:
    book = Book(invoice([Line(id="a", name="Day", quantity=3, unit_price="450", vat="20")]))
    with pytest.raises(OverCredited) as caught:
        book.lines(**wanted)
    assert path == caught.value.path


def test_more_than_remains_of_a_rate_is_refused() -> None:
    book = Book(invoice([Line(id="a", name="Day", unit_price="100", vat="20")]))
    book.amount("60")
    with pytest.raises(OverCredited, match=r"50\.00 EUR"):
        book.lines(a=1)
    with pytest.raises(OverCredited) as caught:
        book.amount("60.01")
    assert "/amount" == caught.value.path


prices = st.decimals("0.01", "999.99", places=2)
quantities = st.decimals("0.1", "9.9", places=1)
lines_of_work = st.lists(
    st.builds(
        Line,
        name=st.just("Work"),
        quantity=quantities,
        unit_price=prices,
        vat=st.sampled_from(["20", "10", "5.5", "0"]),
    ),
    min_size=1,
    max_size=4,
)


@given(lines_of_work, st.sampled_from(["currency", "precise", "included"]), st.data())
def test_any_credit_notes_and_then_the_rest_equal_the_invoice_per_rate(
    lines: list[Line], rounding: str, data: st.DataObject
) -> None:
    lines = [attrs.evolve(line, id=f"l{place}") for place, line in enumerate(lines)]
    extra = DocumentAllowance(id="x", percent="3", vat=lines[0].vat, reason="Loyalty")
    book = Book(invoice(lines, rounding=rounding, allowances=[extra]))
    assume(all(row.taxable.amount >= 0 for row in book.original.totals.breakdown))
    for _ in range(data.draw(st.integers(0, 4))):
        before = list(book.notes)
        try:
            if data.draw(st.booleans()):
                id = data.draw(st.sampled_from([line.id or "" for line in lines]))
                rest = book.left.lines[id][0]
                part = data.draw(st.integers(0, 10)) * rest / 10
                book.lines(**{id: part})
            else:
                gross = sum(t.minor + x.minor for t, x in book.left.rows.values())
                asked = Money.from_minor(data.draw(st.integers(0, gross)), "EUR")
                book.amount(str(asked.amount))
        except OverCredited:
            book.notes = before
    if not book.left.empty:
        book.rest()
    assert book.complete()


def test_a_charge_that_comes_to_less_than_nothing_is_credited_as_an_allowance() -> None:
    """A percentage of lines below zero; no amount of a document is written below zero (BT-92, BT-99)."""
    lines = [
        Line(id="a", name="Work", quantity=2, unit_price="50", vat="20"),
        Line(id="b", name="Returned", quantity=-4, unit_price="50", vat="10"),
    ]
    allowance = DocumentAllowance(
        id="x", percent="10", vat="20", reason="Loyalty", reason_code="95"
    )
    charge = DocumentCharge(id="y", percent="10", vat="20", reason_code="FC")
    book = Book(invoice(lines, allowances=[allowance], charges=[charge]))
    assert [Decimal("-10.00")] * 2 == list(book.original.totals.amounts.values())
    first = book.lines(a=1, b=-2)
    assert [("y", Decimal("5.00"), "FC")] == [(i.id, i.amount, i.reason) for i in first.allowances]
    assert [("x", Decimal("5.00"), None)] == [
        (i.id, i.amount, i.reason_code) for i in first.charges
    ]
    assert {"x": Decimal("-5.00"), "y": Decimal("-5.00")} == dict(book.left.amounts)
    book.lines(a=1, b=-2)
    assert book.complete()


def test_a_line_that_comes_to_less_than_nothing_has_no_price_below_zero() -> None:
    """BR-27: its allowances are more than its price; in parts it costs nothing and less an allowance."""
    line = Line(
        id="a", name="Demo", quantity=2, unit_price="10", vat="20",
        allowances=[Allowance(id="a.1", amount="25", reason="Loan")],
    )  # fmt: skip
    book = Book(invoice([line, Line(id="b", name="Work", unit_price="99", vat="10")]))
    book.lines(b=1, a=1)
    (half, _) = book.notes[0].lines
    assert (Decimal(0), Decimal("2.50"), "Loan") == (
        half.unit_price, half.allowances[0].amount, half.allowances[0].reason
    )  # fmt: skip
    book.lines(a=1)
    assert book.complete()


def test_what_a_line_of_no_quantity_comes_to_is_credited_with_it() -> None:
    freight = [Charge(id="a.1", amount="7", reason="Freight")]
    line = Line(id="a", name="Sample", quantity=0, unit_price="10", vat="20", charges=freight)
    for rounding in ("currency", "precise", "included"):
        book = Book(invoice([line], rounding=rounding))
        assert ["a"] == [line.id for line in book.lines(a=0).lines]
        assert book.complete()


def test_whoever_credits_the_last_of_an_invoice_credits_its_cash_rounding() -> None:
    lines = [Line(id=id, name=id, unit_price="4.18", vat="20") for id in "ab"]
    for cash, rounding in ("0.05", "0.02"), ("0.10", "-0.03"):
        book = Book(invoice(lines, cash_unit=cash))
        assert Decimal(rounding) == book.original.totals.rounding.amount  # type: ignore[union-attr]
        assert book.lines(a=1).totals.rounding is None
        assert Money(rounding, "EUR") == book.lines(b=1).totals.rounding
        assert book.complete()


def signed(book: Book) -> bool:
    """What remains of each row lies between nothing and what the invoice has, and no tax without its base."""
    for row in book.original.totals.breakdown:
        for left, whole in zip(book.left.rows[row.key], (row.taxable, row.tax), strict=True):
            assert min(whole.amount, Decimal(0)) <= left.amount <= max(whole.amount, Decimal(0))
    return True


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.invoices(), st.data())
def test_whatever_is_invoiced_is_credited_in_parts_and_then_in_full(
    drawn: Invoice, data: st.DataObject
) -> None:
    """Lines of any sign, allowances and charges at both levels, each rounding rule, coins, prepayments."""
    book = Book(drawn.evolve(vat_adjustments={}))
    original = book.original
    for _ in range(data.draw(st.integers(0, 3))):
        before = list(book.notes)
        try:
            if data.draw(st.booleans()) and original.lines:
                some = data.draw(
                    st.sets(st.sampled_from([line.id or "" for line in original.lines]))
                )
                tenths = data.draw(st.integers(0, 10))
                book.lines(**{id: book.left.lines[id][0] * tenths / 10 for id in some})
            else:
                gross = sum(t.minor + x.minor for t, x in book.left.rows.values())
                asked = data.draw(st.integers(0, max(gross, 0)))
                book.amount(str(Money.from_minor(asked, original.currency).amount))
        except OverCredited:
            book.notes = before
        assert signed(book)
    if not book.left.empty:
        book.rest()
    assert book.complete()
    for note in book.notes:
        assert all(line.unit_price >= 0 for line in note.lines)


def test_what_was_credited_is_read_back_as_it_was_stored() -> None:
    book = Book(invoice(FOUR))
    found = credited(book.lines(a=1), book.original)
    assert found == Credited.of(found.tree, "EUR")


def test_credits_whose_tax_is_rounded_up_never_take_more_than_the_rate_has() -> None:
    """Ten times 0.03 at 20 % would be 0.10 of VAT where the invoice has 0.06."""
    line = Line(id="a", name="Call", quantity=10, unit_price="0.03", vat="20")
    book = Book(invoice([line]))
    for _ in range(10):
        book.lines(a=1)
        assert min(part.amount for part in book.left.rows["S-20"]) >= 0
    assert book.complete()
