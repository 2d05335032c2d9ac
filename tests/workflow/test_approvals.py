"""Approvals are bound to the content that was seen: a material change makes them stale, an immaterial one does not."""

from __future__ import annotations

from typing import Any

import pytest

from multibill.documents import Invoice, Line
from multibill.errors import Denied, InvalidValue, WrongState
from multibill.model import model_map
from multibill.ports import Storage
from multibill.workflow import Transition, Workflow, material_digest
from tests.workspace.agency import LINES, Agency

MATERIAL: dict[str, dict[str, Any]] = {
    "a quantity": {"/lines/a/quantity": "9"},
    "a price": {"/lines/a/unit_price": "9"},
    "a new line": {"/lines/n": {"name": "New", "unit_price": "1", "vat": "20"}},
    "a line less": {"/lines/c": None},
    "the buyer": {"/buyer/name": "Acme Holding"},
    "the due date": {"/due_date": "2026-12-31"},
    "a note": {"/notes/n1": {"text": "Thank you"}},
    "a reference": {"/buyer_reference": "PO-1"},
    "a field the law sees": {"/custom/law_text": "C-2"},
    "a new field the law sees": {"/custom/law_yes": True},
}
IMMATERIAL: dict[str, dict[str, Any]] = {
    "a tag": {"/tags/urgent": True},
    "the assignee": {"/assignee": "zoe"},
    "the owner": {"/owner": "zoe"},
    "the order of lines": {"/lines/c/after": None},
    "the language": {"/language": "en"},
    "a field of the team's": {"/custom/own_text": "P7"},
}
LAW = {"law_text": "C-1"}


@pytest.mark.parametrize("what", sorted(MATERIAL))
def test_a_material_change_makes_an_approval_stale(agency: Agency, what: str) -> None:
    approved = agency.standing("approved", custom=LAW)
    edited = agency("ann").invoices.edit(approved.id, base=2, changes=MATERIAL[what]).document
    assert ("approved", "submitted") == (approved.state, edited.state)
    assert "submitted" == agency("ann").invoices.get(approved.id).state
    with pytest.raises(WrongState, match="issue is not possible now"):
        agency("bob").invoices.issue(approved.id)
    assert "approved" == agency("bob").invoices.approve(edited).state
    assert "issued" == agency("bob").invoices.issue(approved.id).phase
    assert agency.verified()


@pytest.mark.parametrize("what", sorted(IMMATERIAL))
def test_an_immaterial_change_keeps_an_approval(agency: Agency, what: str) -> None:
    approved = agency.standing("approved", custom=LAW)
    edited = agency("ann").invoices.edit(approved.id, base=2, changes=IMMATERIAL[what]).document
    assert (3, "approved") == (edited.version, edited.state)
    assert "issued" == agency("bob").invoices.issue(approved.id).phase


def test_an_approval_counts_again_when_the_content_is_again_what_was_approved(
    agency: Agency,
) -> None:
    approved = agency.standing("approved")
    ann = agency("ann").invoices
    ann.edit(approved.id, base=2, changes={"/lines/a/quantity": "9"})
    assert (
        "approved"
        == ann.edit(approved.id, base=3, changes={"/lines/a/quantity": "3"}).document.state
    )


def test_whoever_changes_what_they_approved_approves_no_more(agency: Agency) -> None:
    approved = agency.standing("approved")
    bob = agency("bob").invoices
    edited = bob.edit(approved.id, base=2, changes={"/lines/a/quantity": "9"}).document
    with pytest.raises(Denied, match="forbidden by floor:four-eyes") as caught:
        bob.approve(edited)
    assert ("floor:four-eyes",) == caught.value.decision.forbids
    back = bob.edit(approved.id, base=3, changes={"/lines/a/quantity": "3"}).document
    assert "submitted" == back.state
    assert "approved" == agency("cat").invoices.approve(back).state


def test_nobody_approves_their_own_not_for_another_and_not_through_another(agency: Agency) -> None:
    draft = agency.standing("submitted")
    for said in (
        {"name": "ann"},
        {"name": "cat", "on_behalf_of": "ann"},
        {"name": "ann", "on_behalf_of": "cat"},
    ):
        with pytest.raises(Denied, match="four-eyes"):
            agency(**said).invoices.approve(draft)
    assert "submitted" == agency("ann").invoices.get(draft.id).state


def test_what_was_refused_stays_so_until_it_is_submitted_again(agency: Agency) -> None:
    refused = agency.standing("refused")
    ann, bob = agency("ann").invoices, agency("bob").invoices
    edited = ann.edit(refused.id, base=2, changes={"/lines/a/unit_price": "400"}).document
    assert ("refused", "refused") == (refused.state, edited.state)
    for verb in (bob.approve, bob.issue):
        with pytest.raises(WrongState):
            verb(edited)
    again = ann.submit(edited)
    assert "submitted" == again.state
    assert "approved" == bob.approve(again).state


def test_a_refusal_after_an_approval_counts(agency: Agency) -> None:
    approved = agency.standing("approved")
    assert "refused" == agency("cat").invoices.refuse(approved, comment="wrong month").state


def test_a_refusal_needs_a_comment_that_can_be_written_down(agency: Agency) -> None:
    draft = agency.standing("submitted")
    before = agency.journal()
    for comment in ("", "  ", None, "a\0b", "\ud800", 5):
        with pytest.raises(InvalidValue) as caught:
            agency("bob").invoices.refuse(draft, comment=comment)  # type: ignore[arg-type]
        assert "/comment" == caught.value.path
    with pytest.raises(InvalidValue):
        agency("bob").invoices.approve(draft, comment="\ud800")
    assert before == agency.journal()


def test_a_review_raises_no_version_and_is_bound_to_what_was_seen(agency: Agency) -> None:
    draft = agency.standing("submitted")
    approved = agency("bob").invoices.approve(draft, comment="fine")
    (review,) = (row["content"] for row in agency.rows("record") if row["kind"] == "review")
    (content,) = (row["content"] for row in agency.rows("record") if row["id"] == draft.id)
    assert draft.version == approved.version
    assert {
        "document": draft.id,
        "verdict": "approve",
        "person": "bob",
        "by": "bob",
        "version": 2,
        "digest": material_digest(content, model_map(Invoice)),
        "comment": "fine",
    } == review


def test_with_two_approvals_one_is_not_enough_and_nobodys_counts_twice(anywhere: Storage) -> None:
    agency = Agency(anywhere, workflow=Workflow(approvals=2))
    draft = agency.standing("submitted")
    assert "submitted" == agency("bob").invoices.approve(draft).state
    assert "submitted" == agency("bob").invoices.approve(draft, comment="once more").state
    assert "submitted" == agency("dan", on_behalf_of="bob").invoices.approve(draft).state
    with pytest.raises(WrongState):
        agency("bob").invoices.issue(draft)
    assert "approved" == agency("cat").invoices.approve(draft).state
    assert "issued" == agency("bob").invoices.issue(draft).state
    assert agency.verified()


def test_without_approvals_one_person_issues_alone(anywhere: Storage) -> None:
    agency = Agency(anywhere, workflow=Workflow(approvals=0))
    assert "issued" == agency("ann").invoices.issue(agency.draft()).state
    assert "issued" == agency("ann").invoices.issue(agency.standing("submitted")).state
    with pytest.raises(WrongState):
        agency("ann").invoices.issue(agency.standing("refused"))
    assert agency.verified()


def test_states_of_the_hosts_own_lead_to_the_issue_too(anywhere: Storage) -> None:
    """Drafts are submitted as "in-review", where reviews count."""
    workflow = Workflow(
        (Transition("submit", {"draft", "refused"}, "in-review"),), reviewable="in-review"
    )
    agency = Agency(anywhere, workflow=workflow)
    draft = agency("ann").invoices.submit(agency.draft())
    assert "in-review" == draft.state
    assert [draft.id] == [row.id for row in agency("bob").invoices.list(can={"approve"})]
    assert "approved" == agency("bob").invoices.approve(draft).state
    assert "issued" == agency("bob").invoices.issue(draft.id).state
    assert agency.verified()


def test_the_material_digest_sees_content_and_nothing_that_is_computed() -> None:
    mapped = model_map(Invoice)
    content = {
        "currency": "EUR",
        "lines": {"a": {"name": "x", "order": "V01"}},
        "notes": {"n": {"text": "x"}},
    }
    digest = material_digest(content, mapped)
    same = [
        {**content, "totals": {"net": "1"}, "mentions": {"m": {"text": "x"}}},
        {**content, "lines": {"a": {"name": "x", "order": "V09"}}},
        {**content, "language": "en"},
    ]
    assert {digest} == {material_digest(tree, mapped) for tree in same}
    others: list[dict[str, Any]] = [
        {"currency": "USD"},
        {"lines": {"b": {"name": "x"}}},
        {"lines": {"a": {"name": "y", "order": "V01"}}},
        {"notes": {"n": {"text": "y"}}},
        {"notes": {}},
        {"custom": {"law_text": "C-1"}},
    ]
    for tree in ({**content, **other} for other in others):
        assert digest != material_digest(tree, mapped)


def test_a_line_of_another_person_makes_them_an_author(agency: Agency) -> None:
    """Whoever adds a line in a merged save has made a material change, and cannot approve."""
    draft = agency.draft()
    cat = agency("cat").invoices
    cat.save(draft.with_line(Line(name="Extra", unit_price=1, vat=20)))
    agency("ann").invoices.save(draft.with_line("a", quantity=2))
    submitted = agency("ann").invoices.submit(draft.id)
    with pytest.raises(Denied, match="four-eyes"):
        cat.approve(submitted)
    assert len(LINES) + 1 == len(submitted.lines)
    assert {"ann", "cat"} == {
        row["person"] for row in agency.rows("author") if row["document"] == draft.id
    }
