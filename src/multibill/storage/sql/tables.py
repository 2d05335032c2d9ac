"""The tables, in a MetaData of our own with a prefix and an optional schema. Statements take them from here.

Tenant first in every key and index; text, BIGINT and bytes only; no auto-increment, trigger, enum or default, so
that the same tables work on SQLite, PostgreSQL, MariaDB and whatever shards them by tenant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, String, Table, Text

from multibill.errors import InvalidDefinition
from multibill.query.doc import DOCUMENT_FIELDS

NAME, ID = 64, 64
SUMMARY_COLUMNS = {
    name: name.replace(".", "_") for name, kind in DOCUMENT_FIELDS.items() if kind.name != "money"
}
"""Flat name of a summary field -> its column; money fields are two columns, see ``MONEY_COLUMNS``."""

MONEY_COLUMNS = {
    "value": ("value_minor", "value_currency"),
    "payable": ("payable_minor", "currency"),
    "due": ("due_minor", "currency"),
}
"""Flat name of a money field -> the columns of its minor units and of its currency."""


class Tables:
    """Every table, built for one prefix and schema: ``Tables().document.c.tenant``."""

    def __init__(self, prefix: str = "multibill_", schema: str | None = None) -> None:
        if not re.fullmatch("[a-z_][a-z0-9_]{0,19}|", prefix):
            raise InvalidDefinition(
                f"the prefix {prefix!r} must be at most 20 of a-z, 0-9 and _, no digit first"
            )
        self.prefix = prefix
        self.metadata = MetaData(schema=schema)
        self.head = self._table("head", {}, position=BigInteger, chain=LargeBinary)
        self.changeset = self._changeset()
        self.document = self._document()
        self.record = self._table(
            "record",
            {"kind": NAME, "id": 128},
            version=BigInteger,
            about=String(128),
            content=Text,
            envelope=Text,
        )
        Index(self._name("ix_record_about"), *self._columns(self.record, "tenant", "kind", "about"))
        self.vat = self._table(
            "vat",
            {"document": ID, "row": 128},
            category=String(8),
            rate=String(32),
            currency=String(3),
            taxable=BigInteger,
            tax=BigInteger,
        )
        self.author = self._table("author", {"document": ID, "person": 128})
        self.custom = self._table(
            "custom", {"kind": NAME, "record": ID, "name": NAME}, text=Text, number=BigInteger
        )
        self.key = self._table(
            "key", {"verb": NAME, "text": NAME}, record=String(ID), fingerprint=String(16)
        )
        self.counter = self._table(
            "counter",
            {"seller": ID, "kind": NAME, "series": NAME, "period": 16},
            next=BigInteger,
            last=String(10),
        )
        self.consumer = self._table(
            "consumer", {"name": NAME}, position=BigInteger, owner=String(NAME), until=BigInteger
        )
        self.blob = self._table("blob", {"key": 128}, data=LargeBinary)

    def _name(self, name: str) -> str:
        return self.prefix + name

    def _table(self, name: str, keys: Mapping[str, int], **columns: Any) -> Table:
        """A table keyed by tenant and the given texts.

        Small rows live in SQLite's primary key itself; large ones would make it too deep.
        """
        parts = [Column("tenant", String(NAME), primary_key=True)]
        parts += [Column(key, String(size), primary_key=True) for key, size in keys.items()]
        nullable = {"text", "number", "last", "owner", "until"}
        parts += [
            Column(column, kind, nullable=column in nullable) for column, kind in columns.items()
        ]
        large = {"content", "data"} & columns.keys()
        return Table(self._name(name), self.metadata, *parts, sqlite_with_rowid=bool(large))

    def _columns(self, table: Table, *names: str) -> list[Column[Any]]:
        return [table.c[name] for name in names]

    def _changeset(self) -> Table:
        optional: dict[str, Any] = {
            "record": String(128),
            "on_behalf_of": String(NAME),
            "roles": String(1000),
            "reason": Text,
            "origin": String(NAME),
            "happened": BigInteger,
            "request_id": String(128),
            "fingerprint": String(16),
            "policy": String(16),
            "base": BigInteger,
        }
        table = Table(
            self._name("changeset"),
            self.metadata,
            Column("tenant", String(NAME), primary_key=True),
            Column("position", BigInteger, primary_key=True, autoincrement=False),
            Column("format", BigInteger, nullable=False),
            Column("schema", BigInteger, nullable=False),
            Column("kind", String(NAME), nullable=False),
            Column("about", String(128), nullable=False),
            Column("version", BigInteger, nullable=False),
            Column("action", String(NAME), nullable=False),
            Column("actor", String(NAME), nullable=False),
            Column("recorded", BigInteger, nullable=False),
            *(Column(name, kind, nullable=True) for name, kind in optional.items()),
            Column("changes", Text, nullable=False),
            Column("seed", LargeBinary, nullable=False),
            Column("chain", LargeBinary, nullable=False),
            sqlite_with_rowid=True,
        )
        Index(
            self._name("ix_changeset_about"), *self._columns(table, "tenant", "about", "position")
        )
        Index(
            self._name("ux_changeset_request"),
            *self._columns(table, "tenant", "actor", "request_id"),
            unique=True,
            sqlite_where=table.c.request_id.is_not(None),
            postgresql_where=table.c.request_id.is_not(None),
        )
        return table

    def _document(self) -> Table:
        texts: dict[str, Any] = {
            name: String(NAME) for name in SUMMARY_COLUMNS.values() if name != "id"
        }
        texts |= {"buyer_name": Text(), "issue_date": String(10), "due_date": String(10)}
        texts |= {"currency": String(3), "value_currency": String(3)}
        required = {"kind", "phase", "state", "currency"}
        table = Table(
            self._name("document"),
            self.metadata,
            Column("tenant", String(NAME), primary_key=True),
            Column("id", String(ID), primary_key=True),
            Column("version", BigInteger, nullable=False),
            *(Column(name, kind, nullable=name not in required) for name, kind in texts.items()),
            Column("value_minor", BigInteger, nullable=True),
            Column("payable_minor", BigInteger, nullable=False),
            Column("due_minor", BigInteger, nullable=True),
            Column("digest", String(64), nullable=False),
            Column("content", Text, nullable=False),
            Column("envelope", Text, nullable=False),
        )
        Index(
            self._name("ux_document_number"),
            *self._columns(table, "tenant", "seller_ref", "kind", "number"),
            unique=True,
            sqlite_where=table.c.number.is_not(None),
            postgresql_where=table.c.number.is_not(None),
        )
        Index(
            self._name("ix_document_issued"),
            *self._columns(table, "tenant", "issue_date", "id"),
            sqlite_where=table.c.issue_date.is_not(None),
            postgresql_where=table.c.issue_date.is_not(None),
        )
        Index(
            self._name("ix_document_settlement"),
            *self._columns(table, "tenant", "settlement", "due_date", "id"),
            sqlite_where=table.c.settlement.is_not(None),
            postgresql_where=table.c.settlement.is_not(None),
        )
        return table
