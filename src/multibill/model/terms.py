"""The metadata that an attrs field carries: its business term and how it is merged, frozen, seen, indexed.

``term`` for what the law sees, ``envelope`` for what only the team sees, ``fact`` for the record's own facts,
``computed`` for what follows from the rest, ``means`` where a shared class is embedded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

Part = Literal["content", "envelope", "fact"]


@attrs.frozen
class Term:
    """What one attribute means; the defaults are those of legal content.

    ``bt`` EN 16931 business term; ``unit`` merge unit; ``legal`` frozen at issue; ``material`` makes an approval
    stale; ``sensitive`` class ``bank``, ``margin`` or ``personal``; ``indexed`` usable in filters and order;
    ``derived`` follows from the rest and is stored from issue on; ``feeds`` is what totals or mentions follow from, or
    what puts items in order: it cannot be hidden; ``fixed`` is set by verbs only; ``means`` relative path -> BT of what
    is embedded.
    """

    bt: str | None = None
    unit: str | None = None
    legal: bool = True
    material: bool = True
    sensitive: str | None = None
    indexed: bool = False
    derived: bool = False
    feeds: bool = False
    fixed: bool = False
    part: Part = "content"
    label: str | None = None
    means: Mapping[str, str] = attrs.field(factory=dict)


KEY = "multibill"

SENSITIVE = ("bank", "margin", "personal")
"""The classes of sensitive terms, which rules on fields name."""


def term(bt: str | None = None, **flags: Any) -> dict[str, Term]:
    """Metadata of legal content: ``attrs.field(metadata=term("BT-146", unit="price"))``.

    >>> term("BT-146", unit="price")["multibill"].unit
    'price'
    """
    return {KEY: Term(bt=bt, **flags)}


def means(terms: Mapping[str, str], **flags: Any) -> dict[str, Term]:
    """Metadata where a shared class is embedded: what its parts mean here, by relative path.

    >>> means({"name": "BT-27", "address/city": "BT-37"})["multibill"].means["name"]
    'BT-27'
    """
    return {KEY: Term(means=terms, **flags)}


def computed(bt: str | None = None, **flags: Any) -> dict[str, Term]:
    """Metadata of what follows from the rest: computed on each change, stored from issue on."""
    return {KEY: Term(bt=bt, derived=True, **flags)}


def envelope(**flags: Any) -> dict[str, Term]:
    """Metadata of what only the team sees: never printed, never frozen."""
    return {KEY: Term(part="envelope", legal=False, material=False, **flags)}


def fact(**flags: Any) -> dict[str, Term]:
    """Metadata of the record's own facts, which only verbs set: id, version, phase, state."""
    return {KEY: Term(part="fact", legal=False, material=False, **flags)}
