"""Rights: a policy made ready for one set of roles: the rules that speak to it, and their one condition."""

from __future__ import annotations

from collections.abc import Mapping

from multibill.model import ModelMap
from multibill.permissions.decision import Decision
from multibill.permissions.policy import FLOOR, Policy
from multibill.permissions.rules import Rule
from multibill.permissions.sight import CLEAR, Sight
from multibill.permissions.veils import Veil
from multibill.query import (
    ANYTHING,
    Expression,
    Facts,
    Test,
    all_of,
    any_of,
    compile_true,
    names,
    never,
    truth,
)
from multibill.records import Actor


class Rights:
    """What one actor may do under one policy. Conditions are built at first use and kept.

    >>> from multibill.permissions.rules import permit
    >>> ann = Rights(
    ...     Policy(permit("readers", to="viewer", on="read")), Actor("ann", roles={"viewer"})
    ... )
    >>> ann.allows("read", "document", {})
    True
    """

    def __init__(self, policy: Policy, actor: Actor) -> None:
        self.policy = policy
        self.actor = actor
        self.me: Mapping[str, object] = {
            "id": actor.id,
            "ids": actor.persons,
            "teams": actor.teams,
            "roles": actor.roles,
        }
        self._rules: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self._conditions: dict[tuple[str, str], Expression] = {}
        self._needs: dict[tuple[str, str], frozenset[str]] = {}
        self._tests: dict[tuple[str, str], Test] = {}
        self._sights: dict[tuple[ModelMap, tuple[Veil, ...]], Sight] = {}
        self.veils = tuple(veil for veil in policy.veils if veil.concerns(actor.roles))

    def rules(self, action: str, of: str) -> tuple[Rule, ...]:
        """The rules on this action that speak to the actor, the floor's included."""
        found = self._rules.get((action, of))
        if found is None:
            found = tuple(
                rule
                for rule in (*self.policy.rules, *FLOOR)
                if rule.of == of and action in rule.on and rule.concerns(self.actor.roles)
            )
            self._rules[action, of] = found
        return found

    def condition(self, action: str, of: str) -> Expression:
        """The one condition that is definitely true exactly where the action is allowed."""
        found = self._conditions.get((action, of))
        if found is None:
            found = self._conditions[action, of] = _condition(self.rules(action, of))
        return found

    def needs(self, action: str, of: str) -> frozenset[str]:
        """The names of the row that the rules read, those of an explanation included."""
        found = self._needs.get((action, of))
        if found is None:
            read = [rule.when for rule in self.rules(action, of)]
            if of == "document":
                read += [veil.when for veil in self.veils]
            found = self._needs[action, of] = frozenset[str]().union(*map(names, read))
        return found

    def allows(self, action: str, of: str, row: Facts) -> bool:
        """Whether the action is allowed on a row."""
        found = self._tests.get((action, of))
        if found is None:
            found = self._tests[action, of] = compile_true(self.condition(action, of))
        return found(row, self.me)

    def sight(self, map: ModelMap, row: Facts) -> Sight:
        """Which fields of a document with this row the actor sees, sees the end of, and may set."""
        if not self.veils:
            return CLEAR
        down = tuple(v for v in self.veils if truth(v.when, row, self.me) is not False)
        return self.under(down, map)

    def under(self, veils: tuple[Veil, ...], map: ModelMap) -> Sight:
        """What the actor sees where these veils cover."""
        found = self._sights.get((map, veils))
        if found is None:
            found = self._sights[map, veils] = Sight.under(veils, map)
        return found

    def lifted(self, path: str, map: ModelMap) -> Expression | None:
        """Where the actor sees what stands at a path as it is; None where nothing ever covers it."""
        down = [veil for veil in self.veils if self.under((veil,), map).covers(path)]
        return all_of(*(~veil.when for veil in down)) if down else None

    def decide(
        self,
        action: str,
        of: str,
        row: Facts,
        resource: str,
        guard: Expression = ANYTHING,
        *,
        covered: frozenset[str] = frozenset(),
    ) -> Decision:
        """The full decision on a row, with the rules and values it rests on, and a workflow's guard."""
        return Decision(
            actor=self.actor,
            action=action,
            resource=resource,
            rules=self.rules(action, of),
            others=tuple(
                rule for rule in self.policy.rules if _another(rule, action, of, self.actor)
            ),
            facts=row,
            covered=covered,
            me=self.me,
            guard=guard,
        )


def _another(rule: Rule, action: str, of: str, actor: Actor) -> bool:
    """Whether a permit on this action speaks to other roles only."""
    asked = rule.effect == "permit" and rule.of == of and action in rule.on
    return asked and not rule.concerns(actor.roles)


def _condition(rules: tuple[Rule, ...]) -> Expression:
    permits = [rule.when for rule in rules if rule.effect == "permit"]
    forbids = [~rule.when for rule in rules if rule.effect == "forbid"]
    return all_of(any_of(*permits), *forbids) if permits else never()
