"""Invariant 5: no history exists in which one person, directly or by delegation, both made and approved a change.

Read from the journal by ``testing.oracles``, which shares no code with the library's own bookkeeping.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, initialize, invariant, rule

from multibill.records import Actor
from multibill.testing.machine import Office, actors
from multibill.workflow import Workflow
from tests.worlds import case, on_sqlite


class FourEyes(Office):
    """Few people, one figure that goes up and down again, reviews between: every way back to an old approval."""

    documents = Bundle("documents")

    @initialize(target=documents)
    def begin(self) -> Any:
        return self.drafted(Actor("ann", roles={"manager"}))

    @rule(target=documents, actor=actors())
    def draft(self, actor: Actor) -> Any:
        return self.drafted(actor)

    @rule(id=documents, actor=actors(), quantity=st.sampled_from("12"), base=st.integers(0, 1))
    def edit(self, id: str, actor: Actor, quantity: str, base: int) -> None:
        changes = {"/lines/a/quantity": quantity}
        version = self.stale(id, base).version
        self.call(actor, lambda ws, r: ws.invoices.edit(id, base=version, changes=changes, request_id=r))

    @rule(id=documents, actor=actors(), quantity=st.sampled_from("12"))
    def save(self, id: str, actor: Actor, quantity: str) -> None:
        changed = self.latest(id).with_line("a", quantity=quantity)
        self.call(actor, lambda ws, r: ws.invoices.save(changed, request_id=r))

    @rule(id=documents, actor=actors(), tagged=st.booleans())
    def label(self, id: str, actor: Actor, tagged: bool) -> None:
        """No material change: neither makes an author nor an approval stale."""
        changes = {"/tags/urgent": True if tagged else None}
        version = self.latest(id).version
        self.call(actor, lambda ws, r: ws.invoices.edit(id, base=version, changes=changes, request_id=r))

    @rule(id=documents, actor=actors())
    def submit(self, id: str, actor: Actor) -> None:
        self.call(actor, lambda ws, r: ws.invoices.submit(id, request_id=r))

    @rule(id=documents, actor=actors())
    def approve(self, id: str, actor: Actor) -> None:
        self.call(actor, lambda ws, r: ws.invoices.approve(id, request_id=r))

    @rule(id=documents, actor=actors())
    def approve_again(self, id: str, actor: Actor) -> None:
        seen = self.latest(id)
        self.call(actor, lambda ws, r: ws.invoices.approve(seen, request_id=r))

    @rule(id=documents, actor=actors())
    def refuse(self, id: str, actor: Actor) -> None:
        self.call(actor, lambda ws, r: ws.invoices.refuse(id, comment="no", request_id=r))

    @rule(id=consumes(documents), actor=actors())
    def issue(self, id: str, actor: Actor) -> None:
        self.call(actor, lambda ws, r: ws.invoices.issue(id, request_id=r))

    @rule(id=consumes(documents), actor=actors())
    def discard(self, id: str, actor: Actor) -> None:
        self.call(actor, lambda ws, r: ws.invoices.discard(id, request_id=r))

    @invariant()
    def invariant_5_nobody_approves_their_own_change(self) -> None:
        self.check_four_eyes()


class SixEyes(FourEyes):
    """Two approvals: nobody's counts twice, whoever it was given for."""

    approvals = 2

    @staticmethod
    def options() -> dict[str, Any]:
        return {**FourEyes.options(), "workflow": Workflow(approvals=2)}


TestInvariant05OnMemory = case(FourEyes, 60)
TestInvariant05WithTwoApprovalsOnMemory = case(SixEyes, 30)
TestInvariant05OnSqlite = case(on_sqlite(FourEyes), 15)


@pytest.mark.slow
class TestInvariant05AtLength(case(on_sqlite(FourEyes), 500, 50)):  # type: ignore[misc]
    """The same, for longer."""


@pytest.mark.slow
class TestInvariant05WithTwoApprovalsAtLength(case(on_sqlite(SixEyes), 500, 50)):  # type: ignore[misc]
    """The same, with two approvals."""
