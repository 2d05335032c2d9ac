"""SqlStorage: units of work in the host's transaction or in one of our own. Commits only what it opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from multibill.errors import (
    InvalidDefinition,
    InvalidValue,
    MultibillError,
    Retryable,
    SchemaMismatch,
    Tampered,
)
from multibill.storage.migrations.state import HEAD
from multibill.storage.sql.engines import MEMORY
from multibill.storage.sql.failures import failure
from multibill.storage.sql.statements import Statements
from multibill.storage.sql.tables import Tables
from multibill.storage.sql.unit import SqlUnit


class SqlStorage:
    """``Storage`` through a SQLAlchemy engine, with table names under one prefix and schema."""

    def __init__(
        self, engine: Engine, *, prefix: str = "multibill_", schema: str | None = None
    ) -> None:
        self._engine = engine
        self.tables = Tables(prefix, schema)
        self._schema = schema
        self._statements = Statements(self.tables, engine.dialect)
        # A database in memory is one connection for all threads: they take turns.
        alone = isinstance(engine.pool, StaticPool)
        self._turn: AbstractContextManager[Any] = RLock() if alone else nullcontext()

    @contextmanager
    def unit(self, tenant: str, *, write: bool, bind: object = None) -> Iterator[SqlUnit]:
        """A unit of work.

        Args:
            bind: the host's Session or Connection to join (a savepoint, never a commit), or None for a transaction of
                our own.
        """
        with (
            self._speaking(),
            self._opened(bind, write) as connection,
            closing(connection.connection.cursor()) as cursor,
        ):
            yield SqlUnit(tenant, connection, cursor, self.tables, self._statements, write=write)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """What the database says, told in the words of the library."""
        try:
            yield
        except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as error:
            if (told := _told(error)) is None:
                raise
            raise told from error

    def _opened(self, bind: object, write: bool) -> AbstractContextManager[Connection]:
        return self._own(write) if bind is None else self._joined(_connection(bind), write)

    @contextmanager
    def _own(self, write: bool) -> Iterator[Connection]:
        with self._turn, self._engine.connect() as connection:
            begin(connection, write)
            yield connection
            if not write:
                return
            try:
                connection.commit()
            except DBAPIError:
                # SQLAlchemy takes a refused COMMIT for the end of the transaction; SQLite keeps it open (SQLITE_BUSY),
                # and the next caller of this pooled connection would commit it.
                connection.connection.rollback()
                raise

    @contextmanager
    def _joined(self, connection: Connection, write: bool) -> Iterator[Connection]:
        if not write:
            yield connection
            return
        begin(connection, write)
        with connection.begin_nested():
            yield connection

    def behind(self, consumer: str) -> Sequence[str]:
        """The tenants whose journal goes on after what this consumer did, in one query."""
        with (
            self._speaking(),
            self._own(False) as connection,
            closing(connection.connection.cursor()) as cursor,
        ):
            return [row["tenant"] for row in self._statements.behind.rows(cursor, name=consumer)]

    @property
    def file(self) -> str | None:
        """The path of the SQLite file, as far as the URL tells; None for other databases and for one in memory."""
        url = self._engine.url
        if url.get_backend_name() != "sqlite" or url.database in MEMORY or "uri" in url.query:
            return None
        return url.database

    def migrate(self) -> None:
        """Bring the tables to this version's revision, in one transaction where the database can."""
        from multibill.storage import migrations

        with self._engine.connect() as connection:
            migrations.migrate(connection, prefix=self.tables.prefix, schema=self._schema)
            connection.commit()

    def check(self) -> None:
        """Raise SchemaMismatch unless the database is at this version's revision."""
        from multibill.storage import migrations

        with self._engine.connect() as connection:
            migrations.check(connection, prefix=self.tables.prefix, schema=self._schema)


def begin(connection: Connection, write: bool) -> None:
    """Open the transaction: the statements run on the driver's cursor, where SQLAlchemy begins none by itself.

    On SQLite, the driver's own before anything else is sent: the driver sends SAVEPOINT without BEGIN, so that
    releasing it would commit; and a transaction that begins by reading cannot be made to wait for another writer.
    """
    if not connection.in_transaction():
        connection.begin()
    if connection.get_execution_options().get("schema_translate_map"):
        raise InvalidDefinition(
            "multibill's statements know no schema_translate_map; name the schema at Billing(schema=...)"
        )
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        if write and getattr(driver, "autocommit", False) is True:
            raise InvalidDefinition(
                "an engine in AUTOCOMMIT would write halves; give one with transactions"
            )
    elif not driver.in_transaction:
        driver.cursor().execute("BEGIN IMMEDIATE" if write else "BEGIN")


def _told(error: Exception) -> MultibillError | None:
    """What the database says, in the words of the library; None where it has none."""
    meant = failure(error)
    if meant == "busy":
        return Retryable("the database is busy with another transaction; run the call again")
    if meant == "absent":
        return SchemaMismatch(
            "the tables are missing or of another version; call billing.migrate()",
            found=None,
            wanted=HEAD,
        )
    if meant == "unreadable":
        return Tampered("a stored text is not what was written; run the audit")
    return None


def _connection(bind: object) -> Connection:
    if isinstance(bind, Connection):
        return bind
    connect = getattr(bind, "connection", None)
    if connect is None:
        raise InvalidValue(
            f"session= takes a SQLAlchemy Session or Connection, not {type(bind).__name__}"
        )
    found: Connection = connect()
    return found
