"""Invariant 16: allocations never exceed a payment; what is due is never below zero; every surplus can be found.

And invariant 21 for money: what payments, credits and write-offs change is in the journal, which alone gives what is
stored; a refused issue leaves nothing but the refusal, any other refused call leaves nothing.
"""

from __future__ import annotations

import pytest
from hypothesis.stateful import invariant

from tests.property.books import Books
from tests.worlds import case, on_sqlite


class Allocations(Books):
    """The month of money, held to what the journal says."""

    @invariant()
    def invariant_16_no_payment_gives_more_than_it_is(self) -> None:
        assert [] == self.ledger().breaches_of_16()

    @invariant()
    def invariant_16_every_surplus_is_found_and_every_fact_follows(self) -> None:
        self.check_facts()

    @invariant()
    def invariant_21_all_of_it_is_in_the_journal(self) -> None:
        self.check_audit()


TestInvariants16And21OnMemory = case(Allocations, 25, 20)
TestInvariants16And21OnSqlite = case(on_sqlite(Allocations), 6, 20)


@pytest.mark.slow
class TestInvariant16AtLength(case(on_sqlite(Allocations), 100, 50)):  # type: ignore[misc]
    """The same, for longer."""
