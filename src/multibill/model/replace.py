"""Copying frozen values that are known to be right, without running their converters again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import attrs

T = TypeVar("T")


def replaced(value: T, **changes: Any) -> T:
    """The same frozen value with some attributes set to values that need no check.

    >>> from multibill.model.terms import Term
    >>> replaced(Term("BT-1"), bt="BT-2").bt
    'BT-2'
    """
    cls: Any = type(value)
    copy: T = copier(cls)(value)
    for name, change in changes.items():
        object.__setattr__(copy, name, change)
    return copy


@lru_cache(maxsize=256)
def copier(cls: Any, into: Any = None) -> Callable[[Any], Any]:
    """A function that copies a value slot by slot: the slots' own descriptors are the quickest way past ``frozen``.

    Args:
        into: a subclass that the copy is of, whose own slots are left to the caller.
    """
    names = [attribute.name for attribute in attrs.fields(cls)]
    scope = {f"put_{name}": getattr(cls, name).__set__ for name in names}
    scope |= {"new": object.__new__, "cls": into or cls}
    lines = [f"put_{name}(copy, value.{name})" for name in names]
    return compiled("value", ["copy = new(cls)", *lines, "return copy"], scope)


def compiled(argument: str, lines: Sequence[str], scope: dict[str, Any]) -> Callable[[Any], Any]:
    """A function of one argument, written out as attrs writes ``__init__``: a loop over the slots takes twice the time.

    Its lines name nothing but the fields of our own classes and what the scope holds.
    """
    source = "\n    ".join([f"def made({argument}):", *lines])
    exec(source, scope)  # noqa: S102 - names of fields of our own classes
    made: Callable[[Any], Any] = scope["made"]
    return made
