"""Steps of a draft: each verb's errors from each state, and what a step leaves in record and journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from multibill.documents import Invoice
from multibill.errors import Denied, MultibillError, NotFound, Stale, WrongState
from multibill.workspace import Workspace
from tests.workspace.agency import STATES, Agency

Verb = Callable[[Workspace, Any], Any]

VERBS: dict[str, tuple[Verb, set[str], str]] = {
    "edit": (
        lambda ws, d: ws.invoices.edit(
            d if isinstance(d, str) else d.id, base=1, changes={"/assignee": "zoe"}
        ),
        {"draft", "submitted", "approved", "refused"},
        "manager",
    ),
    "submit": (lambda ws, d: ws.invoices.submit(d), {"draft", "refused"}, "manager"),
    "approve": (lambda ws, d: ws.invoices.approve(d), {"submitted"}, "manager"),
    "refuse": (
        lambda ws, d: ws.invoices.refuse(d, comment="no"),
        {"submitted", "approved"},
        "manager",
    ),
    "issue": (lambda ws, d: ws.invoices.issue(d), {"approved"}, "manager"),
    "discard": (
        lambda ws, d: ws.invoices.discard(d),
        {"draft", "submitted", "approved", "refused"},
        "manager",
    ),
}
"""Each verb that moves a document: how it is called, and the states it starts from."""

TRANSITIONS = sorted(VERBS.keys() - {"edit"})


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_verb_succeeds_where_the_workflow_lets_it_and_raises_elsewhere(
    agency: Agency, verb: str, state: str
) -> None:
    call, states, _ = VERBS[verb]
    document = agency.standing(state)
    before = agency.journal()
    cat = agency("cat")
    if state in states or (verb, state) == ("edit", "issued"):
        assert cat.invoices.may("annotate" if state == "issued" else verb, document)
        call(cat, document)
        assert len(before) + 1 == len(agency.journal())
    else:
        assert not cat.invoices.may(verb, document)
        with pytest.raises(
            WrongState, match=f"{verb} is not possible now .phase .*, state {state}"
        ) as caught:
            call(cat, document)
        assert "MB-STATE" == caught.value.code
        assert before == agency.journal()
    assert agency.verified()


@pytest.mark.parametrize("verb", TRANSITIONS)
def test_a_stale_value_is_refused_by_a_step_and_an_id_means_what_stands(
    agency: Agency, verb: str
) -> None:
    call, states, _ = VERBS[verb]
    state = "approved" if verb == "issue" else "submitted" if "submitted" in states else "draft"
    seen = agency.standing(state)
    row = next(iter(agency("cat").invoices.list()))
    stands = (
        agency("ann")
        .invoices.edit(seen.id, base=seen.version, changes={"/assignee": "zoe"})
        .document
    )
    before = agency.journal()
    for what in (seen, row):
        with pytest.raises(Stale, match=f"you saw version {seen.version}") as caught:
            call(agency("cat"), what)
        assert stands.version == caught.value.current
    assert before == agency.journal()
    assert call(agency("cat"), seen.id).version >= stands.version


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_who_may_read_but_not_act_is_denied_and_who_may_not_read_finds_nothing(
    agency: Agency, verb: str
) -> None:
    call, states, _ = VERBS[verb]
    document = agency.standing(min(states))
    before = agency.journal()
    with pytest.raises(
        Denied, match=rf"root \(roles asserted: admin\) may not {verb} invoice {document.id}"
    ) as caught:
        call(agency("root", "admin"), document)
    assert (verb, False) == (caught.value.decision.action, bool(caught.value.decision))
    for stranger in (
        agency("eve", "viewer"),
        agency("eve", "sales", teams={"print"}),
        agency("eve", "nobody"),
    ):
        with pytest.raises(NotFound):
            call(stranger, document)
    assert before == agency.journal()


@pytest.mark.parametrize("id", ["nothing", "", "a/b", "\ud800", "x" * 65, "\0"])
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_what_cannot_be_an_id_is_not_found(agency: Agency, verb: str, id: str) -> None:
    with pytest.raises(NotFound):
        VERBS[verb][0](agency("cat"), id)


def test_a_step_leaves_its_state_its_version_and_one_entry(agency: Agency) -> None:
    draft = agency.draft()
    submitted = agency("ann").invoices.submit(draft, reason="ready", request_id="r1")
    gone = agency("ann", reason="tidying up").invoices.discard(submitted)
    assert (2, "draft", "submitted") == (submitted.version, submitted.phase, submitted.state)
    assert (3, "discarded", "discarded") == (gone.version, gone.phase, gone.state)
    assert gone == agency("ann").invoices.get(draft.id)
    first, second = agency.journal()[-2:]
    assert ("submit", 2, "ready", "r1", None) == (
        first.action,
        first.version,
        first.reason,
        first.request_id,
        first.base,
    )
    assert [("/since", 1, 2), ("/state", "draft", "submitted")] == [
        (c.path, c.before, c.after) for c in first.changes
    ]
    assert ("discard", "tidying up") == (second.action, second.reason)
    assert draft.lines == gone.lines


def test_a_discarded_draft_stays_readable_with_its_history(agency: Agency) -> None:
    gone = agency.standing("discarded")
    assert ["draft", "discard"] == [event.action for event in agency("bob").invoices.history(gone)]
    assert ["discarded"] == [row.phase for row in agency("bob").invoices.list()]
    with pytest.raises(WrongState):
        agency("ann").invoices.discard(gone)


def test_reviews_are_entries_about_the_document(agency: Agency) -> None:
    draft = agency.standing("submitted")
    agency("bob").invoices.approve(draft, comment="fine", request_id="r1")
    agency("cat", on_behalf_of="dan").invoices.refuse(draft.id, comment="too dear")
    approval, refusal = agency.journal()[-2:]
    assert [
        ("review", "approve", draft.id, 1, "fine"),
        ("review", "refuse", draft.id, 1, "too dear"),
    ] == [(e.kind, e.action, e.about, e.version, e.reason) for e in (approval, refusal)]
    assert ("dan", "cat") == (refusal.changes[0].after["person"], refusal.changes[0].after["by"])
    assert 2 == len([e for e in agency.journal() if e.kind == "review"])


def test_every_refusal_is_an_error_of_ours_with_a_code(agency: Agency) -> None:
    draft: Invoice = agency.draft()
    codes = set()
    for call in (
        lambda: agency("root", "admin").invoices.submit(draft),
        lambda: agency("eve", "viewer").invoices.submit(draft),
        lambda: agency("ann").invoices.submit(draft.evolve(version=7)),
        lambda: agency("ann").invoices.issue(draft),
    ):
        with pytest.raises(MultibillError) as caught:
            call()
        codes.add(caught.value.code)
    assert {"MB-DENIED", "MB-NOT-FOUND", "MB-STALE", "MB-STATE"} == codes
