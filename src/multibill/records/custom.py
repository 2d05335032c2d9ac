"""Custom fields: what a host adds to documents and registers, with the same rights, history and filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

import attrs

from multibill.clock import day
from multibill.errors import InvalidDefinition, InvalidValue
from multibill.model import SENSITIVE, text
from multibill.model.terms import Merge
from multibill.money import decimal

LARGEST = 2**53 - 1
"""JSON numbers are doubles for many readers (RFC 8785, 3.2.2.3): a larger whole number would arrive changed."""


def _whole(value: Any) -> int:
    if type(value) is int and abs(value) <= LARGEST:
        return value
    raise InvalidValue("a whole number within 2^53 - 1 is needed here")


READERS = {str: text, int: _whole, Decimal: decimal, date: day}


def _name(value: str) -> str:
    if isinstance(value, str) and re.fullmatch("[a-z][a-z0-9_]{0,39}", value):
        return value
    raise InvalidDefinition(
        f"the custom field {value!r} needs a name of a-z, 0-9 and _, a letter first"
    )


@attrs.frozen
class Custom:
    """A field of the host's own: ``Custom("project", str, kind="invoice", indexed=True)``.

    ``part`` says whether the law sees it (``content``: hashed, approved, frozen at issue) or only the team does.
    ``sensitive`` puts a document's field into a class that rules on fields name: ``bank``, ``margin``, ``personal``.
    ``merge`` says how two people's changes of it become one: the ``last`` stands, a ``text`` is merged word by word,
    else they conflict. Types: str, int, bool, Decimal, date. It lives at ``/custom/<name>``.

    >>> Custom("project", str, kind="invoice").read("P7")
    'P7'
    """

    name: str = attrs.field(converter=_name)
    type: type
    kind: str = attrs.field(kw_only=True)
    part: Literal["content", "envelope"] = attrs.field(default="envelope", kw_only=True)
    indexed: bool = attrs.field(default=False, kw_only=True)
    sensitive: str | None = attrs.field(default=None, kw_only=True)
    merge: Merge | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse what could not be stored or compared."""
        if self.type not in (str, int, bool, Decimal, date):
            raise InvalidDefinition(
                f"custom field {self.name!r}: {self.type!r} is not str, int, bool, Decimal or date"
            )
        if self.sensitive not in (None, *SENSITIVE):
            raise InvalidDefinition(
                f"custom field {self.name!r}: {self.sensitive!r} is none of {', '.join(SENSITIVE)}"
            )
        if self.merge not in (None, *get_args(Merge)) or (
            self.merge == "text" and self.type is not str
        ):
            raise InvalidDefinition(
                f"custom field {self.name!r}: merge is 'last', 'text' for texts, or None"
            )
        if self.part not in ("content", "envelope"):
            raise InvalidDefinition(f"custom field {self.name!r}: part is 'content' or 'envelope'")
        if self.indexed and self.type is Decimal:
            raise InvalidDefinition(
                f"custom field {self.name!r}: a Decimal cannot be indexed; use int or str"
            )

    @property
    def path(self) -> str:
        """Where the value lives."""
        return f"/custom/{self.name}"

    def read(self, value: Any) -> Any:
        """The typed value of what a caller or a wire tree gave; InvalidValue when it is not of the type."""
        if reader := READERS.get(self.type):
            return reader(value)
        if type(value) is self.type:
            return value
        raise InvalidValue(f"{value!r} is not of type {self.type.__name__}", path=self.path)


def typed(values: Mapping[str, Any], fields: Mapping[str, Custom]) -> dict[str, Any]:
    """The custom values by name, each read as its declared type; None takes a value away.

    >>> typed({"hours": 3}, {"hours": Custom("hours", int, kind="invoice")})
    {'hours': 3}
    """
    if not isinstance(values, Mapping):
        raise InvalidValue("custom fields are a map from name to value", path="/custom")
    found = {}
    for name, value in values.items():
        if name not in fields:
            known = ", ".join(sorted(fields)) or "none"
            raise InvalidValue(
                f"no custom field {name!r} is declared here (declared: {known})",
                path=f"/custom/{name}",
            )
        if value is not None:
            try:
                found[name] = fields[name].read(value)
            except InvalidValue as error:
                raise error if error.path else error.at(f"/custom/{name}") from None
    return found
