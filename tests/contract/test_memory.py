"""The memory adapter keeps the contract of every storage."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from multibill.ports import Storage
from multibill.storage.memory import MemoryStorage
from multibill.testing.contract import StorageContract

TABLES = {
    "record": "records",
    "summary": "summary",
    "vat": "vat",
    "author": "authors",
    "custom": "custom",
    "key": "keys",
    "counter": "counters",
    "changeset": "journal",
}


class TestMemoryStorage(StorageContract):
    """The contract, on dictionaries."""

    @pytest.fixture
    def storage(self) -> Storage:
        return MemoryStorage()

    def inspect(self, storage: Storage, tenant: str) -> Mapping[str, int]:
        """The sizes of the dictionaries themselves."""
        assert isinstance(storage, MemoryStorage)
        data = storage._tenants[tenant]
        return {table: len(getattr(data, name)) for table, name in TABLES.items()}


def test_an_adapter_that_has_nothing_to_inspect_is_asked_itself() -> None:
    """Without an override the contract counts what the adapter shows."""
    contract, storage = StorageContract(), MemoryStorage()
    contract.live(storage, "t1")
    assert TestMemoryStorage().inspect(storage, "t1") == contract.inspect(storage, "t1")
