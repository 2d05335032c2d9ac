"""Both sides of a condition: the field as data, and which literals or fields of the actor fit it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from multibill.errors import InvalidDefinition
from multibill.money import Money
from multibill.query.me import Mine
from multibill.query.types import Type, Value, shown, type_of


@attrs.frozen
class Path:
    """A field as data: the root it belongs to, its flat name, its type (None for a custom field)."""

    root: str
    name: str
    type: Type | None

    def __str__(self) -> str:
        custom = self.name.removeprefix("custom.")
        return (
            f"{self.root}.{self.name}" if custom == self.name else f'{self.root}.custom["{custom}"]'
        )


def unjudged(value: object) -> Any:
    """Any object, for the node to accept or refuse once it has its path."""
    return value


def collected(values: object) -> Any:
    """A collection as a tuple, for the node to judge; a text would fall into its letters."""
    if isinstance(values, Mine):
        return values
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidDefinition(f"in_() needs a list of values, not {shown(values)}")
    return tuple(values)


def identity(value: object) -> object:
    """What equality of nodes compares: values with their types, for 1 == True == Decimal(1) to Python."""
    if isinstance(value, tuple):
        return tuple(map(identity, value))
    return ("Me", value.name) if isinstance(value, Mine) else (type(value).__name__, value)


def fitting(path: Path, value: object, *, ordering: bool = False) -> Value | Mine:
    """The literal in its plain form, if the field can be compared with it."""
    if isinstance(value, Mine):
        return mine_fits(path, value, many=False)
    if value is None:
        raise InvalidDefinition(
            f"nothing compares with None; write {path}.is_null()", path=str(path)
        )
    try:
        kind = path.type or type_of(value)
        literal = kind.accept(value)
    except InvalidDefinition as error:
        error.at(str(path))
        raise
    if ordering and not kind.ordered:
        raise InvalidDefinition(f"a {kind.name} has no order; use == or in_()", path=str(path))
    return literal


def mine_fits(path: Path, mine: Mine, *, many: bool) -> Mine:
    """The actor's field, if it is a set where one is needed, and the document's field is text."""
    if mine.many is not many:
        written = f"{path}.in_({mine})" if mine.many else f"{path} == {mine}"
        raise InvalidDefinition(f"write {written}", path=str(path))
    if path.type and path.type.name != "text":
        raise InvalidDefinition(f"{mine} is text, the field is {path.type.name}", path=str(path))
    return mine


def distinct(path: Path, values: Iterable[object]) -> tuple[Value, ...]:
    """The literals of a collection, each once, sorted: sets and lists of the same values are equal."""
    found: dict[object, Value] = {}
    for value in values:
        literal = fitting(path, value)
        if isinstance(literal, Mine):
            raise InvalidDefinition(f"{literal} cannot stand in a list", path=str(path))
        found[identity(literal)] = literal
    if len({type(literal) for literal in found.values()}) > 1:
        raise InvalidDefinition("the values of in_() must be of one type", path=str(path))
    return tuple(sorted(found.values(), key=sort_key))


def sort_key(value: Any) -> Any:
    """Amounts sort within their currency, all else by itself."""
    return (value.currency, value.amount) if isinstance(value, Money) else value
