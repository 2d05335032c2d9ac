"""Copying frozen values that are known to be right, without running their converters again."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, TypeVar, cast

import attrs

T = TypeVar("T")


def replaced(value: T, **changes: Any) -> T:
    """The same frozen value with some attributes set to values that need no check.

    >>> from multibill.model.terms import Term
    >>> replaced(Term("BT-1"), bt="BT-2").bt
    'BT-2'
    """
    cls = type(value)
    copy = object.__new__(cls)
    put = object.__setattr__
    for name in _names(cast("Hashable", cls)):
        put(copy, name, getattr(value, name))
    for name, change in changes.items():
        put(copy, name, change)
    return copy


@lru_cache(maxsize=256)
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in attrs.fields(cls))
