"""Decision: yes or no, and why, with the values that were seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs

from multibill.permissions.rules import Rule
from multibill.query import ANYTHING, Expression, Facts, explain, truth
from multibill.records import Actor


@attrs.frozen(kw_only=True)
class Decision:
    """Whether an actor may do something, by which rules; true in a condition when allowed.

    A permit counts only when definitely true; a forbid is lifted, and the workflow's ``guard`` passed, only when
    that is definite. ``by`` names the permits that hold, ``forbids`` the forbids that are not lifted.
    """

    actor: Actor
    action: str
    resource: str
    rules: tuple[Rule, ...] = attrs.field(repr=False)
    row: Facts = attrs.field(repr=False)
    me: Facts = attrs.field(repr=False)
    guard: Expression = attrs.field(default=ANYTHING, repr=False)

    @cached_property
    def by(self) -> tuple[str, ...]:
        """The permits that hold."""
        return tuple(
            rule.name
            for rule in self.rules
            if rule.effect == "permit" and truth(rule.when, self.row, self.me) is True
        )

    @cached_property
    def forbids(self) -> tuple[str, ...]:
        """The forbids that are not definitely lifted."""
        return tuple(
            rule.name
            for rule in self.rules
            if rule.effect == "forbid" and truth(rule.when, self.row, self.me) is not False
        )

    @cached_property
    def possible(self) -> bool:
        """Whether the workflow has such a step from where the document stands."""
        return truth(self.guard, self.row, self.me) is True

    @property
    def allowed(self) -> bool:
        """The decision."""
        return bool(self.by) and not self.forbids and self.possible

    def __bool__(self) -> bool:
        return self.allowed

    def explain(self) -> str:
        """The whole decision as an indented text: each rule that speaks to the actor and the values it saw.

        Shows the values of the record, so it is for whoever may read it.
        """
        return "\n".join(self._lines())

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
            yield from (f"    {line}" for line in explain(condition, self.row, self.me).lines())
