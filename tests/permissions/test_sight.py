"""Veils and what is seen under them: trees and changes without what is hidden, masked texts covered."""

from __future__ import annotations

from typing import Any

import pytest

from multibill.documents import Invoice
from multibill.errors import InvalidDefinition
from multibill.history import Change
from multibill.model import Masked, model_map
from multibill.permissions import CLEAR, Policy, Rights, Sight, Veil, hide, mask, read_only
from multibill.query import Me
from multibill.query.doc import Doc
from multibill.records import Actor

MAP = model_map(Invoice)
TRANSFER = {"account": "FR7630006000011234567890189", "holder": "Studio"}
BODY: dict[str, Any] = {
    "payment": {"means": "58", "transfers": {"t1": TRANSFER}},
    "custom": {"budget": "9"},
    "buyer_reference": "PO",
}


def seen(*veils: Veil) -> Sight:
    return Sight.under(veils, MAP)


def test_nobody_under_no_veil_sees_everything() -> None:
    rights = Rights(Policy(hide("margin", to="sales")), Actor("bob", roles={"manager"}))
    assert CLEAR is rights.sight(MAP, {})
    assert BODY is CLEAR.tree(BODY)


def test_what_is_hidden_is_not_there_and_what_it_leaves_empty_is_gone_too() -> None:
    sight = seen(hide("/payment/transfers"), hide("/custom/budget"))
    assert {"payment": {"means": "58"}, "buyer_reference": "PO"} == sight.tree(BODY)


def test_a_mask_leaves_the_end() -> None:
    shown = seen(mask("bank", last=4)).tree(BODY)["payment"]["transfers"]["t1"]
    assert {"account": "••••0189", "holder": "••••udio"} == shown
    assert isinstance(shown["account"], Masked)


def test_of_two_masks_the_one_that_covers_more_stays() -> None:
    shown = seen(mask("bank", last=4), mask("bank", last=2, to="sales"))
    assert "••••89" == shown.tree(BODY)["payment"]["transfers"]["t1"]["account"]


@pytest.mark.parametrize("path", ["", "/payment", "/payment/transfers/t1"])
def test_changes_above_what_is_hidden_are_pruned(path: str) -> None:
    whole: Any = {"": BODY, "/payment": BODY["payment"]}.get(path, TRANSFER)
    (change,) = seen(hide("/payment/transfers/*/holder")).changes([Change(path, None, whole)])
    assert "Studio" not in str(change)
    assert "0189" in str(change)


def test_changes_of_which_nothing_is_seen_are_gone() -> None:
    sight = seen(hide(Doc.due_date), mask("/payment/text", last=0))
    changes = [Change("/due_date", "2026-12-31", "2027-01-31"), Change("/payment/text", "a", "b")]
    assert () == sight.changes(changes)


def test_read_only_fields_are_seen_and_not_set() -> None:
    sight = seen(read_only(Doc.due_date), hide("/custom/budget"))
    assert sight.clear is False
    assert [False, False, True] == [
        sight.settable(path) for path in ("/due_date", "/custom/budget", "/buyer_reference")
    ]
    assert not sight.covers("/due_date")


def test_a_veil_covers_unless_its_condition_is_definitely_false() -> None:
    policy = Policy(hide("/buyer_reference", when=Doc.owner != Me.id))
    rights = Rights(policy, Actor("ann"))
    hidden = [rights.sight(MAP, row).covers("/buyer_reference") for row in OWNED]
    assert [True, True, False] == hidden


OWNED: list[dict[str, Any]] = [{"owner": None}, {"owner": "bob"}, {"owner": "ann"}]


def test_veils_survive_the_wire_and_change_the_fingerprint() -> None:
    policy = Policy(hide("margin", to={"viewer", "sales"}), mask("bank", last=4, to="viewer"))
    assert policy == Policy.from_wire(policy.text)
    assert policy.fingerprint != Policy(hide("margin", to="sales")).fingerprint
    assert ["hide:margin:sales,viewer", "mask:bank:viewer"] == [v.name for v in policy.veils]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: hide("money"),
        lambda: mask("bank", last=-1),
        lambda: Veil(effect="blur", what="bank"),  # type: ignore[arg-type]
        lambda: hide("bank", when=True),  # type: ignore[arg-type]
        lambda: Policy("permit"),  # type: ignore[arg-type]
        lambda: Policy(hide("bank"), hide("bank")),
    ],
)
def test_what_can_never_apply_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidDefinition):
        wrong()
