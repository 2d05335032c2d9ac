"""Invariant 17: when a document closes, payments, credits and write-offs equal it, per VAT rate."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import invariant, rule

from multibill.documents import Line
from multibill.money import Money
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
