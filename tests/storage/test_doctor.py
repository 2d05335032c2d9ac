"""The doctor says what is the matter with a database, changes nothing and names nobody."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from pathlib import Path

import attrs
import pytest
from packaging.requirements import Requirement
from sqlalchemy import Engine, NullPool, create_engine, event, text

from multibill.errors import InvalidValue
from multibill.storage import migrations
from multibill.storage.doctor import PACKAGES, SAFE_SQLITE, examine
from multibill.storage.sql.tables import Tables
from tests.architecture.source import ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "agency.db"


@pytest.fixture
def url(path: Path) -> str:
    """A healthy database: migrated, in wal mode."""
    engine = opened(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=wal")
    with engine.begin() as connection:
        migrations.migrate(connection)
    return f"sqlite:///{path}"


def opened(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def run(url: str, statement: str) -> None:
    with opened(url).begin() as connection:
        connection.execute(text(statement))


class TestAHealthyDatabase:
    def test_it_has_no_problems_and_is_at_the_wanted_revision(self, url: str) -> None:
        checkup = examine(url)
        assert [] == checkup.problems
        assert (migrations.HEAD, migrations.HEAD) == (
            checkup.revision_found,
            checkup.revision_wanted,
        )

    def test_it_names_database_driver_and_settings(self, url: str) -> None:
        assert {
            "kind": "sqlite",
            "driver": "pysqlite",
            "version": sqlite3.sqlite_version,
            "journal_mode": "wal",
            "synchronous": "full",
        } == examine(url).database

    def test_it_counts_the_rows_of_each_table_and_the_tenants(self, url: str) -> None:
        run(url, "INSERT INTO multibill_head VALUES ('Secret Agency', 0, x'00'), ('t2', 0, x'00')")
        checkup = examine(url)
        names = {name.removeprefix("multibill_") for name in Tables().metadata.tables}
        assert dict.fromkeys(names, 0) | {"head": 2} == checkup.tables
        assert 2 == checkup.tenants
        assert "Secret" not in json.dumps(attrs.asdict(checkup))

    def test_nothing_is_changed(self, url: str, path: Path) -> None:
        before = path.read_bytes()
        examine(url)
        assert before == path.read_bytes()
        assert [path] == list(path.parent.iterdir())

    def test_prefix_and_schema_are_heeded(self, url: str) -> None:
        with opened(url).begin() as connection:
            migrations.migrate(connection, prefix="billing_", schema="main")
        run(url, "INSERT INTO billing_head VALUES ('t1', 0, x'00')")
        assert (0, 1) == (examine(url).tenants, examine(url, prefix="billing_").tenants)
        assert 1 == examine(url, prefix="billing_", schema="main").tenants


class TestProblems:
    def test_no_tables_yet(self, path: Path) -> None:
        path.touch()
        checkup = examine(f"sqlite:///{path}")
        assert (None, None, {}) == (checkup.revision_found, checkup.tenants, checkup.tables)
        (problem,) = checkup.problems
        assert "billing.migrate()" in problem

    def test_a_file_that_is_not_there_is_not_made(self, path: Path) -> None:
        (problem,) = examine(f"sqlite:///{path}").problems
        assert "no such database file" in problem
        assert not path.exists()

    def test_a_file_that_is_no_database(self, path: Path) -> None:
        path.write_text("not a database at all, but long enough to be looked at" * 20)
        assert ["the database does not answer: file is not a database"] == examine(
            f"sqlite:///{path}"
        ).problems

    def test_another_revision(self, url: str) -> None:
        run(url, "UPDATE multibill_schema_version SET version_num = 'multibill_9999'")
        checkup = examine(url)
        (problem,) = checkup.problems
        assert "multibill_9999" in problem
        assert "multibill_9999" == checkup.revision_found

    def test_a_table_that_is_gone(self, url: str) -> None:
        run(url, "DROP TABLE multibill_blob")
        checkup = examine(url)
        assert ["the table multibill_blob is gone; restore a backup"] == checkup.problems
        assert "blob" not in checkup.tables

    def test_a_driver_that_is_not_installed(self) -> None:
        (problem,) = examine("postgresql+pg8000://localhost/x").problems
        assert "the database driver pg8000 is not installed" == problem


class TestWarnings:
    def test_a_journal_that_makes_readers_wait(self, url: str) -> None:
        run(url, "SELECT 1")
        with opened(url).connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=delete")
        checkup = examine(url)
        assert "delete" == checkup.database["journal_mode"]
        assert 1 == len([w for w in checkup.warnings if "journal_mode is delete" in w])
        assert [] == checkup.problems

    def test_a_connection_that_does_not_wait_for_the_disk(self, url: str) -> None:
        def careless(connection: sqlite3.Connection, _: object) -> None:
            connection.execute("PRAGMA synchronous=normal")

        event.listen(Engine, "connect", careless)
        try:
            checkup = examine(url)
        finally:
            event.remove(Engine, "connect", careless)
        assert "normal" == checkup.database["synchronous"]
        assert 1 == len([w for w in checkup.warnings if "synchronous is normal" in w])

    def test_a_sqlite_with_the_wal_reset_bug(self, url: str) -> None:
        old = sqlite3.sqlite_version_info < SAFE_SQLITE
        assert old is any("WAL-reset" in warning for warning in examine(url).warnings)


@pytest.mark.parametrize(
    "url", ["nonsense", "", "nosuch://x", "postgresql://host:port/x", "sqlite+aiosqlite:///x.db"]
)
def test_what_is_no_url_of_a_database_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue, match="URL"):
        examine(url)


def test_the_packages_are_those_that_multibill_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert [Requirement(line).name for line in project["dependencies"]] == list(PACKAGES)
    assert set() == {name for name in PACKAGES if examine("sqlite://").packages[name] is None}
