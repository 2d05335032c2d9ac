"""An explanation names each condition, what it saw and how it came out."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from multibill.money import Money
from multibill.query import Expression, Me, Node, explain, truth
from tests.query.strategies import ANN, ROW, Doc, evaluated, worlds


def test_an_explanation_reads_as_an_indented_tree() -> None:
    expr = (
        Doc.team.in_(Me.teams)
        & (Doc.value <= Money("10000", "EUR"))
        & ~((Doc.state == "approved") | Doc.authored_by(Me))
    )
    row = {"team": "web", "value": Money("12000", "EUR"), "authors": frozenset({"eve", "bob"})}
    assert str(explain(expr, ROW | row, ANN)).splitlines() == [
        "no       all of",
        '  yes      Doc.team.in_(Me.teams)   [team: "web"; mine: "design", "web"]',
        '  no       Doc.value <= Money("10000.00", "EUR")   [value: Money("12000.00", "EUR")]',
        "  no       not",
        "    yes      any of",
        '      unknown  Doc.state == "approved"   [state: unknown]',
        '      yes      Doc.authored_by(Me)   [authors: "bob", "eve"; mine: "ann", "bob"]',
    ]


def test_a_condition_keeps_the_value_and_the_name_for_whoever_masks() -> None:
    node = explain(Doc.buyer.name == "Acme", ROW | {"buyer.name": "Globex"}, ANN)
    assert node == Node('Doc.buyer.name == "Acme"', False, name="buyer.name", seen="Globex")
    node = explain(Doc.owner == Me.id, ROW | {"owner": "ann"}, ANN)
    assert node == Node("Doc.owner == Me.id", True, name="owner", seen="ann", mine="ann")


def test_constants_and_absent_custom_fields_explain_themselves() -> None:
    assert str(explain(evaluated("~never()"), {}, {})) == "yes      not\n  no       never()"
    assert str(explain(evaluated("Doc.custom['x'].is_null()"), {}, {})) == (
        'yes      Doc.custom["x"].is_null()   [custom.x: unknown]'
    )


def test_empty_sets_are_shown_as_none() -> None:
    nobody = ANN | {"teams": frozenset()}
    assert str(explain(Doc.team.in_(Me.teams), ROW | {"team": "web"}, nobody)) == (
        'no       Doc.team.in_(Me.teams)   [team: "web"; mine: none]'
    )


def outcomes(node: Node) -> list[bool | None]:
    return [node.outcome, *(found for child in node.children for found in outcomes(child))]


@given(worlds())
def test_an_explanation_comes_out_as_the_expression_does(
    world: tuple[Expression, list[Any], Any],
) -> None:
    expr, (row,), me = world
    node = explain(expr, row, me)
    assert truth(expr, row, me) is node.outcome
    assert len(str(node).splitlines()) == len(outcomes(node))


@given(worlds())
def test_each_condition_of_an_explanation_can_be_evaluated_again(
    world: tuple[Expression, list[Any], Any],
) -> None:
    expr, (row,), me = world
    waiting = [explain(expr, row, me)]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.children)
        if not node.children:
            assert truth(evaluated(node.text), row, me) is node.outcome
