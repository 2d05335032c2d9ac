"""Decisions: why, with the values that were seen; rights per role; and the error that carries a decision."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from multibill.errors import Denied
from multibill.money import Money
from multibill.permissions import Policy, Rights, forbid, permit
from multibill.query import Me
from multibill.query.doc import Doc
from multibill.records import Actor
from tests.workspace.agency import Agency

ROW: dict[str, Any] = {
    **dict.fromkeys(Doc),
    "authors": frozenset(),
    "phase": "draft",
    "team": "web",
}
LARGE = forbid("large", on="issue", when=Doc.value > Money("5000", "EUR"))
POLICY = Policy(
    permit("web-issue", to="lead", on="issue", when=Doc.team.in_(Me.teams)),
    permit("own-issue", on="issue", when=Doc.owner == Me.id),
    LARGE,
)
LEAD = Rights(POLICY, Actor("bob", roles={"lead"}, teams={"web"}))


@pytest.mark.parametrize(
    ("row", "by", "forbids"),
    [
        ({"value": Money("10", "EUR")}, ("web-issue",), ()),
        ({"value": Money("5000", "EUR")}, ("web-issue",), ()),
        ({"value": Money("5000.01", "EUR")}, ("web-issue",), ("large",)),
        ({"value": None}, ("web-issue",), ("large",)),
        ({"value": Money("1", "USD")}, ("web-issue",), ("large",)),
        ({"value": Money("1", "EUR"), "team": "print"}, (), ()),
        ({"value": Money("1", "EUR"), "team": None}, (), ()),
        ({"value": Money("1", "EUR"), "team": None, "owner": "bob"}, ("own-issue",), ()),
        ({"value": Money("1", "EUR"), "owner": "bob"}, ("own-issue", "web-issue"), ()),
    ],
)
def test_a_decision_names_the_permits_that_hold_and_the_forbids_not_lifted(
    row: dict[str, Any], by: tuple[str, ...], forbids: tuple[str, ...]
) -> None:
    """An amount in another currency is not comparable, so the forbid on large ones stands."""
    decision = LEAD.decide("issue", "document", ROW | row, "invoice i1")
    assert (by, forbids) == (decision.by, decision.forbids)
    assert (
        (bool(by) and not forbids) is bool(decision) is LEAD.allows("issue", "document", ROW | row)
    )


def test_a_summary_says_who_with_which_roles_may_what_and_why() -> None:
    def said(**row: Any) -> str:
        return LEAD.decide("issue", "document", ROW | row, "invoice i1").summary()

    may = "bob (roles asserted: lead) may issue invoice i1, by web-issue"
    assert may == said(value=Money("1", "EUR"))
    assert "bob (roles asserted: lead) may not issue invoice i1: forbidden by large" == said()
    assert said(team="print", value=Money("1", "EUR")).endswith(
        "may not issue invoice i1: no permit applies"
    )
    nobody = Rights(Policy(), Actor("eve")).decide("read", "document", ROW, "it").summary()
    assert (
        "eve (roles asserted: none) may not read it: no rule speaks of it to these roles" == nobody
    )
    guarded = LEAD.decide(
        "issue", "document", ROW | {"value": Money("1", "EUR")}, "it", Doc.phase == "issued"
    )
    assert guarded.summary().endswith(
        "may not issue it now: the workflow has no such step from here"
    )
    assert not guarded


def test_an_explanation_shows_each_rule_with_the_values_it_saw() -> None:
    row = ROW | {"value": Money("6000", "EUR"), "team": "web"}
    text = LEAD.decide("issue", "document", row, "invoice i1", Doc.phase == "draft").explain()
    assert text.startswith(
        "bob (roles asserted: lead) may not issue invoice i1: forbidden by large\n"
    )
    for shown in (
        "permit 'web-issue'",
        "permit 'own-issue'",
        "forbid 'large'",
        "workflow, possible where",
    ):
        assert f"\n  {shown}\n" in text
    for seen in ("6000.00", "'web'", "draft"):
        assert seen.strip("'") in text


def test_only_rules_on_the_action_to_the_role_are_asked() -> None:
    policy = Policy(
        permit("a", to="x", on="read"),
        permit("b", to="y", on="read"),
        permit("c", on="edit"),
        permit("d", on="read", of="seller"),
    )
    rights = Rights(policy, Actor("ann", roles={"x"}))
    assert ["a"] == [rule.name for rule in rights.rules("read", "document")]
    assert ["d"] == [rule.name for rule in rights.rules("read", "seller")]
    assert ["floor:four-eyes"] == [rule.name for rule in rights.rules("approve", "document")]
    assert not rights.allows("read", "customer", {})


def test_needs_are_what_the_rules_read() -> None:
    assert {"team", "owner", "value"} == LEAD.needs("issue", "document")
    assert {"authors"} == LEAD.needs("approve", "document")
    assert set() == LEAD.needs("read", "document")


def test_a_denied_call_carries_its_decision_also_to_another_process(agency: Agency) -> None:
    issued = agency.standing("approved")
    with pytest.raises(Denied) as caught:
        agency("sam", "sales").invoices.issue(issued)
    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert str(caught.value) == str(error)
    assert caught.value.decision.explain() == error.decision.explain()
    assert ("MB-DENIED", None, "issue", "sam") == (
        error.code,
        error.path,
        error.decision.action,
        error.decision.actor.id,
    )
    assert isinstance(error, PermissionError)
    assert issued.id in str(error)
    assert "Acme SAS" in str(error)


def test_may_explains_what_a_call_would_say(agency: Agency) -> None:
    draft = agency.standing("submitted")
    yes, no = (
        agency("bob").invoices.may("approve", draft),
        agency("ann").invoices.may("approve", draft),
    )
    assert (True, False) == (bool(yes), bool(no))
    assert ("floor:four-eyes",) == no.forbids
    assert "manager-approve" in yes.explain()
    late = agency("bob").invoices.may("submit", draft)
    assert (False, ()) == (late.allowed, late.forbids)
    assert "the workflow has no such step from here" in late.explain()


def test_denied_and_wrong_state_are_told_apart_by_who_asks(agency: Agency) -> None:
    """Rights come first: who may not issue at all is not told to wait for an approval."""
    draft = agency.draft()
    with pytest.raises(Denied):
        agency("sam", "sales").invoices.issue(draft)
