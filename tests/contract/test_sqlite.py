"""The SQL adapter keeps the contract of every storage on SQLite, in a file that only these tests know."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from multibill.ports import Storage
from multibill.storage.sql import SqlStorage
from multibill.storage.sql.engines import opened
from multibill.testing.contract import StorageContract
from tests.worlds import migrated

TABLES = ("vat", "author", "custom", "key", "counter", "changeset")


class TestSqliteInAFileOfItsOwn(StorageContract):
    """The contract, on an engine that the library opened: write-ahead log and full sync."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return migrated(tmp_path / "own.db")

    @pytest.fixture
    def storage(self, path: Path) -> Iterator[Storage]:
        engine = opened(f"sqlite:///{path}")
        yield SqlStorage(engine)
        engine.dispose()

    @pytest.fixture(autouse=True)
    def _outside(self, path: Path) -> None:
        self.file = path

    def inspect(self, storage: Storage, tenant: str) -> Mapping[str, int]:
        """Counted by the standard library's own driver, without a line of the adapter."""
        with closing(sqlite3.connect(self.file)) as connection:

            def count(table: str) -> int:
                sql = f"SELECT count(*) FROM multibill_{table} WHERE tenant = ?"  # noqa: S608
                found: int = connection.execute(sql, [tenant]).fetchone()[0]
                return found

            counts = {table: count(table) for table in TABLES}
            documents = count("document")
            return counts | {"summary": documents, "record": documents + count("record")}


@pytest.mark.slow
class TestSqliteOfAHost(TestSqliteInAFileOfItsOwn):
    """The contract, on an engine that a host made without a thought for us."""

    @pytest.fixture
    def storage(self, path: Path) -> Iterator[Storage]:
        engine = create_engine(f"sqlite:///{path}")
        yield SqlStorage(engine)
        engine.dispose()
