"""Actors: who calls, with what the host asserts for this call."""

from __future__ import annotations

from typing import Any

import pytest

from multibill.errors import InvalidValue
from multibill.records import Actor


def test_an_actor_is_a_value() -> None:
    ann = Actor("ann", roles=["sales", "sales"], teams={"web"})
    assert Actor("ann", roles={"sales"}, teams=("web",)) == ann
    assert 1 == len({ann, Actor("ann", roles={"sales"}, teams={"web"})})
    assert (frozenset({"sales"}), frozenset({"web"}), None) == (
        ann.roles,
        ann.teams,
        ann.on_behalf_of,
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"id": ""}, "id ''"),
        ({"id": "a b"}, "id 'a b'"),
        ({"id": "x" * 65}, "must be 1 to 64"),
        ({"id": None}, "id None"),
        ({"id": "ann", "on_behalf_of": ""}, "id ''"),
        ({"id": "ann", "on_behalf_of": "a/b"}, "id 'a/b'"),
        ({"id": "ann", "roles": "sales"}, "write a set of names such as {'sales'}, not 'sales'"),
        ({"id": "ann", "teams": "web"}, "write a set of names such as"),
        ({"id": "ann", "roles": {"project manager"}}, "name 'project manager'"),
        ({"id": "ann", "teams": {None}}, "name None"),
    ],
)
def test_what_an_actor_cannot_be_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        Actor(**given)


def test_a_service_is_told_from_a_person_by_its_id() -> None:
    robot = Actor.service("month-end", roles={"biller"}, teams=["web"])
    assert "service:month-end" == robot.id
    assert ({"biller"}, {"web"}) == (set(robot.roles), set(robot.teams))
    assert Actor("month-end", roles={"biller"}, teams={"web"}) != robot
    with pytest.raises(InvalidValue, match="write a set of names such as"):
        Actor.service("month-end", roles="biller")
    with pytest.raises(InvalidValue, match="service:month end"):
        Actor.service("month end")


def test_an_actor_and_whom_it_acts_for_both_stand_behind_what_is_done() -> None:
    assert {"ann"} == Actor("ann").persons
    assert {"ann", "bob"} == Actor("ann", on_behalf_of="bob").persons
    assert {"ann"} == Actor("ann", on_behalf_of="ann").persons
