"""Decision: yes or no, and why, with the values that were seen; what is covered for the actor is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import attrs

from multibill.permissions.rules import Rule
from multibill.query import ANYTHING, Expression, Facts, Node, explain, missing, truth
from multibill.records import Actor


@attrs.frozen
class Obstacle:
    """One thing in the way: a forbid that is not lifted, the nearest permit, or the workflow.

    ``roles`` are those of which the actor would need one, ``conditions`` those that do not hold.
    """

    effect: str
    name: str
    roles: frozenset[str] = frozenset()
    conditions: tuple[Node, ...] = ()

    def __str__(self) -> str:
        known = {"forbid": f"forbid {self.name!r} holds unless", "workflow": "the workflow needs"}
        said = known.get(self.effect, f"the nearest permit, {self.name!r}, needs")
        lines = [f"one of the roles {', '.join(sorted(self.roles))}"] if self.roles else []
        lines += [line for node in self.conditions for line in node.lines()]
        return "\n    ".join([f"  {said}", *lines])


@attrs.frozen
class WhyNot:
    """What stands in the way of an action; empty, and false, when nothing does. ``str()`` reads as text."""

    summary: str
    obstacles: tuple[Obstacle, ...]

    def __bool__(self) -> bool:
        return bool(self.obstacles)

    def __str__(self) -> str:
        return "\n".join([self.summary, *map(str, self.obstacles)])


@attrs.frozen(kw_only=True)
class Decision:
    """Whether an actor may do something, by which rules; true in a condition when allowed.

    A permit counts only when definitely true; a forbid is lifted, and the workflow's ``guard`` passed, only when
    that is definite. ``by`` names the permits that hold, ``forbids`` the forbids that are not lifted. ``others`` are
    the permits of other roles, ``covered`` names what the actor does not see as it is: rules see it, explanations do
    not.
    """

    actor: Actor
    action: str
    resource: str
    rules: tuple[Rule, ...] = attrs.field(repr=False)
    others: tuple[Rule, ...] = attrs.field(default=(), repr=False)
    me: Facts = attrs.field(repr=False)
    guard: Expression = attrs.field(default=ANYTHING, repr=False)
    covered: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    _facts: Facts = attrs.field(repr=False, eq=False)

    @property
    def row(self) -> Facts:
        """The document's facts as the actor sees them: None where they are covered."""
        return {**self._facts, **dict.fromkeys(self.covered)} if self.covered else self._facts

    @cached_property
    def by(self) -> tuple[str, ...]:
        """The permits that hold."""
        return tuple(
            rule.name
            for rule in self.rules
            if rule.effect == "permit" and truth(rule.when, self._facts, self.me) is True
        )

    @cached_property
    def forbids(self) -> tuple[str, ...]:
        """The forbids that are not definitely lifted."""
        return tuple(
            rule.name
            for rule in self.rules
            if rule.effect == "forbid" and truth(rule.when, self._facts, self.me) is not False
        )

    @cached_property
    def possible(self) -> bool:
        """Whether the workflow has such a step from where the document stands."""
        return truth(self.guard, self._facts, self.me) is True

    @property
    def allowed(self) -> bool:
        """The decision."""
        return bool(self.by) and not self.forbids and self.possible

    def __bool__(self) -> bool:
        return self.allowed

    def explain(self) -> str:
        """The whole decision as an indented text: each rule that speaks to the actor and the values it saw.

        Shows what the actor sees of the record and nothing else.
        """
        return "\n".join(self._lines())

    def why_not(self) -> WhyNot:
        """What stands in the way: forbids, the nearest permit with its failing conditions, the workflow's guard."""
        found = [
            self._obstacle("forbid", rule, False) for rule in self.rules if self._forbids(rule)
        ]
        if not self.by and (permits := [rule for rule in self.rules if rule.effect == "permit"]):
            found.append(self._nearest(permits))
        elif not self.by and self.others:
            found.append(self._nearest(self.others))
        if not self.possible:
            conditions = missing(self.guard, self.row, self.me, self.covered)
            found.append(Obstacle("workflow", "the workflow", conditions=conditions))
        return WhyNot(self.summary(), tuple(found))

    def _forbids(self, rule: Rule) -> bool:
        return rule.effect == "forbid" and rule.name in self.forbids

    def _nearest(self, permits: Iterable[Rule]) -> Obstacle:
        found = [self._obstacle("permit", rule, True) for rule in permits]
        return min(found, key=lambda each: (len(each.conditions), each.name))

    def _obstacle(self, effect: str, rule: Rule, wanted: bool) -> Obstacle:
        lacking = frozenset[str]() if rule.concerns(self.actor.roles) else rule.to or frozenset()
        conditions = missing(rule.when, self.row, self.me, self.covered, wanted)
        return Obstacle(effect, rule.name, lacking, conditions)

    def summary(self) -> str:
        """The decision in one sentence."""
        roles = ", ".join(sorted(self.actor.roles)) or "none"
        may = "may" if self.allowed else "may not"
        return f"{self.actor.id} (roles asserted: {roles}) {may} {self.action} {self.resource}{self._reason()}"

    def _reason(self) -> str:
        if self.forbids:
            return f": forbidden by {', '.join(self.forbids)}"
        if not self.by:
            known = "no permit applies" if self.rules else "no rule speaks of it to these roles"
            return f": {known}"
        return (
            f", by {', '.join(self.by)}"
            if self.possible
            else " now: the workflow has no such step from here"
        )

    def _lines(self) -> Iterator[str]:
        yield self.summary()
        named = [(f"{rule.effect} {rule.name!r}", rule.when) for rule in self.rules]
        if self.guard != ANYTHING:
            named.append(("workflow, possible where", self.guard))
        for name, condition in named:
            yield f"  {name}"
            yield from (
                f"    {line}"
                for line in explain(condition, self.row, self.me, self.covered).lines()
            )
