"""Expressions as plain JSON and back: ``["and", ["==", "team", "web"], ["not", ["is_null", "due_date"]]]``.

``true`` and ``false`` are the constants, ``{"me": "teams"}`` is a field of the actor; there are no floats. What is
read may come from anybody: whatever is wrong with it raises InvalidDefinition and nothing else.
"""

from __future__ import annotations

from multibill.errors import InvalidDefinition
from multibill.query.expressions import (
    OPERATORS,
    And,
    AuthoredBy,
    Comparison,
    Constant,
    Expression,
    In,
    Joined,
    Known,
    Not,
    all_of,
    any_of,
)
from multibill.query.fields import Fields, path_of
from multibill.query.literals import Json, literal_from_wire, literal_to_wire
from multibill.query.me import MINE, Me, Mine
from multibill.query.operands import Path
from multibill.query.shape import too_large
from multibill.query.types import Value, nearest, shown

DEPTH, NODES = 50, 1000


def to_wire(expr: Expression) -> Json:
    """The expression as a JSON tree of lists, texts, booleans and whole numbers.

    InvalidDefinition if it is deeper or larger than ``from_wire`` would read: 50 levels, 1 000 nodes.

    >>> from multibill.query.fields import Type
    >>> Doc = Fields("Doc", {"team": Type("text"), "value": Type("money")})
    >>> to_wire(Doc.team.in_(Me.teams) | Doc.value.is_null())
    ['or', ['in', 'team', {'me': 'teams'}], ['is_null', 'value']]
    """
    return tree_of(within_limits(expr))


def within_limits(expr: Expression) -> Expression:
    """The expression, if it may stand on the wire."""
    if expr.shape.depth > DEPTH or expr.shape.nodes > NODES:
        raise too_large(DEPTH, f"{NODES} nodes on the wire")
    return expr


def tree_of(expr: Expression) -> Json:
    """The JSON tree of a node."""
    match expr:
        case Constant(value=value):
            return value
        case Not(part=part):
            return ["not", tree_of(part)]
        case Joined(parts=parts):
            return ["and" if isinstance(expr, And) else "or", *map(tree_of, parts)]
    return atom_to_wire(expr)


def atom_to_wire(expr: Expression) -> Json:
    """A node without parts."""
    match expr:
        case Comparison(path=path, op=op, value=value):
            return [op, path.name, operand(value, path)]
        case In(path=path, values=values):
            return ["in", path.name, operand(values, path)]
        case Known(path=path, known=known):
            return ["not_null" if known else "is_null", path.name]
        case AuthoredBy():
            return ["authored_by", {"me": "ids"}]
    raise InvalidDefinition(f"{expr!r} is no expression")


def operand(value: Value | tuple[Value, ...] | Mine, path: Path) -> Json:
    """The right-hand side: a literal, a list of them, a field of the actor."""
    if isinstance(value, Mine):
        return {"me": value.name}
    if isinstance(value, tuple):
        return [operand(each, path) for each in value]
    return literal_to_wire(value, tagged=path.type is None)


def from_wire(tree: object, fields: Fields) -> Expression:
    """The expression of a JSON tree over these fields; InvalidDefinition says what is wrong in it.

    >>> from multibill.query.fields import Type
    >>> Doc = Fields("Doc", {"team": Type("text"), "value": Type("money")})
    >>> from_wire(["not", ["<=", "value", ["10000.00", "EUR"]]], Doc)
    ~(Doc.value <= Money("10000.00", "EUR"))
    """
    return within_limits(read(tree, fields, 1))


def read(tree: object, fields: Fields, depth: int) -> Expression:
    """The node at this depth; the depth is bounded before the recursion is."""
    if depth > DEPTH:
        raise too_large(DEPTH, f"{NODES} nodes on the wire")
    match tree:
        case bool():
            return Constant(tree)
        case ["not", part]:
            return Not(read(part, fields, depth + 1))
        case ["and" | "or" as joint, _, *_]:
            parts = [read(part, fields, depth + 1) for part in tree[1:]]
            return all_of(*parts) if joint == "and" else any_of(*parts)
    return read_atom(tree, fields)


def read_atom(tree: object, fields: Fields) -> Expression:
    """A node without parts."""
    match tree:
        case ["authored_by", mine] if mine == {"me": "ids"}:
            return fields.authored_by(Me)
        case ["is_null" | "not_null" as op, str(name)]:
            return Known(path_of(fields[name]), known=op == "not_null")
        case ["in", str(name), list(values)]:
            path = path_of(fields[name])
            return In(path, [read_operand(path, value) for value in values])
        case ["in", str(name), dict(mine)]:
            return In(path_of(fields[name]), read_mine(mine))
        case [str(op), str(name), value] if op in OPERATORS:
            path = path_of(fields[name])
            return Comparison(path, op, read_operand(path, value))
    raise InvalidDefinition(f'{shown(tree)} is no expression such as ["==", "team", "web"]')


def read_operand(path: Path, tree: object) -> object:
    """A literal or a field of the actor; the node judges whether it fits."""
    if isinstance(tree, dict) and "me" in tree:
        return read_mine(tree)
    try:
        return literal_from_wire(tree, path.type)
    except InvalidDefinition as error:
        error.at(str(path))
        raise


def read_mine(tree: dict[object, object]) -> Mine:
    """The field of the actor that ``{"me": name}`` names."""
    match tree:
        case {"me": str(name), **others} if not others:
            if name in MINE:
                return MINE[name]
            raise InvalidDefinition(f"Me has no {shown(name)}; {nearest(name, MINE)}")
    raise InvalidDefinition(f'{shown(tree)} is no field of the actor; write {{"me": "teams"}}')
