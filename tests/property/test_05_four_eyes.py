"""Invariant 5: no history exists in which one person, directly or by delegation, both made and approved a change.

Read from the journal by ``testing.oracles``, which shares no code with the library's own bookkeeping.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from multibill.documents import Invoice, Line
from multibill.errors import Denied, WrongState
from multibill.records import Actor
from multibill.testing.machine import Office, actors
from multibill.workflow import Workflow
from multibill.workspace import Documents
from tests.office import Office as House
from tests.worlds import case, on_sqlite


class FourEyes(Office):
    """One document at a time, one figure that goes up and down again, reviews between: every way to an old approval."""

    @initialize()
    def begin(self) -> None:
        """Submitted from the start, so that the walk is about reviews."""
        self.id = self.drafted(Actor("ann", roles={"manager"}))
        self.submit(Actor("ann", roles={"manager"}))

    @rule(actor=actors(), quantity=st.sampled_from("12"))
    def edit(self, actor: Actor, quantity: str) -> None:
        changes, base = {"/lines/a/quantity": quantity}, self.latest(self.id).version
        self.call(
            actor, lambda ws, r: ws.invoices.edit(self.id, base=base, changes=changes, request_id=r)
        )

    @rule(actor=actors(), quantity=st.sampled_from("12"), back=st.integers(0, 1))
    def save(self, actor: Actor, quantity: str, back: int) -> None:
        changed = self.stale(self.id, back).with_line("a", quantity=quantity)
        self.call(actor, lambda ws, r: ws.invoices.save(changed, request_id=r))

    @rule(people=st.tuples(*[actors()] * 4), quantities=st.permutations("123"))
    def meet(self, people: tuple[Actor, ...], quantities: list[str]) -> None:
        """One changes a figure, another's is kept, a third accepts it, and somebody approves: perhaps one of them."""
        one, other, third, reviewer = people
        first, second = [each for each in quantities if each != self.quantity()][:2]
        base = self.latest(self.id).version
        for actor, quantity in ((one, first), (other, second)):
            self.sent(actor, quantity, base)
        self.accept(third, 0)
        self.approve(reviewer)

    def quantity(self) -> str:
        lines = self.latest(self.id).lines
        return str(lines[0].quantity) if lines else ""

    @rule(actor=actors(), quantity=st.sampled_from("123"), back=st.integers(0, 2))
    def keep(self, actor: Actor, quantity: str, back: int) -> None:
        """What somebody else has changed meanwhile is kept, for others to accept."""
        self.sent(actor, quantity, self.stale(self.id, back).version)

    def sent(self, actor: Actor, quantity: str, base: int) -> None:
        changes = {"/lines/a/quantity": quantity}
        self.call(
            actor,
            lambda ws, r: ws.invoices.edit(
                self.id, base=base, changes=changes, on_conflict="keep", request_id=r
            ),
        )

    @rule(actor=actors(), which=st.integers(0, 3))
    def accept(self, actor: Actor, which: int) -> None:
        self.accepted(actor, self.id, which)

    @rule(actor=actors())
    def approve(self, actor: Actor) -> None:
        self.call(actor, lambda ws, r: ws.invoices.approve(self.id, request_id=r))

    @rule(actor=actors(), seen=st.booleans())
    def review(self, actor: Actor, seen: bool) -> None:
        """The value that was handed out last, or a refusal."""
        if seen:
            document = self.latest(self.id)
            self.call(
                actor, lambda ws, r: ws.invoices.approve(document, comment="fine", request_id=r)
            )
        else:
            self.call(actor, lambda ws, r: ws.invoices.refuse(self.id, comment="no", request_id=r))
            self.submit(actor)

    @rule(actor=actors(), tagged=st.booleans())
    def label(self, actor: Actor, tagged: bool) -> None:
        """No material change: neither makes an author nor an approval stale."""
        changes, base = {"/tags/urgent": True if tagged else None}, self.latest(self.id).version
        self.call(
            actor, lambda ws, r: ws.invoices.edit(self.id, base=base, changes=changes, request_id=r)
        )

    @rule(actor=actors())
    def issue(self, actor: Actor) -> None:
        """Where it may be issued, somebody else begins the next one."""
        if self.call(actor, lambda ws, r: ws.invoices.issue(self.id, request_id=r)):
            self.id = self.drafted(actor)
            self.submit(actor)

    def submit(self, actor: Actor) -> None:
        self.call(actor, lambda ws, r: ws.invoices.submit(self.id, request_id=r))

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
TestInvariant05WithTwoApprovalsOnMemory = case(SixEyes, 60)
TestInvariant05OnSqlite = case(on_sqlite(FourEyes), 15)


def doors(office: House, *names: str) -> list[Documents[Invoice]]:
    """The invoices as some managers see them; ``cat:dan`` is cat, acting for dan."""
    split = [name.partition(":") for name in names]
    return [
        office.as_(id, "manager", on_behalf_of=other or None).invoices for id, _, other in split
    ]


def submitted(door: Documents[Invoice]) -> Invoice:
    line = Line(id="a", name="Logo", quantity=2, unit_price="450", vat="20")
    return door.submit(door.draft(seller="studio", buyer="acme", lines=[line]))


@pytest.mark.parametrize("reviewer", ["ann", "ann:cat", "cat:ann"])
def test_invariant_05_an_approval_does_not_come_back_to_one_who_made_the_change(
    office: House, reviewer: str
) -> None:
    """bob drafts, ann approves; bob changes a figure and ann changes it back to what she had approved."""
    bob, ann, editor = doors(office, "bob", reviewer, "ann")
    draft = ann.approve(submitted(bob))
    assert "approved" == draft.state
    draft = bob.save(draft.with_line("a", quantity=3)).document
    draft = editor.save(draft.with_line("a", quantity=2)).document
    assert "submitted" == draft.state
    with pytest.raises(WrongState):
        bob.issue(draft)


def test_invariant_05_an_approval_comes_back_with_the_content_that_others_restored(
    office: House,
) -> None:
    bob, ann = doors(office, "bob", "ann")
    draft = ann.approve(submitted(bob))
    draft = bob.save(draft.with_line("a", quantity=3)).document
    draft = bob.save(draft.with_line("a", quantity=2)).document
    assert "approved" == draft.state


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("bob", "bob:cat", "submitted"),
        ("bob:cat", "cat", "submitted"),
        ("bob:cat", "bob:dan", "submitted"),
        ("bob:cat", "cat:bob", "submitted"),
        ("bob", "cat", "approved"),
        ("bob:cat", "dan:eve", "approved"),
    ],
)
def test_invariant_05_two_approvals_are_given_by_people_who_have_nothing_in_common(
    open_office: Callable[..., House], first: str, second: str, state: str
) -> None:
    ann, one, other = doors(open_office(workflow=Workflow(approvals=2)), "ann", first, second)
    draft = one.approve(submitted(ann))
    assert "submitted" == draft.state
    assert state == other.approve(draft).state


@pytest.mark.parametrize("maker", ["cat", "cat:eve", "eve:cat"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_invariant_05_whoever_kept_an_accepted_change_does_not_approve_it(
    office: House, maker: str, when: str
) -> None:
    """cat's price was kept, bob accepts it: neither may approve, whether cat approved before or would do so after."""
    ann, bob, cat, dan, own = doors(office, "ann", "bob", "cat", "dan", maker)
    draft = ann.draft(
        seller="studio", buyer="acme", lines=[Line(id="a", name="x", unit_price="1", vat="20")]
    )
    own.edit(draft.id, base=1, changes={"/lines/a/unit_price": "3"})
    ann.edit(draft.id, base=2, changes={"/lines/a/unit_price": "2"})
    kept = {"/lines/a/unit_price": "4"}
    (found,) = own.edit(draft.id, base=2, changes=kept, on_conflict="keep").conflicts
    draft = ann.submit(draft.id)
    if when == "before":
        with pytest.raises((Denied, WrongState)):
            cat.approve(draft)
    document = bob.accept(found.id).document
    for door in (own, bob, cat):
        with pytest.raises((Denied, WrongState)):
            door.approve(document)
    assert "approved" == dan.approve(document).state
    assert office.verify()


def test_invariant_05_an_approval_falls_when_the_approvers_own_kept_change_is_accepted(
    office: House,
) -> None:
    """cat kept a change and approved what stood; bob accepts it, and somebody restores what she approved."""
    ann, bob, cat = doors(office, "ann", "bob", "cat")
    draft = submitted(ann)
    ann.edit(draft.id, base=2, changes={"/lines/a/quantity": "3"})
    wish = {"/lines/a/quantity": "4"}
    (found,) = cat.edit(draft.id, base=2, changes=wish, on_conflict="keep").conflicts
    assert "approved" == cat.approve(draft.id).state
    assert "submitted" == bob.accept(found).document.state
    back = ann.edit(draft.id, base=4, changes={"/lines/a/quantity": "3"}).document
    assert "submitted" == back.state
    assert office.verify()


@pytest.mark.slow
class TestInvariant05AtLength(case(on_sqlite(FourEyes), 100, 50)):  # type: ignore[misc]
    """The same, for longer."""


@pytest.mark.slow
class TestInvariant05WithTwoApprovalsAtLength(case(on_sqlite(SixEyes), 100, 50)):  # type: ignore[misc]
    """The same, with two approvals."""
