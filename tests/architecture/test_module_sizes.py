"""One concept a module: none grows past 600 lines, and the typical one is neither a crumb nor a heap."""

from __future__ import annotations

from statistics import median

from tests.architecture.source import MODULES, SOURCE

LINES = {
    str(path.relative_to(SOURCE)): len(path.read_text("utf-8").splitlines()) for path in MODULES
}


def test_no_module_is_above_600_lines() -> None:
    assert {} == {name: lines for name, lines in LINES.items() if lines > 600}


def test_the_median_module_has_20_to_200_lines() -> None:
    assert 20 <= median(LINES.values()) <= 200
