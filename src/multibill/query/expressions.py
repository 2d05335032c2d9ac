"""The tree of an expression: frozen nodes that are checked when built, compare by structure, print as source.

Builders (``Doc.team == "web"``) stand in ``fields``; what a node means stands in ``evaluate``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import attrs

from multibill.errors import InvalidDefinition
from multibill.money import Money
from multibill.query.literals import source
from multibill.query.me import Mine
from multibill.query.types import Type, Value, shown, type_of

DEPTH, NODES = 50, 1000
# Below what one statement can bind: 32 766 in SQLite, 65 535 in PostgreSQL's protocol.
VALUES = 10_000

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@attrs.frozen
class Path:
    """A field as data: the root it belongs to, its flat name, its type (None for a custom field)."""

    root: str
    name: str
    type: Type | None

    def __str__(self) -> str:
        custom = self.name.removeprefix("custom.")
        return (
            f"{self.root}.{self.name}" if custom == self.name else f'{self.root}.custom["{custom}"]'
        )


@attrs.frozen
class Shape:
    """How deep and how large a tree is, and which root its fields belong to."""

    depth: int
    nodes: int
    values: int
    root: str | None

    @classmethod
    def around(cls, parts: Iterable[Expression]) -> Shape:
        """The shape of a node over these parts, if it stays within the limits and under one root."""
        shapes = [part.shape for part in parts]
        roots = sorted({shape.root for shape in shapes if shape.root is not None})
        if len(roots) > 1:
            raise InvalidDefinition(f"{' and '.join(roots)} cannot meet in one expression")
        shape = cls(
            1 + max(shape.depth for shape in shapes),
            1 + sum(shape.nodes for shape in shapes),
            sum(shape.values for shape in shapes),
            roots[0] if roots else None,
        )
        if shape.depth > DEPTH or shape.nodes > NODES or shape.values > VALUES:
            raise too_large()
        return shape


def too_large() -> InvalidDefinition:
    """The error for an expression beyond the limits."""
    return InvalidDefinition(
        f"an expression holds at most {NODES} nodes, {DEPTH} deep, and {VALUES} values; "
        "use in_() for many values of one field, or split it"
    )


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


def unjudged(value: object) -> Any:
    """Any object, for the node to accept or refuse once it has its path."""
    return value


def collected(values: object) -> Any:
    """A collection as a tuple, for the node to judge; a text would fall into its letters."""
    if isinstance(values, Mine):
        return values
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidDefinition(f"in_() needs a list of values, not {shown(values)}")
    return tuple(values)


def identity(value: object) -> object:
    """What equality of nodes compares: values with their types, for 1 == True == Decimal(1) to Python."""
    if isinstance(value, tuple):
        return tuple(map(identity, value))
    return ("Me", value.name) if isinstance(value, Mine) else (type(value).__name__, value)


@attrs.frozen(repr=False)
class Constant(Expression):
    """Always true or never true."""

    value: bool
    shape: Shape = attrs.field(init=False, eq=False, default=Shape(1, 1, 0, None))

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
        self._finish(value=value, shape=Shape(1, 1, 1, self.path.root))

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
        self._finish(shape=Shape(1, 1, count, self.path.root))

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
        self._finish(shape=Shape(1, 1, 0, self.path.root))

    def __str__(self) -> str:
        return f"{self.path}.{'not_null' if self.known else 'is_null'}()"


@attrs.frozen(repr=False)
class AuthoredBy(Expression):
    """Some material change in the record was made by one of ``Me.ids``; always definite."""

    root: str
    shape: Shape = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Count this node."""
        self._finish(shape=Shape(1, 1, 1, self.root))

    def __str__(self) -> str:
        return f"{self.root}.authored_by(Me)"


@attrs.frozen(repr=False)
class Not(Expression):
    """True where the part is definitely false."""

    part: Expression
    shape: Shape = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what is too deep."""
        self._finish(shape=Shape.around([self.part]))

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
        self._finish(shape=Shape.around(self.parts))

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
    if len(flat) > NODES:
        raise too_large()
    return kind(tuple(flat)) if len(flat) > 1 else flat[0] if flat else empty


def always() -> Expression:
    """The condition that holds for everything."""
    return Constant(True)


def never() -> Expression:
    """The condition that holds for nothing."""
    return Constant(False)


ANYTHING = always()


def fitting(path: Path, value: object, *, ordering: bool = False) -> Value | Mine:
    """The literal in its plain form, if the field can be compared with it."""
    if isinstance(value, Mine):
        return mine_fits(path, value, many=False)
    if value is None:
        raise InvalidDefinition(
            f"nothing compares with None; write {path}.is_null()", path=str(path)
        )
    try:
        kind = path.type or type_of(value)
        literal = kind.accept(value)
    except InvalidDefinition as error:
        error.at(str(path))
        raise
    if ordering and not kind.ordered:
        raise InvalidDefinition(f"a {kind.name} has no order; use == or in_()", path=str(path))
    return literal


def mine_fits(path: Path, mine: Mine, *, many: bool) -> Mine:
    """The actor's field, if it is a set where one is needed, and the document's field is text."""
    if mine.many is not many:
        written = f"{path}.in_({mine})" if mine.many else f"{path} == {mine}"
        raise InvalidDefinition(f"write {written}", path=str(path))
    if path.type and path.type.name != "text":
        raise InvalidDefinition(f"{mine} is text, the field is {path.type.name}", path=str(path))
    return mine


def distinct(path: Path, values: Iterable[object]) -> tuple[Value, ...]:
    """The literals of a collection, each once, sorted: sets and lists of the same values are equal."""
    found: dict[object, Value] = {}
    for value in values:
        literal = fitting(path, value)
        if isinstance(literal, Mine):
            raise InvalidDefinition(f"{literal} cannot stand in a list", path=str(path))
        found[identity(literal)] = literal
    if len(found) > VALUES:
        raise too_large()
    if len({type(literal) for literal in found.values()}) > 1:
        raise InvalidDefinition("the values of in_() must be of one type", path=str(path))
    return tuple(sorted(found.values(), key=sort_key))


def sort_key(value: Any) -> Any:
    """Amounts sort within their currency, all else by itself."""
    return (value.currency, value.amount) if isinstance(value, Money) else value
