"""What a database looks like, read from the outside."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, text
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

MASTER = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"

Shape = dict[str, str]


def shape(engine: Engine) -> Shape:
    """The statement that made each table and index, as SQLite keeps it."""
    with engine.connect() as connection:
        return {name: one_line(sql) for name, sql in connection.execute(text(MASTER))}


def one_line(sql: str) -> str:
    """The statement without its line breaks."""
    return " ".join(sql.split())


def definitions(metadata: MetaData, dialect: Dialect) -> set[str]:
    """What would make the tables in that dialect."""
    tables = metadata.sorted_tables
    made: list[ExecutableDDLElement] = [CreateTable(table) for table in tables]
    made += [CreateIndex(index) for table in tables for index in table.indexes]
    return {one_line(str(element.compile(dialect=dialect))) for element in made}


def declared(table: Table, dialect: Dialect) -> dict[str, Any]:
    """What ``reflected`` must say of a table that is as declared."""
    return {
        "columns": {c.name: (c.type.compile(dialect), c.nullable) for c in table.columns},
        "key": [column.name for column in table.primary_key],
        "indexes": {
            index.name: ([column.name for column in index.columns], bool(index.unique))
            for index in table.indexes
        },
    }


def reflected(connection: Connection, table: Table) -> dict[str, Any]:
    """Columns with type and nullability, primary key, and indexes with uniqueness, as the database has them."""
    inspector, name = inspect(connection), table.name
    columns, indexes = inspector.get_columns(name), inspector.get_indexes(name)
    return {
        "columns": {
            c["name"]: (c["type"].compile(connection.dialect), c["nullable"]) for c in columns
        },
        "key": inspector.get_pk_constraint(name)["constrained_columns"],
        "indexes": {i["name"]: (i["column_names"], bool(i["unique"])) for i in indexes},
    }
