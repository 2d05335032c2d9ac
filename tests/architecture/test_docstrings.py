"""Each module says first what lives in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source import MODULES, SOURCE


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_opens_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), "say what lives here and what not"
