"""What is written is read back as the same value, byte for byte the same when written again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given

from multibill.codec import WIRE, canonical, sha256
from multibill.documents import KINDS, Document, Invoice, Line
from multibill.documents.checks import check
from multibill.errors import InvalidInput
from multibill.model import model_map
from multibill.money import Money
from multibill.parties import Address, Party
from multibill.testing import strategies
from tests.conftest import Golden
from tests.documents.ordinary import ON, everything, invoice, line

DOCUMENTS = strategies.invoices() | strategies.credit_notes() | strategies.quotes()


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every path of a tree with its plain value."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from leaves(value, f"{path}/{name}")
    else:
        yield path, tree


@pytest.mark.parametrize("cls", KINDS.values(), ids=KINDS)
def test_the_canonical_bytes_of_a_document_are_written_down(cls: Any, golden: Golden) -> None:
    """Stored documents and their hashes depend on these bytes: a diff here is a change of format."""
    golden(f"codec/{cls.kind}.json", canonical(WIRE.tree(everything(cls))))


def test_a_document_with_everything_set_leaves_no_path_of_the_model_out() -> None:
    """Else the golden files would not pin what they leave out."""
    found = model_map(Invoice)
    written = {found.pattern(path) for path, _ in leaves(WIRE.tree(everything(Invoice)))}
    # a map's key is its item's id; the scope of a hidden path belongs to one reader, not to the document
    keys = {entry.path for entry in found if entry.path.endswith("/*/id")} | {"/hidden/*"}
    money = {
        f"{path}/{part}" for path in ("/totals/tax", "/due") for part in ("amount", "currency")
    }
    money |= {"/totals/currency"}
    expected = {entry.path for entry in found} - keys - {"/totals/tax", "/due"}
    assert expected == {path for path in written if path} - money


@given(DOCUMENTS)
def test_a_document_is_read_back_as_the_same_value(document: Document) -> None:
    tree = WIRE.tree(document)
    text = canonical(tree)
    read = WIRE.value(json.loads(text), type(document))
    assert document == read
    assert [sold.net for sold in document.lines] == [sold.net for sold in read.lines]
    assert tree == json.loads(text)
    assert text == canonical(WIRE.tree(read))
    assert sha256(text) == sha256(canonical(WIRE.tree(read)))


@given(DOCUMENTS)
def test_what_was_written_is_read_without_checks_as_the_same_value(document: Document) -> None:
    cls, tree = type(document), json.loads(canonical(WIRE.tree(document)))
    read = WIRE.stored(tree, cls)
    assert document == read == WIRE.value(tree, cls)
    assert canonical(tree) == canonical(WIRE.tree(read))
    assert [sold.net for sold in document.lines] == [sold.net for sold in read.lines]


@given(DOCUMENTS)
def test_a_draft_stores_what_people_said_and_computes_the_rest_again(document: Document) -> None:
    cls: Any = type(document)
    derived = model_map(cls).derived
    body = WIRE.parts(document, skip=derived)
    assert {name: tree for name, tree in WIRE.tree(document).items() if name not in derived} == body
    for read in (WIRE.value(body, cls), WIRE.stored(body, cls)):
        assert document == attrs.evolve(
            read, mentions=document.mentions, rule_versions=document.rule_versions
        )


@given(DOCUMENTS)
def test_all_parts_together_are_the_tree(document: Document) -> None:
    assert WIRE.tree(document) == WIRE.parts(document)


@given(DOCUMENTS, strategies.unique_lines(), strategies.texts())
def test_what_did_not_change_keeps_the_tree_it_had(
    before: Document, lines: tuple[Line, ...], reference: str
) -> None:
    stored = WIRE.tree(before)
    after = before.evolve(lines=lines, buyer_reference=reference)
    again = WIRE.parts(after, before=before, stored=stored)
    assert WIRE.tree(after) == again
    assert stored["seller"] is again["seller"]


@given(DOCUMENTS)
def test_trees_hold_plain_values_under_paths_of_the_model_and_nothing_empty(
    document: Document,
) -> None:
    cls: Any = type(document)
    found = model_map(cls)
    for path, value in leaves(WIRE.tree(document)):
        assert type(value) in {str, int, bool}
        assert path == "/totals/currency" or found.pattern(path), path


@given(strategies.parties(), strategies.money())
def test_parties_and_money_are_read_back_as_the_same_value(party: Party, money: Money) -> None:
    assert party == WIRE.value(WIRE.tree(party), Party)
    assert money == WIRE.value(WIRE.tree(money), Money)


def test_lines_stand_by_their_order_keys_not_by_their_ids() -> None:
    document = invoice(lines=[line("z", order="V01"), line("a", order="V02")])
    assert ["z", "a"] == [sold.id for sold in WIRE.value(WIRE.tree(document), Invoice).lines]
    moved = WIRE.tree(document)
    moved["lines"]["a"]["order"] = "U01"
    assert ["a", "z"] == [sold.id for sold in WIRE.value(moved, Invoice).lines]


def test_what_may_be_none_is_left_out_and_read_back_as_none() -> None:
    """Null in a tree would mean that a path was taken away: a journal could not tell the two apart."""
    nowhere = Address(None, None, None, "FR")
    assert {"country": "FR"} == WIRE.tree(nowhere) == WIRE.parts(nowhere)
    read = WIRE.value({"country": "FR"}, Address), WIRE.stored({"country": "FR"}, Address)
    assert (nowhere, nowhere) == read
    with pytest.raises(InvalidInput, match="/country: is missing"):
        WIRE.value({"city": "Paris"}, Address)


def test_text_is_read_in_nfc_so_that_equal_names_are_equal_bytes() -> None:
    composed, apart = invoice(), WIRE.tree(invoice())
    apart["buyer"]["name"] = "Ame\u0301lie"
    read = WIRE.value(apart, Invoice)
    assert "Am\u00e9lie" == read.buyer.name
    expected = composed.evolve(buyer=attrs.evolve(composed.buyer, name="Am\u00e9lie"))
    assert canonical(WIRE.tree(expected)) == canonical(WIRE.tree(read))


def test_numbers_are_read_however_they_are_written_and_written_in_one_way() -> None:
    tree = WIRE.tree(invoice())
    tree["lines"]["l1"] |= {"quantity": "3.00", "unit_price": 450, "vat": "20.0"}
    assert WIRE.tree(invoice()) == WIRE.tree(WIRE.value(tree, Invoice))


def test_frozen_figures_are_read_as_they_stand_and_the_preflight_sees_that_they_were_changed() -> (
    None
):
    tree = WIRE.tree(invoice(phase="issued", number="F2026-00001"))
    tree["totals"]["nets"]["l1"] = "1350.01"
    read = WIRE.value(tree, Invoice)
    assert ["BR-CO-10", "BR-S-08", "MB-NET"] == [finding.rule for finding in check(read, ON)]
