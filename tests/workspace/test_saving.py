"""Saving values: differences merge, overlaps raise, and nobody's edit is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from multibill.documents import Invoice, Line, Terms
from multibill.errors import (
    Conflict,
    Denied,
    Frozen,
    InvalidInput,
    InvalidValue,
    NotFound,
    Stale,
    WrongState,
)
from multibill.storage.memory import MemoryStorage
from multibill.testing import studio
from tests.workspace.agency import Agency


def both(agency: Agency) -> tuple[Invoice, Invoice]:
    """One draft as ann and as bob loaded it."""
    draft = agency.draft()
    return agency("ann").invoices.get(draft.id), agency("bob").invoices.get(draft.id)


def test_two_people_on_one_draft_both_edits_stand(agency: Agency) -> None:
    mine, yours = both(agency)
    first = agency("ann").invoices.save(mine.evolve(due_date=date(2026, 12, 31)))
    second = agency("bob").invoices.save(yours.with_line("a", quantity=4))
    assert (2, ()) == (first.document.version, first.merged)
    assert (3, ("/due_date",), ()) == (second.document.version, second.merged, second.conflicts)
    assert date(2026, 12, 31) == second.document.due_date
    assert 4 == second.document.line("a").quantity
    assert second.document == agency("ann").invoices.get(mine.id)
    assert [None, 1] == [entry.base for entry in agency.journal() if entry.action == "edit"]
    assert agency.verified()


def test_the_same_thing_changed_by_two_raises_and_applies_nothing(agency: Agency) -> None:
    mine, yours = both(agency)
    agency("ann").invoices.save(mine.with_line("a", quantity=4))
    before = agency.journal()
    with pytest.raises(Conflict, match="/lines/a/quantity; load it again") as caught:
        agency("bob").invoices.save(yours.with_line("a", quantity=5).evolve(buyer_reference="PO-1"))
    (overlap,) = caught.value.conflicts
    assert ("/lines/a/quantity", "3", "5", "4") == (
        overlap.path,
        overlap.base,
        overlap.mine,
        overlap.theirs,
    )
    assert before == agency.journal()


def test_the_same_change_made_twice_is_made_once(agency: Agency) -> None:
    mine, yours = both(agency)
    agency("ann").invoices.save(mine.with_line("a", quantity=4))
    saved = agency("bob").invoices.save(yours.with_line("a", quantity="4.00"))
    assert (2, ("/lines/a/quantity",)) == (saved.document.version, saved.merged)


def test_what_only_makes_sense_together_conflicts(agency: Agency) -> None:
    """Price and base quantity are one unit; so are due date and terms, also where the terms came as a whole."""
    mine, yours = both(agency)
    agency("ann").invoices.save(mine.with_line("a", unit_price="500"))
    with pytest.raises(Conflict, match="/lines/a/base_quantity"):
        agency("bob").invoices.save(yours.with_line("a", base_quantity=2))
    agency("root", "admin").sellers.save(studio(terms=None))
    mine, yours = both(agency)
    assert mine.terms is None
    agency("ann").invoices.save(mine.evolve(terms=Terms(days=10)))
    with pytest.raises(Conflict, match="/due_date"):
        agency("bob").invoices.save(yours.evolve(due_date=date(2027, 1, 1)))


def test_an_edit_in_a_line_that_was_deleted_conflicts(agency: Agency) -> None:
    mine, yours = both(agency)
    agency("ann").invoices.save(mine.without_line("b"))
    with pytest.raises(Conflict, match="/lines/b/quantity"):
        agency("bob").invoices.save(yours.with_line("b", quantity=2))
    with pytest.raises(Conflict, match="/lines/b/name"):
        agency("bob").invoices.save(yours.with_line("b", name="Hosting, a year"))


def test_lines_added_by_two_people_both_stand_and_can_be_moved_apart(agency: Agency) -> None:
    """Neither saw the other, so both lines got the same place; a move between them still works."""
    mine, yours = both(agency)
    new: dict[str, Any] = {"name": "New", "unit_price": "1", "vat": "20"}
    agency("ann").invoices.save(mine.with_line(Line(id="m", **new)))
    saved = agency("bob").invoices.save(yours.with_line(Line(id="n", **new))).document
    assert ["a", "b", "c", "m", "n"] == [line.id for line in saved.lines]
    assert saved.line("m").order == saved.line("n").order
    moved = agency("bob").invoices.edit(saved.id, base=3, changes={"/lines/a/after": "m"}).document
    assert ["b", "c", "m", "a", "n"] == [line.id for line in moved.lines]


def test_saving_without_a_change_writes_nothing(agency: Agency) -> None:
    draft = agency.draft()
    before = agency.journal()
    saved = agency("bob").invoices.save(draft)
    assert (draft, (), ()) == (saved.document, saved.merged, saved.conflicts)
    assert before == agency.journal()


def test_figures_and_facts_in_a_value_are_not_what_is_saved(agency: Agency) -> None:
    """Totals follow from the lines; phase and state are the verbs'."""
    draft = agency.draft()
    before = agency.journal()
    agency("ann").invoices.save(draft.evolve(state="approved", phase="issued"))
    assert before == agency.journal()
    assert "draft" == agency("ann").invoices.get(draft.id).phase


@pytest.mark.parametrize("field", ["number", "seller_ref", "buyer_ref", "key", "base_currency"])
def test_what_only_verbs_set_is_refused_in_a_value_too(agency: Agency, field: str) -> None:
    draft = agency.draft()
    with pytest.raises(InvalidValue, match="only a verb sets this") as caught:
        agency("ann").invoices.save(draft.evolve(**{field: "USD"}))
    assert f"/{field}" == caught.value.path


def test_moved_lines_in_a_value_are_saved_in_their_new_order(agency: Agency) -> None:
    draft = agency.draft()
    a, b, c = draft.lines
    saved = agency("ann").invoices.save(draft.evolve(lines=(c, a, b))).document
    assert ["c", "a", "b"] == [line.id for line in saved.lines]
    (edit,) = (entry for entry in agency.journal() if entry.action == "edit")
    assert ["/lines/c/order"] == [change.path for change in edit.changes]


def test_a_version_that_does_not_exist_is_stale(agency: Agency) -> None:
    draft = agency.draft()
    for version in (0, 2, 99, -1):
        with pytest.raises(Stale, match="exist") as caught:
            agency("ann").invoices.save(draft.evolve(version=version, buyer_reference="x"))
        assert 1 == caught.value.current


def test_who_may_read_but_not_edit_is_denied(agency: Agency) -> None:
    draft = agency.draft()
    with pytest.raises(Denied, match="may not edit") as caught:
        agency("root", "admin").invoices.save(draft.evolve(buyer_reference="x"))
    assert not caught.value.decision
    with pytest.raises(NotFound):
        agency("eve", "viewer").invoices.save(draft.evolve(buyer_reference="x"))


def test_nobody_edits_a_document_into_what_they_may_not_edit(agency: Agency) -> None:
    """The rules are asked about the document as it was and as it would be: sales keep it in their teams."""
    draft = agency("sam", "sales").invoices.draft(seller="studio", buyer="acme", owner="ann")
    with pytest.raises(Denied):
        agency("sam", "sales").invoices.save(draft.evolve(team="print"))
    assert "web" == agency("ann").invoices.get(draft.id).team


def test_issued_content_is_frozen_and_the_envelope_is_open(agency: Agency) -> None:
    issued = agency.standing("issued")
    with pytest.raises(Frozen, match="correct it by a new document") as caught:
        agency("bob").invoices.save(issued.with_line("a", quantity=1))
    assert caught.value.path is not None
    assert caught.value.path.startswith("/lines/a/quantity")
    saved = agency("bob").invoices.save(issued.evolve(tags={"paid"}, assignee="zoe")).document
    assert {"paid"} == saved.tags
    assert ("zoe", "issued") == (saved.assignee, saved.phase)
    with pytest.raises(Denied, match="annotate"):
        agency("root", "admin").invoices.save(saved.evolve(tags=set()))


def test_a_discarded_draft_is_not_edited(agency: Agency) -> None:
    gone = agency.standing("discarded")
    with pytest.raises(WrongState, match=r"edit is not possible now \(phase discarded"):
        agency("ann").invoices.save(gone.evolve(buyer_reference="x"))


def test_a_custom_value_that_cannot_be_is_refused_with_its_path(agency: Agency) -> None:
    draft = agency.draft()
    for name, value in {"nope": 1, "own_day": "soon", "law_yes": 1}.items():
        with pytest.raises((InvalidValue, InvalidInput)) as caught:
            agency("ann").invoices.save(draft.evolve(custom={name: value}))
        assert f"/custom/{name}" == caught.value.path


EDITS: dict[str, list[Any]] = {
    "/due_date": ["2026-12-31", "2027-01-31", None],
    "/buyer_reference": ["PO-1", "PO-2", None],
    "/lines/a/quantity": ["1", "2"],
    "/lines/b/name": ["Site", "Hosting"],
    "/lines/c": [None],
    "/lines/n": [{"name": "New", "unit_price": "5", "vat": "10"}],
    "/tags/urgent": [True],
    "/buyer/address/city": ["Paris", "Lyon"],
    "/custom/law_text": ["C-1", "C-2"],
    "/custom/own_text": ["P7"],
}
edits = st.lists(st.sampled_from(sorted(EDITS)), max_size=4, unique=True).flatmap(
    lambda paths: st.fixed_dictionaries({path: st.sampled_from(EDITS[path]) for path in paths})
)


@settings(max_examples=25)
@given(mine=edits, yours=edits)
def test_invariant_07_disjoint_edits_commute_and_each_edit_ends_as_one_thing(
    mine: dict[str, object], yours: dict[str, object]
) -> None:
    """Two edits on one base, in both orders: the same content when disjoint; a conflict in both or in neither."""
    agency = Agency(MemoryStorage())
    one, other = agency.draft(), agency.draft()
    endings = []
    for draft, edits in ((one, (mine, yours)), (other, (yours, mine))):
        verbs = agency("ann").invoices
        verbs.edit(draft.id, base=1, changes=edits[0])
        before = verbs.get(draft.id)
        try:
            saved = verbs.edit(draft.id, base=1, changes=edits[1])
        except Conflict:
            assert before == verbs.get(draft.id)
            endings.append("conflict")
        else:
            assert saved.document == verbs.get(draft.id)
            assert saved.document.version in (before.version, before.version + 1)
            (row,) = (row for row in agency.rows("record") if row["id"] == draft.id)
            endings.append(row["content"] | {"tags": row["envelope"].get("tags")})
    assert endings[0] == endings[1]
    if not set(mine) & set(yours):
        assert "conflict" != endings[0]
