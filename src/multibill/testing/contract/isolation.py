"""The wall between tenants: the same ids, keys, numbers and request ids live side by side and never meet."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from multibill.ports import TABLES, Key, Storage
from multibill.testing.contract.writes import (
    COUNTER,
    DAY,
    asking,
    bumped,
    customer,
    drafted,
    everything,
    found,
    invoice,
    saved,
    written,
)

KEY = Key(verb="draft", text="k", fingerprint="f")
PAIRS = [("t1", "t2"), ("a", "A"), ("t", "t1"), ("a_b", "a.b")]


class IsolationContract:
    """Two tenants in one storage."""

    def inspect(self, storage: Storage, tenant: str) -> Mapping[str, int]:
        """How many rows each table holds for a tenant.

        Override it to count them without the adapter's own code: then what the adapter says is checked against an
        outside truth. As it stands the adapter is asked.
        """
        with storage.unit(tenant, write=False) as uow:
            counts = {table: len(uow.rows(table)) for table in TABLES}
            return counts | {"changeset": len(list(uow.journal()))}

    @pytest.mark.parametrize(("one", "other"), PAIRS)
    def test_the_same_ids_live_in_two_tenants(self, storage: Storage, one: str, other: str) -> None:
        """Names that differ in case, or that a pattern would take for the same, are different tenants."""
        for tenant in (one, other):
            self.live(storage, tenant)
        with storage.unit(one, write=False) as uow:
            before = everything(uow)
        written(
            storage,
            drafted(bumped(invoice(), team="print"), authors={"eve"}, tenant=other),
            tenant=other,
        )
        written(storage, saved(customer(version=2), tenant=other), tenant=other)
        with storage.unit(one, write=False) as uow:
            assert before == everything(uow)
            assert one.encode() == uow.blobs.get(one, "i1.pdf")
        assert {"record": 2, "changeset": 2} == _some(
            self.inspect(storage, one), "record", "changeset"
        )
        assert {"record": 2, "changeset": 4} == _some(
            self.inspect(storage, other), "record", "changeset"
        )

    def test_one_tenant_sees_nothing_of_the_other(self, storage: Storage) -> None:
        self.live(storage, "t1")
        found(storage, "t2")
        with storage.unit("t2", write=True) as uow:
            assert uow.load("invoice", "i1") is None
            assert [] == list(uow.records("customer"))
            assert [] == list(uow.select(asking()))
            assert 0 == uow.count(asking())
            assert uow.keyed("draft", "k") is None
            assert uow.answered("ann", "r1") is None
            assert (1, None) == uow.next_number(COUNTER)
            assert [] == list(uow.journal())
            assert uow.blobs.get("t2", "i1.pdf") is None
            assert {table: [] for table in TABLES} == {
                table: list(uow.rows(table)) for table in TABLES
            }
        assert {0} == set(self.inspect(storage, "t2").values())

    def test_what_was_written_is_there_for_whoever_looks(self, storage: Storage) -> None:
        self.live(storage, "t1")
        expected = {
            "record": 2,
            "summary": 1,
            "vat": 1,
            "author": 1,
            "custom": 1,
            "key": 1,
            "counter": 1,
            "changeset": 2,
        }
        assert expected == _some(self.inspect(storage, "t1"), *expected)

    def test_positions_start_at_one_in_each_tenant(self, storage: Storage) -> None:
        for tenant in ("t1", "t2"):
            (made,) = written(
                found(storage, tenant), saved(customer(), tenant=tenant), tenant=tenant
            )
            assert 1 == made.position

    def live(self, storage: Storage, tenant: str) -> None:
        """A row in every table."""
        found(storage, tenant)
        document = drafted(
            invoice(custom={"seats": 1}, phase="issued"),
            authors={"ann"},
            key=KEY,
            request_id="r1",
            tenant=tenant,
        )
        written(storage, document, saved(customer(), tenant=tenant), tenant=tenant)
        with storage.unit(tenant, write=True) as uow:
            uow.take(COUNTER, uow.next_number(COUNTER)[0], DAY)
            uow.blobs.put(tenant, "i1.pdf", tenant.encode())


def _some(counts: Mapping[str, int], *names: str) -> dict[str, int]:
    return {name: counts[name] for name in names}
