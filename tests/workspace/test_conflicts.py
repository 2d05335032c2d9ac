"""Kept conflicts: what does not fit is kept, read, accepted or dismissed; nobody's edit is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from multibill.errors import (
    Conflict,
    Denied,
    Frozen,
    InvalidInput,
    InvalidValue,
    KeyReused,
    NotFound,
    WrongState,
)
from multibill.workspace import KeptChange, Saved, Workspace
from tests.office import HOSTING, LOGO, Office


def kept(ws: Workspace, id: str, changes: dict[str, Any], base: int = 1, **said: Any) -> Saved[Any]:
    """An edit that keeps what does not fit."""
    return ws.invoices.edit(id, base=base, changes=changes, on_conflict="keep", **said)


def one_conflict(office: Office, theirs: Any = "3", mine: Any = "4") -> KeptChange:
    """bob changed a quantity, ann changed the same one on what she had seen."""
    draft = office.draft(lines=[LOGO, HOSTING])
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": theirs})
    (found,) = kept(office.ann, draft.id, {"/lines/a/quantity": mine}).conflicts
    return found


def quantity(office: Office, id: str) -> Decimal:
    return office.ann.invoices.get(id).line("a").quantity


def test_what_fits_is_applied_and_what_does_not_is_kept(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "3"})
    saved = kept(office.ann, draft.id, {"/lines/a/quantity": "4", "/due_date": "2026-12-31"})
    assert (3, date(2026, 12, 31)) == (saved.document.version, saved.document.due_date)
    assert Decimal(3) == saved.document.line("a").quantity
    (found,) = saved.conflicts
    assert ("/lines/a/quantity", "2", "4", "3") == (
        found.path,
        found.base,
        found.mine,
        found.theirs,
    )
    assert ("ann", None, 1, 3, "open") == (
        found.actor,
        found.on_behalf_of,
        found.base_version,
        found.version,
        found.state,
    )
    assert [("invoice", "edit"), ("conflict", "keep")] == [
        (entry.kind, entry.action) for entry in office.journal()[-2:]
    ]
    assert office.verify()


def test_a_save_keeps_too(office: Office) -> None:
    mine = office.draft(lines=[LOGO])
    office.bob.invoices.save(mine.with_line("a", quantity=3))
    changed = mine.with_line("a", quantity=4).evolve(due_date=date(2026, 12, 31))
    saved = office.ann.invoices.save(changed, on_conflict="keep")
    assert ["/lines/a/quantity"] == [found.path for found in saved.conflicts]
    assert date(2026, 12, 31) == saved.document.due_date


def test_the_version_rises_only_if_something_was_applied(office: Office) -> None:
    found = one_conflict(office)
    assert 2 == office.ann.invoices.get(found.document).version
    assert "conflict" == office.journal()[-1].kind
    assert found.document == office.journal()[-1].about


def test_without_being_asked_nothing_is_kept(office: Office) -> None:
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "3"})
    before = office.journal()
    with pytest.raises(Conflict):
        office.ann.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "4"})
    assert before == office.journal()
    assert () == office.ann.invoices.conflicts(draft.id)


def test_on_conflict_is_raise_or_keep(office: Office) -> None:
    draft = office.draft()
    with pytest.raises(InvalidValue, match="neither 'raise' nor 'keep'"):
        office.ann.invoices.edit(
            draft.id,
            base=1,
            changes={"/owner": "x"},
            on_conflict="drop",  # type: ignore[arg-type]
        )


def test_a_unit_is_kept_whole(office: Office) -> None:
    """A price is one of a quantity: what ann meant was 400 for one, not 400 for ten."""
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/base_quantity": "10"})
    (found,) = kept(office.ann, draft.id, {"/lines/a/unit_price": "400"}).conflicts
    assert "/lines/a#price" == found.unit
    assert [("/lines/a/base_quantity", None, "10"), ("/lines/a/unit_price", "400", "450")] == [
        (each.path, each.mine, each.theirs) for each in found.changes
    ]
    line = office.bob.invoices.accept(found).document.line("a")
    assert (Decimal(400), None) == (line.unit_price, line.base_quantity)


def test_open_conflicts_are_listed_beside_what_stands_now(office: Office) -> None:
    found = one_conflict(office)
    assert (found,) == office.bob.invoices.conflicts(found.document)
    office.bob.invoices.edit(found.document, base=2, changes={"/lines/a/quantity": "7"})
    (now,) = office.cat.invoices.conflicts(found.document)
    assert ("4", "7", 3) == (now.mine, now.theirs, now.version)


def test_accepting_makes_the_change_after_all(office: Office) -> None:
    found = one_conflict(office)
    saved = office.bob.invoices.accept(found, reason="ann is right")
    assert (3, Decimal(4)) == (saved.document.version, saved.document.line("a").quantity)
    assert () == office.bob.invoices.conflicts(found.document)
    edit, decided = office.journal()[-2:]
    assert ("accept", "accept", "ann is right") == (edit.action, decided.action, edit.reason)
    assert [("/lines/a/quantity", "3", "4")] == [(c.path, c.before, c.after) for c in edit.changes]
    assert office.verify()


def test_accepting_what_changed_once_more_says_so(office: Office) -> None:
    """Whoever looks again at what stands there may accept it in its place."""
    found = one_conflict(office)
    office.cat.invoices.edit(found.document, base=2, changes={"/lines/a/quantity": "9"})
    for seen in (found, found.id):
        with pytest.raises(Conflict) as caught:
            office.bob.invoices.accept(seen)
        (overlap,) = caught.value.conflicts
        assert ("3", "4", "9") == (overlap.base, overlap.mine, overlap.theirs)
    (now,) = office.bob.invoices.conflicts(found.document)
    assert Decimal(4) == office.bob.invoices.accept(now).document.line("a").quantity


def test_accepting_leaves_what_others_changed_elsewhere(office: Office) -> None:
    found = one_conflict(office)
    office.cat.invoices.edit(found.document, base=2, changes={"/lines/b/quantity": "9"})
    saved = office.bob.invoices.accept(found.id)
    assert [Decimal(4), Decimal(9)] == [line.quantity for line in saved.document.lines]
    assert ("/lines/b/quantity",) == saved.merged


def test_accepting_what_stands_already_changes_no_document(office: Office) -> None:
    found = one_conflict(office)
    office.cat.invoices.edit(found.document, base=2, changes={"/lines/a/quantity": "4"})
    saved = office.bob.invoices.accept(found)
    assert 3 == saved.document.version
    assert () == office.ann.invoices.conflicts(found.document)
    assert office.verify()


def test_dismissing_changes_no_document(office: Office) -> None:
    found = one_conflict(office)
    done = office.bob.invoices.dismiss(found, reason="three it is")
    assert "discarded" == done.state
    assert (2, Decimal(3)) == (
        office.ann.invoices.get(found.document).version,
        quantity(office, found.document),
    )
    assert () == office.ann.invoices.conflicts(found.document)
    assert ("dismiss", "three it is") == (office.journal()[-1].action, office.journal()[-1].reason)
    assert office.verify()


def test_what_was_decided_is_decided(office: Office) -> None:
    found = one_conflict(office)
    office.bob.invoices.dismiss(found)
    for verb in (office.bob.invoices.accept, office.bob.invoices.dismiss):
        with pytest.raises(WrongState, match="was discarded before"):
            verb(found)


def test_a_kept_edit_may_be_sent_again(office: Office) -> None:
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "3"})
    wish = {"/lines/a/quantity": "4", "/due_date": "2026-12-31"}
    first = kept(office.ann, draft.id, wish, request_id="r")
    before = office.journal()
    again = kept(office.ann, draft.id, wish, request_id="r")
    assert (first.document, first.conflicts) == (again.document, again.conflicts)
    assert before == office.journal()
    with pytest.raises(KeyReused):
        kept(office.ann, draft.id, {"/owner": "x"}, request_id="r")


def test_an_edit_of_which_all_was_kept_may_be_sent_again(office: Office) -> None:
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "3", "/owner": "bob"})
    wish = {"/lines/a/quantity": "4", "/owner": "cat"}
    first = kept(office.ann, draft.id, wish, request_id="r")
    before = office.journal()
    assert 2 == len(first.conflicts)
    assert first.conflicts == kept(office.ann, draft.id, wish, request_id="r").conflicts
    assert before == office.journal()
    with pytest.raises(KeyReused):
        kept(office.ann, draft.id, {"/owner": "dan"}, request_id="r")
    for found in first.conflicts:
        office.bob.invoices.dismiss(found)
    before = office.journal()
    again = kept(office.ann, draft.id, wish, request_id="r")
    assert {"discarded"} == {found.state for found in again.conflicts}
    assert before == office.journal()


def test_the_same_edit_sent_twice_without_an_id_is_kept_once(office: Office) -> None:
    found = one_conflict(office)
    before = office.journal()
    assert (found,) == kept(office.ann, found.document, {"/lines/a/quantity": "4"}).conflicts
    assert before == office.journal()


def test_decisions_may_be_sent_again(office: Office) -> None:
    found = one_conflict(office)
    saved = office.bob.invoices.accept(found, request_id="r")
    before = office.journal()
    assert saved.document == office.bob.invoices.accept(found, request_id="r").document
    with pytest.raises(KeyReused):
        office.bob.invoices.dismiss(found, request_id="r")
    other = one_conflict(office)
    done = office.bob.invoices.dismiss(other, request_id="s")
    assert done == office.bob.invoices.dismiss(other, request_id="s")
    assert before == office.journal()[: len(before)]


def test_an_edit_of_a_deleted_line_brings_it_back_with_the_edit(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a": None})
    wish = {"/lines/a/quantity": "4", "/lines/a/unit_price": "500"}
    (found,) = kept(office.ann, draft.id, wish).conflicts
    assert ("/lines/a", None, "4") == (found.path, found.theirs, found.mine["quantity"])
    document = office.bob.invoices.accept(found).document
    assert ["Logo", "Hosting"] == [line.name for line in document.lines]
    assert (Decimal(4), Decimal(500)) == (
        document.line("a").quantity,
        document.line("a").unit_price,
    )


def test_an_edit_of_one_of_several_deleted_lines_brings_only_that_one_back(
    office: Office,
) -> None:
    """Also where no line is left: to accept one person's edit undoes nobody else's deletions."""
    draft = office.draft(lines=[LOGO, HOSTING])
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a": None, "/lines/b": None})
    (found,) = kept(office.ann, draft.id, {"/lines/a/quantity": "4"}).conflicts
    assert "/lines/a" == found.path
    assert ["Logo"] == [line.name for line in office.bob.invoices.accept(found).document.lines]


def test_a_group_that_was_taken_away_or_changed_is_kept_whole(office: Office) -> None:
    draft = office.ann.invoices.edit(
        office.draft().id, base=1, changes={"/terms": {"days": 30, "text": "30 days"}}
    ).document
    office.bob.invoices.edit(draft.id, base=2, changes={"/terms/days": 45})
    (found,) = kept(office.ann, draft.id, {"/terms": None}, base=2).conflicts
    assert [("/terms", None)] == [(each.path, each.mine) for each in found.changes]
    assert office.bob.invoices.accept(found).document.terms is None
    (found,) = kept(office.cat, draft.id, {"/terms/days": 10}, base=2).conflicts
    assert ("/terms", 10) == (found.path, found.mine["days"])
    terms: Any = office.bob.invoices.accept(found).document.terms
    assert (10, "30 days") == (terms.days, terms.text)


def test_a_file_that_was_taken_away_comes_back_with_the_edit(office: Office) -> None:
    draft = office.draft()
    saved = office.ann.invoices.attach(draft, b"hours", filename="h.csv", mime="text/csv").document
    path = f"/attachments/{saved.attachments[0].id}"
    office.bob.invoices.edit(draft.id, base=2, changes={path: None})
    (found,) = kept(office.ann, draft.id, {f"{path}/description": "Hours"}, base=2).conflicts
    (item,) = office.bob.invoices.accept(found).document.attachments
    assert "Hours" == item.description
    assert b"hours" == office.cat.invoices.attachment(draft.id, str(item.id))


def test_a_deletion_of_an_edited_line_is_kept(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "3"})
    saved = kept(office.ann, draft.id, {"/lines/a": None})
    assert Decimal(3) == saved.document.line("a").quantity
    (found,) = saved.conflicts
    assert ("/lines/a", None, "3") == (found.path, found.mine, found.theirs["quantity"])
    assert ["Hosting"] == [line.name for line in office.bob.invoices.accept(found).document.lines]


@pytest.mark.parametrize("on_conflict", ["raise", "keep"])
def test_in_an_issued_document_nothing_is_kept(office: Office, on_conflict: Any) -> None:
    issued = office.issued()
    before = office.journal()
    with pytest.raises(Frozen):
        office.ann.invoices.edit(
            issued.id, base=1, changes={"/due_date": "2027-12-31"}, on_conflict=on_conflict
        )
    assert before == office.journal()


def test_in_a_discarded_document_nothing_is_kept(office: Office) -> None:
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/owner": "bob"})
    office.bob.invoices.discard(draft.id)
    with pytest.raises(WrongState):
        kept(office.ann, draft.id, {"/owner": "cat"})


def test_conflicts_of_an_issued_document_stay_to_be_read(office: Office) -> None:
    found = one_conflict(office)
    bob = office.bob.invoices
    bob.issue(office.cat.invoices.approve(bob.submit(found.document)))
    (now,) = office.ann.invoices.conflicts(found.document)
    assert "4" == now.mine
    with pytest.raises(Frozen):
        bob.accept(now)
    with pytest.raises(Frozen):
        bob.accept(found)
    assert "discarded" == bob.dismiss(now).state
    assert office.verify()


def test_conflicts_of_a_discarded_document_stay_to_be_read(office: Office) -> None:
    found = one_conflict(office)
    office.bob.invoices.discard(found.document)
    (now,) = office.ann.invoices.conflicts(found.document)
    with pytest.raises(WrongState):
        office.bob.invoices.accept(now)


def test_whoever_may_not_edit_decides_nothing(office: Office) -> None:
    found = one_conflict(office)
    admin = office.as_("adm", "admin").invoices
    assert (found,) == admin.conflicts(found.document)
    for verb in (admin.accept, admin.dismiss):
        with pytest.raises(Denied):
            verb(found)


def test_whoever_may_not_read_finds_nothing(office: Office) -> None:
    found = one_conflict(office)
    eve = office.as_("eve", "sales", teams={"print"}).invoices
    with pytest.raises(NotFound):
        eve.conflicts(found.document)
    for verb in (eve.accept, eve.dismiss):
        with pytest.raises(NotFound):
            verb(found)
        with pytest.raises(NotFound):
            verb("nothing")
        with pytest.raises(NotFound):
            verb("a/b")
        with pytest.raises(InvalidValue, match="conflicts\\(\\) gave"):
            verb(7)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        office.bob.credit_notes.accept(found)


def test_another_tenants_conflicts_are_not_found(office: Office) -> None:
    found, other = one_conflict(office), Office(office.storage)
    before = office.journal(), other.journal()
    for verb in (other.bob.invoices.accept, other.bob.invoices.dismiss):
        for conflict in (found, found.id):
            with pytest.raises(NotFound, match="no conflict"):
                verb(conflict)
    assert before == (office.journal(), other.journal())


def test_whoever_may_not_edit_keeps_nothing(office: Office) -> None:
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/owner": "bob"})
    with pytest.raises(Denied):
        kept(office.as_("adm", "admin"), draft.id, {"/owner": "cat"})


def test_what_would_be_invalid_is_refused_whole(office: Office) -> None:
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "3"})
    before = office.journal()
    with pytest.raises((InvalidInput, InvalidValue)):
        kept(office.ann, draft.id, {"/lines/a/quantity": "many", "/due_date": "2026-12-31"})
    assert before == office.journal()


def test_a_result_that_is_wrong_although_each_edit_was_right_is_refused_whole(
    office: Office,
) -> None:
    """So many pieces, and so high a price, and no column that holds the product."""
    draft = office.draft()
    many = "1000000000000"
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": many, "/owner": "bob"})
    before = office.journal()
    with pytest.raises((InvalidInput, InvalidValue), match="cannot be stored"):
        kept(office.ann, draft.id, {"/lines/a/unit_price": many, "/owner": "cat"})
    assert before == office.journal()


def test_the_history_tells_what_was_kept_accepted_and_dismissed(office: Office) -> None:
    found = one_conflict(office)
    office.bob.invoices.accept(found)
    kept(office.cat, found.document, {"/lines/a/quantity": "8"}, base=1)
    (other,) = office.bob.invoices.conflicts(found.document)
    office.bob.invoices.dismiss(other)
    told = office.ann.invoices.history(found.document)
    assert ["draft", "edit", "keep", "accept", "accept", "keep", "dismiss"] == [
        event.action for event in told
    ]
    assert "ann: kept for a decision\n    line 'Logo': quantity 3 stands, not 4" in str(told)
