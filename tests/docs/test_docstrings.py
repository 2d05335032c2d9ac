"""Every `>>>` example in a docstring of multibill runs and prints what it says."""

from __future__ import annotations

import ast
import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import MODULES, SOURCE, name_of

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
WITH_EXAMPLES = [path for path in MODULES if ">>>" in path.read_text("utf-8")]


def docstrings(path: Path) -> Iterator[tuple[str, int, str]]:
    """Name, line and text of each docstring: read from the source, so that no decorator hides one."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, Documented) and (text := ast.get_docstring(node, clean=False)):
            yield getattr(node, "name", "the module"), node.body[0].lineno - 1, text


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_docstring_examples_are_true(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name_of(path))
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    report: list[str] = []
    for name, line, text in docstrings(path):
        example = doctest.DocTestParser().get_doctest(
            text, dict(vars(module)), name, str(path), line
        )
        runner.run(example, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)
