"""Invariant 2 in its thin form: ``may(action, x)`` holds exactly when ``x`` is in ``list(can={action})``.

Every action, an invoice in every state in a team and outside, and the people of an agency; random policies are in
``tests/property``.
"""

from __future__ import annotations

from typing import Any

import pytest

from multibill import presets
from multibill.errors import InvalidDefinition, NotFound
from multibill.money import Money
from multibill.permissions import Policy, forbid, permit
from multibill.permissions.rules import ACTIONS
from multibill.ports import Storage
from multibill.presets import EVERYONE
from multibill.query import Me
from multibill.query.doc import Doc
from tests.workspace.agency import STATES, Agency

PEOPLE: list[dict[str, Any]] = [
    *({"name": "zoe", "roles": [role]} for role in sorted(EVERYONE)),
    *({"name": "ann", "roles": [role]} for role in ("freelancer", "manager", "lead")),
    {"name": "bob", "roles": ["manager"]},
    {"name": "zoe", "roles": ["lead"], "on_behalf_of": "ann"},
    {"name": "ann", "roles": ["manager"], "on_behalf_of": "zoe"},
    {"name": "zoe", "roles": ["lead", "accountant"]},
    {"name": "zoe", "roles": ["janitor"]},
]
STRICT = Policy(
    *presets.agency().rules,
    forbid("large", on={"approve", "issue"}, when=Doc.value > Money("1000", "EUR")),
    forbid("foreign", on="annotate", when=Doc.team != "web"),
    forbid("secret", on="read", to="viewer", when=Doc.assignee.not_null()),
    permit("own-hours", to="freelancer", on="edit", when=Doc.custom["own_text"] == "P7"),
    permit("mine", on="refuse", when=Doc.assignee == Me.id),
)


def agreed(agency: Agency, ids: list[str], who: dict[str, Any]) -> int:
    """Check every action for somebody; how many of the answers were yes."""
    invoices = agency(who["name"], *who["roles"], on_behalf_of=who.get("on_behalf_of")).invoices
    visible = {row.id for row in invoices.list(limit=1000)}
    yes = 0
    marks = {row.id: row.can for row in invoices.list(limit=1000, mark=ACTIONS["document"])}
    for action in sorted(ACTIONS["document"]):
        listed = invoices.list(can={action}, limit=1000)
        able = {row.id for row in listed}
        may = {id for id in visible if invoices.may(action, id)}
        assert (who, action, able) == (who, action, may)
        assert (who, action, able) == (
            who,
            action,
            {id for id, can in marks.items() if action in can},
        )
        assert len(able) == listed.count()
        yes += len(able)
    for id in set(ids) - visible:
        with pytest.raises(NotFound):
            invoices.may("read", id)
    return yes


@pytest.mark.parametrize("policy", [presets.agency(), STRICT], ids=["agency", "strict"])
def test_invariant_02_may_and_list_agree_for_everybody_everywhere(
    anywhere: Storage, policy: Policy
) -> None:
    agency = Agency(anywhere, policy=policy)
    made: list[dict[str, Any]] = [
        {},
        {"team": "print", "owner": "zoe", "assignee": "zoe", "custom": {"own_text": "P7"}},
    ]
    if policy is STRICT:  # what is large is approved by nobody
        made = [
            {**said, "currency": "USD"} if n else {**said, "lines": ()}
            for n, said in enumerate(made)
        ]
    ids = [agency.standing(s, **said).id for said in made for s in STATES if reachable(s, policy)]
    answers = {str(who): agreed(agency, ids, who) for who in PEOPLE}
    assert 0 == answers[str(PEOPLE[-1])]
    assert len(set(answers.values())) > 4


def reachable(state: str, policy: Policy) -> bool:
    """Under the strict policy nothing is issued, for want of a line or a rate."""
    return policy is not STRICT or state in ("draft", "submitted", "refused", "discarded")


def test_several_actions_at_once_are_all_of_them(agency: Agency) -> None:
    for state in STATES:
        agency.standing(state)
    bob = agency("bob").invoices
    both = {row.id for row in bob.list(can={"refuse", "edit"})}
    assert {row.id for row in bob.list(can={"refuse"})} & {
        row.id for row in bob.list(can={"edit"})
    } == both
    assert {"submitted", "approved"} == {row.state for row in bob.list(can={"refuse", "edit"})}


def test_an_action_that_does_not_exist_is_named(agency: Agency) -> None:
    draft = agency.draft()
    ann = agency("ann").invoices
    for ask in (
        lambda: ann.may("aprove", draft),
        lambda: ann.list(can={"aprove"}),
        lambda: ann.list(mark={"aprove"}),
    ):
        with pytest.raises(InvalidDefinition, match="'aprove'"):
            ask()
