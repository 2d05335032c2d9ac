"""What expressions mean in memory: definitely true, definitely false, and neither."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.money import Money
from multibill.query import (
    Expression,
    Me,
    all_of,
    always,
    any_of,
    compile_false,
    compile_true,
    names,
    never,
    truth,
)
from multibill.query.expressions import And
from tests.query.strategies import (
    ANN,
    ROW,
    Doc,
    evaluated,
    expressions,
    expressions_without_nulls,
    worlds,
)

EUR = Money("10", "EUR")

TABLE: list[tuple[str, dict[str, Any], bool | None]] = [
    # comparisons need both sides
    ("Doc.team == 'web'", {"team": "web"}, True),
    ("Doc.team == 'web'", {"team": "Web"}, False),
    ("Doc.team == 'web'", {"team": "web "}, False),
    ("Doc.team == 'web'", {"team": None}, None),
    ("Doc.team != 'web'", {"team": "web"}, False),
    ("Doc.team != 'web'", {"team": "sales"}, True),
    ("Doc.team != 'web'", {"team": None}, None),
    ("Doc.issue_date < date(2026, 1, 1)", {"issue_date": date(2025, 12, 31)}, True),
    ("Doc.issue_date < date(2026, 1, 1)", {"issue_date": date(2026, 1, 1)}, False),
    ("Doc.issue_date >= date(2026, 1, 1)", {"issue_date": date(2026, 1, 1)}, True),
    ("Doc.issue_date >= date(2026, 1, 1)", {"issue_date": None}, None),
    ("Doc.line_count <= 3", {"line_count": 3}, True),
    ("Doc.line_count > 3", {"line_count": 3}, False),
    ("Doc.hours == Decimal('1.50')", {"hours": Decimal("1.5")}, True),
    ("Doc.reverse_charge == True", {"reverse_charge": False}, False),
    ("Doc.sent_at < instant('2026-01-01T01:00:00+01:00')",
     {"sent_at": datetime(2026, 1, 1, tzinfo=UTC)}, False),
    # text by code point: not by locale, not by UTF-16 unit, not by composed form
    ("Doc.number < 'a'", {"number": "B"}, True),
    ("Doc.number < '9'", {"number": "10"}, True),
    ("Doc.number > '\\uffff'", {"number": "\U0001f600"}, True),
    ("Doc.number == 'é'", {"number": "e\u0301"}, False),
    # money: another currency is unknown, not different
    ("Doc.value <= Money('10', 'EUR')", {"value": EUR}, True),
    ("Doc.value <= Money('9.99', 'EUR')", {"value": EUR}, False),
    ("Doc.value != Money('9', 'EUR')", {"value": EUR}, True),
    ("Doc.value != Money('10', 'USD')", {"value": EUR}, None),
    ("Doc.value > Money('0', 'JPY')", {"value": EUR}, None),
    ("Doc.value > Money('0', 'EUR')", {"value": None}, None),
    # lists
    ("Doc.team.in_(['web', 'a'])", {"team": "a"}, True),
    ("Doc.team.in_(['web', 'a'])", {"team": "b"}, False),
    ("Doc.team.in_(['web', 'a'])", {"team": None}, None),
    ("Doc.team.in_([])", {"team": "a"}, False),
    ("Doc.team.in_([])", {"team": None}, None),
    ("Doc.value.in_([Money('10', 'EUR'), Money('1', 'USD')])", {"value": EUR}, True),
    ("Doc.value.in_([Money('9', 'EUR')])", {"value": EUR}, False),
    ("Doc.value.in_([Money('9', 'USD')])", {"value": EUR}, None),
    ("Doc.value.in_([Money('9', 'EUR'), Money('1', 'USD')])", {"value": EUR}, None),
    ("Doc.value.in_([])", {"value": EUR}, False),
    # presence is always definite
    ("Doc.due_date.is_null()", {"due_date": None}, True),
    ("Doc.due_date.is_null()", {"due_date": date(2026, 1, 1)}, False),
    ("Doc.value.not_null()", {"value": None}, False),
    ("Doc.value.not_null()", {"value": EUR}, True),
    # custom fields may be missing in the row
    ("Doc.custom['project'] == 'P7'", {"custom.project": "P7"}, True),
    ("Doc.custom['unheard'] == 'P7'", {}, None),
    ("Doc.custom['unheard'].in_(['P7'])", {}, None),
    ("Doc.custom['unheard'].is_null()", {}, True),
    # the actor: ann, who acts for bob, in web and design
    ("Doc.owner == Me.id", {"owner": "ann"}, True),
    ("Doc.owner == Me.id", {"owner": "bob"}, False),
    ("Doc.owner == Me.id", {"owner": None}, None),
    ("Doc.owner.in_(Me.ids)", {"owner": "bob"}, True),
    ("Doc.team.in_(Me.teams)", {"team": "web"}, True),
    ("Doc.team.in_(Me.teams)", {"team": "we"}, False),
    ("Doc.team.in_(Me.teams)", {"team": None}, None),
    ("Doc.state.in_(Me.roles)", {"state": "sales"}, True),
    ("Doc.authored_by(Me)", {"authors": frozenset({"eve", "bob"})}, True),
    ("Doc.authored_by(Me)", {"authors": frozenset({"eve"})}, False),
    ("Doc.authored_by(Me)", {"authors": frozenset()}, False),
    # joints
    ("always()", {}, True),
    ("never()", {}, False),
    ("(Doc.team == 'web') & never()", {"team": None}, False),
    ("(Doc.team == 'web') & always()", {"team": None}, None),
    ("(Doc.team == 'web') | never()", {"team": None}, None),
    ("(Doc.team == 'web') | always()", {"team": None}, True),
    ("(Doc.team == 'web') | (Doc.team != 'web')", {"team": None}, None),
    ("(Doc.team == 'web') & ~(Doc.team == 'web')", {"team": None}, None),
]  # fmt: skip
OPPOSITE = {True: False, False: True, None: None}


@pytest.mark.parametrize(("source", "row", "expected"), TABLE)
def test_an_expression_is_true_false_or_unknown(
    source: str, row: dict[str, Any], expected: bool | None
) -> None:
    expr = evaluated(source)
    assert expected is truth(expr, ROW | row, ANN)
    assert OPPOSITE[expected] is truth(~expr, ROW | row, ANN)
    assert expected is truth(~~expr, ROW | row, ANN)


@pytest.mark.parametrize("field", ["id", "teams", "roles"])
def test_what_is_unknown_of_the_actor_decides_nothing(field: str) -> None:
    mine = getattr(Me, field)
    expr = Doc.owner.in_(mine) if mine.many else Doc.owner == mine
    assert truth(expr, ROW | {"owner": "x"}, ANN | {field: None}) is None


def test_an_actor_without_teams_is_in_no_team() -> None:
    nobody = ANN | {"teams": frozenset()}
    assert truth(Doc.team.in_(Me.teams), ROW | {"team": "web"}, nobody) is False
    assert truth(Doc.authored_by(Me), ROW, ANN | {"ids": frozenset()}) is False


def test_a_row_without_a_built_in_field_is_an_error_and_not_unknown() -> None:
    with pytest.raises(KeyError):
        compile_true(Doc.team.is_null())({}, {})
    with pytest.raises(KeyError):
        compile_true(Doc.owner == Me.id)(ROW, {})


World = tuple[Expression, list[Any], Any]


@given(worlds())
def test_nothing_is_both_true_and_false(world: World) -> None:
    expr, (row,), me = world
    assert (compile_true(expr)(row, me), compile_false(expr)(row, me)) != (True, True)


@given(worlds())
def test_negation_swaps_true_and_false(world: World) -> None:
    expr, (row,), me = world
    assert compile_true(~expr)(row, me) is compile_false(expr)(row, me)
    assert compile_false(~expr)(row, me) is compile_true(expr)(row, me)


@given(worlds(st.lists(expressions, min_size=2, max_size=3).map(lambda parts: all_of(*parts))))
def test_joints_obey_de_morgan(world: World) -> None:
    expr, (row,), me = world
    assert isinstance(expr, And)
    assert truth(~any_of(*(~part for part in expr.parts)), row, me) is truth(expr, row, me)


@given(st.data())
def test_a_list_means_the_same_as_its_equalities(data: st.DataObject) -> None:
    moneys = [Money("10", "EUR"), Money("10", "USD"), Money("1000", "JPY"), Money("0", "EUR")]
    values = data.draw(st.lists(st.sampled_from(moneys), min_size=1))
    row = ROW | {"value": data.draw(st.none() | st.sampled_from(moneys))}
    listed, spelled = Doc.value.in_(values), any_of(*(Doc.value == value for value in values))
    assert truth(spelled, row, ANN) is truth(listed, row, ANN)


@given(worlds(expressions_without_nulls), st.data())
def test_an_unknown_value_never_decides_what_the_known_one_did_not(
    world: World, data: st.DataObject
) -> None:
    """Forgetting a value may lose a yes or a no, but never wins one, unless is_null asks for it."""
    expr, (row,), me = world
    read = sorted(names(expr) - {"authors"})
    forgotten = data.draw(st.lists(st.sampled_from(read), min_size=1)) if read else []
    less = row | dict.fromkeys(forgotten)
    for compiled in (compile_true(expr), compile_false(expr)):
        assert compiled(row, me) or not compiled(less, me)


@given(worlds(expressions_without_nulls), st.sampled_from(["id", "teams", "roles"]))
def test_an_unknown_actor_never_decides_what_the_known_one_did_not(
    world: World, forgotten: str
) -> None:
    expr, (row,), me = world
    for compiled in (compile_true(expr), compile_false(expr)):
        assert compiled(row, me) or not compiled(row, me | {forgotten: None})


def test_constants_decide_without_a_row() -> None:
    assert compile_true(always() & ~never())({}, {})
    assert compile_false(never())({}, {})
