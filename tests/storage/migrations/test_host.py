"""A host's own Alembic runs our revisions beside its own, as the page in the documentation says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from sqlalchemy import Engine, NullPool, create_engine, inspect, text

from multibill.storage import migrations
from multibill.storage.migrations.filter import OURS
from multibill.storage.migrations.steps import Steps
from tests.storage.migrations.project import Project, blocks
from tests.storage.migrations.shape import Shape, shape

THEIRS = {"project", "multibill_project"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(tmp_path, monkeypatch)


def engine(project: Project) -> Engine:
    return create_engine(project.database, poolclass=NullPool)


def tables(project: Project) -> set[str]:
    return set(inspect(engine(project)).get_table_names()) - {"alembic_version"}


def ours(prefix: str = "multibill_") -> set[str]:
    return {prefix + name for name in OURS}


def heads(project: Project) -> set[str]:
    with engine(project).connect() as connection:
        return set(connection.scalars(text("SELECT version_num FROM alembic_version")))


def alone(path: Path) -> Shape:
    """What ``migrate`` makes."""
    other = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with other.begin() as connection:
        migrations.migrate(connection)
    return shape(other)


class TestUpgrade:
    def test_heads_makes_the_hosts_tables_and_ours(self, project: Project) -> None:
        project.alembic("upgrade", "heads")
        assert THEIRS | ours() == tables(project)
        assert {"host_0001", migrations.HEAD} == heads(project)

    def test_our_branch_alone(self, project: Project) -> None:
        project.alembic("upgrade", "multibill@head")
        assert ours() == tables(project)
        assert {migrations.HEAD} == heads(project)

    def test_a_revision_of_the_hosts_that_depends_on_ours_brings_ours_along(
        self, project: Project
    ) -> None:
        (revision,) = project.versions()
        revision.write_text(f'{revision.read_text()}\ndepends_on = "multibill_0001"\n')
        project.alembic("upgrade", "host_0001")
        assert THEIRS | ours() == tables(project)

    def test_our_tables_are_those_that_migrate_makes_whatever_the_host_calls_its_keys(
        self, project: Project, tmp_path: Path
    ) -> None:
        project.alembic("upgrade", "multibill@head")
        made = shape(engine(project))
        made.pop("alembic_version")
        assert alone(tmp_path / "alone.db") == made

    def test_check_is_content_and_migrate_has_nothing_to_do(self, project: Project) -> None:
        project.alembic("upgrade", "heads")
        before = shape(engine(project))
        with engine(project).begin() as connection:
            migrations.check(connection)
            migrations.migrate(connection)
        assert before == shape(engine(project))

    def test_a_host_that_used_migrate_before_goes_on_with_alembic(self, project: Project) -> None:
        with engine(project).begin() as connection:
            migrations.migrate(connection)
            connection.execute(text("ALTER TABLE multibill_head ADD COLUMN later TEXT"))
        project.alembic("upgrade", "heads")
        assert {"host_0001", migrations.HEAD} == heads(project)

    def test_arguments_that_a_host_gives_its_own_revisions_are_no_trouble(
        self, project: Project
    ) -> None:
        project.change("run_migrations()", "run_migrations(engine_name='main')")
        project.alembic("upgrade", "multibill@head")
        assert ours() == tables(project)

    def test_a_later_revision_takes_the_place_of_the_one_before(self, project: Project) -> None:
        with engine(project).begin() as connection:
            steps = Steps(MigrationContext.configure(connection))
            for revision in ("multibill_0001", "multibill_0002"):
                steps.stands_at(revision)
            rows = connection.scalars(text("SELECT version_num FROM multibill_schema_version"))
            assert ["multibill_0002"] == list(rows)

    def test_prefix_and_schema_as_the_page_says(self, project: Project) -> None:
        told = blocks("py")[1].replace("finance", "main")
        (call,) = re.findall(
            r"    context\.configure\(.*?\n    \)\n", project.env.read_text(), re.DOTALL
        )
        project.change(call, "".join(f"    {line}\n" for line in told.splitlines()))
        project.alembic("upgrade", "heads")
        assert THEIRS | ours("billing_") == tables(project)
        with engine(project).connect() as connection:
            migrations.check(connection, prefix="billing_", schema="main")
        assert "_table" not in project.proposed()


class TestDowngrade:
    def test_it_drops_our_tables_and_no_others(self, project: Project) -> None:
        project.alembic("upgrade", "heads")
        project.alembic("downgrade", "multibill@base")
        assert THEIRS == tables(project)
        assert {"host_0001"} == heads(project)
        with engine(project).connect() as connection:
            assert None is migrations.current(connection)

    def test_what_was_dropped_can_be_made_again(self, project: Project, tmp_path: Path) -> None:
        for target in ("multibill@head", "multibill@base", "multibill@head"):
            project.alembic("downgrade" if "base" in target else "upgrade", target)
        assert ours() == tables(project)


class TestAutogenerate:
    def test_with_our_filter_it_proposes_nothing(self, project: Project) -> None:
        project.alembic("upgrade", "heads")
        assert "op." not in project.proposed().replace("import op", "")

    def test_without_our_filter_it_would_drop_every_table_of_ours(self, project: Project) -> None:
        project.alembic("upgrade", "heads")
        project.change("include_name=migrations.keep(),", "")
        upgrade = project.proposed().split("def downgrade")[0]
        assert ours() == set(re.findall(r"drop_table\('(\w+)'\)", upgrade))

    def test_the_hosts_own_filter_is_asked_about_everything_else(self, project: Project) -> None:
        project.alembic("upgrade", "heads")
        with engine(project).begin() as connection:
            connection.execute(text("CREATE TABLE legacy (id TEXT)"))
        also = "also=lambda name, kind, parents: name != 'legacy'"
        assert "drop_table('legacy')" in project.proposed()
        project.change("migrations.keep()", f"migrations.keep({also})")
        assert "op." not in project.proposed().replace("import op", "")

    def test_a_first_revision_of_the_hosts_as_the_page_says(self, project: Project) -> None:
        project.versions()[0].unlink()
        project.alembic("upgrade", "heads")
        project.alembic(
            *["revision", "--autogenerate", "-m", "first"],
            *["--head=base", "--version-path=migrations/versions"],
        )
        project.alembic("upgrade", "heads")
        assert THEIRS | ours() == tables(project)


@pytest.mark.parametrize(
    ("name", "kind", "parents", "kept"),
    [
        ("multibill_head", "table", {"schema_name": None}, False),
        ("multibill_head", "table", {"schema_name": "finance"}, False),
        ("multibill_head", "table", {"schema_name": "other"}, True),
        ("multibill_headline", "table", {"schema_name": None}, True),
        ("head", "table", {"schema_name": None}, True),
        ("multibill_head", "column", {"schema_name": None}, True),
        ("finance", "schema", {}, True),
        (None, "schema", {}, True),
    ],
)
def test_the_filter_means_whole_names_of_tables_in_our_schema_or_the_default_one(
    name: str | None, kind: str, parents: dict[str, str | None], kept: bool
) -> None:
    include: Callable[..., bool] = migrations.keep(schema="finance")
    assert kept is include(name, kind, parents)
