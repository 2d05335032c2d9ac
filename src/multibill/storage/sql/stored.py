"""Every stored row of a projection in the neutral form that the audit compares. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from multibill.codec import sha256
from multibill.errors import Tampered
from multibill.ports import Row
from multibill.storage.sql.rows import summary_of, tree
from multibill.storage.sql.tables import Tables

Reader = Callable[[Mapping[str, Any]], Row]


def stored_rows(connection: Connection, tables: Tables, tenant: str, table: str) -> Sequence[Row]:
    """The rows of one projection; Tampered when one cannot be read."""
    if table == "record":
        return [
            *_read(connection, tables, tenant, "document", _document),
            *_read(connection, tables, tenant, "record", _record),
        ]
    source, reader = SOURCES[table]
    return _read(connection, tables, tenant, source, reader)


def _read(
    connection: Connection, tables: Tables, tenant: str, source: str, reader: Reader
) -> list[Row]:
    table = getattr(tables, source)
    found = connection.execute(select(table).where(table.c.tenant == tenant))
    return [reader(row._asdict()) for row in found]


def _document(row: Mapping[str, Any]) -> Row:
    if sha256(row["content"]) != row["digest"]:
        raise Tampered(f"document {row['id']}: the content is not what its digest says")
    return _record({**row, "about": row["id"]})


def _record(row: Mapping[str, Any]) -> Row:
    names = ("kind", "id", "version", "about")
    bodies = {name: tree(row[name]) for name in ("content", "envelope")}
    return {name: row[name] for name in names} | bodies


def _vat(row: Mapping[str, Any]) -> Row:
    names = ("document", "row", "category", "currency", "taxable", "tax")
    return {name: row[name] for name in names} | {"rate": Decimal(row["rate"])}


def _custom(row: Mapping[str, Any]) -> Row:
    value = row["text"] if row["number"] is None else row["number"]
    return {"kind": row["kind"], "record": row["record"], "name": row["name"], "value": value}


def _counter(row: Mapping[str, Any]) -> Row:
    names = ("seller", "kind", "series", "period", "next")
    last = None if row["last"] is None else date.fromisoformat(row["last"])
    return {name: row[name] for name in names} | {"last": last}


def _some(*names: str) -> Reader:
    return lambda row: {name: row[name] for name in names}


SOURCES: Mapping[str, tuple[str, Reader]] = {
    "summary": ("document", summary_of),
    "vat": ("vat", _vat),
    "author": ("author", _some("document", "person")),
    "custom": ("custom", _custom),
    "key": ("key", _some("verb", "text", "record", "fingerprint")),
    "counter": ("counter", _counter),
}
