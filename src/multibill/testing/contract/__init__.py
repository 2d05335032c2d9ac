"""What every storage adapter must do, as a pytest class that its author subclasses.

::

    from multibill.testing import StorageContract


    class TestMine(StorageContract):
        @pytest.fixture
        def storage(self, tmp_path): ...  # fresh, with tables

Every test writes through ``append`` and the other verbs of ``ports`` and looks again in another unit of work; where an
adapter can show its rows without its own code, ``inspect`` says how.
"""

from __future__ import annotations

import pytest

# Before the parts are imported, so that a test that fails shows the values it compared.
PARTS = (
    "counting",
    "delivering",
    "isolation",
    "journal",
    "projections",
    "records",
    "selecting",
    "units",
)
pytest.register_assert_rewrite(*(f"{__name__}.{part}" for part in PARTS))

from multibill.testing.contract.counting import CountingContract  # noqa: E402
from multibill.testing.contract.delivering import DeliveringContract  # noqa: E402
from multibill.testing.contract.isolation import IsolationContract  # noqa: E402
from multibill.testing.contract.journal import JournalContract  # noqa: E402
from multibill.testing.contract.projections import ProjectionsContract  # noqa: E402
from multibill.testing.contract.records import RecordsContract  # noqa: E402
from multibill.testing.contract.selecting import SelectingContract  # noqa: E402
from multibill.testing.contract.units import UnitsContract  # noqa: E402

__all__ = ["StorageContract"]


class StorageContract(
    RecordsContract,
    ProjectionsContract,
    JournalContract,
    CountingContract,
    DeliveringContract,
    SelectingContract,
    UnitsContract,
    IsolationContract,
):
    """Everything that ``ports`` promises of a Storage. A subclass gives a ``storage`` fixture and nothing more.

    The fixture hands out a fresh Storage with tables, usable from several threads. ``inspect`` may be overridden to
    count the rows of each table without the adapter's help.
    """
