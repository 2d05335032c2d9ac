"""Expressions survive JSON and their own source text; hostile JSON is refused and nothing worse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from multibill.errors import InvalidDefinition
from multibill.query import Expression, all_of, always, from_wire, names, to_wire
from tests.query.strategies import TYPES, Doc, evaluated, expressions

SHAPES: list[tuple[str, Any]] = [
    ("always()", True),
    ("never()", False),
    ("~always()", ["not", True]),
    ("Doc.team == 'web'", ["==", "team", "web"]),
    ("Doc.buyer.name != 'x'", ["!=", "buyer.name", "x"]),
    ("Doc.value <= Money('10000', 'EUR')", ["<=", "value", ["10000.00", "EUR"]]),
    ("Doc.issue_date >= date(2026, 1, 1)", [">=", "issue_date", "2026-01-01"]),
    ("Doc.sent_at < instant('2026-01-01T01:00:00+01:00')",
     ["<", "sent_at", "2026-01-01T00:00:00.000000Z"]),
    ("Doc.hours > Decimal('1.50')", [">", "hours", "1.5"]),
    ("Doc.hours == 0", ["==", "hours", "0"]),
    ("Doc.line_count == 3", ["==", "line_count", 3]),
    ("Doc.reverse_charge == True", ["==", "reverse_charge", True]),
    ("Doc.phase.in_(['issued', 'draft'])", ["in", "phase", ["draft", "issued"]]),
    ("Doc.phase.in_([])", ["in", "phase", []]),
    ("Doc.value.in_([Money('1', 'EUR')])", ["in", "value", [["1.00", "EUR"]]]),
    ("Doc.team.in_(Me.teams)", ["in", "team", {"me": "teams"}]),
    ("Doc.owner == Me.id", ["==", "owner", {"me": "id"}]),
    ("Doc.due_date.is_null()", ["is_null", "due_date"]),
    ("Doc.due_date.not_null()", ["not_null", "due_date"]),
    ("Doc.authored_by(Me)", ["authored_by", {"me": "ids"}]),
    ("(Doc.team == 'web') & ~(Doc.owner.is_null() | always())",
     ["and", ["==", "team", "web"], ["not", ["or", ["is_null", "owner"], True]]]),
    ("Doc.custom['x'] == 'P7'", ["==", "custom.x", "P7"]),
    ("Doc.custom['x'] == 7", ["==", "custom.x", 7]),
    ("Doc.custom['x'] == True", ["==", "custom.x", True]),
    ("Doc.custom['x'] == Money('1', 'EUR')", ["==", "custom.x", ["1.00", "EUR"]]),
    ("Doc.custom['x'] == date(2026, 1, 1)", ["==", "custom.x", {"date": "2026-01-01"}]),
    ("Doc.custom['x'].in_([Decimal('1.5')])", ["in", "custom.x", [{"decimal": "1.5"}]]),
    ("Doc.custom['x'] < instant('2026-01-01T00:00:00Z')",
     ["<", "custom.x", {"instant": "2026-01-01T00:00:00.000000Z"}]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "tree"), SHAPES)
def test_the_wire_form_is_fixed(source: str, tree: Any) -> None:
    """Stored policies are read for ever: this table only grows."""
    assert tree == to_wire(evaluated(source))
    assert evaluated(source) == from_wire(tree, Doc)


@given(expressions)
def test_an_expression_survives_json(expr: Expression) -> None:
    text = json.dumps(to_wire(expr))
    assert expr == from_wire(json.loads(text), Doc)
    assert text == json.dumps(to_wire(from_wire(json.loads(text), Doc)))
    assert hash(expr) == hash(from_wire(json.loads(text), Doc))


@given(expressions)
def test_an_expression_prints_as_source_that_makes_it_again(expr: Expression) -> None:
    assert expr == evaluated(str(expr))
    assert str(expr).isprintable()
    assert repr(expr) == str(expr)


@given(expressions, expressions)
def test_expressions_are_equal_when_their_wire_forms_are(
    one: Expression, other: Expression
) -> None:
    assert (one == other) is (json.dumps(to_wire(one)) == json.dumps(to_wire(other)))


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("Doc.team=='web'", 'Doc.team == "web"'),
        ("(always() | (Doc.team == 'it\\'s \"x\"')) & ~~(Doc.custom['x'] < 3)",
         '(always() | (Doc.team == "it\'s \\"x\\"")) & ~~(Doc.custom["x"] < 3)'),
        ("~(always() & never())", "~(always() & never())"),
        ("Doc.team.in_(['\\u202e\\n\\\\é'])", 'Doc.team.in_(["\\u202e\\n\\\\é"])'),
    ],
)  # fmt: skip
def test_source_is_printed_the_way_it_is_written(source: str, printed: str) -> None:
    assert printed == str(evaluated(source))


def deep(levels: int, inner: Any = True, kind: str = "not") -> Any:
    for _ in range(levels):
        inner = [kind, inner]
    return inner


def shared(levels: int) -> Any:
    """A tree that refers to itself: 2**levels nodes when walked, hardly any in memory."""
    tree: Any = True
    for level in range(levels):
        tree = [["and", "or"][level % 2], tree, tree]
    return tree


REFUSED: list[tuple[Any, str]] = [
    # no expression
    (None, "is no expression"),
    (1, "is no expression"),
    ("team", "is no expression"),
    ([], "this list is no expression"),
    ({}, "this dict is no expression"),
    ({"==": ["team", "web"]}, "this dict is no expression"),
    (["==", "team"], r"this list, \['==', ...\], is no expression"),
    (["==", "team", "web", "x"], "is no expression"),
    (["=", "team", "web"], "is no expression"),
    ([["=="], "team", "web"], "is no expression"),
    (["==", ["team"], "web"], "is no expression"),
    (["and"], "is no expression"),
    (["or"], "is no expression"),
    (["and", True, 1], "1 is no expression"),
    (["not"], "is no expression"),
    (["not", True, True], "is no expression"),
    (["is_null", "team", 1], "is no expression"),
    (["in", "team", "web"], "is no expression"),
    (["authored_by"], "is no expression"),
    (["authored_by", {"me": "id"}], "is no expression"),
    (["authored_by", {"me": "ids", "x": 1}], "is no expression"),
    # names
    (["==", "tean", "web"], "did you mean 'team'"),
    (["==", "buyer", "web"], "Doc.buyer has parts"),
    (["==", "_types", "web"], "Doc has no '_types'"),
    (["==", "__class__", "web"], "Doc has no '__class__'"),
    (["is_null", ""], "Doc has no ''"),
    (["is_null", "x" * 1_000_000], "Doc has no 'xxx"),
    (["==", "custom.", "web"], "custom field ''"),
    (["==", "custom.a/b", "web"], "custom field 'a/b'"),
    # literals
    (["==", "team", None], "Doc.team: nothing compares with None"),
    (["==", "team", 1], "Doc.team: 1 is not text"),
    (["==", "team", ["1.00", "EUR"]], "is not text"),
    (["==", "team", {"date": "2026-01-01"}], "is not text"),
    (["==", "team", "a\0"], "NUL"),
    (["==", "team", "\ud800"], "lone surrogates"),
    (["==", "phase", "x"], "none of its values"),
    (["<", "phase", "issued"], "has no order"),
    (["==", "line_count", 1.0], "is not a whole number"),
    (["==", "line_count", float("nan")], "is not a whole number"),
    (["==", "line_count", 10**5000], "within 2.53"),
    (["==", "team", 10**5000], "that large number is not text"),
    (["==", "hours", 1.5], "must be written as text"),
    (["==", "hours", "1e999999"], "is not a decimal"),
    (["==", "hours", "NaN"], "is not a decimal"),
    (["==", "hours", "1" * 100], "is not a decimal"),
    (["==", "issue_date", "20260101"], "write it as 2026-01-31"),
    (["==", "issue_date", "2026-W01-1"], "write it as 2026-01-31"),
    (["==", "issue_date", "2026-02-30"], "is not a date"),
    (["==", "issue_date", 20260101], "must be written as text"),
    (["==", "sent_at", "2026-01-01T00:00:00"], "needs a time zone"),
    (["==", "sent_at", "0001-01-01T00:00:00+14:00"], "Doc.sent_at"),
    (["==", "sent_at", "now"], "is not an ISO 8601 instant"),
    (["==", "value", "10.00"], "is not money"),
    (["==", "value", ["10.00"]], "is not money"),
    (["==", "value", [10, "EUR"]], "is not money"),
    (["==", "value", ["10.00", ["EUR"]]], "is not money"),
    (["==", "value", ["10.00", "XYZ"]], "not an ISO 4217 currency"),
    (["==", "value", ["10.001", "EUR"]], "more than 2 decimal places"),
    (["==", "custom.x", {"date": "nope"}], "is not a date"),
    (["==", "custom.x", {"colour": "red"}], "is no literal"),
    (["==", "custom.x", {}], "is no literal"),
    (["==", "custom.x", {"date": "2026-01-01", "x": 1}], "is no literal"),
    (["==", "custom.x", 1.5], "is a float"),
    (["in", "team", ["a", None]], "nothing compares with None"),
    (["in", "team", [["a"]]], "is not text"),
    (["in", "custom.x", ["a", 1]], "of one type"),
    (["in", "team", list(map(str, range(10_000)))], "10000 nodes"),
    # the actor
    (["==", "owner", {"me": "ids"}], "write Doc.owner.in_.Me.ids"),
    (["==", "owner", {"me": "name"}], "Me has no 'name'"),
    (["==", "owner", {"me": ["id"]}], "no field of the actor"),
    (["in", "owner", {"me": "ids", "x": 1}], "no field of the actor"),
    (["in", "owner", {"me": "id"}], "write Doc.owner == Me.id"),
    (["in", "owner", [{"me": "id"}]], "cannot stand in a list"),
    # size
    (deep(50), "50 deep"),
    (deep(100_000), "50 deep"),
    (deep(100_000, kind="and"), "50 deep"),
    (["==", "team", deep(100_000)], "this list, .'not', ..... is not text"),
    (deep(100_000, kind="nope"), "is no expression"),
    (["and", *[True] * 1000], "1000 nodes"),
    (["or", *[["and", True, False]] * 400], "1000 nodes"),
    (shared(49), "10000 nodes"),
]


@pytest.mark.parametrize(("tree", "says"), REFUSED)
def test_a_wrong_tree_is_refused_with_what_is_wrong(tree: Any, says: str) -> None:
    with pytest.raises(InvalidDefinition, match=says) as caught:
        from_wire(tree, Doc)
    assert len(str(caught.value)) < 600


def test_the_largest_trees_are_read() -> None:
    assert to_wire(from_wire(deep(49), Doc)) == deep(49)
    assert to_wire(from_wire(["and", *[True] * 999], Doc)) == ["and", *[True] * 999]
    assert from_wire(["or", ["and", True]], Doc) == all_of(from_wire(True, Doc))


def test_what_could_not_be_read_again_is_not_written() -> None:
    deepest = from_wire(deep(49), Doc)
    with pytest.raises(InvalidDefinition, match="50 deep"):
        to_wire(~deepest)
    widest = from_wire(["and", *[True] * 999], Doc)
    with pytest.raises(InvalidDefinition, match="1000 nodes"):
        to_wire(widest & always())


scraps = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(
            ["and", "or", "not", "in", "==", "<", "is_null", "authored_by", "me", "ids", "1.5"]
        ),
        st.sampled_from(
            [*TYPES, "custom.x", "EUR", "2026-01-01", "2026-01-01T00:00:00Z", "issued"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.tuples(st.sampled_from(["and", "or", "not"]), inner, inner).map(list),
        st.tuples(
            st.sampled_from(["==", "<=", "in", "is_null", "not_null"]),
            st.sampled_from([*TYPES, "custom.x"]),
            inner,
        ).map(list),
        st.dictionaries(
            st.sampled_from(["me", "date", "decimal", "money", "x"]), inner, max_size=2
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(scraps)
@example([True])
def test_any_json_is_an_expression_or_refused(tree: Any) -> None:
    try:
        expr = from_wire(tree, Doc)
    except InvalidDefinition:
        return
    assert names(expr) <= {*TYPES, "custom.x", "authors"}
    assert expr == from_wire(to_wire(expr), Doc) == evaluated(str(expr))
