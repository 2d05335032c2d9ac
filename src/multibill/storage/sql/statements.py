"""Statements of the write path: built with SQLAlchemy Core, compiled once, run as strings.

The layer, not the database, is the cost of a small transaction: building and caching constructs takes twice the
time of running the text they compile to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import (
    Dialect,
    Executable,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.elements import ClauseElement, ColumnElement
from sqlalchemy.sql.selectable import FromClause

from multibill.storage.sql.tables import Tables


class Statement:
    """One statement as text with its parameters in order, run on one of the driver's own cursors.

    SQLAlchemy's result object describes the columns of a textual statement anew at each run, which costs five times
    the query (SQLite, three columns: 30 against 6 microseconds). Its engine events do not see these statements.
    """

    def __init__(self, construct: Executable, dialect: Dialect) -> None:
        compiled = cast("ClauseElement", construct).compile(dialect=dialect)
        self._text = str(compiled)
        self._take = _taker(getattr(compiled, "positiontup", None))
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._columns: list[str] = list(getattr(construct, "selected_columns", {}).keys())

    def run(self, cursor: DBAPICursor, **values: Any) -> int:
        """Execute with these values; how many rows were hit."""
        cursor.execute(self._text, self._parameters(values))
        return cursor.rowcount

    def run_many(self, cursor: DBAPICursor, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute once for each row."""
        if rows:
            cursor.executemany(self._text, [self._parameters(row) for row in rows])

    def rows(self, cursor: DBAPICursor, **values: Any) -> list[dict[str, Any]]:
        """All result rows, by column name."""
        cursor.execute(self._text, self._parameters(values))
        return [dict(zip(self._columns, row, strict=True)) for row in cursor.fetchall()]

    def row(self, cursor: DBAPICursor, **values: Any) -> dict[str, Any] | None:
        """The first result row, or None."""
        cursor.execute(self._text, self._parameters(values))
        found = cursor.fetchall()
        return dict(zip(self._columns, found[0], strict=True)) if found else None

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        if self._fixed:
            values = {**self._fixed, **values}
        return values if self._take is None else self._take(values)


def _taker(names: Sequence[str] | None) -> Callable[[Mapping[str, Any]], Any] | None:
    """How the parameters are put in order; None for a driver that takes them by name."""
    if names is None:
        return None
    return itemgetter(*names) if len(names) > 1 else lambda values: (values[names[0]],)


class Statements:
    """Every fixed statement for one set of tables and one dialect."""

    def __init__(self, tables: Tables, dialect: Dialect) -> None:
        def ready(construct: Executable) -> Statement:
            return Statement(construct, dialect)

        head, changeset, document, record = (
            tables.head,
            tables.changeset,
            tables.document,
            tables.record,
        )
        self.head = ready(_by_tenant(head, "position", "chain"))
        self.lock_head = ready(_by_tenant(head, "position", "chain").with_for_update())
        self.found = ready(_insert_new(head, dialect))
        self.move_head = ready(_update(head, ("tenant",), ("position", "chain")))
        consumer = tables.consumer
        self.delivery = ready(_find(consumer, "name"))
        self.lock_delivery = ready(_find(consumer, "name").with_for_update())
        self.insert_delivery = ready(insert(consumer))
        self.move_delivery = ready(
            _update(consumer, ("tenant", "name"), ("position", "owner", "until"))
        )
        self.behind = ready(_behind(head, consumer))
        self.insert_changeset = ready(insert(changeset))
        self.load_document = ready(_find(document, "id"))
        self.lock_document = ready(_find(document, "id").with_for_update())
        self.insert_document = ready(insert(document))
        columns = [c.name for c in document.c if c.name not in ("tenant", "id", "version")]
        self.update_document = ready(
            _update(document, ("tenant", "id"), columns)
            .values(version=bindparam("version"))
            .where(document.c.version == bindparam("expected"))
        )
        self.mark_state = ready(
            _update(document, ("tenant", "id"), ("state",)).where(
                document.c.version == bindparam("b_version")
            )
        )
        self.mark_settlement = ready(
            _update(document, ("tenant", "id"), ("settlement", "due_minor"))
        )
        self.load_record = ready(_find(record, "kind", "id"))
        self.insert_record = ready(insert(record))
        self.update_record = ready(
            _update(record, ("tenant", "kind", "id"), ("content", "envelope", "about"))
            .values(version=bindparam("version"))
            .where(record.c.version == bindparam("expected"))
        )
        self.records_about = ready(_find(record, "kind", "about").order_by(record.c.id))
        self.records = ready(_find(record, "kind").order_by(record.c.id))
        self.authors = ready(_find(tables.author, "document"))
        self.add_author = ready(_insert_new(tables.author, dialect))
        self.clear_vat = ready(_delete(tables.vat, "document"))
        self.insert_vat = ready(insert(tables.vat))
        self.clear_custom = ready(_delete(tables.custom, "kind", "record"))
        self.insert_custom = ready(insert(tables.custom))
        self.keyed = ready(_find(tables.key, "verb", "text"))
        self.insert_key = ready(insert(tables.key))
        keys = ("seller", "kind", "series", "period")
        last = _last(tables.counter)
        self.last = ready(last)
        series = last.scalar_subquery().label("last")
        self.counter = ready(
            select(tables.counter.c.next, series)
            .where(*_equal(tables.counter, "tenant", *keys))
            .with_for_update()
        )
        self.insert_counter = ready(insert(tables.counter))
        self.move_counter = ready(_update(tables.counter, ("tenant", *keys), ("next", "last")))
        self.answered = ready(_find(changeset, "actor", "request_id"))
        self.blob = ready(_find(tables.blob, "key"))
        self.insert_blob = ready(_insert_new(tables.blob, dialect))
        header = [column for column in changeset.c if column.name != "tenant"]
        self.journal = ready(
            select(*header)
            .where(
                changeset.c.tenant == bindparam("tenant"),
                changeset.c.position > bindparam("after"),
            )
            .order_by(changeset.c.position)
            .limit(bindparam("limit"))
        )
        self.journal_about = ready(
            select(*header)
            .where(
                changeset.c.tenant == bindparam("tenant"),
                changeset.c.about == bindparam("about"),
                changeset.c.position > bindparam("after"),
            )
            .order_by(changeset.c.position)
            .limit(bindparam("limit"))
        )


def _by_tenant(table: Table, *names: str) -> Any:
    columns = [table.c[name] for name in names] or list(table.c)
    return select(*columns).where(table.c.tenant == bindparam("tenant"))


def _find(table: Table, *names: str) -> Any:
    """A select of whole rows by tenant and the given columns."""
    return _by_tenant(table).where(*(table.c[name] == bindparam(name) for name in names))


def _last(counter: Table) -> Any:
    """The last date of a series over all its periods."""
    other = counter.alias()
    return select(func.max(other.c.last).label("last")).where(
        *_equal(other, "tenant", "seller", "kind", "series")
    )


def _behind(head: Table, consumer: Table) -> Any:
    """Tenants whose journal goes on after a consumer's position, or that it never saw; none of them is asked alone."""
    own = and_(consumer.c.tenant == head.c.tenant, consumer.c.name == bindparam("name"))
    return (
        select(head.c.tenant)
        .select_from(head.outerjoin(consumer, own))
        .where(head.c.position > func.coalesce(consumer.c.position, literal_column("0")))
        .order_by(head.c.tenant)
    )


def _equal(table: FromClause, *names: str) -> list[ColumnElement[bool]]:
    return [table.c[name] == bindparam(name) for name in names]


def _delete(table: Table, *names: str) -> Any:
    conditions = [table.c[name] == bindparam(name) for name in ("tenant", *names)]
    return delete(table).where(*conditions)


def _update(table: Table, keys: Sequence[str], names: Sequence[str]) -> Any:
    """An update by key; the key's parameters are ``b_<name>``, for SQLAlchemy keeps plain names for the SET."""
    conditions = [table.c[name] == bindparam(f"b_{name}") for name in keys]
    return update(table).where(*conditions).values({name: bindparam(name) for name in names})


def _insert_new(table: Table, dialect: Dialect) -> Any:
    """An insert that leaves a row that is already there as it is."""
    if dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    if dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return mysql.insert(table).prefix_with("IGNORE")
