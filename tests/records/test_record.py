"""Records: content and envelope are one body, and every kind's body is split and joined without loss."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from multibill.documents import CreditNote, Invoice
from multibill.records import Record
from multibill.testing import acme, studio
from multibill.testing.strategies import credit_notes, invoices
from multibill.workspace import kinds
from tests.workspace.agency import FIELDS

KINDS = kinds(FIELDS)
CUSTOM = {
    "law_text": "C-1",
    "law_exact": Decimal("1.5"),
    "own_day": date(2026, 12, 24),
    "own_yes": True,
}


def test_the_body_joins_both_parts_and_their_custom_fields() -> None:
    record = Record(
        "invoice", "a", 1, {"x": "1", "custom": {"c": "1"}}, {"y": "2", "custom": {"e": "2"}}
    )
    assert {"x": "1", "y": "2", "custom": {"c": "1", "e": "2"}} == record.body
    assert {"x": "1", "custom": {"e": "2"}} == Record(
        "invoice", "a", 1, {"x": "1"}, {"custom": {"e": "2"}}
    ).body
    assert {"custom": {"c": "1"}} == Record("invoice", "a", 1, {"custom": {"c": "1"}}, {}).body


@settings(max_examples=20)
@given(invoices())
def test_an_invoice_survives_its_record(invoice: Invoice) -> None:
    value = invoice.evolve(custom=CUSTOM)
    kind = KINDS["invoice"]
    record = kind.record(
        value.id, value.version, kind.body(value) | {"phase": "draft", "state": "draft", "since": 1}
    )
    again = kind.stored(record)
    assert kind.body(value) == kind.body(again)
    assert CUSTOM == again.custom
    assert again == kind.value(record)
    assert {"law_text", "law_exact"} == set(record.content["custom"])
    assert {"own_day", "own_yes"} == set(record.envelope["custom"])
    assert not set(record.content) & set(record.envelope) - {"custom"}


@settings(max_examples=5)
@given(credit_notes())
def test_a_credit_note_survives_its_record(note: CreditNote) -> None:
    kind = KINDS["credit_note"]
    record = kind.record(
        note.id, 1, kind.body(note) | {"phase": "draft", "state": "draft", "since": 1}
    )
    assert kind.body(note) == kind.body(kind.stored(record))


@pytest.mark.parametrize(
    "entry", [acme(custom={"segment": "big"}, team="web"), studio(currency="USD", language="en")]
)
def test_a_register_entry_survives_its_record(entry: object) -> None:
    kind = KINDS[entry.kind]  # type: ignore[attr-defined]
    record = kind.record(entry.id, 3, kind.body(entry))  # type: ignore[attr-defined]
    assert entry.evolve(version=3) == kind.stored(record) == kind.value(record)  # type: ignore[attr-defined]
