"""Units of work: an error leaves nothing, a reader sees what is committed, bytes are kept once."""

from __future__ import annotations

import hashlib

import pytest

from multibill.ports import Key, Storage
from multibill.testing.contract.writes import (
    COUNTER,
    DAY,
    TENANT,
    bumped,
    customer,
    drafted,
    everything,
    found,
    invoice,
    review,
    saved,
    written,
)

KEY = Key(verb="draft", text="k", fingerprint="f")


class UnitsContract:
    """All or nothing, whichever table."""

    def test_an_error_leaves_nothing_in_any_table(self, storage: Storage) -> None:
        """Record, summary, VAT, authors, custom values, key, counter, journal, head, request id and bytes."""
        written(found(storage), drafted(invoice(custom={"seats": 1}), authors={"ann"}))
        with storage.unit(TENANT, write=False) as uow:
            before = everything(uow)
        with pytest.raises(ZeroDivisionError), storage.unit(TENANT, write=True) as uow:
            uow.append(drafted(bumped(invoice(), lines=()), authors={"bob"}, request_id="r1"))
            uow.append(drafted(invoice("i2", custom={"project": "P"}), authors={"zoe"}, key=KEY))
            uow.append(review("r1", "i2", 1, "approved"))
            uow.append(saved(customer()))
            uow.take(COUNTER, uow.next_number(COUNTER)[0], DAY)
            uow.blobs.put(TENANT, "i1.pdf", b"bytes")
            assert before != everything(uow)
            raise ZeroDivisionError
        with storage.unit(TENANT, write=True) as uow:
            assert before == everything(uow)
            assert uow.answered("ann", "r1") is None
            assert uow.keyed("draft", "k") is None
            assert (1, None) == uow.next_number(COUNTER)
            assert uow.blobs.get(TENANT, "i1.pdf") is None
            assert uow.load("invoice", "i2") is None
            loaded = uow.load("invoice", "i1", {"authors"})
        assert loaded is not None
        assert frozenset({"ann"}) == loaded.row["authors"]

    def test_an_error_takes_a_new_tenant_back(self, storage: Storage) -> None:
        with pytest.raises(ZeroDivisionError), storage.unit(TENANT, write=True) as uow:
            uow.found()
            raise ZeroDivisionError
        with storage.unit(TENANT, write=False) as uow:
            assert uow.head() is None

    def test_a_unit_works_on_after_an_error_in_the_one_before(self, storage: Storage) -> None:
        found(storage)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError), storage.unit(TENANT, write=True) as uow:
                uow.append(saved(customer()))
                raise ZeroDivisionError
        (made,) = written(storage, saved(customer()))
        assert 1 == made.position

    def test_a_unit_reads_what_it_wrote(self, storage: Storage) -> None:
        with found(storage).unit(TENANT, write=True) as uow:
            made = uow.append(drafted(invoice(), authors={"ann"}, key=KEY, request_id="r1"))
            loaded = uow.load("invoice", "i1", {"authors"})
            assert loaded is not None
            assert frozenset({"ann"}) == loaded.row["authors"]
            assert made == uow.answered("ann", "r1")
            assert ("i1", "f") == uow.keyed("draft", "k")

    def test_bytes_come_back_as_they_were(self, storage: Storage) -> None:
        data = bytes(range(256)) * 300 + b"\x00%PDF-1.7\r\n"
        with found(storage).unit(TENANT, write=True) as uow:
            assert data == uow.blobs.put(TENANT, "i1.pdf", data)
        with storage.unit(TENANT, write=False) as uow:
            kept = uow.blobs.get(TENANT, "i1.pdf")
        assert kept is not None
        assert hashlib.sha256(data).digest() == hashlib.sha256(kept).digest()

    def test_the_first_bytes_under_a_key_are_kept(self, storage: Storage) -> None:
        """Two racers render one document: both get what the first one made."""
        found(storage)
        for data in (b"first", b"second", b""):
            with storage.unit(TENANT, write=True) as uow:
                assert b"first" == uow.blobs.put(TENANT, "i1.pdf", data)
        with storage.unit(TENANT, write=False) as uow:
            assert b"first" == uow.blobs.get(TENANT, "i1.pdf")
            assert uow.blobs.get(TENANT, "i1.PDF") is None

    def test_no_bytes_are_bytes_too(self, storage: Storage) -> None:
        with found(storage).unit(TENANT, write=True) as uow:
            assert b"" == uow.blobs.put(TENANT, "empty", b"")
        with storage.unit(TENANT, write=False) as uow:
            assert b"" == uow.blobs.get(TENANT, "empty")

    def test_a_unit_knows_its_tenant(self, storage: Storage) -> None:
        with storage.unit(TENANT, write=False) as uow:
            assert TENANT == uow.tenant
