"""Building an expression checks names, types, values and sizes at once."""

from __future__ import annotations

import copy
import enum
import pickle
from decimal import Decimal
from operator import invert
from typing import Any

import pytest

from multibill.errors import InvalidDefinition
from multibill.money import Money
from multibill.query import (
    ANYTHING,
    DATE,
    TEXT,
    Expression,
    Fields,
    Me,
    all_of,
    always,
    any_of,
    check,
    choice,
    names,
    never,
    order_keys,
    path_of,
)
from tests.query.strategies import CUSTOM, Doc, evaluated

EXAMPLES = [
    "Doc.team.in_(Me.teams)",
    'Doc.value <= Money("10000", "EUR")',
    'Doc.phase == "issued"',
    '(Doc.state == "approved") & ~(Doc.team == "web")',
    'Doc.custom["project"] == "P7"',
    'Doc.buyer.name == "Acme SAS"',
    "Doc.authored_by(Me)",
    "Doc.due_date.is_null()",
    "Doc.issue_date >= date(2026, 1, 1)",
    'Doc.seller_ref.in_(["a","b"])',
    "Doc.owner == Me.id",
    'Doc.phase != "draft"',
    "ANYTHING",
    "always()",
    "never()",
    "Doc.due_date.not_null() | (Doc.hours > 3)",
    'Doc.sent_at < instant("2026-01-01T00:00:00Z")',
    'Doc.custom["deadline"] < date(2026, 1, 1)',
    "Doc.reverse_charge == True",
]


@pytest.mark.parametrize("source", EXAMPLES)
def test_what_policies_and_filters_write_is_an_expression(source: str) -> None:
    assert isinstance(evaluated(source), Expression)


REFUSED = [
    # names
    ("Doc.tean", "did you mean 'team'"),
    ("Doc.buyer.nam", "did you mean 'buyer.name'"),
    ("Doc.team.lead", "Doc.team has no parts"),
    ('Doc.buyer == "x"', "Doc.buyer has parts; name one of: buyer.name"),
    ("Doc.buyer.is_null()", "Doc.buyer has parts"),
    ("Doc['zzzzzz']", "there are: assignee, buyer.name"),
    ("Me.team", "did you mean 'teams'"),
    ("Doc.custom['a/b']", "custom field 'a/b' must be"),
    # literals of another type
    ("Doc.team == 5", "Doc.team: 5 is not text"),
    ("Doc.team == b'web'", "is not text"),
    ("Doc.team == Doc.owner", "Doc.owner is not text"),
    ("Doc.issue_date >= '2026-01-01'", "is not a plain date; write date"),
    ("Doc.issue_date >= datetime(2026, 1, 1)", "is not a plain date"),
    ("Doc.sent_at >= datetime(2026, 1, 1)", "is not an instant"),
    ("Doc.sent_at >= date(2026, 1, 1)", "is not an instant"),
    ("Doc.sent_at >= datetime.fromisoformat('0001-01-01T00:00:00+14:00')", "years 1 to 9999"),
    ("Doc.line_count == 1.0", "is not a whole number"),
    ("Doc.line_count == True", "is not a whole number"),
    ("Doc.line_count == 2**53", "within 2.53"),
    ("Doc.hours > 1.5", "is not an exact decimal"),
    ("Doc.hours > '1.5'", "is not an exact decimal"),
    ("Doc.hours > Decimal('NaN')", "must be finite"),
    ("Doc.reverse_charge == 1", "is not a boolean"),
    ("Doc.value <= 10000", "is not money; write Money"),
    ("Doc.value <= Decimal(10)", "is not money"),
    ("Doc.number == Money('1', 'EUR')", "is not text"),
    ("Doc.custom['x'] == 1.5", "is a float"),
    ("Doc.custom['x'] == object()", "is no text, number"),
    # values that cannot be
    ("Doc.phase == 'isued'", "did you mean 'issued'"),
    ("Doc.team == 'a\\0b'", "NUL"),
    ("Doc.team == 'a\\ud800'", "lone surrogates"),
    ("Doc.team == 'é\\udfff'", "lone surrogates"),
    # None
    ("Doc.team == None", "write Doc.team.is_null"),
    ("Doc.team != None", "write Doc.team.is_null"),
    ("Doc.team.in_(['a', None])", "write Doc.team.is_null"),
    # order
    ("Doc.phase < 'issued'", "a choice has no order"),
    ("Doc.reverse_charge >= True", "a boolean has no order"),
    ("Doc.custom['urgent'] >= True", "a boolean has no order"),
    # lists
    ("Doc.team.in_('web')", "needs a list"),
    ("Doc.team.in_(5)", "needs a list"),
    ("Doc.team.in_(['web', 5])", "5 is not text"),
    ("Doc.custom['x'].in_(['web', 5])", "of one type"),
    ("Doc.team.in_([Me.id])", "Me.id cannot stand in a list"),
    # the actor
    ("Doc.team.in_(Me.id)", "write Doc.team == Me.id"),
    ("Doc.owner == Me.ids", "write Doc.owner.in_.Me.ids"),
    ("Doc.phase == Me.id", "Me.id is text, the field is choice"),
    ("Doc.issue_date.in_(Me.teams)", "the field is date"),
    ("Me.id == 'ann'", "start with the field: Doc.owner == Me.id"),
    ("Me.id == Doc.owner", "start with the field"),
    ("Me.id != 'ann'", "start with the field"),
    ("Doc.team in Me.teams", "start with the field: Doc.team.in_.Me.teams"),
    ("Doc.authored_by('ann')", "write Doc.authored_by.Me"),
    # Python's own words for joining
    ("Doc.team == 'web' and Doc.phase == 'issued'", "join conditions with & | ~"),
    ("not Doc.due_date.is_null()", "join conditions with & | ~"),
    ("date(2026, 1, 1) <= Doc.issue_date <= date(2026, 1, 31)", "a chain of comparisons"),
    ("Doc.team in ['web', 'design']", "join conditions with & | ~"),
    ("(Doc.team == 'web') & Doc.phase == 'issued'", "put each comparison in parentheses"),
    ("(Doc.team == 'web') & Doc.phase", "put each comparison in parentheses"),
    ("Doc.team == 'web' & Doc.phase == 'issued'", "put each comparison in parentheses"),
    ("Doc.team == 'web' | Doc.phase == 'issued'", "put each comparison in parentheses"),
    ("~Doc.reverse_charge", "write Doc.reverse_charge == True"),
    ("(Doc.team == 'web') | True", "True is no condition"),
    ("bool(Doc.team)", "is a field, not a condition"),
    ("'x' in Doc.team", "is a field, not a condition"),
    ("list(Doc.team)", "is a field, not a condition"),
]


@pytest.mark.parametrize(("source", "says"), REFUSED)
def test_what_can_never_work_is_refused_with_what_to_do(source: str, says: str) -> None:
    with pytest.raises(InvalidDefinition, match=says):
        evaluated(source)


def test_a_refusal_names_the_field_as_its_path() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        evaluated("Doc.custom['x'].in_([1.5])")
    assert caught.value.path == 'Doc.custom["x"]'


def test_a_root_without_custom_fields_or_authors_has_neither() -> None:
    bare = Fields("Pay", {"amount": TEXT})
    for ask in (lambda: bare.custom, lambda: bare.authored_by(Me), lambda: bare["custom.x"]):
        with pytest.raises(InvalidDefinition):
            ask()


@pytest.mark.parametrize(
    "name", ["", "a b", "a..b", ".a", "_a", "class", "custom", "x.in_", "authors", "2a"]
)
def test_a_name_that_source_text_could_not_hold_is_no_field(name: str) -> None:
    with pytest.raises(InvalidDefinition, match="is not free"):
        Fields("Doc", {name: TEXT})


def test_a_field_cannot_also_hold_others() -> None:
    with pytest.raises(InvalidDefinition, match="cannot be a field and hold others"):
        Fields("Doc", {"buyer": TEXT, "buyer.name": TEXT})


def test_a_choice_needs_values() -> None:
    with pytest.raises(InvalidDefinition, match="at least one"):
        choice()


def test_two_roots_cannot_meet_in_one_expression() -> None:
    other = Fields("Pay", {"team": TEXT})
    with pytest.raises(InvalidDefinition, match="Doc and Pay"):
        (Doc.team == "web") & ~(other.team == "web")
    assert always() & (other.team == "web") == all_of(ANYTHING, other.team == "web")


def test_an_enumeration_of_texts_is_its_text() -> None:
    phase = enum.Enum("phase", {"ISSUED": "issued"}, type=str)
    built = Doc.phase == phase.ISSUED
    assert str(built) == 'Doc.phase == "issued"'


def test_python_tools_can_look_at_a_root() -> None:
    assert "buyer" in dir(Doc)
    assert "authored_by" in dir(Doc)
    assert not hasattr(Doc, "__wrapped__")
    assert not hasattr(Doc.team, "_repr_html_")
    assert not hasattr(Doc.buyer, "_repr_html_")
    assert not hasattr(Me, "_repr_html_")
    assert [repr(Doc), repr(Doc.buyer), repr(Doc.buyer.name), repr(Me)] == [
        "Doc",
        "Doc.buyer",
        "Doc.buyer.name",
        "Me",
    ]
    assert "buyer.name" in Doc
    assert "buyer" not in Doc
    assert path_of(Doc.buyer.name) == path_of(Doc["buyer.name"])


def test_a_field_cannot_be_kept_in_a_set() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Doc.team)


# equality


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Doc.team == 'web'", "Doc['team'] == 'web'"),
        ("Doc.hours == Decimal('1.50')", "Doc.hours == Decimal('1.5')"),
        ("Doc.hours == 3", "Doc.hours == Decimal(3)"),
        ("Doc.team.in_(['b', 'a', 'b'])", "Doc.team.in_({'a', 'b'})"),
        ("Doc.value.in_([Money('2', 'USD'), Money('3', 'EUR')])",
         "Doc.value.in_(x for x in (Money('3', 'EUR'), Money('2', 'USD')))"),
        ("(always() & never()) & always()", "always() & (never() & always())"),
        ("Doc.custom['project'] == 'P7'", "Doc['custom.project'] == 'P7'"),
        ("Doc.sent_at == instant('2026-01-01T01:00:00+01:00')",
         "Doc.sent_at == instant('2026-01-01T00:00:00Z')"),
    ],
)  # fmt: skip
def test_expressions_are_equal_by_structure(left: str, right: str) -> None:
    assert evaluated(left) == evaluated(right)
    assert hash(evaluated(left)) == hash(evaluated(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Doc.custom['x'] == 1", "Doc.custom['x'] == True"),
        ("Doc.custom['x'] == 1", "Doc.custom['x'] == Decimal(1)"),
        ("Doc.custom['x'].in_([1])", "Doc.custom['x'].in_([True])"),
        ("Doc.team == 'web'", "Doc.team != 'web'"),
        ("Doc.owner == Me.id", "Doc.owner == 'ann'"),
        ("Doc.owner.in_(Me.ids)", "Doc.owner.in_(Me.teams)"),
        ("Doc.value == Money('1', 'EUR')", "Doc.value == Money('1', 'USD')"),
        ("always() & never()", "always() | never()"),
        ("always() & never()", "never() & always()"),
        ("~always()", "never()"),
        ("Doc.team.is_null()", "Doc.team.not_null()"),
    ],
)
def test_expressions_that_print_differently_are_different(left: str, right: str) -> None:
    assert evaluated(left) != evaluated(right)


@pytest.mark.parametrize("source", EXAMPLES)
def test_expressions_survive_copying_and_pickling(source: str) -> None:
    built = evaluated(source)
    assert built == copy.deepcopy(built) == pickle.loads(pickle.dumps(built))  # noqa: S301


# joining


def test_joining_no_condition_gives_a_constant_and_one_gives_itself() -> None:
    one = Doc.team == "web"
    assert [all_of(), any_of(), all_of(one), any_of(one)] == [always(), never(), one, one]


# limits


def test_negations_nest_sixty_deep_and_no_deeper() -> None:
    built: Expression = always()
    for _ in range(59):
        built = ~built
    with pytest.raises(InvalidDefinition, match="60 deep"):
        invert(built)


def test_alternations_nest_sixty_deep_and_no_deeper() -> None:
    part, built = Doc.team == "web", Doc.team.is_null() | never()
    for level in range(58):
        built = built | part if level % 2 else built & part
    with pytest.raises(InvalidDefinition, match="60 deep"):
        built & part


@pytest.mark.parametrize("join", [all_of, any_of])
def test_an_expression_has_at_most_ten_thousand_nodes_and_values(join: Any) -> None:
    """4 999 comparisons with a literal each, and the joint."""
    full = join(*(Doc.team == str(number) for number in range(4_999)))
    with pytest.raises(InvalidDefinition, match="10000 nodes"):
        join(full, Doc.team == "web")
    with pytest.raises(InvalidDefinition, match="10000 nodes"):
        all_of(*[always()] * 100_000)


def test_a_list_counts_each_value_once() -> None:
    full = Doc.team.in_(map(str, range(9_999)))
    assert Doc.team.in_([*map(str, range(9_999)), "0"]) == full
    with pytest.raises(InvalidDefinition, match="10000 nodes"):
        Doc.team.in_(map(str, range(10_000)))
    with pytest.raises(InvalidDefinition, match="10000 nodes"):
        full & always()


# questions


def test_names_are_the_row_names_an_expression_reads() -> None:
    built = evaluated(
        "(Doc.buyer.name == 'x') & ~(Doc.value.in_([]) | Doc.custom['project'].is_null()"
        " | Doc.authored_by(Me)) & always()"
    )
    assert names(built) == {"buyer.name", "value", "custom.project", "authors"}


@pytest.mark.parametrize(
    "source",
    [
        "Doc.custom['project'] == 'P7'",
        "Doc.custom['project'] == Me.id",
        "Doc.custom['rate'] > 3",
        "Doc.custom['budget'].is_null()",
        "~Doc.custom['stage'].in_(['won']) | (Doc.team == 'web')",
        "Doc.custom['deadline'].in_([])",
    ],
)
def test_check_accepts_what_fits_the_custom_fields(source: str) -> None:
    check(evaluated(source), CUSTOM)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("Doc.custom['projekt'] == 'P7'", "did you mean 'project'"),
        ("~(Doc.custom['projekt'].is_null() & always())", "did you mean 'project'"),
        ("Doc.custom['project'] == 7", "7 is not text"),
        ("Doc.custom['deadline'] == '2026-01-01'", "is not a plain date"),
        ("Doc.custom['stage'] == 'wom'", "did you mean 'won'"),
        ("Doc.custom['stage'] < 'won'", "a choice has no order"),
        ("Doc.custom['score'] == Decimal('1.5')", "is not a whole number"),
        ("always() | Doc.custom['score'].in_([True])", "is not a whole number"),
        ("Doc.custom['score'] == Me.id", "the field is integer"),
    ],
)
def test_check_refuses_what_no_custom_field_holds(source: str, says: str) -> None:
    with pytest.raises(InvalidDefinition, match=says):
        check(evaluated(source), CUSTOM)


def test_order_keys_are_names_and_directions() -> None:
    assert order_keys("-issue_date,number", Doc) == (("issue_date", True), ("number", False))
    assert order_keys(" buyer.name , -value ", Doc) == (("buyer.name", False), ("value", True))
    assert order_keys("-custom.project", Doc, custom=CUSTOM) == (("custom.project", True),)
    assert order_keys(" ", Doc) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("isue_date", "did you mean 'issue_date'"),
        ("buyer", "cannot be ordered by 'buyer'"),
        ("--number", "cannot be ordered by '-number'"),
        ("number,", "cannot be ordered by ''"),
        ("number,-number", "stands twice"),
        ("custom.project", "cannot be ordered by"),
    ],
)
def test_an_order_by_anything_else_is_refused(text: str, says: str) -> None:
    with pytest.raises(InvalidDefinition, match=says):
        order_keys(text, Doc)


def test_literals_keep_their_plain_form() -> None:
    built = Doc.hours.in_([Decimal("-0"), Decimal("1E+3")])
    assert str(built) == 'Doc.hours.in_([Decimal("0"), Decimal("1000")])'
    assert str(Doc.value == Money("10000", "EUR")) == 'Doc.value == Money("10000.00", "EUR")'
    assert path_of(Doc.issue_date).type == DATE
