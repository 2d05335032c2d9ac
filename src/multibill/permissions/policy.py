"""Policy: rules in no particular order, with a fingerprint; and the floor that no policy can lift."""

from __future__ import annotations

import json
from collections import Counter
from functools import cached_property

import attrs

from multibill.codec import Tree, canonical, sha256
from multibill.errors import InvalidDefinition
from multibill.permissions.rules import Rule, forbid
from multibill.query import Me
from multibill.query.doc import Doc

FLOOR = (
    forbid("floor:four-eyes", on="approve", when=Doc.authored_by(Me)),
    forbid("floor:four-eyes", on="confirm", of="account", when=Doc.authored_by(Me)),
)
"""Nobody approves a material change of their own, or confirms a bank account they proposed, made by them or for them,
under any policy or engine."""


@attrs.frozen(init=False, slots=False)
class Policy:
    """Rules as data: ``Policy(permit(...), forbid(...))``. Order never matters; names are unique.

    >>> from multibill.permissions.rules import permit
    >>> len(Policy(permit("readers", to="viewer", on="read")).fingerprint)
    16
    """

    rules: tuple[Rule, ...]

    def __init__(self, *rules: Rule) -> None:
        for name, count in Counter(rule.name for rule in rules).items():
            if count > 1:
                raise InvalidDefinition(
                    f"two rules are called {name!r}; names tell them apart in explanations"
                )
        object.__setattr__(self, "rules", tuple(sorted(rules, key=lambda rule: rule.name)))

    @cached_property
    def text(self) -> str:
        """The canonical text of the rules, journaled at first use."""
        return canonical(self.to_wire())

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that stand in each changeset decided under this policy."""
        return sha256(self.text)[:16]

    def to_wire(self) -> Tree:
        """The rules by name, as a plain tree."""
        return {"rules": {rule.name: rule.to_wire() for rule in self.rules}}

    @classmethod
    def from_wire(cls, tree: Tree | str) -> Policy:
        """A policy from its tree or text; InvalidDefinition when it is not one."""
        try:
            rules = (json.loads(tree) if isinstance(tree, str) else tree)["rules"].values()
            return cls(*(Rule.from_wire(rule) for rule in rules))
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise InvalidDefinition(f"this is not a policy: {error}") from error
