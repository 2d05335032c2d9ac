"""Which revision a database is at and which one this version needs. Changes nothing and needs no Alembic."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    inspect,
    select,
)

from multibill.errors import SchemaMismatch

REVISIONS = ("multibill_0001",)
"""Every revision of the chain, in order."""

HEAD = REVISIONS[-1]
"""The revision that this version of multibill needs."""


def version_table(prefix: str, schema: str | None) -> Table:
    """The table whose one row names the revision, in the form in which Alembic makes it."""
    name = prefix + "schema_version"
    return Table(
        name,
        MetaData(schema=schema),
        Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name=f"{name}_pkc"),
    )


def current(
    connection: Connection, *, prefix: str = "multibill_", schema: str | None = None
) -> str | None:
    """The revision that the database is at, or None where multibill has no tables yet.

    >>> from sqlalchemy import NullPool, create_engine
    >>> with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
    ...     print(current(connection))
    None
    """
    table = version_table(prefix, schema)
    if not inspect(connection).has_table(table.name, schema):
        return None
    return connection.scalar(select(table.c.version_num))


def check(connection: Connection, *, prefix: str = "multibill_", schema: str | None = None) -> None:
    """Raise SchemaMismatch unless the database is at ``HEAD``; the message says what to do.

    >>> from sqlalchemy import NullPool, create_engine
    >>> with create_engine("sqlite://", poolclass=NullPool).connect() as connection:
    ...     check(connection)
    Traceback (most recent call last):
    multibill.errors.SchemaMismatch: the database has no tables of multibill's with the prefix 'multibill_' ...
    """
    found = current(connection, prefix=prefix, schema=schema)
    if found is None:
        raise mismatch(found, f"has no tables of multibill's with the prefix {prefix!r}", MIGRATE)
    refuse_unknown(found)
    if found != HEAD:
        raise mismatch(found, f"is at revision {found}", MIGRATE)


MIGRATE = "call billing.migrate(), or run `alembic upgrade multibill@head`"


def refuse_unknown(found: str | None) -> None:
    """Raise SchemaMismatch for a revision that only a newer multibill can have made."""
    if found is not None and found not in REVISIONS:
        raise mismatch(found, f"is at revision {found}", "install the multibill that made it")


def mismatch(found: str | None, says: str, remedy: str) -> SchemaMismatch:
    """The error for a database that says so, with what to do about it."""
    sentence = f"the database {says} and this version needs revision {HEAD}: {remedy}"
    return SchemaMismatch(sentence, found=found, wanted=HEAD)
