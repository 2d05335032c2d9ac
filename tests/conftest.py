"""What every test may use: Hypothesis profiles and golden files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from multibill.ports import Storage
    from tests.office import Office

GOLDEN = Path(__file__).parent / "golden"

Golden = Callable[[str, str | bytes], None]

# Speed is no property of the code under test: a busy machine must not turn a test red.
common = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", common, max_examples=60)
settings.register_profile("slow", common, max_examples=1000)
settings.load_profile("fast")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the code makes now into tests/golden, instead of comparing",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare with a file below tests/golden; read the diff after `--update-golden`."""
    update = request.config.getoption("--update-golden")

    def check(name: str, actual: str | bytes) -> None:
        path = GOLDEN / name
        content = actual.encode() if isinstance(actual, str) else actual
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        assert path.exists(), (
            f"{path} is missing; run pytest --update-golden and read what it wrote"
        )
        expected = path.read_bytes()
        if isinstance(actual, str):
            assert expected.decode() == actual
        assert expected == content

    return check


@pytest.fixture(params=["memory", "sqlite"])
def anywhere(request: pytest.FixtureRequest) -> Storage:
    """Each storage in turn: what the desk does is the same on all of them."""
    from multibill.storage.memory import MemoryStorage
    from tests.worlds import sqlite_storage

    return MemoryStorage() if request.param == "memory" else sqlite_storage()


@pytest.fixture
def open_office(anywhere: Storage) -> Callable[..., Office]:
    """A function that opens a tenant with people in it, with the options of a Billing."""
    from tests.office import Office

    def opened(**options: Any) -> Office:
        return Office(anywhere, **options)

    return opened


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    """A tenant with people in it, under the usual policy and workflow."""
    return open_office()
