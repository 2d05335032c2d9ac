"""A document as business terms, the one form that every syntax writes and reads; derived from the model map.

Terms of embedded values stand beside those of the document; what is repeated is a list under the attribute's name
(``lines``, ``payment.transfers``), each item with the terms of its own.
"""

from __future__ import annotations

import base64
import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import attrs

from multibill.codec import decimal_text
from multibill.documents import Document
from multibill.formats.keys import SPELT, spoken
from multibill.formats.net import without_vat
from multibill.formats.table import Terms
from multibill.model import model_map
from multibill.model.map import unwrapped
from multibill.money import Money

Plan = tuple[tuple[str, str | None, Any], ...]
"""By attribute: its term, or the plan of what is embedded, or Each of what is repeated."""


class Each(NamedTuple):
    """What is repeated: the name of its collection, and how the terms of each are found."""

    name: str
    plan: Plan


NO_FILES: Mapping[str, bytes] = {}


def terms(document: Document, files: Mapping[str, bytes] = NO_FILES) -> Terms:
    """What a document says, by business term, as text; the bytes of attached files, by SHA-256, in base64."""
    found: Terms = {}
    _read(document, plan(type(document)), found)
    _computed(document, found, files)
    return found


def _price(said: Terms) -> None:
    """Gross price and discount together, by what BT-146 is of them; a unit without its quantity is that of one."""
    if "BT-148" in said or "BT-147" in said:
        net = Decimal(said["BT-146"])
        if "BT-148" not in said:
            said["BT-148"] = decimal_text(net + Decimal(said["BT-147"]))
        elif "BT-147" not in said:
            said["BT-147"] = decimal_text(max(Decimal(said["BT-148"]) - net, Decimal(0)))
    if "BT-150" in said:
        said.setdefault("BT-149", "1")


def _attached(item: Terms, files: Mapping[str, bytes]) -> None:
    """The bytes in place of their digest; without them the reference stands alone."""
    data = files.get(item.pop("BT-125", ""))
    if data is None:
        for part in ("BT-125-1", "BT-125-2"):
            item.pop(part, None)
    else:
        item["BT-125"] = base64.b64encode(data).decode()


def _computed(document: Document, found: Terms, files: Mapping[str, bytes]) -> None:
    """What lines, allowances and charges come to; mentions among the notes."""
    for line, said in zip(document.lines, found.get("lines", ()), strict=True):
        said["BT-131"] = text(line.net)
        if (id := said.get("BT-126", "")).startswith(SPELT):
            said["BT-126"] = spoken(id)
        _price(said)
        _priced(line, said, "BT-136", "BT-141")
    _priced(document, found, "BT-92", "BT-99")
    _unrated(found)
    if document.rounding == "included":
        without_vat(document, found)
    for item in found.get("attachments", ()):
        _attached(item, files)
    if mentions := found.pop("mentions", None):
        found["notes"] = [*mentions, *found.get("notes", ())]


RATED = (
    ("lines", "BT-151", "BT-152"),
    ("allowances", "BT-95", "BT-96"),
    ("charges", "BT-102", "BT-103"),
    ("totals.breakdown", "BT-118", "BT-119"),
)


def _unrated(found: Terms) -> None:
    """What is outside the scope of VAT has no rate, not one of zero (BR-O-05 to 07, BR-48)."""
    for scope, category, rate in RATED:
        for item in found.get(scope, ()):
            if item.get(category) == "O":
                item.pop(rate, None)


def _priced(owner: Any, said: Terms, allowance: str, charge: str) -> None:
    for name, term in (("allowances", allowance), ("charges", charge)):
        for item, each in zip(getattr(owner, name), said.get(name, ()), strict=True):
            each[term] = text(item.total)


def plan(cls: type) -> Plan:
    """How the terms of a class are found in its values."""
    return _planned(cls)


@cache
def _planned(cls: Any) -> Plan:
    known = {entry.path: entry.bt for entry in model_map(cls)}
    return _plan(cls, "", "", known)


def _plan(cls: type, path: str, within: str, known: Mapping[str, str | None]) -> Plan:
    hints = typing.get_type_hints(cls)
    found: list[tuple[str, str | None, Any]] = []
    for attribute in attrs.fields(cls):
        name = attribute.name
        inner, repeated = unwrapped(hints[name]) if attribute.init else (object, False)
        here = f"{path}/{name}" + ("/*" if repeated else "")
        if here in known:
            if known[here] and not repeated:
                found.append((name, known[here], None))
        elif attrs.has(inner):
            scope = f"{within}.{name}" if within else name
            below = _plan(inner, here, "" if repeated else scope, known)
            if below:
                found.append((name, None, Each(scope, below) if repeated else below))
    return tuple(found)


def _read(value: Any, plan: Plan, into: Terms) -> None:
    for name, bt, below in plan:
        said = getattr(value, name)
        if said is None:
            continue
        if bt is not None:
            into[bt] = text(said)
        elif type(below) is Each:
            if said:
                into[below.name] = [_item(each, below.plan) for each in said]
        else:
            _read(said, below, into)


def _item(value: Any, plan: Plan) -> Terms:
    item: Terms = {}
    _read(value, plan, item)
    return item


def _amount(amount: Decimal) -> str:
    """With the decimals of its currency, but two where those beyond say nothing (BR-DEC)."""
    said = str(amount)
    if said[-1] == "0" and len(said.partition(".")[2]) > 2:
        whole, _, part = said.partition(".")
        said = f"{whole}.{part.rstrip('0'):0<2}"
    return said


def text(value: Any) -> str:
    """A value as every syntax writes it: decimals plain, dates by ISO 8601."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is Decimal:
        return decimal_text(value)
    if kind is Money:
        return _amount(value.amount)
    return value.isoformat() if kind is date else str(value)
