"""Actor: who calls, with the roles and teams that the host asserts for this call."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from multibill.errors import InvalidValue
from multibill.ids import key


def _names(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidValue(f"write a set of names such as {{'sales'}}, not {values!r}")
    return frozenset(key(value, "name") for value in values)


@attrs.frozen
class Actor:
    """A person or service: ``Actor("ann", roles={"sales"}, teams={"web"})``.

    ``id`` is the host's own identifier and the only one journaled; ``on_behalf_of`` names the person acted for,
    and both count as authors of what is done.

    >>> Actor("bob", roles={"manager"}).persons == {"bob"}
    True
    """

    id: str = attrs.field(converter=key)
    roles: frozenset[str] = attrs.field(default=frozenset(), converter=_names, kw_only=True)
    teams: frozenset[str] = attrs.field(default=frozenset(), converter=_names, kw_only=True)
    on_behalf_of: str | None = attrs.field(
        default=None, converter=attrs.converters.optional(key), kw_only=True
    )

    @classmethod
    def service(cls, name: str, *, roles: Iterable[str] = (), teams: Iterable[str] = ()) -> Actor:
        """A machine: month end, an importer, a set-up script. Its id starts with ``service:``.

        >>> Actor.service("month-end", roles={"biller"}).id
        'service:month-end'
        """
        return cls(f"service:{name}", roles=_names(roles), teams=_names(teams))

    @property
    def persons(self) -> frozenset[str]:
        """The identities that stand behind this actor: itself and whom it acts for."""
        return frozenset({self.id} if self.on_behalf_of is None else {self.id, self.on_behalf_of})
