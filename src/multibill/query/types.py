"""The types a field can have: which literals fit one, and whether its values have an order.

Knows no field and no expression; how literals are written down stands in ``literals``.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias

import attrs

from multibill.errors import InvalidDefinition, InvalidValue
from multibill.money import ARITHMETIC, Money, decimal

Value: TypeAlias = str | bool | int | Decimal | date | datetime | Money

# JSON numbers are doubles for many readers (RFC 8785, 3.2.2.3): a larger integer would arrive changed.
LARGEST_INTEGER = 2**53 - 1


@attrs.frozen
class Type:
    """What a field holds. Use the constants ``TEXT``, ``DATE`` ... and ``choice("draft", "issued")``."""

    name: str
    choices: tuple[str, ...] = ()

    @property
    def ordered(self) -> bool:
        """Whether ``<`` means something for two values of this type."""
        return self.name not in {"choice", "boolean"}

    def accept(self, value: object) -> Value:
        """The literal in its plain form; InvalidDefinition if a field of this type can never hold it.

        >>> DECIMAL.accept(3)
        Decimal('3')
        >>> choice("draft", "issued").accept("isued")
        Traceback (most recent call last):
        multibill.errors.InvalidDefinition: 'isued' is none of its values; did you mean 'issued'?
        """
        accepted = ACCEPT[self.name](value)
        if self.choices and accepted not in self.choices:
            hint = nearest(str(accepted), self.choices)
            raise InvalidDefinition(f"{shown(value)} is none of its values; {hint}")
        return accepted


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint for a misspelt name: the nearest of those known, or all of them.

    >>> nearest("tean", ["team", "owner"])
    "did you mean 'team'?"
    """
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(names) or 'none'}"


def shown(value: object) -> str:
    """The value for an error message: short, whatever its size and depth.

    >>> shown(["and", ["or"]]), shown(10**5000), shown("x" * 100) == repr("x" * 60)
    ("this list, ['and', ...],", 'that large number', True)
    """
    match value:
        case str():
            return repr(value[:60])
        case [str(first), *_]:
            return f"this {type(value).__name__}, [{first[:20]!r}, ...],"
        case list() | tuple() | dict() | set() | frozenset():
            return f"this {type(value).__name__}"
        case int() if abs(value) > LARGEST_INTEGER:
            return "that large number"
    return repr(value)[:60]


def refused(value: object, what: str, example: str) -> InvalidDefinition:
    """The error for a literal of another type."""
    return InvalidDefinition(f"{shown(value)} is not {what}; write {example}")


def text(value: object) -> str:
    """Text in NFC, as it is stored, that every database can hold: no NUL (PostgreSQL), no lone surrogate (UTF-8)."""
    if not isinstance(value, str):
        raise refused(value, "text", '"web"')
    if "\0" in value or (not value.isascii() and value.encode("utf-8", "ignore").decode() != value):
        raise refused(value, "storable text", "it without NUL characters and lone surrogates")
    return unicodedata.normalize("NFC", str.__str__(value))


def boolean(value: object) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise refused(value, "a boolean", "True or False")
    return value


def integer(value: object) -> int:
    """A whole number that survives JSON: within +-(2**53 - 1)."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise refused(value, "a whole number", "3")
    if abs(value) > LARGEST_INTEGER:
        raise InvalidDefinition("the number must be within 2^53 - 1")
    return int(value)


def number(value: object) -> Decimal:
    """An exact decimal; text is refused here, for ``"10" < "9"`` is what it would mean elsewhere."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refused(value, "an exact decimal", 'Decimal("3.5")')
    try:
        return ARITHMETIC.plus(decimal(value))
    except InvalidValue as error:
        raise InvalidDefinition(error.message) from error


def plain_date(value: object) -> date:
    """A date without time: which day an instant is depends on the seller's time zone."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise refused(value, "a plain date", "date(2026, 1, 31)")
    return value


def moment(value: object) -> datetime:
    """An aware datetime, in UTC."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise refused(value, "an instant", 'instant("2026-01-31T09:00:00Z")')
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise refused(value, "an instant of the years 1 to 9999 in UTC", "another") from error


def money(value: object) -> Money:
    """Money of any currency."""
    if not isinstance(value, Money):
        raise refused(value, "money", 'Money("10.00", "EUR")')
    return value


ACCEPT: dict[str, Callable[[object], Value]] = {
    "text": text,
    "choice": text,
    "boolean": boolean,
    "integer": integer,
    "decimal": number,
    "date": plain_date,
    "instant": moment,
    "money": money,
}

TEXT, BOOLEAN, INTEGER, DECIMAL = Type("text"), Type("boolean"), Type("integer"), Type("decimal")
DATE, INSTANT, MONEY = Type("date"), Type("instant"), Type("money")

# In this order: a bool is an int, a datetime is a date.
PYTHON: tuple[tuple[type, Type], ...] = (
    (str, TEXT),
    (bool, BOOLEAN),
    (int, INTEGER),
    (Decimal, DECIMAL),
    (datetime, INSTANT),
    (date, DATE),
    (Money, MONEY),
)


def choice(*values: str) -> Type:
    """The type of a closed set of texts, compared by equality only.

    >>> choice("draft", "issued").ordered
    False
    """
    if not values:
        raise InvalidDefinition("a choice needs at least one value")
    return Type("choice", tuple(text(value) for value in values))


def type_of(value: object) -> Type:
    """The type that a literal has by itself, where a custom field's own type is not known yet.

    >>> type_of(date(2026, 1, 31)).name
    'date'
    """
    for python, kind in PYTHON:
        if isinstance(value, python):
            return kind
    if isinstance(value, float):
        raise InvalidDefinition(f"{value!r} is a float and not exact; write Decimal('{value!r}')")
    raise InvalidDefinition(f"{shown(value)} is no text, number, date, instant, boolean or money")
