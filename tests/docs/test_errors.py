"""The reference of errors lists every error class with its code."""

from __future__ import annotations

import inspect
from pathlib import Path

from multibill import errors

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"


def test_every_error_class_stands_in_the_reference_and_in_the_drawn_tree() -> None:
    page, tree = PAGE.read_text("utf-8"), errors.__doc__ or ""
    leaves = [
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.MultibillError) and cls is not errors.MultibillError
    ]
    missing = [
        cls.__name__
        for cls in leaves
        if f"| `{cls.code}` | `{cls.__name__}` |" not in page or f"── {cls.__name__} " not in tree
    ]
    assert [] == missing
    assert len(leaves) == len({cls.code for cls in leaves})
