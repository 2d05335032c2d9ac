"""A host's project with Alembic, made from the page that tells hosts how to make it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from textwrap import dedent

import alembic.config
import pytest

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "host-alembic.md"

APP = """
import os
from sqlalchemy import Column, MetaData, String, Table

DATABASE = os.environ["DATABASE"]
metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})
project = Table("project", metadata, Column("code", String(20), primary_key=True))
ours_too = Table("multibill_project", metadata, Column("code", String(20), primary_key=True))
"""

REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "host_0001"
down_revision = branch_labels = depends_on = None


def upgrade():
    op.create_table("project", sa.Column("code", sa.String(20), primary_key=True))
    op.create_table("multibill_project", sa.Column("code", sa.String(20), primary_key=True))


def downgrade():
    op.drop_table("multibill_project")
    op.drop_table("project")
"""

MAKO = """
import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
"""


class Project:
    """Runs ``alembic`` in a folder that holds what the page says, and a table of the host's."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._monkeypatch = folder, monkeypatch
        self.database = f"sqlite:///{folder / 'host.db'}"
        monkeypatch.setenv("DATABASE", self.database)
        monkeypatch.chdir(folder)
        write(folder)

    @property
    def env(self) -> Path:
        return self.folder / "migrations" / "env.py"

    def change(self, before: str, after: str) -> None:
        """Replace something in ``env.py`` that must stand there once."""
        text = self.env.read_text("utf-8")
        assert text.count(before) == 1
        self.env.write_text(text.replace(before, after), "utf-8")

    def alembic(self, *arguments: str) -> None:
        """The command, with a search path and an ``app`` of its own."""
        with self._monkeypatch.context() as patch:
            patch.setattr(sys, "path", list(sys.path))
            patch.delitem(sys.modules, "app", raising=False)
            alembic.config.main(argv=list(arguments))
            sys.modules.pop("app", None)

    def proposed(self) -> str:
        """The revision that autogenerate would write next; it is not kept."""
        before = set(self.versions())
        self.alembic("revision", "--autogenerate", "--head=host_0001", "-m", "next")
        (made,) = set(self.versions()) - before
        text = made.read_text("utf-8")
        made.unlink()
        return text

    def versions(self) -> list[Path]:
        return sorted((self.folder / "migrations" / "versions").glob("*.py"))


def blocks(language: str) -> list[str]:
    """The code blocks of the page in one language."""
    found = re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return [dedent(block) for block in found]


def write(folder: Path) -> None:
    """The project's files."""
    files = {
        "alembic.ini": blocks("ini")[0],
        "app.py": APP,
        "migrations/env.py": blocks("py")[0],
        "migrations/script.py.mako": MAKO,
        "migrations/versions/host_0001.py": REVISION,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
