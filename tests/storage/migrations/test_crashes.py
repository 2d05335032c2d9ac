"""A process that dies while it migrates, and processes that migrate at once, leave the right tables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from multibill.storage.migrations.filter import OURS
from tests.architecture.source import ROOT
from tests.storage.migrations import processes, project
from tests.storage.migrations.shape import shape

pytestmark = pytest.mark.slow


def processed(verb: str, folder: Path) -> Any:
    command = [sys.executable, processes.__file__, verb, str(folder)]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_killed_at_any_statement_migrate_leaves_nothing_and_the_next_run_all(
    tmp_path: Path,
) -> None:
    results = processed("alone", tmp_path)
    assert len(results) > len(OURS)
    processes.alone(tmp_path / "whole.db")
    whole = shape(processes.opened(tmp_path / "whole.db"))
    assert [({}, whole)] * len(results) == [(left, after) for left, after in results]


def test_killed_between_tables_that_are_committed_one_by_one_the_next_run_goes_on(
    tmp_path: Path,
) -> None:
    """A host's Alembic on SQLite has no transaction around the tables, and neither has MariaDB."""
    project.write(tmp_path)
    results = processed("hosted", tmp_path)
    whole = results[0][1]
    assert {f"multibill_{name}" for name in OURS} <= whole.keys()
    assert len({len(left) for left, _ in results}) > len(OURS), "each was killed at another place"
    assert [whole] * len(results) == [after for _, after in results]


def test_four_processes_that_migrate_at_once_all_succeed(tmp_path: Path) -> None:
    assert [0] * processes.RACERS == processed("raced", tmp_path)
    assert "multibill_ix_document_issued" in shape(processes.opened(tmp_path / "raced.db"))
