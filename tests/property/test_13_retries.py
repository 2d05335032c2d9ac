"""Invariant 13: a retried request that changed something changes nothing more and points at the same position."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import rule

from multibill.documents import Line
from multibill.errors import KeyReused, NotFound
from multibill.ports import Storage
from multibill.records import Actor
from multibill.testing import journal_of, opened
from multibill.testing.machine import InvoicingMachine
from multibill.workspace import Workspace
from tests.worlds import billing_on, case, on_sqlite, storages, tenant

ANN, BOB = (Actor(name, roles={"manager"}, teams={"web"}) for name in ("ann", "bob"))
LINES = [Line(id="a", name="Logo", quantity=2, unit="DAY", unit_price="450", vat="20")]


class Retries(InvoicingMachine):
    """The random month, in which old request ids come back with other wishes."""

    @rule(
        which=st.integers(0, 99),
        verb=st.sampled_from(["submit", "approve", "discard", "edit", "draft"]),
    )
    def invariant_13_another_wish_under_the_same_id_is_refused(self, which: int, verb: str) -> None:
        made = [call for call in self.calls if call.position is not None]
        again, before = made[which % len(made)], self.journal()
        office = self.workspace(again.actor).invoices
        id = before[again.position - 1].about if again.position else ""
        wishes: dict[str, Callable[[], Any]] = {
            "draft": lambda: office.draft(
                seller="studio", buyer="acme", request_id=again.request_id
            ),
            "edit": lambda: office.edit(
                id, base=1, changes={"/lines/a/name": f"other {which}"}, request_id=again.request_id
            ),
        }
        other = wishes.get(
            verb, lambda: getattr(office, verb)("another", request_id=again.request_id)
        )
        with pytest.raises((KeyReused, NotFound)):
            other()
        assert before == self.journal()

    @rule(which=st.integers(0, 99))
    def invariant_13_the_answer_is_the_same_position(self, which: int) -> None:
        made = [call for call in self.calls if call.position is not None]
        again = made[which % len(made)]
        with self.opened._storage.unit(self.tenant, write=False) as uow:
            answer = uow.answered(again.actor.id, again.request_id)
        assert answer is not None
        assert again.position == answer.position


TestInvariant13OnMemory = case(Retries, 25)
TestInvariant13OnSqlite = case(on_sqlite(Retries), 8)


@pytest.mark.slow
class TestInvariant13AtLength(case(on_sqlite(Retries), 100, 50)):  # type: ignore[misc]
    """The same, for longer."""


Verb = Callable[[Workspace, str | None], Any]

STEPS: list[tuple[str, Actor, Verb]] = [
    (
        "draft",
        ANN,
        lambda ws, r: ws.invoices.draft(seller="studio", buyer="acme", lines=LINES, request_id=r),
    ),
    (
        "edit",
        ANN,
        lambda ws, r: ws.invoices.edit(
            only(ws), base=1, changes={"/due_date": "2027-01-15"}, request_id=r
        ),
    ),
    (
        "save",
        ANN,
        lambda ws, r: ws.invoices.save(at_version_2(ws).with_line("a", quantity=3), request_id=r),
    ),
    (
        "save a new line",
        ANN,
        lambda ws, r: ws.invoices.save(at_version_3(ws).with_line(MORE), request_id=r),
    ),
    ("submit", ANN, lambda ws, r: ws.invoices.submit(only(ws), request_id=r)),
    ("refuse", BOB, lambda ws, r: ws.invoices.refuse(only(ws), comment="why?", request_id=r)),
    ("submit again", ANN, lambda ws, r: ws.invoices.submit(only(ws), request_id=r)),
    ("approve", BOB, lambda ws, r: ws.invoices.approve(only(ws), request_id=r)),
    ("issue", BOB, lambda ws, r: ws.invoices.issue(only(ws), request_id=r)),
]
MORE: Line = Line(name="Hosting", unit_price="90", vat="20")
SEEN: dict[tuple[str, int], Any] = {}


def only(ws: Workspace) -> str:
    """The id of the one invoice."""
    (row,) = ws.invoices.list()
    return str(row.id)


def at_version_2(ws: Workspace) -> Any:
    return remembered(ws, 2)


def at_version_3(ws: Workspace) -> Any:
    return remembered(ws, 3)


def remembered(ws: Workspace, version: int) -> Any:
    """The invoice as it was first handed out at a version."""
    return SEEN.setdefault((ws.tenant, version), ws.invoices.get(only(ws)))


@pytest.mark.parametrize("storage", [pytest.param(store, id=name) for name, store in storages()])
def test_invariant_13_each_verb_may_be_sent_again_at_once_and_at_the_end(storage: Storage) -> None:
    """Twice at once, as a client does after a timeout; and all of them once more when the invoice is long issued."""
    name = tenant()
    billing = opened(billing_on(storage), name)
    workspaces = {actor: billing.workspace(name, actor=actor) for actor in (ANN, BOB)}
    for label, actor, verb in STEPS:
        ws = workspaces[actor]
        first = verb(ws, label)
        length = len(journal_of(billing, name))
        assert (label, first) == (label, verb(ws, label))
        assert (label, length) == (label, len(journal_of(billing, name)))
    whole = journal_of(billing, name)
    final = workspaces[BOB].invoices.get(only(workspaces[BOB]))
    for label, actor, verb in STEPS:
        answer = verb(workspaces[actor], label)
        assert (label, final) == (label, getattr(answer, "document", answer))
    assert whole == journal_of(billing, name)
    asked = [entry.request_id for entry in whole if entry.request_id]
    assert [label for label, _, _ in STEPS] == asked


@settings(max_examples=20)
@given(data=st.data())
def test_invariant_13_a_business_key_makes_one_draft(data: st.DataObject) -> None:
    """The same key and input give the same draft, whoever asks and whatever became of it; other input is refused."""
    for _, storage in storages():
        name = tenant()
        billing = opened(billing_on(storage), name)
        ann, bob = (billing.workspace(name, actor=actor) for actor in (ANN, BOB))
        quantity = data.draw(st.integers(1, 3))
        asked: dict[str, Any] = {
            "seller": "studio",
            "buyer": "acme",
            "lines": [LINES[0], Line(name="x", quantity=quantity, unit_price=1, vat=20)],
        }
        first = ann.invoices.draft(**asked, key="2026-11:acme")
        ann.invoices.edit(first.id, base=1, changes={"/lines/a/quantity": "9"})
        again = data.draw(st.sampled_from([ann, bob])).invoices.draft(**asked, key="2026-11:acme")
        assert (first.id, 2) == (again.id, again.version)
        length = len(journal_of(billing, name))
        other = {**asked, "lines": [*asked["lines"], LINES[0]][: data.draw(st.integers(0, 1))]}
        with pytest.raises(KeyReused):
            bob.invoices.draft(**other, key="2026-11:acme")
        assert length == len(journal_of(billing, name))
        assert first.id != ann.invoices.draft(**asked, key="2026-12:acme").id


@pytest.mark.parametrize("storage", [pytest.param(store, id=name) for name, store in storages()])
def test_invariant_13_request_ids_belong_to_their_actor_and_tenant(storage: Storage) -> None:
    one, other = tenant(), tenant()
    billing = billing_on(storage)
    drafts = {
        opened(billing, name)
        .workspace(name, actor=actor)
        .invoices.draft(seller="studio", buyer="acme", lines=LINES, request_id="r1")
        .id
        for name in (one, other)
        for actor in (ANN, BOB)
    }
    assert 4 == len(drafts)


@pytest.mark.parametrize("storage", [pytest.param(store, id=name) for name, store in storages()])
def test_invariant_13_a_retry_is_answered_under_todays_rights(storage: Storage) -> None:
    """Whoever may no longer read the document is told that there is none."""
    name = tenant()
    billing = opened(billing_on(storage), name)
    eve = Actor("eve", roles={"sales"}, teams={"web"})
    draft = billing.workspace(name, actor=eve).invoices.draft(
        seller="studio", buyer="acme", team="web", lines=LINES, request_id="r1", owner="ann"
    )
    moved = Actor("eve", roles={"sales"}, teams={"print"})
    with pytest.raises(NotFound):
        billing.workspace(name, actor=moved).invoices.draft(
            seller="studio", buyer="acme", team="web", lines=LINES, request_id="r1", owner="ann"
        )
    assert "web" == draft.team
