"""Every Python block of README.md and docs/ runs, in order, in one namespace a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from sybil.document import Document
from sybil.parsers.myst import PythonCodeBlockParser

from tests.docs.prelude import prelude

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
DOCUMENTS = [Document.parse(str(page), PythonCodeBlockParser()) for page in PAGES]


@pytest.mark.parametrize(
    "document",
    [pytest.param(d, id=str(Path(d.path).relative_to(ROOT))) for d in DOCUMENTS if d.regions],
)
def test_snippets_run(document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    prelude(document.namespace)
    for example in document.examples():
        example.evaluate()
