"""Register: what every register entry has, whatever it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import attrs

from multibill.ids import key
from multibill.model import envelope, fact


@attrs.frozen
class Register:
    """What every register entry has: the host's key as id, a team, custom fields, the version of its record."""

    kind: ClassVar[str]

    id: str = attrs.field(converter=key, metadata=fact())
    team: str | None = attrs.field(
        default=None, kw_only=True, converter=attrs.converters.optional(key), metadata=envelope()
    )
    custom: Mapping[str, Any] = attrs.field(
        factory=dict, kw_only=True, hash=False, metadata=envelope()
    )
    version: int = attrs.field(default=0, kw_only=True, metadata=fact())

    def evolve(self, **changes: Any) -> Self:
        """The same entry with other attributes; nothing is written until ``save``."""
        return attrs.evolve(self, **changes)
