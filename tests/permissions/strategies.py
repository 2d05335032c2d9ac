"""Random policies, actors and rows over the real fields of a document. Pools are small, so that rules meet rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs
from hypothesis import strategies as st

from multibill.money import Money
from multibill.permissions import Policy, Rule, forbid, permit
from multibill.permissions.rules import ACTIONS
from multibill.query import Expression, Me, all_of, always, any_of, never
from multibill.query.doc import DOCUMENT_FIELDS, Doc
from multibill.records import Actor

ROLES = ["viewer", "sales", "lead", "manager"]
PEOPLE = ["ann", "bob", "cat"]
TEAMS = ["web", "print"]
STATES = ["draft", "submitted", "approved", "refused", "issued"]
DAYS = [date(2026, 11, 30), date(2026, 12, 31)]
AMOUNTS = [Money(n, code) for n in ("0.00", "1620.00") for code in ("EUR", "USD")]
DOCUMENT = sorted(ACTIONS["document"])

POOLS: Mapping[str, list[Any]] = {
    "team": TEAMS,
    "owner": PEOPLE,
    "assignee": PEOPLE,
    "state": STATES,
    "phase": ["draft", "discarded", "issued"],
    "kind": ["invoice", "credit_note"],
    "buyer.name": ["Acme SAS", "acme"],
    "issue_date": DAYS,
    "due_date": DAYS,
    "value": AMOUNTS,
    "payable": AMOUNTS,
    "settlement": ["open", "part-paid", "paid"],
    "due": AMOUNTS,
    "currency": ["EUR", "USD"],
}

KNOWN = {"phase", "kind", "state", "currency", "payable"}
"""Fields that every document has."""


MINE = [Doc.team.in_(Me.teams), Doc.owner == Me.id, Doc.assignee.in_(Me.ids), Doc.authored_by(Me)]

COMPARISONS: list[Expression] = [
    *MINE,
    always(),
    never(),
    *(Doc[name] == value for name, pool in POOLS.items() for value in pool),
    *(Doc[name].in_(pool[:1]) for name, pool in POOLS.items()),
    *(Doc[name] <= pool[0] for name, pool in POOLS.items() if DOCUMENT_FIELDS[name].ordered),
    *(Doc[name] > pool[0] for name, pool in POOLS.items() if DOCUMENT_FIELDS[name].ordered),
]
"""A field against a literal or against what the actor brings."""

PRESENCES: list[Expression] = [
    made for name in POOLS for made in (Doc[name].is_null(), Doc[name].not_null())
]
"""Whether a field has a value: definite also where the value is unknown."""


def conditions(
    atoms: Sequence[Expression] = (*COMPARISONS, *PRESENCES),
) -> st.SearchStrategy[Expression]:
    """Conditions of some depth over the atoms: any of some and any of others, each turned around or not."""
    some = st.lists(st.sampled_from(atoms), min_size=1, max_size=3)
    return st.lists(st.tuples(some, st.booleans()), min_size=1, max_size=2).map(_joined)


def _joined(groups: list[tuple[list[Expression], bool]]) -> Expression:
    return all_of(*(~any_of(*parts) if turned else any_of(*parts) for parts, turned in groups))


def rules(
    name: str = "rule", when: st.SearchStrategy[Expression] | None = None
) -> st.SearchStrategy[Rule]:
    """A permit or a forbid for some roles or for everybody."""
    to = st.none() | st.sets(st.sampled_from(ROLES), min_size=1, max_size=2)
    on = st.sets(st.sampled_from(DOCUMENT), min_size=1, max_size=4)
    effect = st.sampled_from([permit, permit, forbid])
    made = st.tuples(effect, on, to, conditions() if when is None else when)
    return made.map(lambda parts: parts[0](name, on=parts[1], to=parts[2], when=parts[3]))


def policies(when: st.SearchStrategy[Expression] | None = None) -> st.SearchStrategy[Policy]:
    """Up to four rules."""
    return st.lists(rules(when=when), max_size=4).map(_named)


def _named(drawn: list[Rule]) -> Policy:
    return Policy(*(attrs.evolve(rule, name=f"rule{n}") for n, rule in enumerate(drawn)))


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    """Somebody with any roles and teams, for herself or for another."""
    id = draw(st.sampled_from(PEOPLE))
    roles = draw(st.sets(st.sampled_from(ROLES), max_size=2))
    teams = draw(st.sets(st.sampled_from(TEAMS), max_size=2))
    return Actor(
        id, roles=roles, teams=teams, on_behalf_of=draw(st.none() | st.sampled_from(PEOPLE))
    )


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A document's facts, any of them unknown but those that every document has."""
    row: dict[str, Any] = dict.fromkeys(DOCUMENT_FIELDS)
    for name, pool in POOLS.items():
        value = st.sampled_from(pool)
        row[name] = draw(value if name in KNOWN else st.none() | value)
    return {**row, "id": "i1", "authors": draw(st.frozensets(st.sampled_from(PEOPLE), max_size=2))}


actions = st.sampled_from(DOCUMENT)
