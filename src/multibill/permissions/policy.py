"""Policy: rules in no particular order, with a fingerprint; and the floor that no policy can lift."""

from __future__ import annotations

import json
from collections import Counter
from functools import cached_property

import attrs

from multibill.codec import Tree, canonical, sha256
from multibill.errors import InvalidDefinition
from multibill.permissions.rules import Rule, forbid
from multibill.permissions.veils import Veil
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
    """Rules as data: ``Policy(permit(...), forbid(...), hide(...))``. Order never matters; names are unique.

    >>> from multibill.permissions.rules import permit
    >>> len(Policy(permit("readers", to="viewer", on="read")).fingerprint)
    16
    """

    rules: tuple[Rule, ...]
    veils: tuple[Veil, ...]

    def __init__(self, *rules: Rule | Veil) -> None:
        if wrong := [rule for rule in rules if not isinstance(rule, Rule | Veil)]:
            raise InvalidDefinition(
                f"a policy is made of permit, forbid, hide, mask, read_only; not of {wrong[0]!r:.60}"
            )
        for name, count in Counter(rule.name for rule in rules).items():
            if count > 1:
                raise InvalidDefinition(
                    f"two rules are called {name!r}; names tell them apart in explanations"
                )
        acts = [rule for rule in rules if isinstance(rule, Rule)]
        veils = [rule for rule in rules if isinstance(rule, Veil)]
        object.__setattr__(self, "rules", tuple(sorted(acts, key=lambda rule: rule.name)))
        object.__setattr__(self, "veils", tuple(sorted(veils, key=lambda veil: veil.name)))

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
        tree: Tree = {"rules": {rule.name: rule.to_wire() for rule in self.rules}}
        veils: Tree = {veil.name: veil.to_wire() for veil in self.veils}
        return {**tree, "veils": veils} if veils else tree

    @classmethod
    def from_wire(cls, tree: Tree | str) -> Policy:
        """A policy from its tree or text; InvalidDefinition when it is not one."""
        try:
            said = json.loads(tree) if isinstance(tree, str) else tree
            rules = [Rule.from_wire(rule) for rule in said["rules"].values()]
            return cls(*rules, *map(Veil.from_wire, said.get("veils", {}).values()))
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise InvalidDefinition(f"this is not a policy: {error}") from error
