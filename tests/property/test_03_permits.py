"""Invariant 3, with asserted roles: no permit without a matching role; unknown values grant nothing and lift no
forbid; an error denies. And what makes rules readable one by one: order never matters, and each rule only ever adds
to its own side.
"""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.permissions import Policy, Rights, Rule, forbid, permit
from multibill.permissions.policy import FLOOR
from multibill.query import truth
from multibill.query.doc import Doc
from multibill.records import Actor
from tests.permissions.strategies import (
    COMPARISONS,
    DOCUMENT,
    POOLS,
    actions,
    actors,
    conditions,
    policies,
    rows,
    rules,
)


def allows(policy: Policy, actor: Actor, action: str, row: dict[str, Any]) -> bool:
    """The check and the explained decision, which must agree."""
    rights = Rights(policy, actor)
    allowed = rights.allows(action, "document", row)
    decision = rights.decide(action, "document", row, "invoice i1")
    assert allowed is bool(decision) is decision.allowed
    assert decision.explain().startswith(decision.summary())
    return allowed


def speaks(rule: Rule, actor: Actor, action: str) -> bool:
    return action in rule.on and (rule.to is None or bool(rule.to & actor.roles))


@given(policies(), actors(), actions, rows())
def test_invariant_03_allowed_is_some_permit_and_no_forbid(policy, actor, action, row) -> None:
    """Read off the rules one by one: a permit counts when definitely true, a forbid unless definitely false."""
    me = Rights(policy, actor).me
    concerned = [rule for rule in (*policy.rules, *FLOOR) if speaks(rule, actor, action)]
    permits = [r for r in concerned if r.effect == "permit" and truth(r.when, row, me) is True]
    forbids = [r for r in concerned if r.effect == "forbid" and truth(r.when, row, me) is not False]
    assert (bool(permits) and not forbids) is allows(policy, actor, action, row)


@given(policies(), actors(), actions, rows())
def test_invariant_03_no_permit_without_a_matching_asserted_role(
    policy, actor, action, row
) -> None:
    """Without a role that a permit names, nothing is allowed but what is permitted to everybody."""
    stranger = attrs.evolve(actor, roles=frozenset({"janitor"}))
    everybody = [rule for rule in policy.rules if rule.effect == "permit" and rule.to is None]
    if not any(action in rule.on for rule in everybody):
        assert not allows(policy, stranger, action, row)


@given(
    policies(),
    actors(),
    actions,
    rows(),
    st.sets(st.sampled_from(["viewer", "sales", "lead", "manager"])),
)
def test_invariant_03_a_role_that_no_rule_names_changes_nothing(
    policy, actor, action, row, roles
) -> None:
    more = attrs.evolve(actor, roles=actor.roles | {"janitor"})
    assert allows(policy, actor, action, row) is allows(policy, more, action, row)


@given(
    policies(conditions(COMPARISONS)),
    actors(),
    actions,
    rows(),
    st.sets(st.sampled_from(sorted(POOLS)), min_size=1),
)
def test_invariant_03_unknown_values_grant_nothing_and_lift_no_forbid(
    policy, actor, action, row, blanked
) -> None:
    """Whatever is taken out of sight: what is allowed then was allowed before. (``is_null`` asks for just that.)"""
    unseen = {**row, **dict.fromkeys(blanked)}
    if allows(policy, actor, action, unseen):
        assert allows(policy, actor, action, row)


@given(policies(), actors(), actions, rows(), rules("another"))
def test_invariant_03_a_permit_takes_nothing_and_a_forbid_gives_nothing(
    policy, actor, action, row, rule
) -> None:
    before = allows(policy, actor, action, row)
    after = allows(Policy(*policy.rules, rule), actor, action, row)
    assert after >= before if rule.effect == "permit" else after <= before


@given(policies(), actors(), actions, rows(), st.data())
def test_invariant_03_order_never_matters(policy, actor, action, row, data) -> None:
    shuffled = Policy(*data.draw(st.permutations(policy.rules)))
    assert (policy, policy.fingerprint) == (shuffled, shuffled.fingerprint)
    assert allows(policy, actor, action, row) is allows(shuffled, actor, action, row)


@given(policies(), actors(), rows(), st.data())
def test_invariant_03_an_error_denies(policy, actor, row, data) -> None:
    """A row that lacks what a condition reads, or holds another type there, never allows by it."""
    name = data.draw(st.sampled_from([*sorted(POOLS), "authors"]))
    broken = dict(row)
    if data.draw(st.booleans()):
        del broken[name]
    else:
        broken[name] = object()
    for action in DOCUMENT:
        rights = Rights(policy, actor)
        try:
            allowed = rights.allows(action, "document", broken)
        except (KeyError, TypeError, AttributeError):
            continue
        if allowed and name in rights.needs(action, "document"):
            others = [
                row | {name: value}
                for value in [None, *POOLS.get(name, [frozenset()])]
                if name != "authors"
            ]
            assert (
                any(rights.allows(action, "document", other) for other in others)
                or name == "authors"
            )


@given(policies(), actors(), rows())
def test_invariant_03_the_floor_holds_under_every_policy(policy, actor, row) -> None:
    """Nobody approves what they, or those they act for, have made; not with any permit."""
    everything = Policy(*policy.rules, permit("all", on=DOCUMENT))
    if actor.persons & row["authors"]:
        assert not allows(everything, actor, "approve", row)


@given(policies(), actors(), actions, rows())
def test_invariant_03_a_policy_says_the_same_after_a_round_trip(policy, actor, action, row) -> None:
    again = Policy.from_wire(policy.text)
    assert policy == again
    assert policy.fingerprint == again.fingerprint
    assert allows(policy, actor, action, row) is allows(again, actor, action, row)


@pytest.mark.parametrize("action", DOCUMENT)
def test_invariant_03_an_empty_policy_allows_nothing(action: str) -> None:
    row: dict[str, Any] = {**dict.fromkeys(Doc), "authors": frozenset()}
    assert not allows(Policy(), Actor("ann", roles={"admin", "manager"}), action, row)


def test_invariant_03_any_forbid_wins() -> None:
    row: dict[str, Any] = {**dict.fromkeys(Doc), "authors": frozenset(), "team": "web"}
    policy = Policy(permit("p", on="read"), forbid("f", on="read", when=Doc.team == "web"))
    assert not allows(policy, Actor("ann"), "read", row)
    assert allows(policy, Actor("ann"), "read", {**row, "team": "print"})
    assert not allows(policy, Actor("ann"), "read", {**row, "team": None})
