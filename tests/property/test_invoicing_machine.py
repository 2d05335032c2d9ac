"""The published machine, as it comes: a random month on memory and on SQLite, every invariant after every step."""

from __future__ import annotations

import pytest

from multibill.testing.machine import InvoicingMachine
from tests.worlds import case, on_sqlite

TestInvariants5And6And9And10And12And13OnMemory = case(InvoicingMachine, 25)
TestInvariants5And6And9And10And12And13OnSqlite = case(on_sqlite(InvoicingMachine), 8)


@pytest.mark.slow
class TestInvariantsAtLength(case(on_sqlite(InvoicingMachine), 100, 50)):  # type: ignore[misc]
    """The same, for longer."""
