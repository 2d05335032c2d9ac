"""The chain makes what ``Tables`` describes, in the caller's transaction, once."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, NullPool, create_engine, event, inspect, make_url, text

from multibill.errors import InvalidDefinition, Retryable, SchemaMismatch
from multibill.storage import migrations
from multibill.storage.migrations import state
from multibill.storage.migrations.filter import OURS
from multibill.storage.sql.tables import Tables
from tests.storage.migrations.shape import declared, definitions, one_line, reflected, shape

PREFIXES = ["multibill_", "billing_", ""]
DIALECTS = ["sqlite", "postgresql", "mariadb"]
MOMENTS = (
    "CREATE TABLE multibill_schema_version",
    "CREATE TABLE IF NOT EXISTS multibill_document",
)
LAZY = """
import sys
from sqlalchemy import create_engine
from multibill.storage import migrations
with create_engine("sqlite://").connect() as connection:
    migrations.current(connection)
print("alembic" in sys.modules)
"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An empty SQLite file; no connection is kept, none waits."""
    return opened(tmp_path / "host.db")


def opened(path: Path) -> Engine:
    return create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": 0})


def migrated(engine: Engine, prefix: str = "multibill_") -> Engine:
    with engine.begin() as connection:
        migrations.migrate(connection, prefix=prefix)
    return engine


def stamped(engine: Engine, revision: str) -> Engine:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE multibill_schema_version SET version_num = :r"), {"r": revision}
        )
    return engine


@pytest.mark.parametrize("prefix", PREFIXES)
class TestTheTablesAreWhatTheStorageExpects:
    def test_alembic_finds_no_difference(self, engine: Engine, prefix: str) -> None:
        options = {"include_name": lambda name, *_: not str(name).endswith("schema_version")}
        with migrated(engine, prefix).connect() as connection:
            context = MigrationContext.configure(connection, opts=options)
            assert [] == compare_metadata(context, Tables(prefix).metadata)

    def test_columns_keys_and_indexes_read_back_as_declared(
        self, engine: Engine, prefix: str
    ) -> None:
        tables = Tables(prefix).metadata.sorted_tables
        with migrated(engine, prefix).connect() as connection:
            expected = {t.name: declared(t, connection.dialect) for t in tables}
            assert expected == {t.name: reflected(connection, t) for t in tables}

    def test_sqlite_keeps_the_same_statements_with_rowid_flags_and_partial_indexes(
        self, engine: Engine, tmp_path: Path, prefix: str
    ) -> None:
        other = opened(tmp_path / "other.db")
        Tables(prefix).metadata.create_all(other)
        made = shape(migrated(engine, prefix))
        assert made.pop(f"{prefix}schema_version")
        assert shape(other) == made
        assert made[f"{prefix}head"].endswith("WITHOUT ROWID")

    def test_there_is_no_other_table(self, engine: Engine, prefix: str) -> None:
        assert {prefix + name for name in OURS} == set(
            inspect(migrated(engine, prefix)).get_table_names()
        )


class TestTheCallersTransaction:
    def test_a_second_run_changes_nothing(self, engine: Engine) -> None:
        before = shape(migrated(engine))
        statements: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        assert before == shape(migrated(engine))
        assert [] == [s for s in statements if s.startswith(("CREATE", "INSERT", "DROP", "UPDATE"))]

    @pytest.mark.parametrize(
        "before", [None, "SELECT * FROM project", "INSERT INTO project VALUES ('web')"]
    )
    @pytest.mark.parametrize("kept", [True, False])
    def test_the_tables_come_and_go_with_it(
        self, engine: Engine, before: str | None, kept: bool
    ) -> None:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE project (code TEXT)"))
        with engine.connect() as connection:
            if before:
                connection.execute(text(before))
            migrations.migrate(connection)
            connection.commit() if kept else connection.rollback()
        with engine.connect() as connection:
            rows = connection.scalar(text("SELECT count(*) FROM project"))
        assert (set(shape(engine)) == {"project"}) is not kept
        assert rows == (1 if kept and before and before.startswith("INSERT") else 0)

    def test_nothing_is_committed_for_the_caller(self, engine: Engine) -> None:
        with engine.connect() as connection:
            migrations.migrate(connection)
            assert connection.in_transaction()
        assert {} == shape(engine)

    def test_a_host_that_begins_transactions_itself_is_joined(self, engine: Engine) -> None:
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        with engine.connect() as connection:
            migrations.migrate(connection)
            connection.commit()
        assert "multibill_head" in shape(engine)

    def test_a_driver_without_implicit_transactions_is_joined(self, tmp_path: Path) -> None:
        path = tmp_path / "host.db"
        engine = create_engine(
            f"sqlite:///{path}", poolclass=NullPool, connect_args={"isolation_level": None}
        )
        with engine.connect() as connection:
            migrations.migrate(connection)
            connection.rollback()
        assert {} == shape(engine)


class TestTakingTurns:
    def test_a_second_process_is_kept_out_until_the_first_commits(self, engine: Engine) -> None:
        with engine.connect() as first, engine.connect() as second:
            migrations.migrate(first)
            with pytest.raises(Retryable):
                migrations.migrate(second)
            second.rollback()
            first.commit()
            migrations.migrate(second)
            assert migrations.HEAD == migrations.current(second)

    def test_another_error_of_the_database_passes_as_it_is(self, tmp_path: Path) -> None:
        path = tmp_path / "host.db"
        path.touch()
        engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)
        with engine.connect() as connection, pytest.raises(Exception, match="readonly") as caught:
            migrations.migrate(connection)
        assert not isinstance(caught.value, Retryable)

    def test_two_runs_in_one_process_do_not_meet(self, engine: Engine, tmp_path: Path) -> None:
        """The second runs from beginning to end in the middle of the first, before its revision and within."""
        others = iter(["before.db", "within.db"])

        def migrate_another(_: object, __: object, statement: str, *___: object) -> None:
            if one_line(statement).startswith(MOMENTS):
                migrated(opened(tmp_path / next(others)), "other_")

        event.listen(engine, "before_cursor_execute", migrate_another)
        migrated(engine)
        assert next(others, None) is None
        assert {f"multibill_{name}" for name in OURS} == set(inspect(engine).get_table_names())


class TestWhatTheDatabaseIsAt:
    def test_an_empty_database_is_at_none_and_told_to_migrate(self, engine: Engine) -> None:
        with engine.connect() as connection:
            assert None is migrations.current(connection)
            with pytest.raises(SchemaMismatch, match=r"billing\.migrate\(\)") as caught:
                migrations.check(connection)
        assert (None, migrations.HEAD, "MB-SCHEMA") == (
            caught.value.found,
            caught.value.wanted,
            caught.value.code,
        )

    def test_a_migrated_database_is_at_the_head(self, engine: Engine) -> None:
        with migrated(engine).connect() as connection:
            migrations.check(connection)
            assert migrations.HEAD == migrations.current(connection)

    def test_tables_under_another_prefix_are_not_meant(self, engine: Engine) -> None:
        with migrated(engine, "billing_").connect() as connection:
            assert None is migrations.current(connection)

    @pytest.mark.parametrize("verb", [migrations.check, migrations.migrate])
    def test_a_newer_revision_is_refused_and_both_are_named(self, engine: Engine, verb) -> None:
        stamped(migrated(engine), "multibill_9999")
        with engine.connect() as connection, pytest.raises(SchemaMismatch) as caught:
            verb(connection)
        assert ("multibill_9999", migrations.HEAD) == (caught.value.found, caught.value.wanted)
        words = re.findall(r"\w+", str(caught.value))
        assert {"multibill_9999", migrations.HEAD, "install"} <= set(words)

    def test_an_older_revision_is_told_to_migrate(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(state, "REVISIONS", ("multibill_0000", migrations.HEAD))
        stamped(migrated(engine), "multibill_0000")
        told = pytest.raises(SchemaMismatch, match=r"multibill_0000.*billing\.migrate")
        with engine.connect() as connection, told:
            migrations.check(connection)

    def test_the_known_revisions_are_those_of_the_chain(self) -> None:
        root = Path(migrations.__file__).parent
        chain = ScriptDirectory(str(root), version_locations=[migrations.VERSION_LOCATION])
        revisions = [script.revision for script in chain.walk_revisions()]
        assert list(state.REVISIONS) == revisions[::-1]
        assert {"multibill"} == chain.get_revision("multibill@head").branch_labels


class TestWhatIsRefused:
    def test_a_table_of_that_name_that_is_not_ours(self, engine: Engine) -> None:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE app_document (id TEXT, title TEXT)"))
        with engine.connect() as connection, pytest.raises(InvalidDefinition, match="app_document"):
            migrations.migrate(connection, prefix="app_")
        assert {"app_document"} == set(shape(engine))

    def test_a_schema_that_is_not_there(self, engine: Engine) -> None:
        with engine.connect() as connection, pytest.raises(InvalidDefinition, match="finance"):
            migrations.migrate(connection, schema="finance")

    def test_a_database_without_sql_of_ours(self) -> None:
        with pytest.raises(InvalidDefinition, match="oracle"):
            migrations.script("oracle")


def test_a_schema_holds_all_tables_and_the_version(engine: Engine, tmp_path: Path) -> None:
    attach = f"ATTACH '{tmp_path / 'finance.db'}' AS finance"
    event.listen(engine, "connect", lambda connection, _: connection.execute(attach))
    with engine.begin() as connection:
        migrations.migrate(connection, schema="finance")
    with engine.connect() as connection:
        migrations.check(connection, schema="finance")
    names = inspect(engine).get_table_names
    assert {f"multibill_{name}" for name in OURS} == set(names("finance"))
    assert [] == names()


def test_the_filter_knows_every_table() -> None:
    names = {name.removeprefix("multibill_") for name in Tables().metadata.tables}
    assert names | {"schema_version"} == set(OURS)


@pytest.mark.parametrize(("prefix", "schema"), [("multibill_", None), ("billing_", "finance")])
@pytest.mark.parametrize("name", DIALECTS)
def test_the_script_holds_what_the_tables_are(name: str, prefix: str, schema: str | None) -> None:
    script = migrations.script(name, prefix=prefix, schema=schema)
    found = [one_line(part) for part in re.findall(r"^CREATE[^;]*", script, re.MULTILINE)]
    made = {statement.replace("IF NOT EXISTS ", "") for statement in found}
    expected = definitions(Tables(prefix, schema).metadata, make_url(f"{name}://").get_dialect()())
    (version,) = made - expected
    assert set() == expected - made
    assert f"{prefix}schema_version" in version


def test_the_script_makes_the_same_database(engine: Engine, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "script.db")) as connection:
        connection.executescript(migrations.script("sqlite"))
    scripted = opened(tmp_path / "script.db")
    assert shape(migrated(engine)) == shape(scripted)
    with scripted.connect() as checked:
        migrations.check(checked)


def test_a_script_is_one_transaction_where_the_database_has_any() -> None:
    ends = {name: migrations.script(name).strip().splitlines() for name in DIALECTS}
    assert {"sqlite": True, "postgresql": True, "mariadb": False} == {
        name: (lines[0], lines[-1]) == ("BEGIN;", "COMMIT;") for name, lines in ends.items()
    }


def test_alembic_is_loaded_only_when_a_chain_runs() -> None:
    done = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, check=True)
    assert "False" == done.stdout.strip()
