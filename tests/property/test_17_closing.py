"""Invariant 17: when a document closes, payments, credits and write-offs equal it, per VAT rate."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, reject, settings, strategies as st
from hypothesis.stateful import invariant, rule

from multibill.documents import (
    Allowance,
    Charge,
    CreditNote,
    DocumentAllowance,
    DocumentCharge,
    Invoice,
    Line,
)
from multibill.errors import OverCredited, PreflightFailed, WrongState
from multibill.money import Money
from multibill.tax import VAT
from multibill.testing import strategies
from tests.office import Office
from tests.property.books import ANN, BOB, Books
from tests.property.ledger import Ledger
from tests.worlds import case, on_sqlite, storages


class Closing(Books):
    """The month of money, held to the rates of each invoice."""

    @rule(data=st.data())
    def credit_all_that_remains(self, data: st.DataObject) -> None:
        """Whatever was credited before, this ends it to the cent."""
        id = data.draw(st.sampled_from(self.invoices))
        ann, bob = self.workspace(ANN), self.workspace(BOB)
        body, before = self.ledger().invoices[id], self.ledger().credited(id)
        whole = {
            key: (row["taxable"], row["tax"]) for key, row in body["totals"]["breakdown"].items()
        }
        if {key: tuple(map(str, part)) for key, part in before.items()} == whole:
            return
        note = self.asked(lambda ws, r: ws.invoices.credit(id, request_id=r), by=ANN)
        if note is None:
            return
        note = bob.credit_notes.approve(ann.credit_notes.submit(note))
        bob.credit_notes.issue(note)
        after = self.ledger().credited(id)
        for key, row in body["totals"]["breakdown"].items():
            assert (Money(row["taxable"], "EUR"), Money(row["tax"], "EUR")) == tuple(
                Money(part, "EUR") for part in after[key]
            )

    @invariant()
    def invariant_17_what_closes_is_equal_per_rate(self) -> None:
        assert [] == self.ledger().breaches_of_17()


TestInvariant17OnMemory = case(Closing, 25, 20)
TestInvariant17OnSqlite = case(on_sqlite(Closing), 6, 20)


@pytest.mark.slow
class TestInvariant17AtLength(case(on_sqlite(Closing), 100, 50)):  # type: ignore[misc]
    """The same, for longer."""


STANDARD = st.sampled_from([VAT("S", rate) for rate in ("20", "10", "5.5")])
SIZES = st.fixed_dictionaries({"amount": strategies.decimals(0, 99, 2)}) | st.fixed_dictionaries(
    {"percent": strategies.decimals(0, 60, 1)}
)


@st.composite
def bills(draw: st.DrawFn) -> dict[str, Any]:
    """What an invoice says: lines of any sign, allowances and charges at both levels, rounding, coins, prepayments."""

    def some(cls: Any, prefix: str, **more: Any) -> list[Any]:
        sizes = draw(st.lists(SIZES, max_size=2))
        return [
            cls(id=f"{prefix}{n}", reason="Why", **size, **more) for n, size in enumerate(sizes)
        ]

    sold = draw(strategies.unique_lines(1, 4, STANDARD, plain=True))
    lines = [
        attrs.evolve(
            line,
            name="Work",
            quantity=line.quantity / 1000,
            allowances=some(Allowance, f"a{place}."),
            charges=some(Charge, f"c{place}."),
        )
        for place, line in enumerate(sold)
    ]
    said: dict[str, Any] = {
        "lines": lines,
        "rounding": draw(st.sampled_from(["currency", "precise", "included"])),
        "allowances": some(DocumentAllowance, "x", vat=draw(STANDARD)),
        "charges": some(DocumentCharge, "y", vat=draw(STANDARD)),
    }
    cash = draw(st.sampled_from([{}, {"cash_unit": "0.05"}, {"rounding_amount": "-0.02"}]))
    return said | cash | draw(st.sampled_from([{}, {"prepaid": "12.34"}]))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "amount", "lines", "write_off", "reinstate"]), st.integers(1, 9)
    ),
    max_size=5,
)


def step(office: Office, invoice: Invoice, what: str, tenths: int) -> None:
    """Something that happens to an invoice: that many tenths of it paid or credited, or all of it given up."""
    now = office.bob.invoices.get(invoice.id)
    part = Money.rounded(invoice.totals.gross.amount * tenths / 10, "EUR")
    if what == "pay":
        office.bob.payments.record("acme", part, on="2026-12-20", settles=[now])
    elif what in {"amount", "lines"}:
        quantities = {line.id: line.quantity * tenths / 10 for line in now.lines}
        said: dict[str, Any] = {"amount": part} if what == "amount" else {"lines": quantities}
        credited(office, office.ann.invoices.credit(now, **said))
    else:
        getattr(office.bob.invoices, what)(now, reason="insolvent")


def credited(office: Office, note: CreditNote) -> CreditNote:
    ready = office.bob.credit_notes.approve(office.ann.credit_notes.submit(note))
    return office.bob.credit_notes.issue(ready)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(bills(), STEPS)
def test_invariant_17_whatever_happens_all_credits_of_an_invoice_equal_it_per_rate(
    said: dict[str, Any], steps: list[tuple[str, int]]
) -> None:
    for _, storage in storages():
        office = Office(storage)
        draft = office.approved(**said)
        try:
            invoice = office.bob.invoices.issue(draft)
        except PreflightFailed:
            reject()
        if invoice.totals.payable.amount <= 0:
            reject()
        for what, tenths in steps:
            with suppress(OverCredited, WrongState):
                step(office, invoice, what, tenths)
        with suppress(OverCredited):
            credited(office, office.ann.invoices.credit(invoice))
        ledger = Ledger(office.journal())
        assert [] == [*ledger.breaches_of_16(), *ledger.breaches_of_17()]
        rows = {row.key: (row.taxable, row.tax) for row in invoice.totals.breakdown}
        sums = ledger.credited(invoice.id)
        assert {key: row for key, row in rows.items() if any(row)} == {
            key: (Money(taxable, "EUR"), Money(tax, "EUR"))
            for key, (taxable, tax) in sums.items()
            if taxable or tax
        }
        assert 0 == ledger.due(invoice.id)
        assert "paid" == office.bob.invoices.get(invoice.id).settlement
        assert () == office.verify().faults


lines = st.lists(
    st.builds(
        Line,
        name=st.just("Work"),
        quantity=st.decimals("0.1", "9", places=1),
        unit_price=st.decimals("0.01", "99", places=2),
        vat=st.sampled_from(["20", "10", "5.5"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=15)
@given(lines, st.lists(st.integers(1, 100), max_size=4), st.sampled_from(["precise", "included"]))
def test_invariant_17_an_invoice_paid_in_parts_is_paid_per_rate(
    sold: list[Line], parts: list[int], rounding: str
) -> None:
    for _, storage in storages():
        office = Office(storage)
        invoice = office.issued(lines=sold, rounding=rounding)
        whole = invoice.totals.payable
        for part in [*parts, None]:
            left = office.bob.invoices.get(invoice.id).due
            assert left is not None
            amount: Any = (
                left if part is None else min(left, Money.rounded(whole.amount * part / 100, "EUR"))
            )
            if amount:
                office.bob.payments.record("acme", amount, on="2026-12-20", settles=[invoice])
        ledger = Ledger(office.journal())
        assert [] == ledger.breaches_of_17()
        assert 0 == ledger.due(invoice.id)
