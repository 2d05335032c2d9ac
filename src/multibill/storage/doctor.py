"""A look at an installation and its database: versions, revision, settings, counts. Changes nothing, names nobody."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import attrs
from sqlalchemy import URL, Connection, create_engine, func, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from multibill.errors import SchemaMismatch
from multibill.storage import migrations
from multibill.storage.sql.engines import parsed_url
from multibill.storage.sql.tables import Tables

PACKAGES = (
    "alembic",
    "attrs",
    "babel",
    "cattrs",
    "fpdf2",
    "python-stdnum",
    "segno",
    "sqlalchemy",
    "tzdata",
)
SAFE_SQLITE = (3, 51, 3)
SYNCHRONOUS = ("off", "normal", "full", "extra")
FULL = 2


@attrs.define(kw_only=True)
class Checkup:
    """What was found. Problems keep multibill from working; warnings do not. Nothing in it tells who or what for."""

    python: str
    packages: dict[str, str | None]
    database: dict[str, str] = attrs.field(factory=dict)
    revision_found: str | None = None
    revision_wanted: str = migrations.HEAD
    tables: dict[str, int] = attrs.field(factory=dict)
    tenants: int | None = None
    problems: list[str] = attrs.field(factory=list)
    warnings: list[str] = attrs.field(factory=list)


def examine(url: str, *, prefix: str = "multibill_", schema: str | None = None) -> Checkup:
    """The state of this installation and of the database at the URL.

    A database that cannot be reached is a problem in the answer. Raises InvalidValue for a URL that is none.

    >>> examine("sqlite://").problems[0][:47]
    "the database has no tables of multibill's with "
    """
    target = parsed_url(url)
    packages = _versions(("multibill", *PACKAGES))
    checkup = Checkup(python=platform.python_version(), packages=packages)
    missing = [name for name, found in packages.items() if found is None and name in PACKAGES]
    checkup.problems += [f"{name} is not installed: pip install {name}" for name in missing]
    if _absent(target):
        checkup.problems.append("there is no such database file; billing.migrate() makes one")
        return checkup
    try:
        with create_engine(target, poolclass=NullPool).connect() as connection:
            _look(checkup, connection, prefix, schema)
    except ModuleNotFoundError as error:
        checkup.problems.append(f"the database driver {error.name} is not installed")
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        checkup.problems.append(f"the database does not answer: {reason[0]}")
    return checkup


def _look(checkup: Checkup, connection: Connection, prefix: str, schema: str | None) -> None:
    dialect = connection.dialect
    numbers = dialect.server_version_info or ()
    checkup.database |= {
        "kind": dialect.name,
        "driver": dialect.driver,
        "version": ".".join(map(str, numbers)),
    }
    if dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only=ON")
        _look_at_sqlite(checkup, connection)
    checkup.revision_found = migrations.current(connection, prefix=prefix, schema=schema)
    try:
        migrations.check(connection, prefix=prefix, schema=schema)
    except SchemaMismatch as error:
        checkup.problems.append(str(error))
    _count(checkup, connection, Tables(prefix, schema))


def _look_at_sqlite(checkup: Checkup, connection: Connection) -> None:
    journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
    level = int(connection.exec_driver_sql("PRAGMA synchronous").scalar() or 0)
    checkup.database |= {"journal_mode": journal, "synchronous": SYNCHRONOUS[level]}
    if journal not in {"wal", "memory"}:
        checkup.warnings.append(
            f"journal_mode is {journal}: readers and the writer wait for each other; Billing.open sets wal"
        )
    if level < FULL:
        checkup.warnings.append(
            f"synchronous is {SYNCHRONOUS[level]} unless a connection sets it: a power cut may take back"
            " an issued number; Billing.open sets full"
        )
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        # A checkpoint that races with a write that resets the log may lose the write: 3.7.0 to 3.51.2.
        checkup.warnings.append(
            f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug, which strikes at checkpoints only;"
            " 3.51.3 mends it"
        )


def _count(checkup: Checkup, connection: Connection, tables: Tables) -> None:
    present = set(inspect(connection).get_table_names(tables.metadata.schema))
    for table in sorted(tables.metadata.tables.values(), key=lambda table: table.name):
        name = table.name.removeprefix(tables.prefix)
        if table.name in present:
            rows = connection.scalar(select(func.count()).select_from(table))
            checkup.tables[name] = rows or 0
        elif checkup.revision_found is not None:
            checkup.problems.append(f"the table {table.name} is gone; restore a backup")
    checkup.tenants = checkup.tables.get("head")


def _absent(url: URL) -> bool:
    """Opening would make the file, so this looks first; a file: URI is left to SQLite."""
    file = url.database
    if url.get_backend_name() != "sqlite" or not file or file == ":memory:":
        return False
    return not file.startswith("file:") and not Path(file).exists()


def _versions(names: Iterable[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found
