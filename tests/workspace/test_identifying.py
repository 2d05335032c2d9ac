"""New items anywhere in a document: they get ids, keep their order, and nobody's are lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.documents import (
    Allowance,
    Attachment,
    Charge,
    CreditTransfer,
    DocumentAllowance,
    DocumentCharge,
    Invoice,
    Line,
    Note,
    PaymentInstructions,
)
from multibill.errors import Conflict, KeyReused
from multibill.workspace.identifying import identified, placeholders
from tests.office import LOGO, Office

NAMES = ["z", "a", "m", "b"]


def whole(**said: Any) -> dict[str, Any]:
    """New items in every collection, in an order that no id would give."""
    return {
        "lines": [
            Line(
                name=name,
                unit_price=100,
                vat="20",
                allowances=[Allowance(amount=1, reason=name) for name in NAMES],
                charges=[Charge(amount=1, reason=name) for name in NAMES],
            )
            for name in NAMES
        ],
        "notes": [Note(text=name) for name in NAMES],
        "allowances": [DocumentAllowance(amount=1, reason=name, vat="20") for name in NAMES],
        "charges": [DocumentCharge(amount=1, reason=name, vat="20") for name in NAMES],
        "attachments": [Attachment(reference=name) for name in NAMES],
        "payment": PaymentInstructions(transfers=[CreditTransfer(account=name) for name in NAMES]),
        **said,
    }


def items(document: Invoice) -> dict[str, tuple[Any, ...]]:
    """Every collection of items, by where it stands."""
    found: dict[str, Any] = {
        name: getattr(document, name)
        for name in ("lines", "notes", "allowances", "charges", "attachments")
    }
    found["transfers"] = document.payment.transfers if document.payment else ()
    for line in document.lines:
        found[f"{line.name}/allowances"] = line.allowances
        found[f"{line.name}/charges"] = line.charges
    return found


def said(item: Any) -> str:
    for name in ("text", "reason", "reference", "name"):
        if isinstance(found := getattr(item, name, None), str):
            return found
    return str(item.account).lower()


def test_everything_new_gets_an_id_in_the_order_it_came_in(office: Office) -> None:
    draft = office.draft(**whole())
    for found in items(draft).values():
        assert NAMES == [said(item) for item in found]
        assert all(item.id for item in found)
    ids = [item.id for found in items(draft).values() for item in found]
    assert len(ids) == len(set(ids))
    assert draft == office.ann.invoices.get(draft.id)
    assert office.verify()


def test_a_save_gives_ids_as_a_draft_does(office: Office) -> None:
    draft = office.draft()
    wanted = draft.evolve(**whole())
    saved = office.ann.invoices.save(wanted, request_id="r").document
    for found in items(saved).values():
        assert NAMES == [said(item) for item in found]
        assert all(item.id for item in found)
    assert saved == office.ann.invoices.get(draft.id)
    assert saved == office.ann.invoices.save(wanted, request_id="r").document
    with pytest.raises(KeyReused):
        office.ann.invoices.save(wanted.evolve(notes=[Note(text="other")]), request_id="r")


def test_the_same_new_items_are_the_same_request(office: Office) -> None:
    draft = office.draft(**whole(), key="k")
    assert draft == office.draft(**whole(), key="k")
    others: list[dict[str, Any]] = [
        {"allowances": []},
        {"notes": [Note(text=name) for name in sorted(NAMES)]},
    ]
    for changed in others:
        with pytest.raises(KeyReused):
            office.draft(**{**whole(), **changed}, key="k")


def test_a_copied_line_gets_ids_of_its_own_for_its_parts(office: Office) -> None:
    draft = office.draft(lines=[LOGO.evolve(allowances=[Allowance(amount=5)])])
    (line,) = draft.lines
    copied = draft.with_line(line.evolve(id=None, name="Copy"))
    saved = office.ann.invoices.save(copied).document
    first, second = saved.lines
    assert line == first
    assert ("Copy", line.allowances[0].amount) == (second.name, second.allowances[0].amount)
    assert line.allowances[0].id != second.allowances[0].id
    assert copied.totals.payable == saved.totals.payable
    other = office.draft(lines=[line.evolve(id=None), line.evolve(id=None)])
    assert 3 == len({line.allowances[0].id for line in other.lines} | {line.allowances[0].id})


ADDED: dict[str, Any] = {
    "allowances": lambda name: [Allowance(amount=1, reason=name)],
    "charges": lambda name: [Charge(amount=1, reason=name)],
}


@pytest.mark.parametrize("field", ADDED)
@pytest.mark.parametrize("standing", [0, 1])
@pytest.mark.parametrize("how", ["save", "edit"])
def test_two_peoples_allowances_on_one_line_both_stand(
    office: Office, field: str, standing: int, how: str
) -> None:
    before = ADDED[field]("old")[:standing]
    draft = office.draft(lines=[LOGO.evolve(**{field: before})])
    office.ann.invoices.save(
        draft.with_line("a", **{field: [*getattr(draft.line("a"), field), *ADDED[field]("ann")]})
    )
    if how == "save":
        mine = [*getattr(draft.line("a"), field), *ADDED[field]("bob")]
        office.bob.invoices.save(draft.with_line("a", **{field: mine}))
    else:
        changes = {f"/lines/a/{field}/new": {"amount": "1", "reason": "bob"}}
        office.bob.invoices.edit(draft.id, base=1, changes=changes)
    expected = {"ann", "bob", "old"} if standing else {"ann", "bob"}
    line = office.ann.invoices.get(draft.id).line("a")
    assert expected == {item.reason for item in getattr(line, field)}
    assert office.verify()


def test_two_peoples_allowances_on_one_document_both_stand(office: Office) -> None:
    draft = office.draft()
    for person in (office.ann, office.bob):
        item = DocumentAllowance(amount=1, vat="20", reason=person.actor.id)
        saved = person.invoices.save(draft.evolve(allowances=[item])).document
    assert {"ann", "bob"} == {item.reason for item in saved.allowances}


def test_one_takes_away_what_another_changes_and_that_is_a_conflict(office: Office) -> None:
    draft = office.draft(lines=[LOGO.evolve(allowances=[Allowance(id="x", amount=1)])])
    office.ann.invoices.save(draft.with_line("a", allowances=[]))
    with pytest.raises(Conflict):
        office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/allowances/x/amount": "2"})
    assert () == office.ann.invoices.get(draft.id).line("a").allowances


def test_one_takes_away_the_last_and_another_adds_one(office: Office) -> None:
    draft = office.draft(lines=[LOGO.evolve(allowances=[Allowance(id="x", amount=1)])])
    office.ann.invoices.save(draft.with_line("a", allowances=[]))
    changes = {"/lines/a/allowances/y": {"amount": "2"}}
    saved = office.bob.invoices.edit(draft.id, base=1, changes=changes).document
    assert ["y"] == [item.id for item in saved.line("a").allowances]


@given(
    st.lists(
        st.none() | st.sampled_from("abcdef"), max_size=8, unique_by=lambda known: known or object()
    )
)
def test_new_items_keep_their_order_among_themselves_and_old_ones_their_id(
    ids: list[str | None],
) -> None:
    notes = tuple(Note(id=id, text=str(place)) for place, id in enumerate(ids))
    mint = placeholders()
    found = identified({"notes": notes}, lambda: f"n{mint()[1:]}")["notes"]
    assert [note.id for note in found] == sorted(note.id for note in found)
    assert {(note.id, note.text) for note in notes if note.id} <= {(n.id, n.text) for n in found}
    new = [note.text for note in notes if note.id is None]
    assert new == [note.text for note in found if note.text in new]
