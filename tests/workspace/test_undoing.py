"""Undo and redo: mine only, never over somebody else's later change, through every check of an edit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from multibill import presets
from multibill.documents import Invoice, Line
from multibill.errors import Conflict, Denied, KeyReused, NotFound, Stale, UndoConflict, WrongState
from multibill.permissions import Policy, forbid, hide, mask, read_only
from multibill.query.doc import Doc
from multibill.records import Actor
from multibill.testing import acme
from tests.office import HOSTING, LOGO, Office

Opened = Callable[..., Office]
HOST = {"name": "Hosting", "quantity": "1", "unit": "C62", "unit_price": "90", "vat": "20"}


def edit(office: Office, who: str, draft: Any, changes: dict[str, Any]) -> Invoice:
    """The draft after somebody's wire changes on what stands."""
    door = office.as_(who, "manager").invoices
    made: Invoice = door.edit(draft.id, base=door.get(draft.id).version, changes=changes).document
    return made


def same(one: Invoice, other: Invoice) -> bool:
    """Whether two versions say the same."""
    return attrs.evolve(one, version=0) == attrs.evolve(other, version=0)


def test_undo_takes_my_last_edit_back_as_a_new_version(office: Office) -> None:
    draft = office.draft()
    edited = office.ann.invoices.save(draft.with_line("a", quantity=4)).document
    saved = office.ann.invoices.undo(edited, reason="a slip")
    assert same(draft, saved.document)
    assert ((), ()) == (saved.merged, saved.conflicts)
    assert saved.document == office.ann.invoices.get(draft.id)
    entry = office.journal()[-1]
    assert ("undo", 2, 3, "a slip") == (entry.action, entry.base, entry.version, entry.reason)
    assert () == office.verify().faults


def test_redo_takes_the_last_undo_back(office: Office) -> None:
    draft = office.draft()
    edited = edit(office, "ann", draft, {"/lines/a/quantity": "4", "/due_date": "2026-12-31"})
    office.ann.invoices.undo(edited)
    again = office.ann.invoices.redo(draft.id).document
    assert same(edited, again)
    assert ("redo", 3) == (office.journal()[-1].action, office.journal()[-1].base)


def test_several_undos_walk_back_and_redos_forward(office: Office) -> None:
    states = [office.draft()]
    for quantity in ("3", "4", "5"):
        states.append(edit(office, "ann", states[0], {"/lines/a/quantity": quantity}))
    door = office.ann.invoices
    for expected in (states[2], states[1], states[0]):
        assert same(expected, door.undo(expected.id).document)
    with pytest.raises(WrongState, match="nothing of yours to undo"):
        door.undo(states[0].id)
    for expected in states[1:]:
        assert same(expected, door.redo(expected.id).document)
    with pytest.raises(WrongState, match="nothing of yours to redo"):
        door.redo(states[0].id)
    assert same(states[2], door.undo(states[0].id).document)


def test_a_new_edit_leaves_nothing_to_redo(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    office.ann.invoices.undo(draft.id)
    edit(office, "ann", draft, {"/due_date": "2026-12-31"})
    with pytest.raises(WrongState):
        office.ann.invoices.redo(draft.id)
    office.ann.invoices.undo(draft.id)
    assert date(2026, 12, 31) == office.ann.invoices.redo(draft.id).document.due_date


def test_somebody_elses_edit_leaves_my_redo_as_it_is(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    office.ann.invoices.undo(draft.id)
    edit(office, "bob", draft, {"/due_date": "2026-12-31"})
    assert 4 == office.ann.invoices.redo(draft.id).document.lines[0].quantity


def test_undo_keeps_what_others_changed_elsewhere_and_names_it(office: Office) -> None:
    draft = office.draft()
    seen = edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    edit(office, "bob", draft, {"/due_date": "2026-12-31"})
    saved = office.ann.invoices.undo(seen)
    assert 2 == saved.document.lines[0].quantity
    assert date(2026, 12, 31) == saved.document.due_date
    assert ("/due_date",) == saved.merged


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"/lines/a/quantity": "4"}, {"/lines/a/quantity": "5"}),
        ({"/lines/a/quantity": "4"}, {"/lines/a/quantity": "2"}),
        ({"/lines/a/unit_price": "4"}, {"/lines/a/base_quantity": "10"}),
        ({"/lines/a/quantity": "4", "/owner": "zoe"}, {"/owner": "bob"}),
        ({"/lines/a/quantity": "4"}, {"/lines/a": None}),
        ({"/lines/b": HOST}, {"/lines/b/quantity": "5"}),
        ({"/due_date": "2026-12-31"}, {"/terms": {"days": 3}}),
    ],
)
def test_undo_is_refused_as_a_whole_where_somebody_changed_any_of_it_since(
    office: Office, mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    draft = office.draft()
    edit(office, "ann", draft, mine)
    stands = edit(office, "bob", draft, theirs)
    before = office.journal()
    with pytest.raises(UndoConflict, match="bob changed /") as caught:
        office.ann.invoices.undo(draft.id)
    assert isinstance(caught.value, Conflict)
    assert ("bob",) == caught.value.by
    assert {c.path for c in caught.value.conflicts} <= set(mine)
    assert before == office.journal()
    assert stands == office.ann.invoices.get(draft.id)


def test_a_conflict_tells_what_i_left_what_i_wanted_and_what_stands(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    edit(office, "bob", draft, {"/lines/a/quantity": "5"})
    with pytest.raises(UndoConflict) as caught:
        office.ann.invoices.undo(draft.id)
    [met] = caught.value.conflicts
    assert ("4", "2", "5") == (met.base, met.mine, met.theirs)


def test_only_those_whose_changes_stand_are_named(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    office.ann.invoices.redo(office.ann.invoices.undo(draft.id).document)
    edit(office, "cat", draft, {"/lines/a/quantity": "6"})
    office.cat.invoices.undo(draft.id)
    edit(office, "bob", draft, {"/lines/a/quantity": "5"})
    with pytest.raises(UndoConflict) as caught:
        office.ann.invoices.undo(draft.id)
    assert ("bob",) == caught.value.by


def test_what_somebody_changed_and_changed_back_stands_as_i_left_it(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    edit(office, "bob", draft, {"/lines/a/quantity": "5"})
    edit(office, "bob", draft, {"/lines/a/quantity": "4"})
    assert 2 == office.ann.invoices.undo(draft.id).document.lines[0].quantity


def test_redo_is_refused_where_somebody_changed_it_since(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    office.ann.invoices.undo(draft.id)
    edit(office, "bob", draft, {"/lines/a/quantity": "7"})
    with pytest.raises(UndoConflict, match="bob"):
        office.ann.invoices.redo(draft.id)


def test_i_undo_mine_and_not_yours(office: Office) -> None:
    draft = office.draft()
    edit(office, "bob", draft, {"/lines/a/quantity": "4"})
    with pytest.raises(WrongState):
        office.ann.invoices.undo(draft.id)
    assert 2 == office.bob.invoices.undo(draft.id).document.lines[0].quantity


def test_what_i_did_for_somebody_is_mine_and_what_was_done_for_me_is_not(office: Office) -> None:
    draft = office.draft()
    delegate = office.as_("bob", "manager", on_behalf_of="ann").invoices
    delegate.edit(draft.id, base=1, changes={"/lines/a/quantity": "4"})
    with pytest.raises(WrongState):
        office.ann.invoices.undo(draft.id)
    assert 2 == office.bob.invoices.undo(draft.id).document.lines[0].quantity


def test_a_deleted_line_comes_back_with_its_id_and_its_place(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    edit(office, "ann", draft, {"/lines/a": None})
    back = office.ann.invoices.undo(draft.id).document
    assert ["a", "b"] == [line.id for line in back.lines]
    assert same(draft, back)


def test_an_added_line_goes_and_a_moved_one_moves_back(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    edit(office, "ann", draft, {"/lines/c": HOST})
    edit(office, "ann", draft, {"/lines/b/after": None})
    assert ["a", "b", "c"] == [x.id for x in office.ann.invoices.undo(draft.id).document.lines]
    assert same(draft, office.ann.invoices.undo(draft.id).document)


def test_steps_are_not_undone_and_edits_before_them_are(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    office.ann.invoices.submit(draft.id)
    back = office.ann.invoices.undo(draft.id).document
    assert "submitted" == back.state
    assert 2 == back.lines[0].quantity


def test_undo_makes_an_approval_stale_and_its_maker_an_author(office: Office) -> None:
    draft = office.draft()
    edit(office, "cat", draft, {"/lines/a/quantity": "4"})
    office.ann.invoices.submit(draft.id)
    office.bob.invoices.approve(draft.id)
    assert "submitted" == office.cat.invoices.undo(draft.id).document.state
    with pytest.raises(Denied, match="four-eyes"):
        office.cat.invoices.approve(draft.id)
    assert {"ann", "cat"} == {row["person"] for row in office.rows("author")}
    assert () == office.verify().faults


def test_undo_needs_the_right_to_edit(open_office: Opened) -> None:
    late = forbid("late", to="intern", on="edit", when=Doc.owner == "x")
    office = open_office(policy=Policy(*presets.agency().rules, late))
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    edit(office, "bob", draft, {"/owner": "x"})
    with pytest.raises(Denied, match="late"):
        office.as_("ann", "manager", "intern").invoices.undo(draft.id)
    with pytest.raises(NotFound):
        office.as_("eve").invoices.undo(draft.id)


def test_an_issued_document_gives_back_what_was_annotated_and_nothing_of_its_content(
    office: Office,
) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    issued = office.bob.invoices.issue(
        office.bob.invoices.approve(office.ann.invoices.submit(draft.id))
    )
    with pytest.raises(WrongState, match="issued"):
        office.ann.invoices.undo(issued)
    edit(office, "ann", issued, {"/tags/late": True})
    back = office.ann.invoices.undo(issued.id).document
    assert same(issued, back)
    assert {"late"} == office.ann.invoices.redo(issued.id).document.tags
    assert () == office.verify().faults


def test_a_discarded_draft_stays_as_it_is(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    office.ann.invoices.discard(draft.id)
    with pytest.raises(WrongState):
        office.ann.invoices.undo(draft.id)


def test_a_retry_undoes_once(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "3"})
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    once = office.ann.invoices.undo(draft.id, request_id="u1").document
    before = office.journal()
    assert once == office.ann.invoices.undo(draft.id, request_id="u1").document
    assert before == office.journal()
    with pytest.raises(KeyReused):
        office.ann.invoices.redo(draft.id, request_id="u1")


def test_a_version_that_never_was_is_refused(office: Office) -> None:
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    with pytest.raises(Stale):
        office.ann.invoices.undo(attrs.evolve(draft, version=9))


@pytest.mark.parametrize(
    "veil",
    [hide("/buyer_reference"), mask("/buyer_reference", last=1), read_only("/buyer_reference")],
)
def test_what_i_may_no_longer_see_or_set_is_refused_as_a_whole(
    open_office: Opened, veil: Any
) -> None:
    veil = attrs.evolve(veil, to={"intern"})
    office = open_office(policy=Policy(*presets.agency().rules, veil))
    draft = office.draft()
    edit(office, "ann", draft, {"/buyer_reference": "PO 1", "/lines/a/quantity": "4"})
    before = office.journal()
    with pytest.raises(Denied):
        office.as_("ann", "manager", "intern").invoices.undo(draft.id)
    assert before == office.journal()
    assert office.ann.invoices.undo(draft.id).document.buyer_reference is None


def test_a_hidden_part_of_a_line_refuses_the_undo_of_the_whole_line(open_office: Opened) -> None:
    veil = hide("/lines/*/note", to="intern")
    office = open_office(policy=Policy(*presets.agency().rules, veil))
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/b": {**HOST, "note": "x"}})
    with pytest.raises(Denied):
        office.as_("ann", "manager", "intern").invoices.undo(draft.id)


def test_a_conflict_shows_nothing_that_is_hidden(open_office: Opened) -> None:
    veil = hide("/lines/*/note", to="intern")
    office = open_office(policy=Policy(*presets.agency().rules, veil))
    draft = office.draft()
    edit(office, "ann", draft, {"/lines/b": HOST})
    edit(office, "bob", draft, {"/lines/b/note": "secret"})
    with pytest.raises(UndoConflict) as caught:
        office.as_("ann", "manager", "intern").invoices.undo(draft.id)
    [met] = caught.value.conflicts
    assert "/lines/b" == met.path
    assert "secret" not in repr(met) + str(caught.value)


def test_what_others_changed_unseen_is_not_named_as_merged(open_office: Opened) -> None:
    veil = hide("/project", to="intern")
    office = open_office(policy=Policy(*presets.agency().rules, veil))
    draft = office.draft()
    seen = edit(office, "ann", draft, {"/lines/a/quantity": "4"})
    edit(office, "bob", draft, {"/project": "secret", "/due_date": "2026-12-31"})
    saved = office.as_("ann", "manager", "intern").invoices.undo(seen)
    assert ("/due_date",) == saved.merged


def test_an_attached_file_goes_and_comes_back(office: Office) -> None:
    draft = office.draft()
    made = office.ann.invoices.attach(draft, b"hours", filename="hours.txt", mime="text/plain")
    [item] = made.document.attachments
    edit(office, "ann", draft, {f"/attachments/{item.id}": None})
    back = office.ann.invoices.undo(draft.id).document
    assert (item,) == back.attachments
    assert b"hours" == office.ann.invoices.attachment(back, item.id or "")
    assert () == office.ann.invoices.undo(draft.id).document.attachments
    assert (item,) == office.ann.invoices.redo(draft.id).document.attachments


def test_a_refresh_can_be_undone_and_made_again(office: Office) -> None:
    draft = office.draft()
    office.ann.customers.save(acme(language="en"))
    fresh = office.ann.invoices.refresh(draft)
    assert "en" == fresh.language
    back = office.ann.invoices.undo(draft.id).document
    assert same(draft, back)
    assert "en" == office.bob.invoices.refresh(back).language


def test_vat_adjustments_come_back_with_the_bases_they_were_made_for(office: Office) -> None:
    lines = [Line(id=id, name=id, quantity=2, unit_price="34.895", vat="20") for id in "abcd"]
    invoice = office.issued(lines=lines)
    door = office.ann.credit_notes
    for id in "abc":
        note = door.submit(office.ann.invoices.credit(invoice, lines={id: 2}))
        office.bob.credit_notes.issue(office.bob.credit_notes.approve(note))
    credit = office.ann.invoices.credit(invoice)
    assert {"S-20": Decimal("-0.01")} == credit.vat_adjustments
    half = door.save(credit.with_line("d", quantity=1)).document
    assert {} == half.vat_adjustments
    more = office.bob.credit_notes.save(
        half.with_line(Line(id="x", name="x", unit_price="9", vat="5.5"))
    )
    back = door.undo(more.document).document
    assert credit.vat_adjustments == back.vat_adjustments
    assert half.vat_adjustments == door.redo(back).document.vat_adjustments
    office.bob.credit_notes.save(door.get(credit.id).with_line("x", vat="20"))
    assert {} == door.undo(credit.id).document.vat_adjustments


def test_service_accounts_undo_their_own(office: Office) -> None:
    draft = office.draft()
    robot = Actor.service("sync", roles={"manager"})
    door = office.billing.workspace(office.tenant, actor=robot).invoices
    door.edit(draft.id, base=1, changes={"/owner": "zoe"})
    assert draft.owner == door.undo(draft.id).document.owner
