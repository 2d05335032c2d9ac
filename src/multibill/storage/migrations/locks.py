"""One migration at a time, and in one transaction where the database can: what each database needs for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import OperationalError

from multibill.errors import InvalidDefinition, Retryable

PATIENCE = 60
"""Seconds that MariaDB waits for another migration; SQLite and PostgreSQL wait as their connection says."""

BUSY, LOCKED = 5, 6  # SQLite's primary result codes


def alone(connection: Connection, name: str) -> AbstractContextManager[None]:
    """Hold the migration lock of that name; on SQLite and PostgreSQL it ends with the caller's transaction."""
    dialect = connection.dialect.name
    if dialect not in LOCKS:
        raise InvalidDefinition(
            f"multibill runs on SQLite, PostgreSQL and MariaDB, not on {dialect}"
        )
    if not connection.in_transaction():
        connection.begin()
    return LOCKS[dialect](connection, name)


@contextmanager
def _sqlite(connection: Connection, _: str) -> Iterator[None]:
    """The driver begins no transaction before DDL, and a deferred one gives way to a second writer at once."""
    try:
        driver = connection.connection.driver_connection
        if driver is not None and not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF not in {BUSY, LOCKED}:
            raise
        raise Retryable("another process is writing to this database; migrate again") from error


@contextmanager
def _postgresql(connection: Connection, name: str) -> Iterator[None]:
    number = int.from_bytes(_digest(name)[:8], signed=True)
    connection.execute(select(func.pg_advisory_xact_lock(number)))
    yield


@contextmanager
def _mariadb(connection: Connection, name: str) -> Iterator[None]:
    """DDL commits whatever came before, so nothing may have; the lock is the session's and ends after our commit."""
    if connection.scalar(text("SELECT @@in_transaction")):
        raise InvalidDefinition(
            "MariaDB commits at each table made; commit or roll back what this connection has begun, then migrate"
        )
    lock = f"multibill:{_digest(f'{connection.engine.url.database}.{name}').hex()[:32]}"
    if not connection.scalar(select(func.get_lock(lock, PATIENCE))):
        raise Retryable("another process is migrating this database; migrate again")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    finally:
        connection.execute(select(func.release_lock(lock)))


def _digest(name: str) -> bytes:
    return sha256(f"multibill migration {name}".encode()).digest()


LOCKS: dict[str, Callable[[Connection, str], AbstractContextManager[None]]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "mariadb": _mariadb,
    "mysql": _mariadb,
}
