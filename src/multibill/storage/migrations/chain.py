"""Runs or prints our revisions through Alembic, with no ini file and no env.py. Loaded only for that."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from multibill.errors import InvalidDefinition
from multibill.storage.migrations.locks import alone
from multibill.storage.migrations.state import HEAD, current, refuse_unknown, version_table
from multibill.storage.migrations.steps import Steps

HERE = Path(__file__).parent
DIALECTS = ("sqlite", "postgresql", "mariadb")


def migrate(connection: Connection, prefix: str, schema: str | None) -> None:
    """Bring the tables to ``HEAD`` in the connection's transaction; see the package's ``migrate``."""
    with alone(connection, f"{schema or ''}.{prefix}") as free:
        found = current(connection, prefix=prefix, schema=schema)
        refuse_unknown(found)
        if found == HEAD:
            return
        if not free:
            raise InvalidDefinition(
                "this database commits at each table made; commit what this connection has begun, then migrate"
            )
        if schema is not None and not inspect(connection).has_schema(schema):
            raise InvalidDefinition(
                f"the database has no schema {schema!r}; create it, then migrate"
            )
        _run(MigrationContext.configure(connection, opts=_options(prefix, schema)))


def script(dialect: str, prefix: str, schema: str | None) -> str:
    """The whole chain as SQL; see the package's ``script``."""
    if dialect not in DIALECTS:
        raise InvalidDefinition(f"there is SQL for {', '.join(DIALECTS)}, not for {dialect!r}")
    text = StringIO()
    options = _options(prefix, schema) | {
        "as_sql": True,
        "output_buffer": text,
        "transactional_ddl": dialect != "mariadb",
    }
    context = MigrationContext.configure(dialect_name=dialect, opts=options)
    with context.begin_transaction():
        _run(context)
    return text.getvalue()


def _run(context: MigrationContext) -> None:
    """Hands the steps over as an argument: the global that Alembic offers would mix up two threads."""
    context.run_migrations(steps=Steps(context))


def _options(prefix: str, schema: str | None) -> dict[str, Any]:
    revisions = ScriptDirectory(str(HERE), version_locations=[str(HERE / "versions")])

    def steps(heads: str, _: MigrationContext) -> Iterable[RevisionStep]:
        return revisions._upgrade_revs(HEAD, heads)

    return {
        "fn": steps,
        "version_table": version_table(prefix, schema).name,
        "version_table_schema": schema,
        "multibill_prefix": prefix,
        "multibill_schema": schema,
    }
