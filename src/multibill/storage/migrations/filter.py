"""Which tables are ours, for a host's autogenerate: without this it would propose to drop every one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

OURS = frozenset(
    {
        "author",
        "blob",
        "changeset",
        "consumer",
        "counter",
        "custom",
        "document",
        "head",
        "key",
        "record",
        "schema_version",
        "vat",
    }
)
"""Every table that any revision of ours has made, without its prefix."""

IncludeName: TypeAlias = Callable[[str | None, Any, Any], bool]


def keep(
    prefix: str = "multibill_", *, schema: str | None = None, also: IncludeName | None = None
) -> IncludeName:
    """An ``include_name`` for a host's ``context.configure`` that keeps autogenerate away from our tables.

    Knows our tables by their whole names: a host's own table that begins with the prefix stays the host's.

    Args:
        prefix: as it was given to ``Billing``.
        schema: likewise.
        also: the host's own ``include_name``, asked about everything that is not ours.

    >>> include = keep()
    >>> include("multibill_document", "table", {"schema_name": None})
    False
    >>> include("project", "table", {"schema_name": None})
    True
    """
    ours, schemas = {prefix + name for name in OURS}, {schema, None}  # None is the default schema

    def include_name(name: str | None, type_: str, parents: Mapping[Any, str | None]) -> bool:
        if type_ == "table" and name in ours and parents.get("schema_name") in schemas:
            return False
        return also is None or also(name, type_, parents)

    return include_name
