"""How deep and how large an expression may be, whoever builds it; what is read from JSON is held shorter."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from multibill.errors import InvalidDefinition

DEPTH = 60
# Nodes and values together: a statement can bind 32 766 values in SQLite, 65 535 in PostgreSQL.
SIZE = 10_000


@attrs.frozen
class Shape:
    """Levels, nodes and literals of a tree, and the root that its fields belong to."""

    depth: int
    nodes: int
    values: int
    root: str | None

    @classmethod
    def of_atom(cls, values: int, root: str | None) -> Shape:
        """The shape of a node without parts."""
        return cls(1, 1, values, root).checked()

    @classmethod
    def around(cls, parts: Iterable[Shape]) -> Shape:
        """The shape of a node over parts of one root."""
        shapes = list(parts)
        roots = sorted({shape.root for shape in shapes if shape.root is not None})
        if len(roots) > 1:
            raise InvalidDefinition(f"{' and '.join(roots)} cannot meet in one expression")
        return cls(
            1 + max(shape.depth for shape in shapes),
            1 + sum(shape.nodes for shape in shapes),
            sum(shape.values for shape in shapes),
            roots[0] if roots else None,
        ).checked()

    def checked(self) -> Shape:
        """Itself, if it is within the limits."""
        if self.depth > DEPTH or self.nodes + self.values > SIZE:
            raise too_large(DEPTH, f"{SIZE} nodes and values")
        return self


def too_large(depth: int, size: str) -> InvalidDefinition:
    """The error for an expression beyond these limits."""
    return InvalidDefinition(
        f"an expression is at most {depth} deep and holds at most {size}; "
        "use in_() for many values of one field, or split it"
    )
