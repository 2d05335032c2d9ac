"""SQL and memory say the same of every expression, on every row, for both polarities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    exists,
    or_,
    select,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from multibill.clock import instant, instant_text
from multibill.errors import InvalidDefinition
from multibill.money import Money
from multibill.query import (
    Expression,
    Me,
    Type,
    all_of,
    always,
    any_of,
    compile_false,
    compile_true,
    never,
)
from multibill.storage.sql.compile import Columns, compile_sql
from tests.query.strategies import (
    ANN,
    CUSTOM,
    ROW,
    TYPES,
    Doc,
    actors,
    evaluated,
    expressions,
    worlds,
)

World = tuple[Expression, list[Any], Any]
DIALECTS = [sqlite.dialect(), postgresql.dialect(), mysql.dialect()]


class Scaled(TypeDecorator[Decimal]):
    """A decimal of six places in whole millionths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else int(Decimal(value) * 10**6)


class Instant(TypeDecorator[datetime]):
    """An instant in its wire form, which sorts."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else instant_text(value)


COLUMN_TYPES: dict[str, Any] = {
    "text": String(200),
    "choice": String(20),
    "date": Date,
    "integer": BigInteger,
    "decimal": Scaled,
    "boolean": Boolean,
    "instant": Instant,
}


def columns_of(name: str, kind: Type) -> list[Column[Any]]:
    if kind.name != "money":
        return [Column(name, COLUMN_TYPES[kind.name])]
    return [Column(f"{name}.minor", BigInteger), Column(f"{name}.currency", String(3))]


ALL = {**TYPES, **{f"custom.{name}": kind for name, kind in CUSTOM.items()}}
METADATA = MetaData()
DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("key", Integer, primary_key=True, autoincrement=False),
    *(column for name, kind in ALL.items() for column in columns_of(name, kind)),
)
AUTHORS = Table("authors", METADATA, Column("document", Integer), Column("person", String(50)))


def written_by(ids: frozenset[str]) -> Any:
    """An EXISTS over the authors of a document; asked only for someone."""
    assert ids
    return exists().where(
        AUTHORS.c.document == DOCUMENTS.c.key,
        or_(*(AUTHORS.c.person == each for each in sorted(ids))),
    )


COLUMNS: Columns = {**{c.name: c for c in DOCUMENTS.c}, "authors": written_by}


def stored(key: int, row: dict[str, Any]) -> dict[str, Any]:
    """The row as the table holds it."""
    found: dict[str, Any] = {"key": key}
    for name, kind in ALL.items():
        value = row[name]
        if kind.name == "money":
            found[f"{name}.minor"] = value.minor if value is not None else None
            found[f"{name}.currency"] = value.currency if value is not None else None
        else:
            found[name] = value
    return found


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        METADATA.create_all(connection)
        yield connection
    engine.dispose()


def fill(connection: Connection, found: list[dict[str, Any]]) -> None:
    """The table with these rows and no others."""
    connection.execute(DOCUMENTS.delete())
    connection.execute(AUTHORS.delete())
    for key, row in enumerate(found):
        connection.execute(DOCUMENTS.insert(), stored(key, row))
        for person in row["authors"]:
            connection.execute(AUTHORS.insert(), {"document": key, "person": person})


def keys(
    connection: Connection, expr: Expression, me: dict[str, Any], *, polarity: bool = True
) -> list[int]:
    """The rows that the database finds."""
    condition = compile_sql(expr, COLUMNS, me, polarity)
    found = select(DOCUMENTS.c.key).where(condition).order_by(DOCUMENTS.c.key)
    return list(connection.execute(found).scalars())


def agree(connection: Connection, expr: Expression, found: list[Any], me: Any) -> None:
    """The database finds exactly the rows that memory accepts, true and false, plain and negated."""
    true = [key for key, row in enumerate(found) if compile_true(expr)(row, me)]
    false = [key for key, row in enumerate(found) if compile_false(expr)(row, me)]
    assert true == keys(connection, expr, me)
    assert false == keys(connection, expr, me, polarity=False)
    assert false == keys(connection, ~expr, me)
    assert true == keys(connection, ~expr, me, polarity=False)


@settings(max_examples=300)
@given(worlds(size=5))
def test_sql_and_memory_agree(database: Connection, world: World) -> None:
    expr, found, me = world
    fill(database, found)
    agree(database, expr, found, me)


@pytest.mark.slow
@settings(max_examples=3000)
@given(worlds(size=5))
def test_sql_and_memory_agree_three_thousand_times(database: Connection, world: World) -> None:
    expr, found, me = world
    fill(database, found)
    agree(database, expr, found, me)


ONE_EACH = [
    {},
    {"team": "web", "owner": "ann", "value": Money("10", "EUR"), "hours": Decimal("1.5")},
    {"team": "Web", "owner": "bob", "value": Money("10", "USD"), "authors": frozenset({"bob"})},
    {"team": "web ", "owner": "o'hara", "value": Money("1000", "JPY"), "reverse_charge": True},
    {"team": "100%", "owner": "zoé", "value": Money("0", "EUR"), "reverse_charge": False},
    {"team": "\U0001f600", "issue_date": date(2026, 1, 1), "line_count": 0},
    {"team": "\uffff", "sent_at": datetime(2026, 1, 1, tzinfo=UTC), "phase": "issued"},
    {"team": "a_b", "custom.budget": Money("1", "EUR"), "authors": frozenset({"eve"})},
]
PINNED = [
    "Doc.team == 'web'",
    "Doc.team != 'web'",
    "Doc.team > '\\uffff'",
    "Doc.team.in_(['web', '100%', 'a_b'])",
    "Doc.team.in_([])",
    "Doc.team.in_(Me.teams)",
    "Doc.owner == Me.id",
    "Doc.owner.in_(Me.ids)",
    "Doc.value == Money('10', 'EUR')",
    "Doc.value != Money('10', 'EUR')",
    "Doc.value < Money('10', 'EUR')",
    "Doc.value.in_([Money('10', 'EUR')])",
    "Doc.value.in_([Money('9', 'EUR'), Money('10', 'USD')])",
    "Doc.value.is_null()",
    "Doc.custom['budget'].not_null()",
    "Doc.custom['budget'] <= Money('1', 'EUR')",
    "Doc.reverse_charge == True",
    "Doc.reverse_charge != True",
    "Doc.hours >= Decimal('1.5')",
    "Doc.sent_at <= instant('2026-01-01T00:00:00Z')",
    "Doc.authored_by(Me)",
    "always() & (Doc.team == 'web')",
    "never() | ~always() | (Doc.phase == 'issued')",
]


@pytest.mark.parametrize("source", PINNED)
def test_sql_and_memory_agree_on_one_of_each(database: Connection, source: str) -> None:
    found = [ROW | row for row in ONE_EACH]
    fill(database, found)
    agree(database, evaluated(source), found, ANN)


@pytest.mark.parametrize("field", ["id", "teams", "roles"])
def test_an_unknown_of_the_actor_finds_nothing(database: Connection, field: str) -> None:
    mine = getattr(Me, field)
    expr = Doc.owner.in_(mine) if mine.many else Doc.owner == mine
    found = [ROW | row for row in ONE_EACH]
    fill(database, found)
    agree(database, expr, found, ANN | {field: None})
    assert [] == keys(database, ~expr, ANN | {field: None})


def test_none_among_the_actors_texts_hides_nothing(database: Connection) -> None:
    """``x <> NULL`` would be unknown for every row."""
    found = [ROW | row for row in ONE_EACH]
    fill(database, found)
    agree(database, Doc.team.in_(Me.teams), found, ANN | {"teams": ["web", None]})


@pytest.mark.parametrize("half", ["value.minor", "value.currency"])
def test_money_with_half_of_its_columns_is_unknown(database: Connection, half: str) -> None:
    """A table may keep one currency for several amounts, and then has it without the amount."""
    amount = stored(0, ROW | {"value": Money("10", "EUR")})
    fill(database, [])
    database.execute(DOCUMENTS.insert(), amount | {half: None})
    assert [0] == keys(database, Doc.value.is_null(), ANN)
    for expr in (Doc.value.not_null(), Doc.value == Money("10", "EUR"), Doc.value.in_([])):
        assert [] == keys(database, expr, ANN)
    for expr in (Doc.value.is_null(), Doc.value == Money("9", "EUR"), Doc.value.in_([])):
        assert [] == keys(database, ~expr, ANN)


PREFIX_NOT = re.compile(r"\bNOT\b(?!\s+(?:IN|NULL)\b)", re.IGNORECASE)


@given(expressions, actors, st.booleans())
def test_no_condition_holds_a_prefix_not(expr: Expression, me: Any, polarity: bool) -> None:
    condition = compile_sql(expr, COLUMNS, me, polarity)
    for dialect in DIALECTS:
        text = str(select(DOCUMENTS.c.key).where(condition).compile(dialect=dialect))
        assert PREFIX_NOT.search(text) is None
        assert "POSTCOMPILE" not in text


@pytest.mark.parametrize(
    ("source", "true", "false"),
    [
        ("Doc.team == 'web'", "documents.team = ?", "documents.team != ?"),
        ("Doc.line_count < 3", "documents.line_count < ?", "documents.line_count >= ?"),
        ("Doc.value > Money('1', 'EUR')",
         'documents."value.currency" = ? AND documents."value.minor" > ?',
         'documents."value.currency" = ? AND documents."value.minor" <= ?'),
        ("Doc.team.in_(['a', 'b'])", "documents.team IN (?, ?)",
         "documents.team != ? AND documents.team != ?"),
        ("Doc.team.in_([])", "0", "documents.team IS NOT NULL"),
        ("Doc.team.in_(map(str, range(17)))", f"documents.team IN ({', '.join('?' * 17)})",
         f"(documents.team NOT IN ({', '.join('?' * 17)}))"),
        ("Doc.due_date.is_null()", "documents.due_date IS NULL", "documents.due_date IS NOT NULL"),
        ("always()", "1", "0"),
    ],
)  # fmt: skip
def test_conditions_are_plain_sql_with_bound_literals(source: str, true: str, false: str) -> None:
    for polarity, expected in ((True, true), (False, false)):
        condition = compile_sql(evaluated(source), COLUMNS, ANN, polarity)
        assert expected == str(condition.compile(dialect=DIALECTS[0]))


def test_money_literals_are_bound_as_minor_units_and_currency() -> None:
    condition = compile_sql(Doc.value <= Money("10000", "EUR"), COLUMNS, ANN)
    assert {"EUR", 1_000_000} == set(condition.compile(dialect=DIALECTS[0]).params.values())


def test_authors_are_asked_for_the_actor_and_whom_the_actor_acts_for() -> None:
    asked: list[frozenset[str]] = []

    def authors(ids: frozenset[str]) -> Any:
        asked.append(ids)
        return written_by(ids)

    compile_sql(Doc.authored_by(Me), {"authors": authors}, ANN)
    compile_sql(Doc.authored_by(Me), {"authors": authors}, ANN | {"ids": frozenset()})
    assert asked == [frozenset({"ann", "bob"})]


@pytest.mark.parametrize(
    "source",
    ["Doc.team == 'a'", "Doc.team.in_(['a'])", "Doc.value > Money('1', 'EUR')",
     "Doc.value.in_([Money('1', 'EUR')])", "Doc.value.is_null()", "Doc.custom['x'].is_null()",
     "Doc.authored_by(Me)"],
)  # fmt: skip
def test_a_field_without_a_column_cannot_filter(source: str) -> None:
    with pytest.raises(InvalidDefinition):
        compile_sql(evaluated(source), {}, ANN)


@pytest.mark.parametrize("join", [all_of, any_of])
def test_a_long_chain_is_within_what_sqlite_parses(database: Connection, join: Any) -> None:
    """1 500 amounts are 3 000 comparisons; SQLite refuses a tree deeper than 1 000."""
    found = [ROW | {"value": Money.from_minor(minor, "EUR")} for minor in (0, 1499, 1500)]
    fill(database, found)
    expr = join(*(Doc.value == Money.from_minor(minor, "EUR") for minor in range(1500)))
    agree(database, expr, found, ANN)


def test_the_largest_expression_is_within_what_sqlite_binds(database: Connection) -> None:
    fill(database, [ROW | {"value": Money("1", "EUR")}])
    amounts = (Money.from_minor(minor, "EUR") for minor in range(4_999))
    assert [0] == keys(database, any_of(*(Doc.value == each for each in amounts)), ANN)


def test_the_longest_list_is_within_what_sqlite_binds(database: Connection) -> None:
    found = [ROW | {"team": team} for team in ("9997", "9998", None)]
    fill(database, found)
    agree(database, Doc.team.in_(map(str, range(9_998))), found, ANN)


def test_the_deepest_expression_compiles(database: Connection) -> None:
    found = [ROW | {"team": team} for team in ("web", "sales", None)]
    fill(database, found)
    expr: Expression = Doc.team == "web"
    for level in range(58):
        expr = expr & always() if level % 3 == 0 else expr | never() if level % 3 == 1 else ~expr
    agree(database, expr, found, ANN)


def test_the_instant_of_the_wire_is_the_instant_of_the_column() -> None:
    assert instant_text(instant("2026-01-01T01:00:00+01:00")) == "2026-01-01T00:00:00.000000Z"
