"""A document is one frozen value: evolving it computes it anew, issued figures stand, items are told apart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given

from multibill.documents import KINDS, CreditNote, Document, Invoice, Note, Quote, Reference
from multibill.documents.complete import RULES, completed
from multibill.documents.computing import ENGINE
from multibill.documents.mentions import MENTIONS, mentions
from multibill.errors import InvalidValue
from multibill.testing import strategies
from tests.documents.ordinary import ON, credit_note, euros, everything, invoice, line


def test_a_document_is_never_changed_in_place() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        invoice().number = "F1"  # type: ignore[misc]


def test_totals_and_nets_are_there_from_the_start() -> None:
    document = invoice()
    assert euros("1620.00") == document.totals.payable
    assert [Decimal("1350.00")] == [sold.net for sold in document.lines]


def test_a_changed_line_changes_the_totals_and_the_old_value_stays() -> None:
    before = invoice()
    after = before.with_line("l1", quantity=4)
    assert (euros("1620.00"), euros("2160.00")) == (before.totals.payable, after.totals.payable)


def test_lines_are_added_found_and_taken_out() -> None:
    document = invoice().with_line(line("l2", unit_price="90", quantity=1))
    assert ("l1", "l2") == tuple(sold.id for sold in document.lines)
    assert Decimal(90) == document.line("l2").unit_price
    assert euros("108.00") == document.without_line("l1").totals.payable


def test_an_unknown_line_is_named_with_its_path() -> None:
    for verb in (invoice().line, invoice().without_line, invoice().with_line):
        with pytest.raises(InvalidValue, match="no line 'l9'") as refused:
            verb("l9")
        assert "/lines/l9" == refused.value.path


def test_issued_figures_stand_whatever_else_changes() -> None:
    """For an issued document the stored totals rule: the engine of another day may not rewrite them."""
    stood = attrs.evolve(invoice().totals, payable=euros("1620.01"))
    issued = invoice(phase="issued", totals=stood)
    assert euros("1620.01") == issued.evolve(owner="ann").totals.payable


def test_a_draft_never_keeps_figures_that_somebody_wrote() -> None:
    drafted = invoice(totals=attrs.evolve(invoice().totals, payable=euros("1.00")))
    assert euros("1620.00") == drafted.evolve(owner="ann").totals.payable


@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("lines", [line(), line()]),
        ("notes", [Note(id="n", text="a"), Note(id="n", text="b")]),
        ("preceding", [Reference(id="r", number="1"), Reference(id="r", number="2")]),
    ],
)
def test_two_items_with_one_id_are_refused_for_one_would_be_lost(
    name: str, items: list[Any]
) -> None:
    with pytest.raises(InvalidValue, match="twice") as refused:
        invoice(**{name: items})
    assert f"/{name}/{items[0].id}" == refused.value.path


def test_new_lines_without_id_may_be_many() -> None:
    assert 3 == len(invoice(lines=[line(None), line(None), line(None)]).lines)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "a b"},
        {"currency": "XXX"},
        {"rounding": "bankers"},
        {"language": "fr FR"},
        {"due_date": "30/12/2026"},
        {"tags": {"a/b"}},
        {"owner": "ann smith"},
        {"buyer_reference": "a\x00"},
    ],
    ids=str,
)
def test_what_a_document_cannot_be_is_refused_when_it_is_built(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        invoice(**changes)


def test_an_invoice_adds_to_a_debt_and_a_credit_note_takes_from_it() -> None:
    assert ((1, "380"), (-1, "381")) == tuple(
        (document.sign, document.type_code) for document in (invoice(), credit_note())
    )


def test_kinds_name_the_classes() -> None:
    assert {"invoice": Invoice, "credit_note": CreditNote, "quote": Quote} == KINDS


@given(strategies.invoices())
def test_completing_sets_the_mentions_of_the_day_and_names_the_rules(document: Document) -> None:
    done = completed(document, ON)
    assert (mentions(document, ON), RULES) == (done.mentions, done.rule_versions)
    assert document.evolve().totals == done.totals
    assert completed(done, ON) == done


def test_the_rules_name_engine_and_mentions() -> None:
    assert RULES.split() == [ENGINE, MENTIONS]


def test_documents_compare_by_value() -> None:
    assert everything(Invoice) == everything(Invoice)
    assert invoice() != invoice(version=1)
