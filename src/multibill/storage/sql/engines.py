"""Engines of our own, for scripts that own their database. A host's engine is never touched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from multibill.errors import InvalidValue

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "busy_timeout": "60000",
    "cache_size": "-16000",
}
"""FULL sync: NORMAL may lose an acknowledged number at power loss, which would then be given again."""

MEMORY = (None, "", ":memory:")


def parsed_url(url: str | URL) -> URL:
    """The database URL, if SQLAlchemy knows its kind and its driver is not an async one.

    >>> parsed_url("sqlite:///agency.db").database
    'agency.db'
    """
    try:
        target = make_url(url)
        dialect = target.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise InvalidValue("a database URL looks like sqlite:///agency.db") from error
    if dialect.is_async:
        raise InvalidValue(f"give the URL of a driver that is not async: {dialect.name}://...")
    return target


def opened(url: str) -> Engine:
    """An engine on a database that this process may set up: SQLite with a write-ahead log and full sync."""
    target = parsed_url(url)
    if target.get_backend_name() != "sqlite":
        return create_engine(target)
    if target.database in MEMORY:
        shared = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        return create_engine(target, **shared)
    engine = create_engine(target)
    event.listen(engine, "connect", _configured)
    return engine


def _configured(connection: Any, _: object) -> None:
    """Set the pragmas and read them back: a wrong one has sat unnoticed in other projects for years."""
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
        found = str(connection.execute(f"PRAGMA {name}").fetchone()[0])
        if found != value:
            raise InvalidValue(
                f"SQLite keeps {name}={found} where {value} is needed; is the file on a network drive?"
            )
