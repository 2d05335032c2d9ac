"""What an expression means in memory: closures for "definitely true" and for "definitely false".

Negation is pushed down to the atoms, where an unknown value is neither; there is no third value to mishandle on
the way up. ``multibill.storage.sql.compile`` says the same in SQL, and a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

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

Facts = Mapping[str, object]
Test = Callable[[Facts, Facts], bool]
Read = Callable[[Facts], Any]


def compile_true(expr: Expression) -> Test:
    """A function of (row, actor): whether the expression definitely holds.

    The row holds flat names (``"buyer.name"``, ``"custom.project"``, ``"value"``: Money or None, ``"authors"``:
    frozenset of person ids), the actor ``"id"``, ``"ids"``, ``"teams"``, ``"roles"``; None is unknown. A name
    missing in either raises KeyError, except that a missing custom field is unknown.

    >>> from multibill.query.fields import Fields, Type
    >>> Doc = Fields("Doc", {"team": Type("text")})
    >>> mine = compile_true(Doc.team == "web")
    >>> mine({"team": "web"}, {}), mine({"team": None}, {})
    (True, False)
    """
    return predicate(expr, True)


def compile_false(expr: Expression) -> Test:
    """A function of (row, actor): whether the expression is definitely false; see ``compile_true``.

    >>> from multibill.query.fields import Fields, Type
    >>> Doc = Fields("Doc", {"team": Type("text")})
    >>> other = compile_false(Doc.team == "web")
    >>> other({"team": "sales"}, {}), other({"team": None}, {})
    (True, False)
    """
    return predicate(expr, False)


def truth(expr: Expression, row: Facts, me: Facts) -> bool | None:
    """True, False, or None where something unknown decides.

    >>> from multibill.query.fields import Fields, Type
    >>> Doc = Fields("Doc", {"team": Type("text")})
    >>> truth(~(Doc.team == "web"), {"team": None}, {}) is None
    True
    """
    if predicate(expr, True)(row, me):
        return True
    return False if predicate(expr, False)(row, me) else None


def predicate(expr: Expression, wanted: bool) -> Test:
    """The closure that tells whether the expression is definitely ``wanted``."""
    match expr:
        case Constant(value=value):
            holds = value is wanted
            return lambda _row, _me: holds
        case Not(part=part):
            return predicate(part, not wanted)
        case Joined(parts=parts):
            tests = tuple(predicate(part, wanted) for part in parts)
            return every(tests) if isinstance(expr, And) is wanted else some(tests)
    return atom(expr, wanted)


def atom(expr: Expression, wanted: bool) -> Test:
    """The closure of a node without parts."""
    match expr:
        case Comparison(path=path, op=op, value=value):
            return comparison(reader(path), op if wanted else OPPOSITE[op], value)
        case In(path=path, values=values):
            return membership(reader(path), values, wanted)
        case Known(path=path, known=known):
            return nullness(reader(path), known is wanted)
        case AuthoredBy():
            return authorship(wanted)
    raise InvalidDefinition(f"{expr!r} is no expression")


def reader(path: Path) -> Read:
    """How to read a field from a row; only a custom field may be missing in it."""
    name = path.name
    return itemgetter(name) if path.type else lambda row: row.get(name)


def every(tests: tuple[Test, ...]) -> Test:
    """All of them hold."""

    def check(row: Facts, me: Facts) -> bool:
        for test in tests:  # noqa: SIM110 - all() over a generator takes twice as long
            if not test(row, me):
                return False
        return True

    return check


def some(tests: tuple[Test, ...]) -> Test:
    """One of them holds."""

    def check(row: Facts, me: Facts) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if test(row, me):
                return True
        return False

    return check


def comparison(read: Read, op: str, value: object) -> Test:
    """Both sides are known and the operator holds."""
    compare = OPERATORS[op]
    if isinstance(value, Money):
        return comparison_of_money(read, op, value)
    if isinstance(value, Mine):
        name = value.name

        def check_mine(row: Facts, me: Facts) -> bool:
            seen, mine = read(row), me[name]
            return seen is not None and mine is not None and compare(seen, mine)

        return check_mine

    def check(row: Facts, _me: Facts) -> bool:
        seen = read(row)
        return seen is not None and compare(seen, value)

    return check


def comparison_of_money(read: Read, op: str, value: Money) -> Test:
    """The same for amounts: one of another currency is unknown, not different."""
    compare, amount, currency = OPERATORS[op], value.amount, value.currency

    def check(row: Facts, _me: Facts) -> bool:
        seen = read(row)
        return seen is not None and seen.currency == currency and compare(seen.amount, amount)

    return check


def membership(read: Read, values: tuple[object, ...] | Mine, wanted: bool) -> Test:
    """Known, and among the literals or the actor's texts; or known, and different from each."""
    if isinstance(values, Mine):
        return membership_of_mine(read, values.name, wanted)
    among = frozenset(values)
    if wanted:
        return lambda row, _me: read(row) in among
    currencies = {value.currency for value in values if isinstance(value, Money)}
    if currencies:
        return absence_of_money(read, among, currencies)

    def check(row: Facts, _me: Facts) -> bool:
        seen = read(row)
        return seen is not None and seen not in among

    return check


def membership_of_mine(read: Read, name: str, wanted: bool) -> Test:
    """The same for a set of the actor's."""

    def check(row: Facts, me: Facts) -> bool:
        seen, mine = read(row), me[name]
        return seen is not None and mine is not None and (seen in mine) is wanted  # type: ignore[operator]

    return check


def absence_of_money(read: Read, among: frozenset[object], currencies: set[str]) -> Test:
    """Different from every amount: never, where two currencies are among them."""
    if len(currencies) > 1:
        return lambda _row, _me: False

    def check(row: Facts, _me: Facts) -> bool:
        seen = read(row)
        return seen is not None and seen.currency in currencies and seen not in among

    return check


def nullness(read: Read, known: bool) -> Test:
    """Whether there is a value."""
    return lambda row, _me: (read(row) is not None) is known


def authorship(wanted: bool) -> Test:
    """Whether one of the actor's ids stands among the authors."""
    return lambda row, me: row["authors"].isdisjoint(me["ids"]) is not wanted  # type: ignore[attr-defined]
