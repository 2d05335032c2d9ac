"""Records: what is appended is what is loaded, and a version is written once."""

from __future__ import annotations

from typing import Any

import pytest

from multibill.errors import UnknownTenant
from multibill.ports import Lost, Storage
from multibill.records import Record
from multibill.testing.contract.writes import (
    TENANT,
    bumped,
    customer,
    drafted,
    found,
    invoice,
    review,
    saved,
    written,
)

LONG = "01a22be5-a500-7d33-b5d8-4b6ffea2724f"
TREES = {
    "nested": {"party": {"name": "Acme", "address": {"city": "Lyon", "country": "FR"}}},
    "34 digits": {
        "amount": "1234567890123456789012345678901234",
        "small": "0.0000000000000000000000000000000001",
    },
    "four bytes": {"name": "🧾 𝔄cme 漢字", "tag": {"à relancer": True}},
    "combining": {"name": "e\u0301 stays as it was given: \u1ea1\u0323", "rtl": "\u202eevil"},
    "quotes": {"name": 'O\'Hara "& sons" \\ 100 % ; -- ? :x %(x)s {n}', "line": "one\ntwo\ttab"},
    "numbers": {
        "zero": 0,
        "large": 2**53 - 1,
        "negative": -1,
        "yes": True,
        "no": False,
        "list": ["1", 2, True],
    },
    "empty": {},
    "long": {"text": "é" * 20_000},
}


class RecordsContract:
    """Round trips and compare-and-set."""

    @pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
    def test_content_and_envelope_come_back_as_they_were(
        self, storage: Storage, tree: dict[str, Any]
    ) -> None:
        """Trees hold text, whole numbers, booleans, lists and maps; none of it is altered."""
        record = customer(content=tree, envelope={"owner": "ann", **tree})
        written(found(storage), saved(record))
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("customer", "acme")
        assert loaded is not None
        assert record == loaded.record

    @pytest.mark.parametrize("id", ["a", LONG, "A.b_c:d@e+f-g", "x" * 64])
    def test_every_id_that_can_be_a_key_is_kept(self, storage: Storage, id: str) -> None:
        record = customer(id)
        written(found(storage), saved(record))
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("customer", id)
        assert loaded is not None
        assert id == loaded.record.id

    def test_an_unknown_record_is_none(self, storage: Storage) -> None:
        written(found(storage), saved(customer()))
        with storage.unit(TENANT, write=False) as uow:
            assert uow.load("customer", "other") is None
            assert uow.load("seller", "acme") is None
            assert uow.load("invoice", "acme") is None

    def test_ids_that_differ_in_case_only_are_two_records(self, storage: Storage) -> None:
        """Collation is binary: what looks alike is not the same."""
        written(found(storage), saved(customer("acme")), saved(customer("ACME")))
        with storage.unit(TENANT, write=False) as uow:
            assert ["ACME", "acme"] == [record.id for record in uow.records("customer")]

    def test_two_kinds_may_share_an_id(self, storage: Storage) -> None:
        written(
            found(storage),
            saved(customer("x")),
            saved(Record("seller", "x", 1, {"party": {"name": "Y"}}, {})),
        )
        with storage.unit(TENANT, write=False) as uow:
            kinds = [uow.load(kind, "x") for kind in ("customer", "seller")]
        assert ["customer", "seller"] == [loaded.record.kind for loaded in kinds if loaded]

    def test_the_next_version_replaces_the_one_before(self, storage: Storage) -> None:
        written(found(storage), saved(customer()), saved(customer(version=2)))
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("customer", "acme")
            assert [customer(version=2)] == list(uow.records("customer"))
        assert loaded is not None
        assert customer(version=2) == loaded.record

    @pytest.mark.parametrize("expected", [1, 3, 0])
    def test_a_version_that_moved_on_is_lost(self, storage: Storage, expected: int) -> None:
        """Compare-and-set: the stored version is 2, whoever expects another one starts again."""
        written(found(storage), saved(customer()), saved(customer(version=2)))
        with pytest.raises(Lost), storage.unit(TENANT, write=True) as uow:
            uow.append(saved(customer(version=expected + 1), expected=expected))
        with storage.unit(TENANT, write=False) as uow:
            assert [customer(version=2)] == list(uow.records("customer"))
            assert 2 == len(list(uow.journal()))

    def test_a_document_that_moved_on_is_lost(self, storage: Storage) -> None:
        first = invoice()
        second = bumped(first, team="print")
        written(found(storage), drafted(first), drafted(second))
        with pytest.raises(Lost), storage.unit(TENANT, write=True) as uow:
            uow.append(drafted(bumped(first, team="audio")))
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("invoice", "i1")
        assert loaded is not None
        assert ("print", 2) == (loaded.row["team"], loaded.row["version"])

    def test_a_version_of_what_is_not_there_is_lost(self, storage: Storage) -> None:
        with pytest.raises(Lost), found(storage).unit(TENANT, write=True) as uow:
            uow.append(saved(customer(version=2)))

    def test_an_unknown_tenant_is_refused(self, storage: Storage) -> None:
        with pytest.raises(UnknownTenant), storage.unit("nobody", write=True) as uow:
            uow.append(saved(customer(), tenant="nobody"))
        with storage.unit("nobody", write=False) as uow:
            assert [] == list(uow.records("customer"))

    def test_founding_twice_changes_nothing(self, storage: Storage) -> None:
        written(found(storage), saved(customer()))
        found(storage)
        with storage.unit(TENANT, write=False) as uow:
            assert [customer()] == list(uow.records("customer"))
            head = uow.head()
        assert head is not None
        assert 1 == head[0]

    def test_records_are_listed_by_id_and_by_what_they_are_about(self, storage: Storage) -> None:
        first, second = invoice("i1"), invoice("i2")
        writes = (
            drafted(first),
            drafted(second),
            review("r2", "i1", 1, "x"),
            review("r1", "i1", 1, "y"),
        )
        written(found(storage), *writes, review("r3", "i2", 1, "z"))
        with storage.unit(TENANT, write=False) as uow:
            assert ["r1", "r2", "r3"] == [record.id for record in uow.records("review")]
            assert ["r1", "r2"] == [record.id for record in uow.records("review", about="i1")]
            assert [] == list(uow.records("review", about="i9"))
            assert [] == list(uow.records("rendering"))
