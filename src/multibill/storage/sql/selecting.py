"""Lists in SQL: condition, order, keyset and marks. NULL comes before everything, on every database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    Select,
    Text,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator

from multibill.money import Money
from multibill.ports import Query
from multibill.query import ANYTHING, Expression
from multibill.storage.sql.compile import Columns, compile_sql
from multibill.storage.sql.rows import DATES, custom_value, summary_of
from multibill.storage.sql.tables import MONEY_COLUMNS, SUMMARY_COLUMNS, Tables


class IsoDate(TypeDecorator[date]):
    """A plain date kept as its ISO text, which sorts the same way."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """The ISO text."""
        return None if value is None else value.isoformat()


class Number(TypeDecorator[int]):
    """A whole number; a boolean is 0 or 1."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """The plain number, for some drivers refuse True where a number stands."""
        return None if value is None else int(value)


class Selection:
    """One query as a statement, and its result rows as summaries."""

    def __init__(self, tables: Tables, tenant: str, query: Query) -> None:
        self._tables = tables
        self._tenant = tenant
        self._query = query
        self._columns = columns(tables, query.custom)
        self._seen = {**self._columns, **{name: self._cased(name) for name in query.lifted}}

    def page(self) -> Select[Any]:
        """The rows in order, after the place, at most so many."""
        query, table = self._query, self._tables.document
        shown: list[ColumnElement[Any]] = [table.c[name] for name in PLAIN]
        shown += [self._named(name) for name in query.custom]
        shown += [self._mark(name, expr) for name, expr in query.marks.items()]
        statement = self._where(select(*shown)).order_by(*self._order())
        if query.after is not None:
            statement = statement.where(self._after(query.after))
        return statement if query.limit is None else statement.limit(query.limit)

    def count(self) -> Select[Any]:
        """How many rows meet the condition."""
        return self._where(select(func.count()).select_from(self._tables.document))

    def row(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """One result row as a summary with its marks."""
        row = summary_of(found)
        for name, kind in self._query.custom.items():
            value = found[f"custom.{name}"]
            text, number = (None, value) if kind in (int, bool) else (value, None)
            row[f"custom.{name}"] = custom_value(text, number, kind)
        return row | {name: bool(found[f"mark.{name}"]) for name in self._query.marks}

    def _where(self, statement: Select[Any]) -> Select[Any]:
        query = self._query
        holds = compile_sql(query.where, self._columns, query.me)
        statement = statement.where(self._tables.document.c.tenant == self._tenant, holds)
        if query.asked == ANYTHING:
            return statement
        return statement.where(compile_sql(query.asked, self._seen, query.me))

    def _cased(self, name: str) -> ColumnElement[Any]:
        """A column that is NULL where the actor does not see it; no index helps there, and none is needed."""
        lifted = compile_sql(self._query.lifted[name], self._columns, self._query.me)
        column = cast("ColumnElement[Any]", self._columns[name])
        return type_coerce(case((lifted, column), else_=None), column.type)

    def _named(self, name: str) -> ColumnElement[Any]:
        column = cast("ColumnElement[Any]", self._columns[f"custom.{name}"])
        return column.label(f"custom.{name}")

    def _mark(self, name: str, expr: Expression) -> ColumnElement[int]:
        holds = compile_sql(expr, self._columns, self._query.me)
        return case((holds, literal(1)), else_=literal(0)).label(f"mark.{name}")

    def _column(self, name: str) -> ColumnElement[Any]:
        column = self._seen[f"{name}.minor" if name in MONEY_COLUMNS else name]
        return cast("ColumnElement[Any]", column)

    def _order(self) -> Sequence[ColumnElement[Any]]:
        parts: list[ColumnElement[Any]] = []
        for name, descending in self._query.order:
            column = self._column(name)
            known = case((column.is_(None), literal(0)), else_=literal(1))
            ordered = (
                (known, column) if name in NULLABLE or name.startswith("custom.") else (column,)
            )
            parts += [part.desc() if descending else part.asc() for part in ordered]
        return parts

    def _after(self, place: Sequence[Any]) -> ColumnElement[bool]:
        """Rows behind a place: (a > x) or (a = x and b > y) ..., the form every planner can use."""
        alternatives = []
        same: list[ColumnElement[bool]] = []
        for (name, descending), value in zip(self._query.order, place, strict=True):
            column = self._column(name)
            plain = value.minor if isinstance(value, Money) else value
            alternatives.append(and_(*same, _behind(column, plain, descending)))
            same = [*same, _same(column, plain)]
        return or_(*alternatives)


PLAIN = sorted(
    {
        "version",
        *SUMMARY_COLUMNS.values(),
        *(name for pair in MONEY_COLUMNS.values() for name in pair),
    }
)
NULLABLE = frozenset(SUMMARY_COLUMNS) - {"id", "kind", "phase", "state", "currency"} | {
    "value",
    "due",
}


def _same(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == literal(value, column.type)


def _behind(column: ColumnElement[Any], value: Any, descending: bool) -> ColumnElement[bool]:
    if value is None:
        return false() if descending else column.is_not(None)
    bound = literal(value, column.type)
    return or_(column < bound, column.is_(None)) if descending else column > bound


def columns(tables: Tables, custom: Mapping[str, type]) -> Columns:
    """Every name that conditions and orders may use, as a column of the document table or below it."""
    table = tables.document
    found: dict[str, Any] = {name: table.c[column] for name, column in SUMMARY_COLUMNS.items()}
    for name in DATES:
        found[name] = type_coerce(found[name], IsoDate())
    for name, (minor, code) in MONEY_COLUMNS.items():
        found[f"{name}.minor"], found[f"{name}.currency"] = table.c[minor], table.c[code]
    for name, kind in custom.items():
        found[f"custom.{name}"] = _custom(tables, name, kind)
    found["authors"] = lambda ids: _authors(tables, ids)
    return found


def _custom(tables: Tables, name: str, kind: type) -> ColumnElement[Any]:
    table, document = tables.custom, tables.document
    number = kind in (int, bool)
    value = (
        select(table.c.number if number else table.c.text)
        .where(
            table.c.tenant == document.c.tenant,
            table.c.kind == document.c.kind,
            table.c.record == document.c.id,
            table.c.name == name,
        )
        .correlate(document)
        .scalar_subquery()
    )
    return type_coerce(value, Number() if number else IsoDate() if kind is date else Text())


def _authors(tables: Tables, ids: frozenset[str]) -> ColumnElement[bool]:
    table, document = tables.author, tables.document
    return exists().where(
        table.c.tenant == document.c.tenant,
        table.c.document == document.c.id,
        table.c.person.in_([literal(person) for person in sorted(ids)]),
    )
