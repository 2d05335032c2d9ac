"""Invariant 9: numbers in a series run from its start without gap or duplicate, in date order, whatever happens.

Two sellers, a yearly and a monthly series; refused issues, calls that break after the number was taken, issues on past
days, and a clock that moves over the end of a year that comes an hour earlier in Paris.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from multibill.billing import Billing
from multibill.clock import FrozenClock
from multibill.documents import Line
from multibill.permissions import Policy, permit
from multibill.records import Actor
from multibill.testing import opened, oracles, studio
from multibill.testing.machine import ORDINARY, Office
from multibill.workflow import Workflow
from tests.interrupted import Interrupted, PowerCut
from tests.worlds import case, on_sqlite

PARIS = ZoneInfo("Europe/Paris")
BOSS = Actor("boss", roles={"boss"})
SELLERS = {"studio": "F{year}-{n:05}", "atelier": "M{year}{month}-{n}"}
LINES = [Line(id="a", name="Logo", quantity=2, unit="DAY", unit_price="450", vat="20")]


class Numbers(Office):
    """Issues in two series, in every way that an issue can fail."""

    start = "2026-11-29T20:00:00Z"

    @staticmethod
    def options() -> dict[str, Any]:
        on = {"read", "draft", "edit", "issue", "discard"}
        rules = permit("all", to="boss", on=on), permit("see", on="read", of="customer")
        policy = Policy(
            *rules,
            permit("look", on="read", of="seller"),
            permit("check", on="verify", of="journal"),
        )
        return {"policy": policy, "workflow": Workflow(approvals=0)}

    def billing(self, clock: FrozenClock) -> Billing:
        self.source = Interrupted()
        billing = Billing(self.storage(), clock=clock, random=self.source, **self.options())
        sellers = [
            studio(id=name, series={"invoice": pattern}) for name, pattern in SELLERS.items()
        ]
        return opened(billing, self.tenant, sellers=sellers)

    @initialize()
    def begin(self) -> None:
        self.issue("studio", None)
        self.issue("atelier", None)

    @rule(seller=st.sampled_from([*SELLERS]), back=st.none() | st.integers(-1, 40))
    def issue(self, seller: str, back: int | None) -> None:
        """Today, on a past day, or (refused) on one to come."""
        self.attempt(seller, back)

    @rule(seller=st.sampled_from([*SELLERS]))
    def refused(self, seller: str) -> None:
        """Without a line: the preflight finds it, and no number is taken."""
        before = self.issued()
        assert self.attempt(seller, None, lines=[]) is None
        assert before == self.issued()

    @rule(seller=st.sampled_from([*SELLERS]), draws=st.integers(0, 3))
    def interrupted(self, seller: str, draws: int) -> None:
        """A call that breaks, also after the number was taken, leaves nothing."""
        draft = self.ready(seller, LINES)
        before, self.source.left = self.journal(), draws
        try:
            self.workspace(BOSS).invoices.issue(draft)
        except PowerCut:
            assert before == self.journal()
        self.source.left = None

    @rule(seller=st.sampled_from([*SELLERS]))
    def twice(self, seller: str) -> None:
        """The same request again: one number."""
        draft = self.ready(seller, LINES)
        office = self.workspace(BOSS).invoices
        first = office.issue(draft, request_id=f"once-{draft.id}")
        assert first == office.issue(draft, request_id=f"once-{draft.id}")

    @rule(hours=st.sampled_from([1, 2, 5, 23, 24 * 20]))
    def wait(self, hours: int) -> None:
        self.clock.advance(hours=hours)

    def ready(self, seller: str, lines: list[Line]) -> Any:
        """A draft that nothing but its content keeps from being issued."""
        return self.workspace(BOSS).invoices.draft(seller=seller, buyer="acme", lines=lines)

    def attempt(self, seller: str, back: int | None, lines: list[Line] = LINES) -> Any:
        """The issued invoice, or None."""
        draft = self.ready(seller, lines)
        on = None if back is None else self.clock.now().date() - timedelta(days=back)
        try:
            return self.workspace(BOSS).invoices.issue(draft, on=on)
        except ORDINARY:
            return None

    def issued(self) -> list[str]:
        """Every number, in the order of the journal."""
        changes = (c for e in self.journal() if e.action == "issue" for c in e.changes)
        return [f"{c.after}" for c in changes if c.path == "/number"]

    @invariant()
    def invariant_9_numbers_run_without_gap_in_date_order(self) -> None:
        assert [] == oracles.numbers(self.journal())

    @invariant()
    def invariant_9_no_number_bears_a_day_to_come(self) -> None:
        """Today is what the calendar shows in Paris when the entry is written."""
        for entry in self.journal():
            dates = [c.after for c in entry.changes if c.path == "/issue_date"]
            assert all(day <= f"{entry.recorded_at.astimezone(PARIS):%Y-%m-%d}" for day in dates)

    @invariant()
    def invariant_9_numbers_are_unique(self) -> None:
        issued = self.issued()
        assert len(set(issued)) == len(issued)

    def teardown(self) -> None:
        assert () == self.workspace(BOSS).audit.verify().faults


class NumbersInTheHostsTransaction(on_sqlite(Numbers)):  # type: ignore[misc]
    """On SQLite, and now and then in a transaction that the host takes back or keeps."""

    @rule(seller=st.sampled_from([*SELLERS]), kept=st.booleans())
    def joined(self, seller: str, kept: bool) -> None:
        draft = self.ready(seller, LINES)
        before = self.journal()
        with self.storage()._engine.connect() as connection:
            office = self.opened.workspace(self.tenant, actor=BOSS, session=connection)
            office.invoices.issue(draft)
            connection.commit() if kept else connection.rollback()
        assert kept is (before != self.journal())


TestInvariant09OnMemory = case(Numbers, 25)
TestInvariant09OnSqlite = case(NumbersInTheHostsTransaction, 8)


@pytest.mark.slow
class TestInvariant09AtLength(case(NumbersInTheHostsTransaction, 100, 50)):  # type: ignore[misc]
    """The same, for longer."""


def test_the_oracle_sees_a_gap_a_duplicate_and_a_date_out_of_order() -> None:
    """The oracle can fail: a journal with one issue taken out, repeated, or put in front is none of the kind."""
    machine = Numbers()
    for _ in range(3):
        machine.issue("studio", None)
        machine.wait(24)
    journal = machine.journal()
    issues = [entry for entry in journal if entry.action == "issue"]
    assert [] == oracles.numbers(journal)
    assert [] != oracles.numbers([entry for entry in journal if entry is not issues[1]])
    assert [] != oracles.numbers([*journal, issues[1]])
    early = [
        attrs.evolve(c, after="2026-01-01") if c.path == "/issue_date" else c
        for c in issues[2].changes
    ]
    late = attrs.evolve(issues[2], changes=tuple(early))
    assert [] != oracles.numbers([late if entry is issues[2] else entry for entry in journal])
