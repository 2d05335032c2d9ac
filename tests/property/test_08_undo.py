"""Invariant 8: undo after do restores; undo never touches what others changed since; redo after undo is nothing.

And with them: the log composed between two versions is the difference of their states, an undo is refused exactly
where somebody changed what it touches, and no undo opens a way round four eyes, proofs or retries.
"""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from multibill.documents import Invoice
from multibill.errors import UndoConflict, WrongState
from multibill.history import Changeset, apply, at, diff
from multibill.records import Actor
from multibill.testing.machine import LINE, ORDINARY, Office, actors, edits
from multibill.testing.oracles import put
from multibill.workspace.kinds import kinds
from tests.worlds import case, on_sqlite

KIND = kinds([])["invoice"]
MANAGER = {"manager"}

more = st.one_of(
    edits(),
    st.sampled_from(["1", "2"]).map(lambda n: {"/lines/a/base_quantity": n}),
    st.sampled_from(["1", "2"]).map(lambda n: {"/lines/a/unit_price": n}),
    st.sampled_from([LINE, None]).map(lambda line: {"/lines/c": line}),
    st.sampled_from([{"days": 10}, {"end_of_month": True}, None]).map(lambda t: {"/terms": t}),
)


def same(one: Invoice, other: Invoice) -> bool:
    """Whether two versions say the same, but for where they stand in the workflow."""
    facts: dict[str, Any] = {"version": 0, "state": "any", "phase": "draft"}
    return attrs.evolve(one, **facts) == attrs.evolve(other, **facts)


GROUPS = ({"due_date", "terms"}, {"unit_price", "base_quantity"})
"""Names that only make sense together, beside one another."""

WHOLE = {"terms"}
"""Names of which all parts only make sense together."""


def meet(one: str, other: str) -> bool:
    """Whether two paths are of one thing: one is the other or lies above it, or they are in one group."""
    names, others = one.split("/"), other.split("/")
    shorter = min(len(names), len(others))
    if names[:shorter] == others[:shorter]:
        return True
    fork = next(n for n, (x, y) in enumerate(zip(names, others, strict=False)) if x != y)
    beside = any({names[fork], others[fork]} <= group for group in GROUPS)
    return beside or names[fork - 1] in WHOLE


def stacks(log: list[Changeset], actor: str) -> tuple[list[int], list[int]]:
    """What the actor can undo and redo, as an editor keeps it: two stacks of versions, the last one on top."""
    done: list[int] = []
    undone: list[tuple[int, int]] = []
    for entry in log:
        if entry.actor != actor:
            continue
        if entry.action == "edit":
            done.append(entry.version)
            undone.clear()
        elif entry.action == "undo":
            undone.append((entry.version, done.pop()))
        elif entry.action == "redo":
            done.append(undone.pop()[1])
    return done, [version for version, _ in undone]


class Undoing(Office):
    """One draft, several people, every way to change it and to take it back."""

    @initialize()
    def begin(self) -> None:
        self.id = self.drafted(Actor("ann", roles=MANAGER))

    def stands(self) -> Invoice:
        return self.workspace(Actor("ann", roles=MANAGER)).invoices.get(self.id)

    def log(self) -> list[Changeset]:
        """The entries of the draft itself."""
        return [e for e in self.journal() if (e.kind, e.record) == ("invoice", self.id)]

    def states(self) -> list[dict[str, Any]]:
        """The body at each version, replayed by the oracle."""
        found: list[dict[str, Any]] = [{}]
        for entry in self.log():
            body = found[-1]
            for change in entry.changes:
                body = put(body, change.path, change.after)
            found.append(body)
        return found

    @rule(actor=actors(), changes=more)
    def edit(self, actor: Actor, changes: dict[str, Any]) -> None:
        base = self.stands().version
        self.call(
            actor, lambda ws, r: ws.invoices.edit(self.id, base=base, changes=changes, request_id=r)
        )

    @rule(actor=actors(), changes=more)
    def undo_after_do_restores_and_redo_after_undo_is_nothing(
        self, actor: Actor, changes: dict[str, Any]
    ) -> None:
        before = self.stands()
        self.edit(actor, changes)
        edited = self.stands()
        if edited.version == before.version:
            return
        door = self.workspace(actor).invoices
        assert same(before, door.undo(edited).document)
        assert same(edited, door.redo(self.id).document)

    @rule(actor=actors(), redo=st.booleans())
    def take_back(self, actor: Actor, redo: bool) -> None:
        self.taken_back(actor, redo)

    @rule(one=actors(), other=actors(), mine=more, theirs=more, redo=st.booleans())
    def take_back_what_somebody_may_have_changed(
        self, one: Actor, other: Actor, mine: dict[str, Any], theirs: dict[str, Any], redo: bool
    ) -> None:
        self.edit(one, mine)
        if redo:
            self.taken_back(one, False)
        self.edit(other, theirs)
        self.taken_back(one, redo)

    def taken_back(self, actor: Actor, redo: bool) -> None:
        """The top of the actor's stack, exactly; refused as a whole where somebody has changed any of it since."""
        before, log, states = self.stands(), self.log(), self.states()
        stack = stacks(log, actor.id)[redo]
        door = self.workspace(actor).invoices
        if not stack:
            with pytest.raises(WrongState):
                (door.redo if redo else door.undo)(self.id)
            return
        target = log[stack[-1] - 1]
        since = [c.path for c in diff(states[target.version], states[-1], KIND.collections)]
        met = {c.path for c in target.changes if any(meet(c.path, path) for path in since)}
        if met:
            with pytest.raises(UndoConflict) as caught:
                (door.redo if redo else door.undo)(self.id)
            assert met == {conflict.path for conflict in caught.value.conflicts}
            assert set(caught.value.by) <= {entry.actor for entry in log[target.version :]}
            assert caught.value.by
            assert before == self.stands()
            return
        after = (door.redo if redo else door.undo)(self.id).document
        assert after.version == before.version + 1
        changes = self.log()[-1].changes
        assert {c.path for c in target.changes} == {c.path for c in changes}
        found, now = states[target.version - 1], self.states()[-1]
        for change in changes:
            assert at(found, change.path) == at(now, change.path)

    @rule(actor=actors())
    def twice(self, actor: Actor) -> None:
        """Undo, redo: nothing in between and nothing left."""
        before = self.stands()
        door = self.workspace(actor).invoices
        try:
            door.undo(self.id)
        except ORDINARY:
            return
        assert same(before, door.redo(self.id).document)

    @rule(actor=actors(), verb=st.sampled_from(["undo", "redo"]), which=st.integers(0, 99))
    def retry(self, actor: Actor, verb: str, which: int) -> None:
        """The same request again changes nothing more."""
        answer = self.call(actor, lambda ws, r: getattr(ws.invoices, verb)(self.id, request_id=r))
        if answer is not None:
            last, length = self.calls[-1], len(self.journal())
            last.make(self.workspace(actor), last.request_id)
            assert length == len(self.journal())

    @rule(actor=actors())
    def submit(self, actor: Actor) -> None:
        self.call(actor, lambda ws, r: ws.invoices.submit(self.id, request_id=r))

    @rule(actor=actors())
    def approve(self, actor: Actor) -> None:
        self.call(actor, lambda ws, r: ws.invoices.approve(self.id, request_id=r))

    @invariant()
    def the_log_between_two_versions_is_the_difference_of_their_states(self) -> None:
        states = self.states()
        history = self.workspace(Actor("ann", roles=MANAGER)).invoices.history(self.id)
        last = len(states) - 1
        for a, b in {(1, last), (last, 1), (max(1, last - 1), last), (1 + last // 2, last)}:
            net = history.diff(a, b).changes
            assert diff(states[a], states[b], KIND.collections) == net
            assert states[b] == apply(states[a], net)

    @invariant()
    def approved_by_others_and_stored_as_journaled(self) -> None:
        self.check_four_eyes()
        self.check_audit()


TestInvariant08OnMemory = case(Undoing, 30)
TestInvariant08OnSqlite = case(on_sqlite(Undoing), 8)


@pytest.mark.slow
class TestInvariant08AtLength(case(on_sqlite(Undoing), 100, 50)):  # type: ignore[misc]
    """The same, for longer."""
