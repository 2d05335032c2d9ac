"""Invariant 2, thin: ``may(action, x)`` holds exactly when ``x`` is in ``list(can={action})``, and the call agrees.

Random policies over documents in every state, on memory and SQLite; conditions on custom fields among them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from multibill.billing import Billing
from multibill.clock import FrozenClock
from multibill.errors import Denied, NotFound, PreflightFailed, WrongState
from multibill.permissions import Policy, permit
from multibill.query.doc import Doc
from multibill.records import Actor
from multibill.testing.billing import NOON
from multibill.workspace import Workspace
from tests.lived import FIELDS, LINES, lived, office
from tests.permissions.strategies import (
    COMPARISONS,
    DOCUMENT,
    PRESENCES,
    actors,
    conditions,
    policies,
)
from tests.worlds import billing_on, storages, tenant

CUSTOM = [
    Doc.custom["project"] == "P8",
    Doc.custom["urgent"] == True,  # noqa: E712 - a condition, not a comparison
    Doc.custom["project"].is_null(),
]
POLICIES = policies(conditions([*COMPARISONS, *PRESENCES, *CUSTOM]))


class World:
    """A tenant with a document in each state that there is, whose policy can be changed."""

    def __init__(self, storage: Any) -> None:
        self.tenant = tenant()
        billing = billing_on(storage, fields=FIELDS)
        self.ids = [document.id for document in lived(billing, self.tenant).values()]
        ann, bob = office(billing, self.tenant, "ann"), office(billing, self.tenant, "bob")
        for steps in ([], ["submit"], ["submit", "refuse"], ["submit", "approve"]):
            draft = ann.invoices.draft(
                seller="studio", buyer="acme", lines=LINES, owner="cat", team="print"
            )
            for step in steps:
                said = {"comment": "no"} if step == "refuse" else {}
                getattr((ann if step == "submit" else bob).invoices, step)(draft.id, **said)
            self.ids.append(draft.id)
        self.policy = Policy()
        self.billing = Billing(
            storage, policy=lambda _: self.policy, fields=FIELDS, clock=FrozenClock(NOON)
        )

    def workspace(self, policy: Policy, actor: Actor) -> Workspace:
        self.policy = policy
        return self.billing.workspace(self.tenant, actor=actor)


@cache
def worlds() -> list[World]:
    return [World(storage) for _, storage in storages()]


@settings(max_examples=40)
@given(POLICIES, actors())
def test_invariant_02_may_is_list_is_mark_on_every_storage(policy: Policy, actor: Actor) -> None:
    """For every action and every document, in every state; and counting agrees."""
    for world in worlds():
        office = world.workspace(policy, actor).invoices
        readable = {row.id for row in office.list(limit=100)}
        marks = {row.id: row.can for row in office.list(limit=100, mark=DOCUMENT)}
        for action in DOCUMENT:
            listed = office.list(limit=100, can={action})
            assert len(listed) == listed.count()
            able = {row.id for row in listed}
            may = {id for id in world.ids if id in readable and office.may(action, id)}
            assert (action, may) == (action, able)
            assert (action, able) == (action, {id for id, can in marks.items() if action in can})
        for id in set(world.ids) - readable:
            with pytest.raises(NotFound):
                office.may("edit", id)


@settings(max_examples=40)
@given(
    POLICIES,
    actors(),
    st.sampled_from(
        [("submit", {}), ("refuse", {"comment": "no"}), ("approve", {}), ("issue", {})]
    ),
)
def test_invariant_02_a_call_succeeds_where_may_says_so(
    policy: Policy, actor: Actor, verb: tuple[str, Any]
) -> None:
    """All but forbidden documents can be read; in a host's transaction, so that each stays as it was."""
    action, said = verb
    world = worlds()[1]
    storage = world.billing._storage
    readers = Policy(
        *policy.rules, permit("see", on="read"), permit("look", on="read", of="seller")
    )
    world.policy = readers
    for id in world.ids:
        with storage._engine.connect() as connection:  # type: ignore[attr-defined]
            ws = world.billing.workspace(world.tenant, actor=actor, session=connection)
            before = expected(ws, action, id)
            assert (id, before) == (id, outcome(ws, action, id, said))
            connection.rollback()


def expected(ws: Workspace, action: str, id: str) -> bool | None:
    """Whether the actor may; None when there is no such document for the actor."""
    try:
        return bool(ws.invoices.may(action, id))
    except NotFound:
        return None


def outcome(ws: Workspace, action: str, id: str, said: dict[str, Any]) -> bool | None:
    """What the call itself says; the preflight is no question of rights."""
    try:
        getattr(ws.invoices, action)(id, **said)
    except (Denied, WrongState):
        return False
    except PreflightFailed:
        return True
    except NotFound:
        return None
    return True
