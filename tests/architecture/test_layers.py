"""The house stands: imports only go down, and the lower storeys touch nothing of the outside world."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from functools import cache

import grimp
import pytest

from tests.architecture.source import ROOT

LINT = "from importlinter.cli import lint_imports_command as check; check()"

# The database, files to render, the network, threads and chance: adapters bring them, or arguments do.
OUTSIDE = {
    "alembic", "asyncio", "concurrent", "fpdf", "httpx", "lxml", "multiprocessing", "pandas",
    "polars", "pyarrow", "random", "secrets", "socket", "sqlalchemy", "sqlite3", "subprocess",
    "threading",
}  # fmt: skip


def lower_storeys() -> list[str]:
    """The rooms from `workspace` down, as the layers contract lists them."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = configuration["tool"]["importlinter"]["contracts"]
    layers = [[room.strip(" ()") for room in layer.split("|")] for layer in contract["layers"]]
    desk = layers.index(["workspace"])
    return [room for layer in layers[desk:] for room in layer]


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "multibill",
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )


def test_imports_only_go_down_the_house() -> None:
    command = [sys.executable, "-c", LINT, "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", lower_storeys())
def test_a_lower_storey_is_pure(room: str) -> None:
    package = f"multibill.{room}"
    modules = {name for name in graph().modules if f"{name}.".startswith(f"{package}.")}
    imported = {
        (module, outside)
        for module in modules
        for outside in graph().find_modules_directly_imported_by(module)
        if outside.split(".")[0] in OUTSIDE
    }
    assert imported == set()


def test_no_room_imports_from_the_front_door() -> None:
    assert graph().find_modules_that_directly_import("multibill") == set()
