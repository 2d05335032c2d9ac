"""Our chain of Alembic revisions, usable in three ways: run here, by a host's own Alembic, or printed as SQL.

Never runs by itself, reads no ini file, sets up no logging. Alembic is loaded when a chain runs or is printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multibill.storage.migrations.filter import keep
from multibill.storage.migrations.state import HEAD, check, current

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["HEAD", "VERSION_LOCATION", "check", "current", "keep", "migrate", "script"]

VERSION_LOCATION = "multibill.storage.migrations:versions"
"""What a host's Alembic puts into its ``version_locations`` to run our revisions beside its own."""


def migrate(
    connection: Connection, *, prefix: str = "multibill_", schema: str | None = None
) -> None:
    """Bring the tables to ``HEAD`` inside the connection's transaction, which stays the caller's to commit.

    Doing it again changes nothing. Two processes that migrate at once take turns. MariaDB commits at every table
    made: there the connection must have no transaction in progress, and an interrupted run is simply run again.

    Raises SchemaMismatch when the database is at a revision that this version does not know, Retryable when another
    process keeps the database busy, InvalidDefinition when a table of that name is somebody else's.

    >>> from sqlalchemy import NullPool, create_engine
    >>> with create_engine("sqlite://", poolclass=NullPool).begin() as connection:
    ...     before = current(connection)
    ...     migrate(connection)
    ...     (before, current(connection) == HEAD)
    (None, True)
    """
    from multibill.storage.migrations import chain

    chain.migrate(connection, prefix, schema)


def script(dialect: str, *, prefix: str = "multibill_", schema: str | None = None) -> str:
    """The whole chain as SQL for ``sqlite``, ``postgresql`` or ``mariadb``; connects to nothing.

    Raises InvalidDefinition for any other database.

    >>> print(script("postgresql", prefix="billing_").splitlines()[0])
    BEGIN;
    """
    from multibill.storage.migrations import chain

    return chain.script(dialect, prefix, schema)
