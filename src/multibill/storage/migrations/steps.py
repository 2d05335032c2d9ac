"""What revisions are written with: tables under a prefix and schema, made so that a run cut off can be run again.

Knows no revision and none of our tables. Builds its own MetaData, so that a host's naming conventions stay the host's.
"""

from __future__ import annotations

from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, inspect, literal_column
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable, MetaData, SchemaItem

from multibill.errors import InvalidDefinition
from multibill.storage.migrations.state import version_table


class Steps:
    """Makes and drops tables of one prefix and schema: ``multibill_prefix`` and ``multibill_schema`` of the context.

    A host's ``env.py`` passes them to ``context.configure``; left out, they are ``multibill_`` and no schema.
    """

    def __init__(self, context: MigrationContext) -> None:
        self._context = context
        self.prefix: str = context.opts.get("multibill_prefix") or "multibill_"
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

    def stands_at(self, revision: str | None) -> None:
        """Name the revision beside our tables, where ``check`` reads it.

        Alembic does so itself when the chain runs alone; a host's Alembic writes only into the host's version table.
        """
        ours = version_table(self.prefix, self.schema)
        opts = self._context.opts
        if ours.name == opts.get("version_table") and self.schema == opts.get(
            "version_table_schema"
        ):
            return None
        if revision is None:
            return self.drop(ours)
        self._context.execute(CreateTable(ours, if_not_exists=True))
        self._context.execute(ours.delete())
        self._context.execute(ours.insert().values(version_num=literal_column(f"'{revision}'")))

    def _refuse_foreign(self, table: Table) -> None:
        connection = self._context.connection
        if self._context.as_sql or not isinstance(connection, Connection):
            return
        inspector = inspect(connection)
        if inspector.has_table(table.name, table.schema):
            found = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
            if found != set(table.columns.keys()):
                raise InvalidDefinition(
                    f"there is a table {table.name!r} already that is not multibill's; choose another prefix"
                )
