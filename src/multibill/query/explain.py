"""Why an expression came out as it did, on one row: a tree with the values seen.

What is ``hidden`` from whom it is shown to is neither read nor shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs

from multibill.query.evaluate import Facts, truth
from multibill.query.expressions import (
    And,
    AuthoredBy,
    Comparison,
    Constant,
    Expression,
    In,
    Joined,
    Known,
    Not,
)
from multibill.query.literals import source
from multibill.query.me import Mine
from multibill.query.walk import names

WORDS = {True: "yes", False: "no", None: "unknown"}


@attrs.frozen(str=False)
class Node:
    """One condition of the tree; ``str()`` draws it and what it holds, one a line.

    ``name`` is the field's flat name (None for a constant or a joint), ``seen`` its value in the row (None
    when unknown or ``hidden``), ``mine`` what the actor brought to the comparison, if the condition asks for it.
    """

    text: str
    outcome: bool | None
    name: str | None = None
    seen: object = None
    mine: object = None
    children: tuple[Node, ...] = ()
    hidden: bool = False

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, indent: str = "") -> Iterator[str]:
        """The drawn lines, from this node down."""
        seen = "hidden" if self.hidden else written(self.seen)
        notes = [f"{self.name}: {seen}"] if self.name else []
        notes += [f"mine: {written(self.mine)}"] if self.mine is not None else []
        note = f"   [{'; '.join(notes)}]" if notes else ""
        word = "hidden" if self.hidden else WORDS[self.outcome]
        yield f"{indent}{word:<8} {self.text}{note}"
        for child in self.children:
            yield from child.lines(indent + "  ")


def written(value: object) -> str:
    """A value as source text; sets sorted."""
    if isinstance(value, set | frozenset | list | tuple):
        return ", ".join(sorted(map(source, value))) or "none"
    return "unknown" if value is None else source(value)


def explain(expr: Expression, row: Facts, me: Facts, hidden: Collection[str] = frozenset()) -> Node:
    """The expression evaluated on a row for an actor, with every condition's outcome; nothing is skipped.

    A condition on one of the ``hidden`` names is unknown, whatever the row holds.

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
            return negated(explain(part, row, me, hidden))
        case Joined(parts=parts):
            children = tuple(explain(part, row, me, hidden) for part in parts)
            all_needed = isinstance(expr, And)
            outcome = joint({child.outcome for child in children}, deciding=not all_needed)
            return Node("all of" if all_needed else "any of", outcome, children=children)
    return atom(expr, row, me, hidden)


def missing(
    expr: Expression,
    row: Facts,
    me: Facts,
    hidden: Collection[str] = frozenset(),
    wanted: bool = True,
) -> tuple[Node, ...]:
    """The fewest conditions that keep the expression from being definitely ``wanted``; none where it is.

    >>> from multibill.query.fields import Fields, Type
    >>> Doc = Fields("Doc", {"team": Type("text"), "state": Type("text")})
    >>> near = (Doc.state == "approved") & ~(Doc.team == "web")
    >>> print(*missing(near, {"team": "web", "state": "approved"}, {}))
    no       not
      yes      Doc.team == "web"   [team: "web"]
    """
    match expr:
        case Constant(value=value):
            return () if value is wanted else (Node(str(expr), value),)
        case Not(part=part):
            return missing(part, row, me, hidden, not wanted)
        case Joined(parts=parts):
            found = [missing(part, row, me, hidden, wanted) for part in parts]
            if isinstance(expr, And) is wanted:
                return tuple(node for nodes in found for node in nodes)
            return min(found, key=len)
    node = atom(expr, row, me, hidden)
    return () if node.outcome is wanted else (node if wanted else negated(node),)


def negated(child: Node) -> Node:
    """The opposite of a condition."""
    return Node("not", None if child.outcome is None else not child.outcome, children=(child,))


def joint(outcomes: set[bool | None], *, deciding: bool) -> bool | None:
    """One outcome decides, an unknown one leaves it open, else they all agree on the other."""
    return deciding if deciding in outcomes else None if None in outcomes else not deciding


def atom(expr: Expression, row: Facts, me: Facts, hidden: Collection[str] = frozenset()) -> Node:
    """A condition without parts, with what it saw."""
    name = seen = mine = None
    if hidden and not names(expr).isdisjoint(hidden):
        return Node(str(expr), None, min(names(expr)), hidden=True)
    match expr:
        case Comparison(path=path, value=operand) | In(path=path, values=operand):
            name, seen = path.name, row.get(path.name)
            mine = me[operand.name] if isinstance(operand, Mine) else None
        case Known(path=path):
            name, seen = path.name, row.get(path.name)
        case AuthoredBy():
            name, seen, mine = "authors", row["authors"], me["ids"]
    return Node(str(expr), truth(expr, row, me), name, seen, mine)
