"""What can be hidden: documents stay documents without it, totals and mentions stay as they are, nothing is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from multibill.documents import KINDS, CreditNote, Document, Invoice, Quote
from multibill.documents.complete import completed
from multibill.errors import Denied, InvalidDefinition
from multibill.model import Masked
from multibill.permissions import Sight, covering, hide, mask, read_only
from multibill.records import Custom
from multibill.testing.strategies import documents
from multibill.workspace.kinds import kinds

ON = date(2026, 11, 30)
ALL = kinds([Custom("budget", str, kind="invoice", sensitive="margin")])
DOCUMENTS = {name: ALL[name] for name in KINDS}


def coverable(cls: type[Document]) -> list[tuple[Sight, str]]:
    """Every sight that a rule on one field gives, with what it does."""
    map = DOCUMENTS[cls.kind].fields
    found = []
    for entry in map:
        for veil in (hide(entry.path), mask(entry.path, last=2)):
            try:
                found.append((Sight.under([veil], map), veil.name))
            except InvalidDefinition:
                continue
    return found


CASES = {cls.kind: coverable(cls) for cls in (Invoice, CreditNote, Quote)}


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each takes every field in turn
    suppress_health_check=list(HealthCheck),
)
@given(st.sampled_from([Invoice, CreditNote, Quote]).flatmap(documents))
def test_a_document_without_any_field_is_still_a_document_with_the_same_figures(
    document: Document,
) -> None:
    """Read back, changed and laid on what stands it loses nothing."""
    kind = DOCUMENTS[document.kind]
    body = kind.body(document) | {"phase": "draft", "state": "draft"}
    whole = completed(document, ON)
    for sight, name in CASES[document.kind]:
        shown: Document = kind.stored(kind.record(document.id, 1, sight.tree(body)))
        assert (name, document.totals) == (name, shown.totals)
        assert (name, whole.mentions) == (name, completed(shown, ON).mentions)
        again = kind.body(shown.evolve()) | {"phase": "draft", "state": "draft"}
        assert (name, body) == (name, sight.laid(again, body))


def test_the_totals_are_what_cannot_be_hidden() -> None:
    names = {name for _, name in CASES["invoice"]}
    for path in ("/lines/*/unit_price", "/lines/*/vat/rate", "/allowances/*/amount", "/currency"):
        assert f"hide:{path}" not in names
    assert {"hide:/costs/*", "hide:/due_date", "hide:/lines/*/note", "mask:/buyer/name"} <= names


def test_hiding_an_account_takes_the_transfer_and_a_file_goes_as_a_whole() -> None:
    map = DOCUMENTS["invoice"].fields
    assert {"/payment/transfers/*"} == covering(hide("/payment/transfers/*/account"), map)
    file = {f"/attachments/*/{name}" for name in ("filename", "mime", "sha256")}
    assert file == covering(hide("/attachments/*/sha256"), map)
    assert {"/custom/budget", "/costs/*"} == covering(hide("margin"), map)
    assert {"/buyer/identifiers/*"} == covering(hide("/buyer/identifiers/*/value"), map)


def test_read_only_takes_any_field_with_all_below_it() -> None:
    map = DOCUMENTS["invoice"].fields
    assert {"/seller"} == covering(read_only("/seller"), map)
    assert {"/lines/*/unit_price"} == covering(read_only("/lines/*/unit_price"), map)


MAP = DOCUMENTS["invoice"].fields
TRANSFER = {"account": "FR7630006000011234567890189", "holder": "Studio", "bic": "AGRIFRPP"}
STORED: dict[str, Any] = {
    "payment": {"means": "58", "transfers": {"t": TRANSFER}},
    "lines": {"a": {"name": "Logo", "note": "secret"}, "b": {"name": "Hosting"}},
    "costs": {"a": "310"},
    "delivery": {"name": "Depot"},
}


def without(*path: str) -> dict[str, Any]:
    """What is stored, without what stands at a path."""
    copy = {**STORED}
    if len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = {n: item for n, item in copy[path[0]].items() if n != path[1]}
    return copy


def test_what_was_not_seen_stays() -> None:
    sight = Sight.under([hide("margin"), mask("bank", last=4), hide("/lines/*/note")], MAP)
    shown = sight.tree(STORED)
    assert STORED == sight.laid(shown, STORED)
    assert without("lines", "a") == sight.laid(
        {**shown, "lines": {"b": shown["lines"]["b"]}}, STORED
    )


def test_a_group_of_which_nothing_is_seen_stays() -> None:
    sight = Sight.under([hide("/delivery/name")], MAP)
    assert STORED == sight.laid(sight.tree(STORED), STORED)
    joined = sight.laid({**sight.tree(STORED), "delivery": {"location": {"value": "1"}}}, STORED)
    assert {"name": "Depot", "location": {"value": "1"}} == joined["delivery"]


@pytest.mark.parametrize(
    ("veil", "change", "path"),
    [
        (hide("margin"), {"costs": {"a": "310"}}, "/costs/a"),
        (mask("bank", last=4), {"payment": None}, "/payment"),
        (mask("bank", last=4), {"payment": {"means": "58"}}, "/payment/transfers/t"),
        (
            mask("bank", last=4),
            {"payment": {"means": "58", "transfers": {"t": TRANSFER}}},
            "/payment/transfers/t/account",
        ),
        (
            mask("bank", last=4),
            {"payment": {"means": "58", "transfers": {"n": {"account": "X"}}}},
            "/payment/transfers/t",
        ),
        (hide("/payment/transfers/*/bic"), {"payment": None}, "/payment"),
    ],
)
def test_what_is_covered_cannot_be_set_or_taken_away(veil: Any, change: Any, path: str) -> None:
    sight = Sight.under([veil], MAP)
    said = {n: value for n, value in {**sight.tree(STORED), **change}.items() if value is not None}
    with pytest.raises(Denied) as caught:
        sight.laid(said, STORED)
    assert path == caught.value.path


def test_a_mask_that_comes_back_changes_nothing() -> None:
    sight = Sight.under([mask("bank", last=4)], MAP)
    shown = sight.tree(STORED)
    shown["payment"]["transfers"]["t"]["account"] = "••••0189"
    assert STORED == sight.laid(shown, STORED)
    assert isinstance(sight.value("/payment/transfers/t/bic", "AGRIFRPP"), Masked)
