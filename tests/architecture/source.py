"""Where the source is, and what its modules are called."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "multibill"
MODULES = sorted(SOURCE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name: multibill.money for src/multibill/money/__init__.py."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
