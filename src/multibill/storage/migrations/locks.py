"""One migration at a time, and in one transaction where the database can: what each database needs for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from multibill.errors import InvalidDefinition, Retryable
from multibill.storage.sql.failures import failure

PATIENCE = 60
"""Seconds that MariaDB waits for another migration; SQLite and PostgreSQL wait as their connection says."""

MEANWHILE = {"40001", "23505", "42P07"}  # not serializable, row there already, table there already


def alone(connection: Connection, name: str) -> AbstractContextManager[bool]:
    """Hold the migration lock of that name; on SQLite and PostgreSQL it ends with the caller's transaction.

    False within means that a transaction of the caller's is in progress which making a table would commit.
    """
    dialect = connection.dialect.name
    if dialect not in LOCKS:
        raise InvalidDefinition(
            f"multibill runs on SQLite, PostgreSQL and MariaDB, not on {dialect}"
        )
    if not connection.in_transaction():
        connection.begin()
    return LOCKS[dialect](connection, name)


@contextmanager
def _sqlite(connection: Connection, _: str) -> Iterator[bool]:
    """The driver begins no transaction before DDL, and a deferred one gives way to a second writer at once."""
    try:
        driver = connection.connection.driver_connection
        if driver is not None and not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield True
    except OperationalError as error:
        if failure(error) != "busy":
            raise
        raise Retryable("another process is writing to this database; migrate again") from error


@contextmanager
def _postgresql(connection: Connection, name: str) -> Iterator[bool]:
    """Above READ COMMITTED, a transaction that waited does not see what the other one made, and meets it later."""
    number = int.from_bytes(_digest(name)[:8], signed=True)
    try:
        connection.execute(select(func.pg_advisory_xact_lock(number)))
        yield True
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in MEANWHILE:
            raise
        raise Retryable("another process has migrated this database; migrate again") from error


@contextmanager
def _mariadb(connection: Connection, name: str) -> Iterator[bool]:
    """DDL commits whatever came before. The lock is the session's: it ends when our own last row is committed."""
    free = not connection.scalar(text("SELECT @@in_transaction"))
    lock = f"multibill:{_digest(f'{connection.engine.url.database}.{name}').hex()[:32]}"
    if not connection.scalar(select(func.get_lock(lock, PATIENCE))):
        raise Retryable("another process is migrating this database; migrate again")
    try:
        yield free
        if free:
            connection.exec_driver_sql("COMMIT")
    finally:
        connection.execute(select(func.release_lock(lock)))


def _digest(name: str) -> bytes:
    return sha256(f"multibill migration {name}".encode()).digest()


LOCKS: dict[str, Callable[[Connection, str], AbstractContextManager[bool]]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "mariadb": _mariadb,
    "mysql": _mariadb,
}
