"""Engines of our own, for scripts that own their database. A host's engine is never touched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from multibill.errors import InvalidValue

PRAGMAS = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "60000"}
"""FULL sync: NORMAL may lose an acknowledged number at power loss, which would then be given again."""


def opened(url: str) -> Engine:
    """An engine on a database that this process may set up: SQLite with a write-ahead log and full sync."""
    if not url.startswith("sqlite:"):
        return create_engine(url)
    memory = url in ("sqlite://", "sqlite:///:memory:")
    arguments = (
        {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}} if memory else {}
    )
    engine = create_engine(url, **arguments)
    event.listen(engine, "connect", _configured if not memory else _unlogged)
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


def _unlogged(connection: Any, _: object) -> None:
    connection.execute("PRAGMA foreign_keys=1")
