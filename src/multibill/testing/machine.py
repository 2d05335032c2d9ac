"""A random month at an office, for Hypothesis: several people, several invoices, in any order, with retries.

Needs the package ``hypothesis``. After every step the journal is read from the outside (``oracles``) and audited.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from multibill import presets
from multibill.billing import Billing
from multibill.clock import FrozenClock
from multibill.documents import Document, Invoice, Line
from multibill.errors import (
    Conflict,
    Denied,
    Frozen,
    InvalidInput,
    InvalidValue,
    NotFound,
    PreflightFailed,
    Stale,
    WrongState,
)
from multibill.history import Changeset
from multibill.ports import Random, Storage
from multibill.records import Actor
from multibill.storage.memory import MemoryStorage
from multibill.testing import oracles
from multibill.testing.billing import SeededBytes
from multibill.testing.factories import opened
from multibill.testing.reading import journal_of
from multibill.workspace import Workspace

ORDINARY = (
    Conflict,
    Denied,
    Frozen,
    InvalidInput,
    InvalidValue,
    NotFound,
    PreflightFailed,
    Stale,
    WrongState,
)
"""Errors that are answers: a call made at the wrong time, by the wrong person, with the wrong value."""

OFFICE = ("ann", "bob", "cat")
AUDITOR = Actor("auditor", roles={"admin"})

LINE = {"name": "Hosting", "quantity": "1", "unit": "C62", "unit_price": "90", "vat": "20"}

few = st.integers(1, 3).map(str)
days = st.sampled_from(["2026-12-31", "2027-01-31", "2027-03-31", None])


def actors() -> st.SearchStrategy[Actor]:
    """Somebody of the office, for herself or for a colleague."""
    other = st.none() | st.sampled_from(OFFICE)
    return st.builds(
        lambda who, other: Actor(
            who, roles={"manager"}, on_behalf_of=None if other == who else other
        ),
        st.sampled_from(OFFICE),
        other,
    )


def edits() -> st.SearchStrategy[dict[str, Any]]:
    """Wire changes from a small pool, so that people meet, undo each other and come back to where they were."""
    return st.one_of(
        few.map(lambda n: {"/lines/a/quantity": n}),
        few.map(lambda n: {"/lines/b/unit_price": n}),
        days.map(lambda day: {"/due_date": day}),
        st.sampled_from([LINE, None]).map(lambda line: {"/lines/b": line}),
        st.sampled_from([True, None]).map(lambda tag: {"/tags/urgent": tag}),
        st.sampled_from([*OFFICE]).map(lambda owner: {"/owner": owner}),
        st.sampled_from([{"text": "Thank you"}, None]).map(lambda note: {"/notes/n": note}),
        st.sampled_from(["a", None]).map(lambda after: {"/lines/b/after": after}),
        st.tuples(few, days).map(lambda two: {"/lines/a/quantity": two[0], "/due_date": two[1]}),
    )


@attrs.frozen
class Called:
    """A call that was answered, so that it can be made again: who, which request, and the position it made."""

    actor: Actor
    request_id: str
    make: Callable[[Workspace, str], Any]
    position: int | None


class Office(RuleBasedStateMachine):
    """One tenant under test: a clock to move, calls that are remembered, documents as they were handed out.

    Has no rules of its own: subclass it with those that matter to you, or take ``InvoicingMachine``.
    """

    tenant = "t1"
    approvals = 1
    start = "2026-12-30T09:00:00Z"

    def __init__(self) -> None:
        super().__init__()
        self.clock = FrozenClock(self.start)
        self.opened = self.billing(self.clock)
        self.seen: dict[str, list[Invoice]] = {}
        self.calls: list[Called] = []
        self.requests = 0
        self.refusal: Exception | None = None

    def billing(self, clock: FrozenClock) -> Billing:
        """A Billing with this machine's tenant, its seller ``studio`` and its customer ``acme``."""
        billing = Billing(self.storage(), clock=clock, random=self.random(), **self.options())
        return opened(billing, self.tenant)

    @staticmethod
    def storage() -> Storage:
        """Where it all goes: a fresh memory."""
        return MemoryStorage()

    @staticmethod
    def random() -> Random:
        """The same bytes in every walk."""
        return SeededBytes()

    @staticmethod
    def options() -> dict[str, Any]:
        """The policy, and whatever else a Billing takes beside storage, clock and random bytes."""
        return {"policy": presets.agency()}

    def workspace(self, actor: Actor) -> Workspace:
        """The tenant as an actor sees it."""
        return self.opened.workspace(self.tenant, actor=actor)

    def journal(self) -> list[Changeset]:
        """The whole journal."""
        return journal_of(self.opened, self.tenant)

    def call(self, actor: Actor, make: Callable[[Workspace, str], Any]) -> Any:
        """Make a call under a new request id; its answer, or None for an ordinary ``refusal``."""
        self.requests += 1
        request_id = f"r{self.requests}"
        before = len(self.journal())
        self.refusal = None
        try:
            answer = make(self.workspace(actor), request_id)
        except ORDINARY as error:
            self.refusal = error
            return None
        made = self.journal()[before:]
        position = next((entry.position for entry in made if entry.request_id == request_id), None)
        self.calls.append(Called(actor, request_id, make, position))
        document = getattr(answer, "document", answer)
        self.seen.setdefault(document.id, []).append(document)
        return answer

    def latest(self, id: str) -> Invoice:
        """The document as it was handed out last."""
        return self.seen[id][-1]

    def stale(self, id: str, back: int) -> Invoice:
        """The document as it was handed out some time ago."""
        return self.seen[id][-1 - back % len(self.seen[id])]

    def accepted(self, actor: Actor, id: str, which: int) -> None:
        """One of the open conflicts of a document, accepted."""
        office = self.workspace(actor).invoices
        try:
            found = office.conflicts(id)
        except NotFound:
            return
        if found:
            chosen = found[which % len(found)]
            self.call(actor, lambda ws, r: ws.invoices.accept(chosen, request_id=r))

    def check_four_eyes(self) -> None:
        """No history in the journal, and no state that is shown, has somebody approve what they made."""
        journal = self.journal()
        assert [] == oracles.four_eyes(journal, self.approvals)
        documents = oracles.standing(journal)
        office = self.workspace(AUDITOR).invoices
        for id in self.seen:
            if office.get(id).state == "approved":
                approvals = documents[id].clean()
                assert oracles.distinct(approvals) >= self.approvals, (
                    f"{id} is approved by {approvals}"
                )

    def check_audit(self) -> None:
        """The library's own audit finds nothing."""
        assert () == self.workspace(AUDITOR).audit.verify().faults

    def drafted(self, actor: Actor) -> Any:
        """The id of a new invoice of one line, for a bundle; of none when it was refused."""
        lines = [Line(id="a", name="Logo", quantity=2, unit="DAY", unit_price="450", vat="20")]
        made = self.call(
            actor,
            lambda ws, request: ws.invoices.draft(
                seller="studio", buyer="acme", lines=lines, request_id=request
            ),
        )
        return multiple() if made is None else made.id


class InvoicingMachine(Office):
    """Drafts, edits, saves of stale values, undos, submissions, reviews, issues, discards, retries by several people.

    Subclass it with your own policy and workflow (or ``storage``), and give pytest its ``TestCase``::

        class OurInvoicing(InvoicingMachine):
            @staticmethod
            def options():
                return {"policy": our_policy, "workflow": our_workflow}


        TestOurInvoicing = OurInvoicing.TestCase
    """

    documents = Bundle("documents")

    @initialize(target=documents)
    def begin(self) -> Any:
        """There is always something to work on."""
        return self.drafted(Actor("ann", roles={"manager"}))

    @rule(target=documents, actor=actors())
    def draft(self, actor: Actor) -> Any:
        """A new invoice of one line."""
        return self.drafted(actor)

    @rule(id=documents, actor=actors(), changes=edits(), back=st.integers(0, 2))
    def edit(self, id: str, actor: Actor, changes: dict[str, Any], back: int) -> None:
        """Wire changes on the version that was seen last, or on an older one."""
        base = self.stale(id, back).version
        self.call(
            actor, lambda ws, r: ws.invoices.edit(id, base=base, changes=changes, request_id=r)
        )

    @rule(id=documents, actor=actors(), changes=edits(), back=st.integers(0, 2))
    def edit_and_keep(self, id: str, actor: Actor, changes: dict[str, Any], back: int) -> None:
        """The same, by somebody who does not want to be asked: what does not fit is kept."""
        base = self.stale(id, back).version
        self.call(
            actor,
            lambda ws, r: ws.invoices.edit(
                id, base=base, changes=changes, on_conflict="keep", request_id=r
            ),
        )

    @rule(id=documents, actor=actors(), which=st.integers(0, 9))
    def accept(self, id: str, actor: Actor, which: int) -> None:
        """What somebody else kept is done after all."""
        self.accepted(actor, id, which)

    @rule(id=documents, actor=actors(), quantity=few, back=st.integers(0, 2))
    def save(self, id: str, actor: Actor, quantity: str, back: int) -> None:
        """A whole value, changed in one place."""
        seen = self.stale(id, back)
        if seen.lines:
            changed = seen.with_line(seen.lines[0].id or "", quantity=quantity)
            self.call(actor, lambda ws, r: ws.invoices.save(changed, request_id=r))

    @rule(id=documents, actor=actors())
    def undo(self, id: str, actor: Actor) -> None:
        """Take the actor's own last edit back."""
        self.call(actor, lambda ws, r: ws.invoices.undo(id, request_id=r))

    @rule(id=documents, actor=actors())
    def redo(self, id: str, actor: Actor) -> None:
        """Make it again."""
        self.call(actor, lambda ws, r: ws.invoices.redo(id, request_id=r))

    @rule(id=documents, actor=actors())
    def submit(self, id: str, actor: Actor) -> None:
        """Hand the draft over."""
        seen = self.latest(id)
        self.call(actor, lambda ws, r: ws.invoices.submit(seen, request_id=r))

    @rule(id=documents, actor=actors())
    def approve(self, id: str, actor: Actor) -> None:
        """Approve what stands there."""
        self.call(actor, lambda ws, r: ws.invoices.approve(id, request_id=r))

    @rule(id=documents, actor=actors())
    def approve_what_was_seen(self, id: str, actor: Actor) -> None:
        """Approve the value that was handed out last, which may be stale."""
        seen = self.latest(id)
        self.call(actor, lambda ws, r: ws.invoices.approve(seen, comment="fine", request_id=r))

    @rule(id=documents, actor=actors())
    def refuse(self, id: str, actor: Actor) -> None:
        """Send it back."""
        self.call(actor, lambda ws, r: ws.invoices.refuse(id, comment="too dear", request_id=r))

    @rule(id=documents, actor=actors(), back=st.none() | st.integers(-1, 3))
    def issue(self, id: str, actor: Actor, back: int | None) -> None:
        """Issue today, on a day before, or (refused) on one to come."""
        on = None if back is None else self.clock.now().date() - timedelta(days=back)
        self.call(actor, lambda ws, r: ws.invoices.issue(id, on=on, request_id=r))

    @rule(id=consumes(documents), actor=actors())
    def discard(self, id: str, actor: Actor) -> None:
        """Give it up."""
        self.call(actor, lambda ws, r: ws.invoices.discard(id, request_id=r))

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        """Time passes, over the turn of the year."""
        self.clock.advance(hours=hours)

    @rule(which=st.integers(0, 99))
    def retry(self, which: int) -> None:
        """A call that was answered is made again: what it changed is not changed once more (invariant 13)."""
        made = [call for call in self.calls if call.position is not None]
        if not made:
            return
        again = made[which % len(made)]
        before = self.journal()
        try:
            answer = again.make(self.workspace(again.actor), again.request_id)
        except NotFound:
            return
        document: Document = getattr(answer, "document", answer)
        assert before == self.journal()
        assert document == self.workspace(again.actor).invoices.get(document.id)

    @invariant()
    def approved_by_others(self) -> None:
        """Nobody made and approved a material change, not even for somebody else (invariant 5)."""
        self.check_four_eyes()

    @invariant()
    def numbered_without_gap(self) -> None:
        """From one, in date order, positions too (invariants 9 and 10); each entry says what changed (6)."""
        journal = self.journal()
        assert [] == oracles.honest(journal)
        assert [] == oracles.numbers(journal)
        assert [] == oracles.positions(journal)

    @invariant()
    def issued_for_good(self) -> None:
        """Issued content never changes (invariant 12)."""
        assert [] == oracles.frozen(self.journal())

    @invariant()
    def stored_as_journaled(self) -> None:
        """Replaying the journal gives what is stored (invariants 6 and 11)."""
        self.check_audit()
