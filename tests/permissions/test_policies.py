"""Policies as data: JSON and back, order and fingerprints, and every rule that could never apply refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from multibill import presets
from multibill.errors import InvalidDefinition, InvalidValue
from multibill.permissions import Policy, Rule, forbid, permit
from multibill.permissions.policy import FLOOR
from multibill.permissions.rules import ACTIONS
from multibill.query import Me
from multibill.query.doc import Doc
from tests.permissions.strategies import policies

READ = permit("r", on="read")
WIRE = READ.to_wire()
WRONG: list[dict[str, Any]] = [
    {"effect": "allow"},
    {"effect": None},
    {"name": "a b"},
    {"name": 5},
    {"of": "invoice"},
    {"of": []},
    {"on": 5},
    {"on": []},
    {"on": ["send"]},
    {"on": [["read"]]},
    {"to": 5},
    {"to": ["a b"]},
    {"when": None},
    {"when": ["==", "nope", "x"]},
    {"when": ["=", "team", "x"]},
    {"when": ["==", "value", 5]},
]
"""Parts that no rule can have."""


@given(policies())
def test_a_policy_survives_json_in_every_form(policy: Policy) -> None:
    for again in (
        Policy.from_wire(policy.text),
        Policy.from_wire(json.loads(json.dumps(policy.to_wire()))),
        Policy.from_wire(policy.to_wire()),
    ):
        assert (policy, policy.text, policy.fingerprint) == (again, again.text, again.fingerprint)


def test_the_agency_survives_json_and_its_fingerprint_tells_it_from_others() -> None:
    policy = presets.agency()
    assert policy == Policy.from_wire(policy.text)
    assert policy.fingerprint == presets.agency().fingerprint
    for other in (Policy(*policy.rules[1:]), Policy(*policy.rules, READ)):
        assert policy.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        permit("s", on="read"),
        forbid("r", on="read"),
        permit("r", on="edit"),
        permit("r", on={"read", "edit"}),
        permit("r", on="read", to="sales"),
        permit("r", on="read", of="customer"),
        permit("r", on="read", when=Doc.team.in_(Me.teams)),
    ],
)
def test_each_part_of_a_rule_shows_in_the_fingerprint(other: Rule) -> None:
    assert Policy(READ).fingerprint != Policy(other).fingerprint


def test_order_of_rules_roles_and_actions_says_nothing() -> None:
    one = Policy(permit("a", on=["read", "edit"], to=["x", "y"]), READ)
    other = Policy(READ, permit("a", on=("edit", "read"), to={"y", "x"}))
    assert one == other
    assert one.text == other.text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"on": "raed"}, "'raed' cannot be done to a document; there are: annotate, approve"),
        ({"on": {"read", "send"}}, "'send' cannot be done"),
        ({"on": ()}, "names no action"),
        ({"on": "save"}, "'save' cannot be done to a document"),
        ({"on": "edit", "of": "customer"}, "'edit' cannot be done to a customer; there are: read, save"),
        ({"on": "read", "of": "invoice"}, "of='invoice' is none of document, customer, seller, account"),
        ({"on": "read", "of": "seller", "when": Doc.team == "web"}, "conditions are on documents"),
        ({"on": "read", "when": True}, "when= needs a condition"),
        ({"on": "read", "when": Doc.team}, "when= needs a condition"),
        ({"on": "read", "when": None}, "when= needs a condition"),
    ],
)  # fmt: skip
def test_a_rule_that_could_never_apply_is_refused(said: dict[str, Any], words: str) -> None:
    for effect in (permit, forbid):
        with pytest.raises(InvalidDefinition, match=words) as caught:
            effect("rule-1", **said)
        assert "rule 'rule-1'" in str(caught.value)


@pytest.mark.parametrize("given_to", ["project manager", "", {"a/b"}])
def test_roles_and_names_of_rules_are_keys(given_to: Any) -> None:
    with pytest.raises(InvalidValue, match="role"):
        permit("rule", on="read", to=given_to)
    with pytest.raises(InvalidValue):
        permit("a rule", on="read")


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidDefinition, match="two rules are called 'r'"):
        Policy(READ, forbid("r", on="edit"))


@pytest.mark.parametrize(
    "tree",
    [
        "",
        "[]",
        "{",
        "null",
        "{}",
        '{"rules": []}',
        '{"rules": {"r": 5}}',
        '{"rules": {"r": {}}}',
        "[" * 100_000,
        [],
        {"rules": None},
        *(
            {"rules": {"r": {**WIRE, **wrong}}}
            for wrong in WRONG
        ),
        *({"rules": {"r": {k: v for k, v in WIRE.items() if k != name}}} for name in WIRE),
        {"rules": {"r": WIRE, "s": WIRE}},
    ],
)  # fmt: skip
def test_what_is_no_policy_is_refused_whole(tree: Any) -> None:
    with pytest.raises(InvalidDefinition):
        Policy.from_wire(tree)


def test_rules_are_values() -> None:
    assert permit("r", on=["read"]) == READ
    assert 1 == len({READ, permit("r", on={"read"})})
    with pytest.raises(AttributeError):
        READ.effect = "forbid"  # type: ignore[misc]


def test_the_floor_is_four_eyes_and_nothing_a_policy_could_name_away() -> None:
    """A policy may have a rule of that name: both hold."""
    assert {"document": {"approve"}, "account": {"confirm"}} == {r.of: {*r.on} for r in FLOOR}
    for floor in FLOOR:
        assert ("forbid", None) == (floor.effect, floor.to)
        assert Doc.authored_by(Me) == floor.when


def test_a_rule_on_accounts_may_ask_who_proposed_and_nothing_else() -> None:
    rule = permit("own", on="confirm", of="account", when=~Doc.authored_by(Me))
    assert rule == Policy.from_wire(Policy(rule).to_wire()).rules[0]
    with pytest.raises(InvalidDefinition, match="conditions are on documents"):
        permit("own", on="confirm", of="account", when=Doc.team == "web")
    with pytest.raises(InvalidDefinition, match="conditions are on documents"):
        permit("own", on="save", of="item", when=Doc.authored_by(Me))


def test_every_action_can_be_permitted_and_forbidden() -> None:
    for of, actions in ACTIONS.items():
        assert (
            actions == permit("all", on=actions, of=of).on == forbid("none", on=actions, of=of).on
        )
