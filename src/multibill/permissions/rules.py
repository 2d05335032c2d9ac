"""Rules as data: permit and forbid, each with a name, roles, actions, a kind of resource and a condition."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Literal

import attrs

from multibill.errors import InvalidDefinition
from multibill.ids import key
from multibill.query import ANYTHING, Expression, from_wire, names, to_wire
from multibill.query.doc import Doc

ACTIONS: dict[str, frozenset[str]] = {
    "document": frozenset(
        [
            "read",
            "draft",
            "edit",
            "submit",
            "approve",
            "refuse",
            "issue",
            "discard",
            "annotate",
            "credit",
            "pay",
            "write-off",
        ]
    ),
    "customer": frozenset({"read", "save"}),
    "seller": frozenset({"read", "save"}),
    "account": frozenset({"read", "save", "confirm"}),
    "item": frozenset({"read", "save"}),
    "template": frozenset({"read", "save"}),
    "member": frozenset({"read", "save"}),
    "payment": frozenset({"read", "pay", "refund"}),
    "journal": frozenset({"verify", "consume"}),
}
"""What can be done to each kind of resource.

``draft`` creates; ``annotate`` changes the envelope of an issued document; ``pay`` records, allocates and reverses
payments, asked of the payment and of each document that it settles; ``refund`` pays back to a customer; ``write-off``
gives up what is due of an invoice, and reinstates it; ``confirm`` makes a bank account what somebody else proposed;
``consume`` of the journal keeps a named consumer's place in the feed.
"""

FACTS: dict[str, frozenset[str]] = {"account": frozenset({"authors"})}
"""What conditions may ask of kinds that are no documents: who proposed what an account would become."""


def _names(value: str | Iterable[str]) -> frozenset[str]:
    return frozenset({value} if isinstance(value, str) else value)


def _optional_names(value: str | Iterable[str] | None) -> frozenset[str] | None:
    return None if value is None else frozenset(key(name, "role") for name in _names(value))


@attrs.frozen
class Rule:
    """One permit or forbid. ``to`` None means every actor; ``when`` is a condition on the document."""

    effect: Literal["permit", "forbid"]
    name: str = attrs.field(converter=key)
    on: frozenset[str] = attrs.field(converter=_names)
    to: frozenset[str] | None = attrs.field(converter=_optional_names)
    of: str
    when: Expression

    def __attrs_post_init__(self) -> None:
        """Refuse effects, actions, kinds and conditions that could never apply."""
        if self.effect not in ("permit", "forbid"):
            raise InvalidDefinition(
                f"rule {self.name!r}: {self.effect!r} is neither 'permit' nor 'forbid'"
            )
        if not isinstance(self.when, Expression):
            raise InvalidDefinition(
                f"rule {self.name!r}: when= needs a condition such as Doc.team.in_(Me.teams), not {self.when!r}"
            )
        if self.of not in ACTIONS:
            raise InvalidDefinition(
                f"rule {self.name!r}: of={self.of!r} is none of {', '.join(ACTIONS)}"
            )
        if not self.on:
            raise InvalidDefinition(f"rule {self.name!r}: on= names no action")
        if unknown := sorted(self.on - ACTIONS[self.of]):
            known = ", ".join(sorted(ACTIONS[self.of]))
            raise InvalidDefinition(
                f"rule {self.name!r}: {unknown[0]!r} cannot be done to a {self.of}; there are: {known}"
            )
        asked = names(self.when) - FACTS.get(self.of, frozenset())
        if self.of != "document" and self.when != ANYTHING and (asked or self.of not in FACTS):
            raise InvalidDefinition(
                f"rule {self.name!r}: conditions are on documents, not on a {self.of}"
            )

    def concerns(self, roles: Collection[str]) -> bool:
        """Whether the rule speaks to somebody with these roles."""
        return self.to is None or not self.to.isdisjoint(roles)

    def to_wire(self) -> dict[str, Any]:
        """The rule as a plain tree; ``from_wire`` reads it back."""
        tree: dict[str, Any] = {"effect": self.effect, "name": self.name, "of": self.of}
        tree |= {"on": sorted(self.on), "when": to_wire(self.when)}
        return tree if self.to is None else {**tree, "to": sorted(self.to)}

    @classmethod
    def from_wire(cls, tree: dict[str, Any]) -> Rule:
        """A rule from its tree; InvalidDefinition when it is not one."""
        when = from_wire(tree["when"], Doc)
        return cls(tree["effect"], tree["name"], tree["on"], tree.get("to"), tree["of"], when)


def permit(
    name: str,
    *,
    on: str | Iterable[str],
    to: str | Iterable[str] | None = None,
    of: str = "document",
    when: Expression = ANYTHING,
) -> Rule:
    """A rule that lets: ``permit("sales-read", to="sales", on="read", when=Doc.team.in_(Me.teams))``.

    An unknown value never makes ``when`` true.

    >>> permit("sales-read", to="sales", on="read").on == {"read"}
    True
    """
    return Rule("permit", name, on, to, of, when)


def forbid(
    name: str,
    *,
    on: str | Iterable[str],
    to: str | Iterable[str] | None = None,
    of: str = "document",
    when: Expression = ANYTHING,
) -> Rule:
    """A rule that refuses, whatever permits say: ``forbid("four-eyes", on="approve", when=Doc.authored_by(Me))``.

    An unknown value never lifts it: only a ``when`` that is definitely false does.

    >>> forbid("no-discard", on="discard").effect
    'forbid'
    """
    return Rule("forbid", name, on, to, of, when)
