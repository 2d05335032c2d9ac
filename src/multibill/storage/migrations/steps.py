"""What revisions are written with: tables under a prefix and schema, made so that a run cut off can be run again.

Knows no revision and none of our tables. Builds its own MetaData, so that a host's naming conventions stay the host's.
"""

from __future__ import annotations

from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, inspect, literal_column
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable, SchemaItem

from multibill.errors import InvalidDefinition
from multibill.storage.migrations.state import REVISIONS, current, refuse_unknown, version_table


class Steps:
    """Makes and drops tables of one prefix and schema: ``multibill_prefix`` and ``multibill_schema`` of the context.

    A host's ``env.py`` passes them to ``context.configure``; left out, they are ``multibill_`` and no schema.
    """

    def __init__(self, context: MigrationContext) -> None:
        self._context = context
        self.prefix: str = context.opts.get("multibill_prefix", "multibill_")
        self.schema: str | None = context.opts.get("multibill_schema")

    def table(self, name: str, *items: SchemaItem, **options: Any) -> Table:
        """A table as the revision describes it; not made yet."""
        return Table(self.prefix + name, MetaData(schema=self.schema), *items, **options)

    def name(self, name: str) -> str:
        """An index's name, with the prefix."""
        return self.prefix + name

    def create(self, table: Table) -> None:
        """Make a table and its indexes, or what an earlier run left out of them.

        MariaDB commits at each of these statements, and so does a host's Alembic on SQLite.
        """
        self._refuse_foreign(table)
        self._context.execute(CreateTable(table, if_not_exists=True))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            self._context.execute(CreateIndex(index, if_not_exists=True))

    def drop(self, table: Table) -> None:
        """Drop a table with all its rows and indexes, if it is there."""
        self._context.execute(DropTable(table, if_exists=True))

    def passed(self, revision: str) -> bool:
        """Whether ``migrate`` has taken the tables there already, unknown to the host's Alembic."""
        if self._alone or self._connection is None:
            return False
        found = current(self._connection, prefix=self.prefix, schema=self.schema)
        refuse_unknown(found)
        return found is not None and REVISIONS.index(found) >= REVISIONS.index(revision)

    def stands_at(self, revision: str | None) -> None:
        """Name the revision beside our tables, where ``check`` and ``migrate`` read it.

        Alembic does so itself when the chain runs alone; a host's Alembic writes only into the host's version table.
        """
        if self._alone:
            return
        table = version_table(self.prefix, self.schema)
        if revision is None:
            self.drop(table)
            return
        self._context.execute(CreateTable(table, if_not_exists=True))
        self._context.execute(table.delete())
        self._context.execute(table.insert().values(version_num=literal_column(f"'{revision}'")))

    @property
    def _alone(self) -> bool:
        table = version_table(self.prefix, self.schema)
        kept = [self._context.opts.get(name) for name in ("version_table", "version_table_schema")]
        return kept == [table.name, table.schema]

    @property
    def _connection(self) -> Connection | None:
        return None if self._context.as_sql else self._context.connection

    def _refuse_foreign(self, table: Table) -> None:
        if self._connection is None:
            return
        inspector = inspect(self._connection)
        if inspector.has_table(table.name, table.schema):
            found = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
            if found != set(table.columns.keys()):
                raise InvalidDefinition(
                    f"the table {table.name!r} exists and has other columns than multibill's; choose another prefix"
                )
