"""Ids and places for what is new in a document: lines, their allowances, notes, transfers, attachments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from multibill.documents import Document, Line, PaymentInstructions
from multibill.documents.order import ordered
from multibill.model import replaced

Mint = Callable[[], str]

FLAT = ("notes", "preceding", "allowances", "charges", "attachments")
NESTED = ("lines", *FLAT, "payment")
"""The attributes of a document that hold items with ids, at the first or the second level."""


def identified(values: Mapping[str, Any], mint: Mint) -> dict[str, Any]:
    """Those of the values that hold items, each item with an id, in the order in which it will be stored.

    Items keep their order: lines by order keys, the others by ids that rise. The parts of a new line get new ids too,
    for it may be a copy of another one.
    """
    found: dict[str, Any] = {name: told(values[name], mint) for name in FLAT if name in values}
    if "lines" in values:
        found["lines"] = numbered(values["lines"], mint)
    payment = values.get("payment")
    if isinstance(payment, PaymentInstructions):  # what else was given, its document refuses
        found["payment"] = replaced(payment, transfers=told(payment.transfers, mint))
    return found


def nested(document: Document) -> dict[str, Any]:
    """The attributes of a document that hold items."""
    return {name: getattr(document, name) for name in NESTED}


def placeholders() -> Mint:
    """Ids that no item can have, the same for the same input: for the fingerprint of what was asked."""
    numbers = count()
    return lambda: f"#{next(numbers):06}"


def told(items: tuple[Any, ...], mint: Mint) -> tuple[Any, ...]:
    """The items with an id each, by id; new ones keep their order among themselves."""
    if not items:
        return items
    # two ids of one millisecond do not rise by themselves
    fresh = iter(sorted(mint() for item in items if item.id is None))
    known = (replaced(item, id=next(fresh)) if item.id is None else item for item in items)
    return tuple(sorted(known, key=lambda item: item.id))


def numbered(lines: tuple[Line, ...], mint: Mint) -> tuple[Line, ...]:
    """The lines with an id each and order keys that follow the tuple, changing as few keys as can be."""
    keys = ordered([(line.order if line.id else None, line.id) for line in lines])
    return tuple(_placed(line, key, mint) for line, key in zip(lines, keys, strict=True))


def _placed(line: Line, order: str, mint: Mint) -> Line:
    if line.id is None:
        line = replaced(
            line,
            id=mint(),
            allowances=tuple(replaced(item, id=None) for item in line.allowances),
            charges=tuple(replaced(item, id=None) for item in line.charges),
        )
    allowances, charges = told(line.allowances, mint), told(line.charges, mint)
    if (line.order, line.allowances, line.charges) == (order, allowances, charges):
        return line
    return replaced(line, order=order, allowances=allowances, charges=charges)
