"""Database rows to plain values and back. Money is minor units and a code, a date its ISO text, a tree its text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

import attrs

from multibill.codec import Tree, canonical, sha256
from multibill.errors import MultibillError, Tampered
from multibill.history import Change, Changeset
from multibill.money import Money
from multibill.ports import Row
from multibill.query.doc import DOCUMENT_FIELDS
from multibill.records import Record
from multibill.storage.sql.tables import MONEY_COLUMNS, SUMMARY_COLUMNS

_DECODER = json.JSONDecoder()
DATES = frozenset(name for name, kind in DOCUMENT_FIELDS.items() if kind.name == "date")


def record_of(row: Mapping[str, Any], kind: str) -> Record:
    """The record in a row of the document or record table."""
    return Record(kind, row["id"], row["version"], tree(row["content"]), tree(row["envelope"]))


def tree(text: str) -> Tree:
    """The tree of a stored text; Tampered when it is none."""
    try:
        found, end = _DECODER.raw_decode(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise Tampered("a stored body is not what was written") from error
    if not isinstance(found, dict) or end != len(text):
        raise Tampered("a stored body is not what was written")
    return found


def document_values(record: Record, summary: Row) -> dict[str, Any]:
    """The columns of a document row."""
    content = canonical(record.content)
    values: dict[str, Any] = {
        "id": record.id,
        "version": record.version,
        "digest": sha256(content),
        "content": content,
        "envelope": canonical(record.envelope),
    }
    for name, column in SUMMARY_COLUMNS.items():
        value = summary[name]
        values[column] = value.isoformat() if isinstance(value, date) else value
    for name, (minor, code) in MONEY_COLUMNS.items():
        money: Money | None = summary[name]
        values[minor] = None if money is None else money.minor
        if code != "currency":
            values[code] = None if money is None else money.currency
    return values


def summary_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The summary in a document row, by flat name; Tampered when a value cannot be one."""
    try:
        found: dict[str, Any] = {name: row[column] for name, column in SUMMARY_COLUMNS.items()}
        for name in DATES:
            if found[name] is not None:
                found[name] = date.fromisoformat(found[name])
        for name, (minor, code) in MONEY_COLUMNS.items():
            known = row[minor] is not None and row[code] is not None
            found[name] = Money.from_minor(row[minor], row[code]) if known else None
    except (ValueError, TypeError, MultibillError) as error:
        raise Tampered(f"document {row['id']} has a column that cannot be read: {error}") from error
    found["version"] = row["version"]
    return found


def custom_values(kind: str, record: str, custom: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of the custom table: text and dates as text, whole numbers and booleans as a number."""
    rows = []
    for name, value in custom.items():
        number = int(value) if isinstance(value, int) else None
        text = value.isoformat() if isinstance(value, date) else value
        row = {"kind": kind, "record": record, "name": name, "number": number}
        rows.append({**row, "text": None if number is not None else text})
    return rows


def custom_value(text: str | None, number: int | None, kind: type) -> Any:
    """The custom value in a row, as its declared type."""
    if kind is bool:
        return None if number is None else bool(number)
    if kind is date:
        return None if text is None else date.fromisoformat(text)
    return number if kind is int else text


TRANSLATED = {"tenant", "record", "roles", "changes", "seed", "chain"}
PLAIN = [field.name for field in attrs.fields(Changeset) if field.name not in TRANSLATED]
"""What a changeset and its row hold alike, under one name."""

_plain = attrgetter(*PLAIN)


def changeset_values(entry: Changeset) -> dict[str, Any]:
    """The columns of a changeset row; what equals its usual value is NULL."""
    return {
        **dict(zip(PLAIN, _plain(entry), strict=True)),
        "tenant": entry.tenant,
        "record": None if entry.record == entry.about else entry.record,
        "roles": " ".join(entry.roles) or None,
        "changes": canonical([[c.path, c.before, c.after] for c in entry.changes]),
        "seed": entry.seed,
        "chain": entry.chain,
    }


COLUMNS = (*PLAIN, "record", "roles", "changes", "seed", "chain")
"""The columns of a changeset in the order in which they are read."""


def changeset_of(tenant: str, row: Sequence[Any], *, exact: bool = True) -> Changeset:
    """The changeset in a row of ``COLUMNS``; Tampered, with its position, when it cannot be read.

    Args:
        exact: whether the changes must stand there to the byte as they were written, which the audit asks for.
    """
    *plain, record, roles, changes, seed, chain = row
    try:
        if record == plain[ABOUT]:
            raise ValueError("what equals its usual value is NULL")
        return _changeset(
            plain,
            tenant,
            plain[ABOUT] if record is None else record,
            () if roles is None else tuple(roles.split(" ")),
            tuple([Change(*change) for change in _changes(changes, exact)]),
            bytes(seed),
            bytes(chain),
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        position = plain[PLAIN.index("position")]
        raise Tampered("the row cannot be read", path=f"position {position}") from error


ABOUT = PLAIN.index("about")


def _builder() -> Callable[..., Changeset]:
    """A function that fills a changeset slot by slot, written out as in ``multibill.model.copier``: its class has no
    converters, and a history has many of them.
    """
    told = ["tenant", "record", "roles", "changes", "seed", "chain"]
    scope: dict[str, Any] = {f"put_{n}": getattr(Changeset, n).__set__ for n in [*PLAIN, *told]}
    scope |= {"new": object.__new__, "cls": Changeset}
    lines = [f"put_{name}(made, row[{place}])" for place, name in enumerate(PLAIN)]
    lines += [f"put_{name}(made, {name})" for name in told]
    head = f"def built(row, {', '.join(told)}):"
    source = [head, "made = new(cls)", *lines, "return made"]
    exec("\n    ".join(source), scope)  # noqa: S102 - names of fields of our own class
    built: Callable[..., Changeset] = scope["built"]
    return built


_changeset = _builder()


def _changes(text: str, exact: bool) -> Any:
    """The list of a stored text; ValueError unless (``exact``) the text is the one that was written, to the byte."""
    found, end = _DECODER.raw_decode(text)
    if end != len(text) or (exact and canonical(found) != text):
        raise ValueError("the text says the same in other bytes")
    return found
