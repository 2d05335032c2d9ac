"""The room's door: sorted, complete, and without SQL behind it."""

from __future__ import annotations

import subprocess
import sys

import multibill.query

LOADED = "import multibill.query, sys; print(*sys.modules)"


def test_exports_are_sorted_and_resolve() -> None:
    assert sorted(set(multibill.query.__all__)) == list(multibill.query.__all__)
    assert all(hasattr(multibill.query, name) for name in multibill.query.__all__)


def test_the_language_needs_no_sqlalchemy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert not [name for name in done.stdout.split() if name.partition(".")[0] == "sqlalchemy"]
