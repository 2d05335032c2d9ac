"""Veils: rules on fields, as data: what a reader does not see, sees the end of, or may not set."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Literal

import attrs

from multibill.errors import InvalidDefinition
from multibill.ids import key
from multibill.model import SENSITIVE, text
from multibill.query import ANYTHING, Expression, Field, from_wire, path_of, to_wire
from multibill.query.doc import Doc

Effect = Literal["hide", "mask", "read-only"]


def _what(value: object) -> str:
    """A class of the model map, or a path: ``/payment/text``, ``/custom/budget``, ``Doc.buyer_reference``."""
    if isinstance(value, Field):
        return "/" + path_of(value).name.replace(".", "/")
    if isinstance(value, str) and (value in SENSITIVE or value.startswith("/")):
        return value
    raise InvalidDefinition(
        f"{value!r} is neither a path such as '/payment/text' nor one of {', '.join(SENSITIVE)}"
    )


def _roles(value: str | Iterable[str] | None) -> frozenset[str] | None:
    if value is None:
        return None
    names = {value} if isinstance(value, str) else value
    return frozenset(key(name, "role") for name in names)


@attrs.frozen(kw_only=True)
class Veil:
    """One rule on a class of fields, or on a path and all below it, of documents.

    ``to`` None means every actor. It covers unless ``when`` is definitely false: an unknown value shows nothing.
    """

    effect: Effect
    what: str = attrs.field(converter=_what)
    to: frozenset[str] | None = attrs.field(default=None, converter=_roles)
    when: Expression = ANYTHING
    last: int | None = None
    name: str = attrs.field(converter=text)

    @name.default
    def _described(self) -> str:
        said = [self.effect, self.what] + ([",".join(sorted(self.to))] if self.to else [])
        return ":".join(said)

    def __attrs_post_init__(self) -> None:
        """Refuse effects, masks and conditions that could never apply."""
        if self.effect not in ("hide", "mask", "read-only"):
            raise InvalidDefinition(f"{self.effect!r} is neither hide, mask nor read-only")
        if self.effect == "mask" and (type(self.last) is not int or self.last < 0):
            raise InvalidDefinition(f"mask {self.what!r}: last= is how many characters stay")
        if not isinstance(self.when, Expression):
            raise InvalidDefinition(f"{self.effect} {self.what!r}: when= needs a condition")

    def concerns(self, roles: Collection[str]) -> bool:
        """Whether the rule speaks to somebody with these roles."""
        return self.to is None or not self.to.isdisjoint(roles)

    def to_wire(self) -> dict[str, Any]:
        """The rule as a plain tree; ``from_wire`` reads it back."""
        tree: dict[str, Any] = {"effect": self.effect, "name": self.name, "what": self.what}
        tree["when"] = to_wire(self.when)
        if self.last is not None:
            tree["last"] = self.last
        return tree if self.to is None else {**tree, "to": sorted(self.to)}

    @classmethod
    def from_wire(cls, tree: dict[str, Any]) -> Veil:
        """A rule from its tree."""
        when = from_wire(tree["when"], Doc)
        return cls(**{**tree, "when": when})


def hide(
    what: str | Field,
    *,
    to: str | Iterable[str] | None = None,
    when: Expression = ANYTHING,
    name: str | None = None,
) -> Veil:
    """Fields that some roles do not see at all: ``hide("margin", to={"viewer", "sales"})``.

    With several roles a hide wins, like a forbid.

    >>> hide("margin", to="sales").name
    'hide:margin:sales'
    """
    return Veil(effect="hide", what=what, to=to, when=when, **_named(name))


def mask(
    what: str | Field,
    *,
    last: int,
    to: str | Iterable[str] | None = None,
    when: Expression = ANYTHING,
    name: str | None = None,
) -> Veil:
    """Texts of which some roles see the last characters only: ``mask("bank", last=4, to={"viewer"})``."""
    return Veil(effect="mask", what=what, to=to, when=when, last=last, **_named(name))


def read_only(
    what: str | Field,
    *,
    to: str | Iterable[str] | None = None,
    when: Expression = ANYTHING,
    name: str | None = None,
) -> Veil:
    """Fields that some roles see and may not set: ``read_only(Doc.due_date, to="sales")``."""
    return Veil(effect="read-only", what=what, to=to, when=when, **_named(name))


def _named(name: str | None) -> dict[str, Any]:
    return {} if name is None else {"name": name}
