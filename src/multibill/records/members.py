"""Members: the people that documents name by id. They carry no rights: roles come from the host with each call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs

from multibill.errors import InvalidValue
from multibill.ids import key
from multibill.model import optional_text, term, text
from multibill.records.register import Register


def _teams(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidValue(f"write a set of teams such as {{'web'}}, not {values!r}")
    return frozenset(map(key, values))


@attrs.frozen
class Member(Register):
    """Somebody of the house, under the id that the host gives to ``Actor``: ``Member("ann", "Ann Lee")``.

    >>> Member("ann", "Ann Lee", teams={"web"}).teams == {"web"}
    True
    """

    kind: ClassVar[str] = "member"
    name: str = attrs.field(converter=text, metadata=term())
    email: str | None = attrs.field(
        default=None, kw_only=True, converter=optional_text, metadata=term(sensitive="personal")
    )
    teams: frozenset[str] = attrs.field(
        default=frozenset(), kw_only=True, converter=_teams, metadata=term()
    )
