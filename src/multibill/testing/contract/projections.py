"""Projections: summary, VAT rows, authors, custom values, business keys; each table holds exactly what was written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from multibill.errors import InvalidDefinition, KeyReused
from multibill.money import Money
from multibill.ports import Key, Lost, Projection, Storage
from multibill.query.doc import Doc
from multibill.records import Custom, Record
from multibill.testing.contract.writes import (
    COUNTER,
    DAY,
    FIELDS,
    TENANT,
    asking,
    bumped,
    custom_row,
    customer,
    drafted,
    found,
    invoice,
    ordered,
    review,
    row_of,
    saved,
    settlement,
    shown,
    written,
)
from multibill.workspace.kinds import vat_rows

CUSTOM = {"project": "Zürich 🧾", "seats": 12, "urgent": True, "deadline": date(2027, 1, 31)}
KEY = Key(verb="draft", text="2026-11:acme", fingerprint="0123456789abcdef")


class ProjectionsContract:
    """What stands beside a record's body."""

    @pytest.mark.parametrize("code", ["EUR", "JPY", "TND", "UYW"])
    def test_the_summary_row_is_loaded_as_it_was_written(self, storage: Storage, code: str) -> None:
        """Money comes back as Money with its currency's exponent, days as dates, what is unknown as None."""
        document = invoice(
            currency=code, due_date=date(2026, 12, 31), assignee=None, base_currency=code
        )
        written(found(storage), drafted(document))
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("invoice", "i1")
        assert loaded is not None
        assert shown(row_of(document)) == shown(loaded.row)
        assert row_of(document)["payable"] == loaded.row["payable"]

    def test_the_row_of_a_record_that_is_no_document_is_empty(self, storage: Storage) -> None:
        written(found(storage), saved(customer()))
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("customer", "acme")
        assert loaded is not None
        assert {} == dict(loaded.row)

    def test_authors_come_when_asked_for_and_only_ever_grow(self, storage: Storage) -> None:
        first = invoice()
        second, third = bumped(first), bumped(bumped(first))
        writes = (
            drafted(first, authors={"ann"}),
            drafted(second, authors={"bob", "zoe"}),
            drafted(third),
        )
        written(found(storage), *writes)
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("invoice", "i1", {"authors"})
        assert loaded is not None
        assert frozenset({"ann", "bob", "zoe"}) == loaded.row["authors"]

    def test_a_document_without_authors_has_an_empty_set_of_them(self, storage: Storage) -> None:
        written(found(storage), drafted(invoice()))
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("invoice", "i1", {"authors"})
        assert loaded is not None
        assert frozenset() == loaded.row["authors"]

    def test_a_mark_changes_the_shown_state_and_no_version(self, storage: Storage) -> None:
        written(found(storage), drafted(invoice()), review("r1", "i1", 1, "approved"))
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("invoice", "i1")
        assert loaded is not None
        assert ("approved", 1, 1) == (
            loaded.row["state"],
            loaded.row["version"],
            loaded.record.version,
        )

    @pytest.mark.parametrize(("document", "version"), [("i1", 2), ("i9", 1)])
    def test_a_mark_on_another_version_is_lost(
        self, storage: Storage, document: str, version: int
    ) -> None:
        """A review of what is no longer there leaves nothing, neither its record nor its entry."""
        written(found(storage), drafted(invoice()))
        with pytest.raises(Lost), storage.unit(TENANT, write=True) as uow:
            uow.append(review("r1", document, version, "approved"))
        with storage.unit(TENANT, write=False) as uow:
            assert [] == list(uow.records("review"))
            assert 1 == len(list(uow.journal()))

    @pytest.mark.parametrize("code", ["EUR", "JPY", "TND"])
    def test_a_settlement_changes_what_is_shown_as_due_and_no_version(
        self, storage: Storage, code: str
    ) -> None:
        """It asks for no version of the document: an edit of the envelope and a payment do not meet."""
        due = Money(7, code)
        document = bumped(invoice(currency=code))
        written(found(storage), drafted(invoice(currency=code)), drafted(document))
        written(storage, settlement("i1", 1, "part-paid", due))
        with storage.unit(TENANT, write=False) as uow:
            loaded = uow.load("invoice", "i1")
            (row,) = uow.select(asking((Doc.settlement == "part-paid") & (Doc.due >= due)))
            assert 0 == uow.count(asking(Doc.due > due))
        assert loaded is not None
        for shown_row in (loaded.row, row):
            assert ("part-paid", due, 2) == tuple(
                shown_row[name] for name in ("settlement", "due", "version")
            )

    def test_a_settlement_of_a_document_that_is_not_there_is_lost(self, storage: Storage) -> None:
        found(storage)
        with pytest.raises(Lost), storage.unit(TENANT, write=True) as uow:
            uow.append(settlement("i9", 1, "paid", Money(0, "EUR")))

    def test_a_business_key_leads_to_its_record(self, storage: Storage) -> None:
        written(found(storage), drafted(invoice(), key=KEY))
        with storage.unit(TENANT, write=False) as uow:
            assert ("i1", KEY.fingerprint) == uow.keyed("draft", KEY.text)
            assert uow.keyed("credit", KEY.text) is None
            assert uow.keyed("draft", "2026-11:ACME") is None

    def test_a_business_key_is_used_once(self, storage: Storage) -> None:
        written(found(storage), drafted(invoice("i1"), key=KEY))
        with pytest.raises((KeyReused, Lost)), storage.unit(TENANT, write=True) as uow:
            uow.append(drafted(invoice("i2"), key=KEY))
        with storage.unit(TENANT, write=False) as uow:
            assert uow.load("invoice", "i2") is None
            assert ("i1", KEY.fingerprint) == uow.keyed("draft", KEY.text)

    def test_a_number_is_given_once(self, storage: Storage) -> None:
        """By one seller to one kind of document; other sellers have series of their own."""
        said: dict[str, Any] = {
            "version": 2,
            "phase": "issued",
            "number": "F2026-00001",
            "issue_date": DAY,
        }
        other: dict[str, Any] = {"seller_ref": "atelier"}
        drafts = invoice("i1"), invoice("i2"), invoice("i3", **other)
        written(found(storage), *map(drafted, drafts), drafted(invoice("i1", **said)))
        with pytest.raises(InvalidDefinition), storage.unit(TENANT, write=True) as uow:
            uow.append(drafted(invoice("i2", **said)))
        written(storage, drafted(invoice("i3", **said | other)))
        with storage.unit(TENANT, write=False) as uow:
            assert ["i1", "i3"] == [
                row["id"] for row in uow.select(asking(Doc.number == "F2026-00001"))
            ]

    def test_a_later_version_keeps_the_business_key(self, storage: Storage) -> None:
        written(found(storage), drafted(invoice(), key=KEY), drafted(bumped(invoice())))
        with storage.unit(TENANT, write=False) as uow:
            assert ("i1", KEY.fingerprint) == uow.keyed("draft", KEY.text)

    def test_custom_values_follow_the_latest_version(self, storage: Storage) -> None:
        first = invoice(custom=CUSTOM)
        second = bumped(first, custom={"project": "other", "seats": 0, "urgent": False})
        written(found(storage), drafted(first), drafted(second))
        with storage.unit(TENANT, write=False) as uow:
            rows = ordered(uow.rows("custom"))
        assert ordered([custom_row(name, value) for name, value in second.custom.items()]) == rows

    @pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.type.__name__)
    def test_an_indexed_custom_value_is_kept(self, storage: Storage, field: Custom) -> None:
        """Of registers as of documents; text, whole number, boolean or date."""
        value = CUSTOM[field.name]
        projection = Projection(custom={field.name: value})
        written(found(storage), saved(customer(), projection=projection))
        with storage.unit(TENANT, write=False) as uow:
            (row,) = uow.rows("custom")
        assert custom_row(field.name, value, "acme", "customer") == dict(row)

    @pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.type.__name__)
    def test_a_list_shows_a_custom_value_with_its_type(
        self, storage: Storage, field: Custom
    ) -> None:
        written(found(storage), drafted(invoice("i1", custom=CUSTOM)), drafted(invoice("i2")))
        with storage.unit(TENANT, write=False) as uow:
            full, bare = uow.select(asking())
        assert CUSTOM[field.name] == full[f"custom.{field.name}"]
        assert field.type is type(full[f"custom.{field.name}"])
        assert bare[f"custom.{field.name}"] is None

    def test_a_version_without_custom_fields_declared_leaves_them(self, storage: Storage) -> None:
        """``custom`` None: the host declared none, which is not the same as having taken them all away."""
        written(found(storage), saved(customer(), projection=Projection(custom={"seats": 1})))
        written(storage, saved(customer(version=2)))
        with storage.unit(TENANT, write=False) as uow:
            assert [custom_row("seats", 1, "acme", "customer")] == list(uow.rows("custom"))
        written(storage, saved(customer(version=3), projection=Projection(custom={})))
        with storage.unit(TENANT, write=False) as uow:
            assert [] == list(uow.rows("custom"))

    def test_each_table_holds_exactly_what_was_written(self, storage: Storage) -> None:
        """The audit compares these rows with the journal, so none may be missing, extra or altered."""
        said: dict[str, Any] = {
            "currency": "JPY",
            "issue_date": DAY,
            "number": "F2026-00001",
            "custom": CUSTOM,
        }
        document = invoice(version=2, phase="issued", **said)
        first, second = invoice(custom={"seats": 1}), invoice("i2", lines=())
        write = drafted(document, authors={"bob"})
        written(found(storage), drafted(first, authors={"ann"}, key=KEY), write, drafted(second))
        with storage.unit(TENANT, write=True) as uow:
            uow.take(COUNTER, uow.next_number(COUNTER)[0], DAY)
        expected: dict[str, list[Any]] = {
            "record": [_stored(write.record), _stored(drafted(second).record)],
            "summary": [shown(row_of(document)), shown(row_of(second))],
            "vat": [{"document": "i1", **row} for row in vat_rows(document)],
            "author": [{"document": "i1", "person": "ann"}, {"document": "i1", "person": "bob"}],
            "custom": [custom_row(name, value) for name, value in CUSTOM.items()],
            "key": [
                {"verb": "draft", "text": KEY.text, "record": "i1", "fingerprint": KEY.fingerprint}
            ],
            "counter": [
                {
                    "seller": "studio",
                    "kind": "invoice",
                    "series": "main",
                    "period": "2026",
                    "next": 2,
                    "last": DAY,
                }
            ],
        }
        with storage.unit(TENANT, write=False) as uow:
            for table, rows in expected.items():
                stored = ordered([dict(row) for row in uow.rows(table)])
                assert (table, ordered(rows)) == (table, stored)


def _stored(record: Record) -> dict[str, object]:
    return {
        "kind": record.kind,
        "id": record.id,
        "version": record.version,
        "about": record.id,
        "content": record.content,
        "envelope": record.envelope,
    }
