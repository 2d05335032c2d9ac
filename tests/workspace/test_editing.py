"""Wire changes on a base version: the grammar of ``edit``, what it refuses, and how it merges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from multibill.documents import Terms
from multibill.errors import (
    Conflict,
    Denied,
    InvalidInput,
    InvalidValue,
    KeyReused,
    NotFound,
    Stale,
    WrongState,
)
from multibill.records import Custom
from tests.office import HOSTING, LOGO, Office

NEW = {"name": "Photos", "quantity": "2", "unit_price": "75.50", "vat": "20"}


def edited(office: Office, id: str, changes: dict[str, Any], base: int = 1) -> Any:
    """The document after an edit by ann."""
    return office.ann.invoices.edit(id, base=base, changes=changes).document


def names(document: Any) -> list[str]:
    return [line.name for line in document.lines]


def test_a_value_is_set_in_wire_form(office: Office) -> None:
    draft = office.draft()
    after = edited(
        office, draft.id, {"/due_date": "2026-12-31", "/lines/a/quantity": "4.50", "/owner": "bob"}
    )
    assert (date(2026, 12, 31), Decimal("4.5"), "bob") == (
        after.due_date,
        after.line("a").quantity,
        after.owner,
    )
    assert 2 == after.version
    assert after == office.ann.invoices.get(draft.id)


def test_a_value_is_taken_away_with_none(office: Office) -> None:
    draft = office.draft(due_date=date(2026, 12, 31), buyer_reference="PO-7")
    after = edited(office, draft.id, {"/due_date": None, "/buyer_reference": None})
    assert (None, None) == (after.due_date, after.buyer_reference)


def test_what_is_needed_cannot_be_taken_away(office: Office) -> None:
    draft = office.draft()
    before = office.journal()
    with pytest.raises((InvalidInput, InvalidValue)) as caught:
        edited(office, draft.id, {"/lines/a/name": None})
    assert "/lines/a/name" in str(caught.value)
    assert before == office.journal()


def test_a_value_inside_a_group_is_set(office: Office) -> None:
    draft = office.draft()
    after = edited(office, draft.id, {"/buyer/address/city": "Villeurbanne", "/terms/days": 45})
    assert after.buyer.address is not None
    assert ("Villeurbanne", 45) == (after.buyer.address.city, after.terms.days)


def test_a_whole_group_is_set_or_taken_away(office: Office) -> None:
    draft = office.draft()
    after = edited(office, draft.id, {"/terms": {"days": 10}, "/period": {"start": "2026-11-01"}})
    assert Terms(days=10) == after.terms
    assert date(2026, 11, 1) == after.period.start
    assert edited(office, draft.id, {"/terms": None, "/period": None}, base=2).terms is None


def test_a_line_is_added_at_the_end(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    after = edited(office, draft.id, {"/lines/new": NEW})
    assert ["Logo", "Hosting", "Photos"] == names(after)
    assert Decimal("75.5") == after.line("new").unit_price


def test_several_lines_are_added_in_the_order_they_come_in(office: Office) -> None:
    draft = office.draft()
    changes = {f"/lines/{id}": {**NEW, "name": id} for id in ("z9", "m5", "a1")}
    assert ["Logo", "z9", "m5", "a1"] == names(edited(office, draft.id, changes))


def test_a_line_is_deleted(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    assert ["Hosting"] == names(edited(office, draft.id, {"/lines/a": None}))


def test_the_last_line_may_be_deleted(office: Office) -> None:
    draft = office.draft()
    after = edited(office, draft.id, {"/lines/a": None})
    assert ((), Decimal(0)) == (after.lines, after.totals.payable.amount)


def test_deleting_what_is_not_there_changes_nothing(office: Office) -> None:
    draft = office.draft()
    before = office.journal()
    saved = office.ann.invoices.edit(draft.id, base=1, changes={"/lines/gone": None})
    assert 1 == saved.document.version
    assert before == office.journal()


def test_a_line_is_replaced_and_keeps_its_place(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    after = edited(office, draft.id, {"/lines/a": NEW})
    assert ["Photos", "Hosting"] == names(after)
    assert "C62" == after.line("a").unit


@pytest.mark.parametrize(
    ("line", "after", "expected"),
    [
        ("c", None, "cab"),
        ("c", "a", "acb"),
        ("a", "c", "bca"),
        ("a", "b", "bac"),
        ("b", "a", "abc"),
        ("a", None, "abc"),
    ],
)
def test_a_line_moves_after_another_or_first(
    office: Office, line: str, after: str | None, expected: str
) -> None:
    lines = {f"/lines/{id}": {**NEW, "name": id} for id in "abc"}
    draft = edited(office, office.draft(lines=[]).id, lines)
    moved = edited(office, draft.id, {f"/lines/{line}/after": after}, base=2)
    assert expected == "".join(names(moved))


def test_a_move_touches_one_line(office: Office) -> None:
    draft = edited(
        office, office.draft(lines=[]).id, {f"/lines/{id}": {**NEW, "name": id} for id in "abcde"}
    )
    edited(office, draft.id, {"/lines/e/after": "a"}, base=2)
    assert ["/lines/e/order"] == [change.path for change in office.journal()[-1].changes]


def test_a_line_is_added_and_moved_in_one_edit(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    after = edited(office, draft.id, {"/lines/new/after": "a", "/lines/new": NEW})
    assert ["Logo", "Photos", "Hosting"] == names(after)


@pytest.mark.parametrize(
    ("line", "after"), [("a", "a"), ("a", "nowhere"), ("nowhere", "a"), ("a", 7)]
)
def test_a_move_to_nowhere_is_refused(office: Office, line: str, after: Any) -> None:
    draft = office.draft()
    with pytest.raises(InvalidValue, match="a line moves after another line") as caught:
        edited(office, draft.id, {f"/lines/{line}/after": after})
    assert f"/lines/{line}/after" == caught.value.path


def test_tags_and_notes_come_and_go(office: Office) -> None:
    draft = office.draft(tags={"old"})
    after = edited(
        office,
        draft.id,
        {"/tags/à relancer": True, "/tags/old": None, "/notes/n": {"text": "Thanks"}},
    )
    assert frozenset({"à relancer"}) == after.tags
    assert ["Thanks"] == [note.text for note in after.notes]
    assert () == edited(office, draft.id, {"/notes/n": None}, base=2).notes


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/due_dat", "due_date"),
        ("/lines/a/quantty", "quantity"),
        ("/buyer/adress/city", None),
        ("/buyer/address/citi", "city"),
        ("/lines/a/name/first", None),
        ("/nothing", None),
        ("/", None),
        ("/lines//name", None),
    ],
)
def test_a_path_that_does_not_exist_is_refused_with_the_nearest(
    office: Office, path: str, hint: str | None
) -> None:
    draft = office.draft()
    before = office.journal()
    with pytest.raises(InvalidValue) as caught:
        edited(office, draft.id, {path: "x"})
    assert path == caught.value.path
    assert hint is None or f"did you mean '{hint}'?" in caught.value.message
    assert before == office.journal()


@pytest.mark.parametrize("path", ["due_date", "", "lines/a/quantity"])
def test_a_path_without_a_slash_is_refused(office: Office, path: str) -> None:
    with pytest.raises(InvalidValue, match="slash"):
        edited(office, office.draft().id, {path: "x"})


@pytest.mark.parametrize(
    "path",
    [
        "/id", "/version", "/phase", "/state", "/hidden", "/number", "/issue_date", "/seller_ref",
        "/buyer_ref", "/key", "/base_currency", "/seller", "/seller/name", "/totals", "/totals/payable", "/mentions",
        "/mentions/x", "/brand", "/vat_adjustments/S-20",
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["x", None])
def test_what_is_computed_or_set_by_verbs_only_is_refused(
    office: Office, path: str, value: Any
) -> None:
    draft = office.draft()
    with pytest.raises(InvalidValue, match="only a verb sets this") as caught:
        edited(office, draft.id, {path: value})
    assert path == caught.value.path


@pytest.mark.parametrize("path", ["/lines", "/notes", "/tags", "/custom"])
def test_a_whole_collection_is_refused(office: Office, path: str) -> None:
    """Name each item, so that two people's items never replace each other."""
    with pytest.raises(InvalidValue) as caught:
        edited(office, office.draft().id, {path: {}})
    assert path == caught.value.path


@pytest.mark.parametrize("path", ["/lines/b/quantity", "/notes/n/text"])
def test_a_part_of_an_item_that_is_not_there_is_refused(office: Office, path: str) -> None:
    with pytest.raises(InvalidValue, match="no item") as caught:
        edited(office, office.draft().id, {path: "1"})
    assert path == caught.value.path


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"/due_date": "soon"}, {"/due_date"}),
        ({"/lines/a/quantity": "many"}, {"/lines/a/quantity"}),
        ({"/lines/a/quantity": 1.5}, {"/lines/a/quantity"}),
        ({"/lines/n": {"name": "x"}}, {"/lines/n/unit_price", "/lines/n/vat"}),
        ({"/lines/n": {**NEW, "colour": "red"}}, {"/lines/n/colour"}),
        ({"/currency": "EURO", "/terms/days": "30"}, {"/currency", "/terms/days"}),
        ({"/lines/a/unit": "", "/owner": 7}, {"/lines/a/unit", "/owner"}),
        ({"/buyer/address/country": "France"}, {"/buyer/address/country"}),
        ({"/owner": "a/b"}, {"/owner"}),
        ({"/tags/x": "yes"}, {"/tags"}),
    ],
)  # fmt: skip
def test_every_value_that_is_not_one_is_named(
    office: Office, changes: dict[str, Any], paths: set[str]
) -> None:
    """All problems of one edit together, and nothing of it applied."""
    draft = office.draft()
    before = office.journal()
    with pytest.raises((InvalidInput, InvalidValue)) as caught:
        edited(office, draft.id, changes)
    error = caught.value
    problems = error.problems if isinstance(error, InvalidInput) else (error,)
    assert paths == {problem.path for problem in problems}
    assert before == office.journal()


def test_a_line_keeps_its_id(office: Office) -> None:
    with pytest.raises(InvalidValue, match="keeps its id"):
        edited(office, office.draft().id, {"/lines/a": {**NEW, "id": "b"}})


def test_the_same_value_written_otherwise_changes_nothing(office: Office) -> None:
    draft = office.draft()
    before = office.journal()
    after = edited(
        office,
        draft.id,
        {"/lines/a/quantity": "2.00", "/lines/a/unit_price": "450.0", "/owner": "ann"},
    )
    assert 1 == after.version
    assert before == office.journal()


def test_an_edit_is_journaled_as_the_paths_it_changed(office: Office) -> None:
    draft = office.draft()
    edited(office, draft.id, {"/lines/a/quantity": "3", "/owner": "bob", "/due_date": "2026-12-01"})
    changes = {
        change.path: (change.before, change.after) for change in office.journal()[-1].changes
    }
    expected = {
        "/lines/a/quantity": ("2", "3"),
        "/owner": ("ann", "bob"),
        "/due_date": (None, "2026-12-01"),
    }
    assert expected == changes


def test_edits_of_different_things_merge(office: Office) -> None:
    """Both were made on version 1; the second names what others had changed."""
    draft = office.draft(lines=[LOGO, HOSTING])
    office.bob.invoices.edit(
        draft.id, base=1, changes={"/lines/a/quantity": "3", "/due_date": "2026-12-31"}
    )
    saved = office.ann.invoices.edit(draft.id, base=1, changes={"/lines/b/quantity": "5"})
    assert (3, Decimal(3), Decimal(5)) == (
        saved.document.version,
        saved.document.line("a").quantity,
        saved.document.line("b").quantity,
    )
    assert ("/due_date", "/lines/a/quantity") == saved.merged
    assert () == saved.conflicts
    assert 1 == office.journal()[-1].base


@pytest.mark.parametrize(
    ("theirs", "mine", "path"),
    [
        ({"/lines/a/quantity": "3"}, {"/lines/a/quantity": "4"}, "/lines/a/quantity"),
        ({"/lines/a": None}, {"/lines/a/quantity": "4"}, "/lines/a/quantity"),
        ({"/lines/a/quantity": "4"}, {"/lines/a": None}, "/lines/a"),
        (
            {"/lines/a/unit_price": "400"},
            {"/lines/a/base_quantity": "10"},
            "/lines/a/base_quantity",
        ),
        ({"/due_date": "2026-12-31"}, {"/terms/days": 45}, "/terms/days"),
        ({"/terms": None}, {"/due_date": "2026-12-31"}, "/due_date"),
        ({"/lines/n": NEW}, {"/lines/n": {**NEW, "quantity": "3"}}, "/lines/n"),
        ({"/owner": "bob"}, {"/owner": "cat"}, "/owner"),
        (
            {"/lines/b/after": None},
            {"/lines/b/after": None, "/lines/b/quantity": "9", "/owner": "x"},
            None,
        ),
    ],
)
def test_edits_of_one_thing_meet(
    office: Office, theirs: dict, mine: dict, path: str | None
) -> None:
    """One merge unit changed in two ways is a conflict, and nothing is applied; twice the same is none."""
    draft = office.draft(lines=[LOGO, HOSTING])
    office.bob.invoices.edit(draft.id, base=1, changes=theirs)
    before = office.journal()
    if path is None:
        assert Decimal(9) == edited(office, draft.id, mine).line("b").quantity
        return
    with pytest.raises(Conflict) as caught:
        edited(office, draft.id, mine)
    assert path in {overlap.path for overlap in caught.value.conflicts}
    assert path in str(caught.value)
    assert before == office.journal()


def test_a_conflict_tells_base_mine_and_theirs(office: Office) -> None:
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "3"})
    with pytest.raises(Conflict) as caught:
        edited(office, draft.id, {"/lines/a/quantity": "4"})
    (overlap,) = caught.value.conflicts
    assert ("2", "4", "3") == (overlap.base, overlap.mine, overlap.theirs)


def test_one_overlap_keeps_the_rest_back_too(office: Office) -> None:
    draft = office.draft()
    office.bob.invoices.edit(draft.id, base=1, changes={"/owner": "bob"})
    with pytest.raises(Conflict):
        edited(office, draft.id, {"/owner": "cat", "/due_date": "2026-12-31"})
    assert office.ann.invoices.get(draft.id).due_date is None


@pytest.mark.parametrize("base", [0, 2, -1, 99])
def test_a_version_that_does_not_exist_is_stale(office: Office, base: int) -> None:
    with pytest.raises(Stale) as caught:
        edited(office, office.draft().id, {"/owner": "bob"}, base=base)
    assert 1 == caught.value.current


@pytest.mark.parametrize("base", ["1", None, 1.0, True])
def test_a_base_that_is_no_version_is_refused(office: Office, base: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        edited(office, office.draft().id, {"/owner": "bob"}, base=base)
    assert "/base" == caught.value.path


def test_what_cannot_be_read_is_not_found(office: Office) -> None:
    draft = office.draft(team="web")
    for who in (office.as_("eve", "sales", teams={"print"}), office.as_("vic", "viewer")):
        with pytest.raises(NotFound):
            who.invoices.edit(draft.id, base=1, changes={"/owner": "eve"})
    with pytest.raises(NotFound):
        edited(office, "nothing", {"/owner": "eve"})


def test_who_may_read_but_not_edit_is_denied(office: Office) -> None:
    draft = office.draft()
    with pytest.raises(Denied, match="may not edit invoice") as caught:
        office.as_("adm", "admin").invoices.edit(draft.id, base=1, changes={"/owner": "eve"})
    assert caught.value.decision is not None


def test_an_edit_out_of_the_actors_reach_is_denied(office: Office) -> None:
    """Rights hold before and after: nobody moves a document where they may not edit it."""
    draft = office.draft(team="web", owner="ann")
    eve = office.as_("eve", "sales", teams={"web"})
    with pytest.raises(Denied):
        eve.invoices.edit(draft.id, base=1, changes={"/team": "print"})
    assert "eve" == eve.invoices.edit(draft.id, base=1, changes={"/owner": "eve"}).document.owner


def test_a_discarded_draft_is_not_edited(office: Office) -> None:
    draft = office.ann.invoices.discard(office.draft())
    with pytest.raises(WrongState, match="edit is not possible now"):
        edited(office, draft.id, {"/owner": "bob"}, base=2)


def test_the_same_request_id_for_another_edit_is_refused(office: Office) -> None:
    draft = office.draft()
    office.ann.invoices.edit(draft.id, base=1, changes={"/owner": "bob"}, request_id="r")
    with pytest.raises(KeyReused, match="'r'"):
        office.ann.invoices.edit(draft.id, base=1, changes={"/owner": "cat"}, request_id="r")


def test_an_unknown_custom_field_is_refused(open_office: Callable[..., Office]) -> None:
    office = open_office(fields=[Custom("project", str, kind="invoice")])
    draft = office.draft()
    with pytest.raises(InvalidValue, match="did you mean 'project'") as caught:
        edited(office, draft.id, {"/custom/projekt": "P7"})
    assert "/custom/projekt" == caught.value.path


def test_an_edit_takes_the_document_its_row_or_its_id(office: Office) -> None:
    draft = office.draft()
    (row,) = office.ann.invoices.list()
    named: Any
    for place, named in enumerate((draft, row, draft.id)):
        found = office.ann.invoices.edit(
            named, base=place + 1, changes={"/buyer_reference": f"{place}"}
        )
        assert f"{place}" == found.document.buyer_reference
    with pytest.raises(InvalidValue, match="its row in a list or its id"):
        office.ann.invoices.edit(7, base=1, changes={})  # type: ignore[arg-type]
