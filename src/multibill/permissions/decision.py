"""Decision: yes or no, and why, with the values that were seen."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from multibill.permissions.rules import Rule
from multibill.query import Facts, explain, truth
from multibill.records import Actor


@attrs.frozen
class Decision:
    """Whether an actor may do something, by which rules; true in a condition when allowed.

    ``by`` names the permits that hold, ``forbids`` the forbids that are not definitely lifted.
    """

    allowed: bool
    actor: str
    action: str
    resource: str
    roles: tuple[str, ...]
    by: tuple[str, ...]
    forbids: tuple[str, ...]
    rules: Sequence[Rule] = attrs.field(repr=False)
    row: Facts = attrs.field(repr=False)
    me: Facts = attrs.field(repr=False)

    def __bool__(self) -> bool:
        return self.allowed

    def explain(self) -> str:
        """The whole decision as an indented text: each rule that speaks to the actor and the values it saw.

        Shows the values of the record, so it is for whoever may read it.
        """
        lines = [self.summary()]
        for rule in self.rules:
            lines.append(f"  {rule.effect} {rule.name!r}")
            lines += [f"    {line}" for line in explain(rule.when, self.row, self.me).lines()]
        return "\n".join(lines)

    def summary(self) -> str:
        """The decision in one sentence."""
        roles = ", ".join(self.roles) or "none"
        who = f"{self.actor} (roles asserted: {roles})"
        if self.allowed:
            return f"{who} may {self.action} {self.resource}, by {', '.join(self.by)}"
        if self.forbids:
            return f"{who} may not {self.action} {self.resource}: forbidden by {', '.join(self.forbids)}"
        reason = "no permit applies" if self.rules else "no rule speaks of it to these roles"
        return f"{who} may not {self.action} {self.resource}: {reason}"


def decided(
    actor: Actor, action: str, resource: str, *, rules: Sequence[Rule], row: Facts, me: Facts
) -> Decision:
    """The decision of the rules that speak to the actor, on one row.

    A permit counts only when definitely true, a forbid is lifted only when definitely false.
    """
    by = tuple(r.name for r in rules if r.effect == "permit" and truth(r.when, row, me) is True)
    forbids = tuple(
        r.name for r in rules if r.effect == "forbid" and truth(r.when, row, me) is not False
    )
    allowed = bool(by) and not forbids
    roles = tuple(sorted(actor.roles))
    return Decision(allowed, actor.id, action, resource, roles, by, forbids, rules, row, me)
