"""Literals written down: as Python source for people, as plain JSON for the wire, and back.

A literal beside a typed field is read by that type; beside a custom field it carries its own type.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from multibill.clock import day, instant, instant_text
from multibill.errors import InvalidDefinition, InvalidValue
from multibill.money import ARITHMETIC, Money, decimal
from multibill.query.types import Type, Value, shown, type_of

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json]"


def quoted(text: str) -> str:
    """A Python string literal in double quotes; what is not printable (or reorders text) is escaped.

    >>> print(quoted('say "x"\\u202e'))
    "say \\"x\\"\\u202e"
    """
    escaped = (f"\\{c}" if c in '"\\' else c if c.isprintable() else repr(c)[1:-1] for c in text)
    return f'"{"".join(escaped)}"'


def plain(value: Decimal) -> str:
    """The shortest digits of a decimal, without exponent: one text for 1.5 and 1.50."""
    return f"{value.normalize(ARITHMETIC):f}"


def source(value: object) -> str:
    """The Python source of a literal, with the names Money, Decimal, date and instant.

    >>> print(source(Money("10000", "EUR")), source(date(2026, 1, 31)), source("it's"))
    Money("10000.00", "EUR") date(2026, 1, 31) "it's"
    """
    match value:
        case str():
            return quoted(value)
        case Money():
            return f'Money("{value.amount}", "{value.currency}")'
        case datetime():
            return f'instant("{instant_text(value)}")'
        case date():
            return f"date({value.year}, {value.month}, {value.day})"
        case Decimal():
            return f'Decimal("{plain(value)}")'
        case _:
            return repr(value)


def literal_to_wire(value: Value, *, tagged: bool) -> Json:
    """The literal as JSON without floats; ``tagged`` names the types that look like text there.

    >>> literal_to_wire(Money("10000", "EUR"), tagged=False)
    ['10000.00', 'EUR']
    >>> literal_to_wire(date(2026, 1, 31), tagged=True)
    {'date': '2026-01-31'}
    """
    match value:
        case Money():
            return [str(value.amount), value.currency]
        case datetime():
            text = instant_text(value)
        case date():
            text = value.isoformat()
        case Decimal():
            text = plain(value)
        case _:
            return value
    return {type_of(value).name: text} if tagged else text


def literal_from_wire(tree: object, kind: Type | None) -> object:
    """The literal in a JSON tree, read as the type, or by its tag where the type is not known.

    Gives back unread what is JSON already (text, booleans, whole numbers): the field judges it.

    >>> literal_from_wire("2026-01-31", Type("date")) == literal_from_wire(
    ...     {"date": "2026-01-31"}, None
    ... )
    True
    """
    name = kind.name if kind else "money" if isinstance(tree, list) else ""
    if kind is None and isinstance(tree, dict):
        name, tree = untagged(tree)
    if name not in READERS:
        return tree
    try:
        return READERS[name](tree)
    except (InvalidValue, OverflowError) as error:
        raise InvalidDefinition(f"{shown(tree)} is no {name}: {error}") from error


def untagged(tree: dict[object, object]) -> tuple[str, object]:
    """The type's name and the value under it."""
    match [*tree.items()]:
        case [(str(name), value)] if name in READERS:
            return name, value
    raise InvalidDefinition(f'{shown(tree)} is no literal; write {{"date": "2026-01-31"}}')


def wire_text(tree: object) -> str:
    """The text that a date, an instant or a decimal is on the wire."""
    if not isinstance(tree, str):
        raise InvalidDefinition(f"{shown(tree)} must be written as text")
    return tree


def wire_date(tree: object) -> date:
    """A date written the one way that sorts: YYYY-MM-DD."""
    found = day(wire_text(tree))
    if found.isoformat() != tree:
        raise InvalidValue("write it as 2026-01-31")
    return found


def wire_money(tree: object) -> Money:
    """Money from its amount and currency."""
    match tree:
        case [str(amount), str(currency)]:
            return Money(amount, currency)
    raise InvalidDefinition(f'{shown(tree)} is not money; write ["10.00", "EUR"]')


READERS: dict[str, Callable[[object], Value]] = {
    "date": wire_date,
    "instant": lambda tree: instant(wire_text(tree)),
    "decimal": lambda tree: decimal(wire_text(tree)),
    "money": wire_money,
}
