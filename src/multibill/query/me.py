"""The actor's side of an expression: ``Me.id``, ``Me.ids``, ``Me.teams``, ``Me.roles``.

Names only: who the actor is arrives when an expression is evaluated.
"""

from __future__ import annotations

from typing import NoReturn

import attrs

from multibill.errors import InvalidDefinition
from multibill.query.types import nearest


@attrs.frozen(eq=False, repr=False)
class Mine:
    """One field of the actor: a text (``many`` false) or a set of texts."""

    name: str
    many: bool

    def _misplaced(self, other: object) -> NoReturn:
        written = f"Doc.team.in_({self})" if self.many else f"Doc.owner == {self}"
        raise InvalidDefinition(f"start with the field: {written}")

    # ``Me.id == "ann"`` or ``Doc.team in Me.teams`` would be a constant to Python, silently.
    __eq__ = __ne__ = __contains__ = _misplaced
    __hash__ = object.__hash__

    def __str__(self) -> str:
        return f"Me.{self.name}"

    __repr__ = __str__


@attrs.frozen(eq=False, repr=False)
class MeFields:
    """The actor as the right-hand side of conditions: ``Doc.team.in_(Me.teams)``.

    ``id`` is the actor; ``ids`` the actor and whom the actor acts for; ``teams`` and ``roles`` are
    the sets the call runs with.
    """

    id: Mine = Mine("id", many=False)
    ids: Mine = Mine("ids", many=True)
    teams: Mine = Mine("teams", many=True)
    roles: Mine = Mine("roles", many=True)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        raise InvalidDefinition(f"Me has no {name!r}; {nearest(name, MINE)}")

    def __repr__(self) -> str:
        return "Me"


Me = MeFields()
MINE: dict[str, Mine] = {mine.name: mine for mine in (Me.id, Me.ids, Me.teams, Me.roles)}
