"""Expressions as SQLAlchemy conditions, by polarity: definitely true, definitely false. The only place that does it.

Never emits the prefix NOT: over NULL it is what lets a list disagree with a check. Text columns must compare by
code point without padding: BINARY in SQLite, COLLATE "C" in PostgreSQL, utf8mb4_nopad_bin in MariaDB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, cast

import attrs
from sqlalchemy import ColumnElement, and_, case, false, literal, literal_column, or_, true
from sqlalchemy.sql.elements import Grouping

from multibill.errors import InvalidDefinition
from multibill.money import Money
from multibill.query.expressions import (
    OPERATORS,
    OPPOSITE,
    And,
    AuthoredBy,
    Comparison,
    Constant,
    Expression,
    In,
    Joined,
    Known,
    Not,
)
from multibill.query.me import Mine
from multibill.query.operands import Path
from multibill.query.types import Value

Condition: TypeAlias = ColumnElement[bool]
Authors: TypeAlias = Callable[[frozenset[str]], Condition]
Columns: TypeAlias = Mapping[str, ColumnElement[Any] | Authors]

ZERO: ColumnElement[int] = literal_column("0")
ONE: ColumnElement[int] = literal_column("1")
CHAIN = 50
UNEQUALS = 16


def compile_sql(
    expr: Expression, columns: Columns, me: Mapping[str, object], polarity: bool = True
) -> Condition:
    """The condition on rows for which the expression is definitely true (or, by polarity, definitely false).

    ``columns`` maps flat names to columns; money ``value`` is two, ``value.minor`` and ``value.currency``;
    ``authors`` is a function from person ids to an EXISTS. Literals become bound parameters. A field without a
    column raises InvalidDefinition.

    >>> from sqlalchemy import String, column
    >>> from multibill.query import Fields, TEXT
    >>> Doc = Fields("Doc", {"team": TEXT})
    >>> print(compile_sql(Doc.team == "web", {"team": column("team", String)}, {}, polarity=False))
    team != :param_1
    """
    return Compiler(columns, me).condition(expr, polarity)


class Parentheses(Grouping[bool]):
    """A group that and_() and or_() do not dissolve into their own chain."""

    inherit_cache = True
    operator = None


@attrs.frozen
class Compiler:
    """One compilation: the columns and the actor at hand."""

    columns: Columns
    me: Mapping[str, object]

    def condition(self, expr: Expression, wanted: bool) -> Condition:
        """The rows for which the expression is definitely ``wanted``."""
        match expr:
            case Constant(value=value):
                return constant(value is wanted)
            case Not(part=part):
                return self.condition(part, not wanted)
            case Joined(parts=parts):
                conditions = [self.condition(part, wanted) for part in parts]
                return chain(conditions, conjunction=isinstance(expr, And) is wanted)
        return self.atom(expr, wanted)

    def atom(self, expr: Expression, wanted: bool) -> Condition:
        """The same for a node without parts."""
        match expr:
            case Comparison(path=path, op=op, value=value):
                return self.comparison(path, op if wanted else OPPOSITE[op], value)
            case In(path=path, values=values):
                return self.membership(path, values, wanted)
            case Known(path=path, known=known):
                return self.nullness(path, known is wanted)
            case AuthoredBy():
                return self.authorship(wanted)
        raise InvalidDefinition(f"{expr!r} is no expression")

    def column(self, path: Path, part: str = "") -> ColumnElement[Any]:
        """The column of a field, or of a part of it."""
        found = self.columns.get(path.name + part)
        if not isinstance(found, ColumnElement):
            raise InvalidDefinition("only indexed fields can filter a list", path=str(path))
        return found

    def mine(self, field: Mine) -> frozenset[str] | None:
        """A set of the actor's without NULL, which no value is unequal to; None while it is unknown."""
        found = cast(Iterable[str | None] | None, self.me[field.name])
        return None if found is None else frozenset(each for each in found if each is not None)

    def comparison(self, path: Path, op: str, value: Value | Mine) -> Condition:
        """The operator on a column; SQL itself leaves out NULL on either side."""
        if isinstance(value, Mine):
            mine = self.me[value.name]
            return constant(False) if mine is None else self.comparison(path, op, cast(str, mine))
        if isinstance(value, Money):
            currency = self.column(path, ".currency")
            return and_(
                equal(currency, value.currency),
                compared(self.column(path, ".minor"), op, value.minor),
            )
        return compared(self.column(path), op, value)

    def membership(self, path: Path, values: tuple[Value, ...] | Mine, wanted: bool) -> Condition:
        """Among the values, or different from each of them."""
        if isinstance(values, Mine):
            mine = self.mine(values)
            if mine is None:
                return constant(False)
            values = tuple(sorted(mine))
        if not values:
            return constant(False) if wanted else self.nullness(path, True)
        if isinstance(values[0], Money):
            return self.membership_of_money(path, cast(tuple[Money, ...], values), wanted)
        return among(self.column(path), values, wanted)

    def membership_of_money(self, path: Path, values: tuple[Money, ...], wanted: bool) -> Condition:
        """The same, currency by currency; different from two currencies at once is nothing."""
        minor, currency = self.column(path, ".minor"), self.column(path, ".currency")
        by_currency: dict[str, list[int]] = {}
        for value in values:
            by_currency.setdefault(value.currency, []).append(value.minor)
        parts = [
            and_(equal(currency, code), among(minor, minors, wanted))
            for code, minors in by_currency.items()
        ]
        return or_(*parts) if wanted or len(parts) == 1 else constant(False)

    def nullness(self, path: Path, known: bool) -> Condition:
        """Whether there is a value: for money, both of its columns."""
        money = path.name + ".minor" in self.columns
        columns = [
            self.column(path, part) for part in ((".minor", ".currency") if money else ("",))
        ]
        if known:
            return and_(*(column.is_not(None) for column in columns))
        return or_(*(column.is_(None) for column in columns))

    def authorship(self, wanted: bool) -> Condition:
        """Whether one of the actor's ids stands among the authors; CASE, for its opposite would be NOT EXISTS."""
        ids = frozenset(
            each for each in cast(Iterable[str | None], self.me["ids"]) if each is not None
        )
        authors = self.columns.get("authors")
        if authors is None or isinstance(authors, ColumnElement):
            raise InvalidDefinition("no authors can be asked for here")
        if not ids:
            return constant(not wanted)
        written = authors(ids)
        return written if wanted else case((written, ZERO), else_=ONE) == ONE


def constant(value: bool) -> Condition:
    """True or false in SQL."""
    return true() if value else false()


def bound(column: ColumnElement[Any], value: object) -> ColumnElement[Any]:
    """The literal as one parameter of the column's type: never expanded, so that statements keep as strings."""
    return literal(value, column.type)


def compared(column: ColumnElement[Any], op: str, value: object) -> Condition:
    """A column, an operator, a parameter."""
    return cast(Condition, OPERATORS[op](column, bound(column, value)))


def equal(column: ColumnElement[Any], value: object) -> Condition:
    """A column that has this value."""
    return compared(column, "==", value)


def among(column: ColumnElement[Any], values: Iterable[object], wanted: bool) -> Condition:
    """One of the values, or none of them while known; no value is ever NULL."""
    bounds = [bound(column, value) for value in values]
    if wanted:
        return column.in_(bounds)
    if len(bounds) > UNEQUALS:
        return column.not_in(bounds)
    return and_(*(column != each for each in bounds))


def chain(parts: list[Condition], *, conjunction: bool) -> Condition:
    """The parts joined in balanced groups: SQLite refuses a tree deeper than 1 000 (SQLITE_MAX_EXPR_DEPTH)."""
    join = and_ if conjunction else or_
    while len(parts) > CHAIN:
        groups = [parts[start : start + CHAIN] for start in range(0, len(parts), CHAIN)]
        parts = [Parentheses(join(*group)) for group in groups]
    return join(*parts)
