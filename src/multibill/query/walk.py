"""Questions about an expression that need no row: which names it uses, whether custom fields fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from multibill.errors import InvalidDefinition
from multibill.query.expressions import AuthoredBy, Comparison, Expression, In, Joined, Known, Not
from multibill.query.types import Type, nearest


def atoms(expr: Expression) -> Iterator[Expression]:
    """The nodes without parts, from left to right."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        match node:
            case Joined(parts=parts):
                waiting.extend(reversed(parts))
            case Not(part=part):
                waiting.append(part)
            case _:
                yield node


def names(expr: Expression) -> frozenset[str]:
    """The flat names a row must hold to evaluate the expression.

    >>> from multibill.query.fields import Fields
    >>> Doc = Fields("Doc", {"team": Type("text"), "buyer.name": Type("text")}, authors=True)
    >>> from multibill.query.me import Me
    >>> sorted(names((Doc.buyer.name == "Acme") | ~Doc.authored_by(Me)))
    ['authors', 'buyer.name']
    """
    found = set()
    for atom in atoms(expr):
        match atom:
            case Comparison(path=path) | In(path=path) | Known(path=path):
                found.add(path.name)
            case AuthoredBy():
                found.add("authors")
    return frozenset(found)


def check(expr: Expression, custom_types: Mapping[str, Type]) -> None:
    """InvalidDefinition unless each custom field exists and its literals have its type.

    >>> from multibill.query.fields import Fields
    >>> Doc = Fields("Doc", {}, custom=True)
    >>> check(Doc.custom["project"] == 7, {"project": Type("text")})
    Traceback (most recent call last):
    multibill.errors.InvalidDefinition: Doc.custom["project"]: 7 is not text; write "web"
    """
    for atom in atoms(expr):
        match atom:
            case Comparison(path=path) | In(path=path) | Known(path=path) if path.type is None:
                name = path.name.removeprefix("custom.")
                if name not in custom_types:
                    raise InvalidDefinition(
                        f"no custom field {name!r}; {nearest(name, custom_types)}", path=str(path)
                    )
                attrs.evolve(atom, path=attrs.evolve(path, type=custom_types[name]))
