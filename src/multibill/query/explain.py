"""Why an expression came out as it did, on one row: a tree with the values seen.

Shows values as they are: whoever hands it to a person masks what that person may not see.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from multibill.query.evaluate import Facts, truth
from multibill.query.expressions import (
    And,
    AuthoredBy,
    Comparison,
    Expression,
    In,
    Joined,
    Known,
    Not,
)
from multibill.query.literals import source
from multibill.query.me import Mine

WORDS = {True: "yes", False: "no", None: "unknown"}


@attrs.frozen(str=False)
class Node:
    """One condition of the tree; ``str()`` draws it and what it holds, one a line.

    ``name`` is the field's flat name (None for a constant or a joint), ``seen`` its value in the row (None
    when unknown), ``mine`` what the actor brought to the comparison, if the condition asks for it.
    """

    text: str
    outcome: bool | None
    name: str | None = None
    seen: object = None
    mine: object = None
    children: tuple[Node, ...] = ()

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, indent: str = "") -> Iterator[str]:
        """The drawn lines, from this node down."""
        notes = [f"{self.name}: {written(self.seen)}"] if self.name else []
        notes += [f"mine: {written(self.mine)}"] if self.mine is not None else []
        note = f"   [{'; '.join(notes)}]" if notes else ""
        yield f"{indent}{WORDS[self.outcome]:<8} {self.text}{note}"
        for child in self.children:
            yield from child.lines(indent + "  ")


def written(value: object) -> str:
    """A value as source text; sets sorted."""
    if isinstance(value, set | frozenset | list | tuple):
        return ", ".join(sorted(map(source, value))) or "none"
    return "unknown" if value is None else source(value)


def explain(expr: Expression, row: Facts, me: Facts) -> Node:
    """The expression evaluated on a row for an actor, with every condition's outcome; nothing is skipped.

    >>> from multibill.query.fields import Fields, Type
    >>> Doc = Fields("Doc", {"team": Type("text"), "state": Type("text")})
    >>> print(
    ...     explain(
    ...         (Doc.state == "approved") & ~(Doc.team == "web"),
    ...         {"team": None, "state": "approved"},
    ...         {},
    ...     )
    ... )
    unknown  all of
      yes      Doc.state == "approved"   [state: "approved"]
      unknown  not
        unknown  Doc.team == "web"   [team: unknown]
    """
    match expr:
        case Not(part=part):
            child = explain(part, row, me)
            return Node(
                "not", None if child.outcome is None else not child.outcome, children=(child,)
            )
        case Joined(parts=parts):
            children = tuple(explain(part, row, me) for part in parts)
            all_needed = isinstance(expr, And)
            outcome = joint({child.outcome for child in children}, deciding=not all_needed)
            return Node("all of" if all_needed else "any of", outcome, children=children)
    return atom(expr, row, me)


def joint(outcomes: set[bool | None], *, deciding: bool) -> bool | None:
    """One outcome decides, an unknown one leaves it open, else they all agree on the other."""
    return deciding if deciding in outcomes else None if None in outcomes else not deciding


def atom(expr: Expression, row: Facts, me: Facts) -> Node:
    """A condition without parts, with what it saw."""
    name = seen = mine = None
    match expr:
        case Comparison(path=path, value=operand) | In(path=path, values=operand):
            name, seen = path.name, row.get(path.name)
            mine = me[operand.name] if isinstance(operand, Mine) else None
        case Known(path=path):
            name, seen = path.name, row.get(path.name)
        case AuthoredBy():
            name, seen, mine = "authors", row["authors"], me["ids"]
    return Node(str(expr), truth(expr, row, me), name, seen, mine)
