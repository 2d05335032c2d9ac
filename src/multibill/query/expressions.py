"""The tree of an expression: frozen nodes that are checked when built, compare by structure, print as source.

Builders (``Doc.team == "web"``) stand in ``fields``; what a node means stands in ``evaluate``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import attrs

from multibill.errors import InvalidDefinition
from multibill.query.literals import source
from multibill.query.me import Mine
from multibill.query.operands import (
    Path,
    collected,
    distinct,
    fitting,
    identity,
    mine_fits,
    unjudged,
)
from multibill.query.shape import Shape
from multibill.query.types import Value, shown

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class Expression:
    """A condition: combine with ``&``, ``|``, ``~``; ``str()`` gives its source text."""

    __slots__ = ()
    shape: Shape

    def __and__(self, other: Expression) -> Expression:
        return all_of(self, other)

    def __or__(self, other: Expression) -> Expression:
        return any_of(self, other)

    def __invert__(self) -> Expression:
        return Not(self)

    def __bool__(self) -> NoReturn:
        raise InvalidDefinition(
            f"{self} is no yes or no yet: join conditions with & | ~ in parentheses, "
            "not with 'and', 'or', 'not', 'in' or a chain of comparisons"
        )

    def __repr__(self) -> str:
        return str(self)

    def _finish(self, **values: object) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)


@attrs.frozen(repr=False)
class Constant(Expression):
    """Always true or never true."""

    value: bool
    shape: Shape = attrs.field(init=False, eq=False, default=Shape.of_atom(0, None))

    def __str__(self) -> str:
        return "always()" if self.value else "never()"


@attrs.frozen(repr=False)
class Comparison(Expression):
    """A field against a literal or ``Me.id``; unknown when the field is, or is money of another currency."""

    path: Path
    op: str
    value: Value | Mine = attrs.field(converter=unjudged, eq=identity)
    shape: Shape = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Check the operator and the literal against the field's type."""
        if self.op not in OPERATORS:
            raise InvalidDefinition(f"{shown(self.op)} is none of {' '.join(OPERATORS)}")
        value = fitting(self.path, self.value, ordering=self.op not in {"==", "!="})
        self._finish(value=value, shape=Shape.of_atom(1, self.path.root))

    def __str__(self) -> str:
        return f"{self.path} {self.op} {source(self.value)}"


@attrs.frozen(repr=False)
class In(Expression):
    """A field among literals or in a set of the actor's; among no literals, never true."""

    path: Path
    values: tuple[Value, ...] | Mine = attrs.field(converter=collected, eq=identity)
    shape: Shape = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Check each literal against the field's type; keep them sorted, each once."""
        if isinstance(self.values, Mine):
            mine_fits(self.path, self.values, many=True)
            count = 1
        else:
            self._finish(values=distinct(self.path, self.values))
            count = len(self.values)
        self._finish(shape=Shape.of_atom(count, self.path.root))

    def __str__(self) -> str:
        if isinstance(self.values, Mine):
            return f"{self.path}.in_({self.values})"
        return f"{self.path}.in_([{', '.join(map(source, self.values))}])"


@attrs.frozen(repr=False)
class Known(Expression):
    """Whether a field has a value; always definite."""

    path: Path
    known: bool
    shape: Shape = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Count this node."""
        self._finish(shape=Shape.of_atom(0, self.path.root))

    def __str__(self) -> str:
        return f"{self.path}.{'not_null' if self.known else 'is_null'}()"


@attrs.frozen(repr=False)
class AuthoredBy(Expression):
    """Some material change in the record was made by one of ``Me.ids``; always definite."""

    root: str
    shape: Shape = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Count this node."""
        self._finish(shape=Shape.of_atom(1, self.root))

    def __str__(self) -> str:
        return f"{self.root}.authored_by(Me)"


@attrs.frozen(repr=False)
class Not(Expression):
    """True where the part is definitely false."""

    part: Expression
    shape: Shape = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what is too deep."""
        self._finish(shape=Shape.around([self.part.shape]))

    def __str__(self) -> str:
        return f"~{grouped(self.part)}"


@attrs.frozen(repr=False)
class Joined(Expression):
    """Two or more parts; build with ``&``, ``|``, ``all_of`` or ``any_of``, which flatten."""

    parts: tuple[Expression, ...]
    shape: Shape = attrs.field(init=False, eq=False)
    sign = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what is too deep, too large or not joined at all."""
        if len(self.parts) < 2:
            raise InvalidDefinition(
                "build it with all_of() or any_of(), which take any number of parts"
            )
        self._finish(shape=Shape.around(part.shape for part in self.parts))

    def __str__(self) -> str:
        return f" {self.sign} ".join(map(grouped, self.parts))


@attrs.frozen(repr=False)
class And(Joined):
    """True when every part is, false when any part is."""

    sign = "&"


@attrs.frozen(repr=False)
class Or(Joined):
    """True when any part is, false when every part is."""

    sign = "|"


def grouped(expr: Expression) -> str:
    """The source of a part, in parentheses where ``&``, ``|`` and ``~`` would bind more tightly."""
    return f"({expr})" if isinstance(expr, Comparison | Joined) else str(expr)


def all_of(*parts: Expression) -> Expression:
    """All the parts together; of none, ``always()``.

    >>> all_of(always(), never())
    always() & never()
    """
    return joined(And, parts, always())


def any_of(*parts: Expression) -> Expression:
    """Any of the parts; of none, ``never()``.

    >>> any_of()
    never()
    """
    return joined(Or, parts, never())


def joined(kind: type[And | Or], parts: Iterable[Expression], empty: Expression) -> Expression:
    """The parts in one flat node, so that ``(a & b) & c`` equals ``a & (b & c)``."""
    flat: list[Expression] = []
    for part in parts:
        if not isinstance(part, Expression):
            raise InvalidDefinition(
                f"{shown(part)} is no condition; put each comparison in parentheses"
            )
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return kind(tuple(flat)) if len(flat) > 1 else flat[0] if flat else empty


def always() -> Expression:
    """The condition that holds for everything."""
    return Constant(True)


def never() -> Expression:
    """The condition that holds for nothing."""
    return Constant(False)


ANYTHING = always()
