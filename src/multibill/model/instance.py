"""Letting in only values of one class, one or many told apart, with an error that says what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import attrs

from multibill.errors import InvalidValue

T = TypeVar("T")


def instance_of(cls: type, *, optional: bool = False) -> Callable[[Any, Any, Any], None]:
    """A validator for an attribute that holds one value of a class, or None if that is allowed.

    >>> from types import SimpleNamespace
    >>> instance_of(int)(None, SimpleNamespace(name="days"), "x")
    Traceback (most recent call last):
    multibill.errors.InvalidValue: /days: 'x' is not of type int
    """

    def check(_: Any, attribute: Any, value: Any) -> None:
        if not isinstance(value, cls) and not (optional and value is None):
            raise InvalidValue(
                f"{value!r:.60} is not of type {cls.__name__}", path=f"/{attribute.name}"
            )

    return check


def said(value: Any) -> Any:
    """The value, or None where none of its parts says anything: what nobody says is said in one way only."""
    if value is None or not attrs.has(type(value)):
        return value
    parts = (getattr(value, attribute.name) for attribute in attrs.fields(type(value)))
    return value if any(part is not None and part != () for part in parts) else None


def many(cls: type[T], values: Iterable[T]) -> tuple[T, ...]:
    """The values of a list or any other iterable, each of one class.

    >>> many(int, [1, 2])
    (1, 2)
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidValue(f"a list of {cls.__name__} is needed, not {type(values).__name__}")
    found = tuple(values)
    for value in found:
        if not isinstance(value, cls):
            raise InvalidValue(f"{value!r:.60} is not of type {cls.__name__}")
    return found


def told_apart(cls: type[T], values: Iterable[T], name: str) -> tuple[T, ...]:
    """The items of one class, if no two have one id: stored as a map from id to item, one of them would be lost.

    Items without an id of their own are told apart by their ``key``, which also puts them in order.
    """
    items: tuple[Any, ...] = many(cls, values)
    if not hasattr(cls, "id"):
        items = tuple(sorted(items, key=lambda item: item.key))
    ids = [item.id if hasattr(cls, "id") else item.key for item in items]
    ids = [id for id in ids if id is not None]
    if len(set(ids)) < len(ids):
        twice = next(id for id in ids if ids.count(id) > 1)
        raise InvalidValue(
            f"{name} holds {twice!r} twice; leave the id of a new item out", path=f"/{name}/{twice}"
        )
    return items
