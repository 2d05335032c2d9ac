"""Lists: filters, order, pages that lose and repeat nothing, marks, counting, and cursors that somebody made up."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.errors import InvalidDefinition, InvalidValue
from multibill.money import Money
from multibill.query import Me
from multibill.query.doc import DOCUMENT_FIELDS, Doc
from multibill.storage.memory import MemoryStorage
from multibill.workspace import Page
from tests.workspace.agency import LINES, STATES, Agency

ORDERS = [
    "-id",
    "id",
    "",
    "number",
    "-issue_date,number",
    "payable",
    "-value",
    "state,-payable",
    "due_date",
    "phase,team",
]


def whole(agency: Agency, order: str, limit: int, *conditions: Any) -> list[Any]:
    """All rows, page after page."""
    rows: list[Any] = []
    after: str | None = None
    for _ in range(20):
        page = agency("bob").invoices.list(*conditions, order=order, limit=limit, after=after)
        rows += page
        after = page.next
        if after is None:
            return rows
        assert limit == len(page)
    raise AssertionError("the pages of this list have no end")


@pytest.mark.parametrize("order", ORDERS)
def test_pages_of_any_size_hold_every_row_once_and_in_order(agency: Agency, order: str) -> None:
    """Ties, unknown dates and amounts in other currencies among them."""
    for n, state in enumerate(STATES):
        agency.standing(
            state, due_date=None if n % 2 else "2026-12-31", currency="USD" if n == 2 else "EUR"
        )
    ids = [row.id for row in whole(agency, order, 100)]
    assert len(STATES) == len(set(ids))
    for limit in (1, 2, 5, 6):
        assert ids == [row.id for row in whole(agency, order, limit)]
    assert len(STATES) == agency("bob").invoices.list(limit=1).count()


CUSTOM: dict[str, list[Any]] = {
    "own_text": ["B", None, "a", "B", "é"],
    "own_whole": [10, 9, None, -1, 10],
    "own_yes": [True, False, None, True, False],
    "own_day": [date(2026, 12, 24), None, date(999, 1, 1), date(2026, 12, 24), date(2027, 1, 1)],
}


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("name", sorted(CUSTOM))
def test_indexed_fields_of_the_host_order_a_list_too(agency: Agency, name: str, sign: str) -> None:
    """What has no value comes first; equal values are in the order of ids."""
    for value in CUSTOM[name]:
        agency.draft(custom={name: value})
    rows = whole(agency, f"{sign}custom.{name}", 100)
    found = [row[f"custom.{name}"] for row in rows]
    known = [value for value in found if value is not None]
    assert sorted(known, reverse=bool(sign)) == known
    assert found.index(None) == (len(known) if sign else 0)
    for limit in (1, 2, 3):
        assert [row.id for row in rows] == [
            row.id for row in whole(agency, f"{sign}custom.{name}", limit)
        ]


def test_a_row_is_the_summary_of_its_document(agency: Agency) -> None:
    issued = agency.standing("issued")
    (row,) = agency("bob").invoices.list(Doc.phase == "issued")
    assert (issued.id, issued.number, issued.version, "issued") == (
        row.id,
        row.number,
        row.version,
        row.state,
    )
    assert (Money("1742.40", "EUR"), Money("1742.40", "EUR"), "Acme SAS") == (
        row.payable,
        row.value,
        row["buyer.name"],
    )
    assert date(2026, 11, 30) == row.issue_date
    assert "<F2026-00001 issued 1742.40 EUR>" == repr(row)
    assert {*DOCUMENT_FIELDS, "version"} <= row.values.keys()
    with pytest.raises(AttributeError):
        row.nothing  # noqa: B018 - the access is the test
    with pytest.raises(KeyError):
        row["nothing"]


def test_a_page_is_a_sequence(agency: Agency) -> None:
    drafts = [agency.draft() for _ in range(3)]
    page: Page = agency("bob").invoices.list(limit=2)
    assert [drafts[2].id, drafts[1].id] == [row.id for row in page] == [page[0].id, page[1].id]
    assert (2, 3, page[1]) == (len(page), page.count(), page[-1])
    assert page.next is not None
    last = agency("bob").invoices.list(limit=2, after=page.next)
    assert ([drafts[0].id], None) == ([row.id for row in last], last.next)


FILTERS: list[tuple[Any, list[str]]] = [
    (Doc.state == "submitted", ["submitted"]),
    (Doc.phase == "draft", ["draft", "submitted", "approved", "refused"]),
    (Doc.number.not_null(), ["issued"]),
    (Doc.state.in_(["draft", "issued"]), ["draft", "issued"]),
    (~(Doc.phase == "draft"), ["discarded", "issued"]),
    (Doc.value > Money("5000", "EUR"), []),
    (Doc.value > Money("1", "USD"), []),
    (Doc.owner == Me.id, []),
    (Doc.issue_date <= date(2026, 11, 30), ["issued"]),
    ((Doc.buyer.name == "Acme SAS") & (Doc.state == "draft"), ["draft"]),
]


@pytest.mark.parametrize("case", range(len(FILTERS)))
def test_a_list_holds_what_definitely_meets_its_conditions(agency: Agency, case: int) -> None:
    condition, states = FILTERS[case]
    for state in STATES:
        agency.standing(state)
    page = agency("bob").invoices.list(condition)
    assert sorted(states) == sorted(row.state for row in page)
    assert len(states) == page.count()


def test_conditions_are_all_of_them_and_of_one_kind(agency: Agency) -> None:
    agency.draft()
    assert 1 == len(agency("bob").invoices.list(Doc.state == "draft", Doc.team == "web"))
    assert 0 == len(agency("bob").invoices.list(Doc.state == "draft", Doc.team == "print"))
    assert 0 == len(agency("bob").invoices.list(Doc.kind == "credit_note"))


def test_a_list_shows_only_what_the_actor_may_read(agency: Agency) -> None:
    for team in ("web", "print"):
        agency.draft(team=team, owner="ann")
    agency.standing("issued", team="print")

    def seen(name: str, role: str, *teams: str) -> list[tuple[str, str]]:
        page = agency(name, role, teams=teams).invoices.list(order="team,state")
        assert len(page) == page.count()
        return [(row.team, row.state) for row in page]

    assert [("web", "draft")] == seen("sam", "sales", "web")
    assert [("print", "draft"), ("print", "issued")] == seen("sam", "sales", "print")
    assert [] == seen("sam", "sales")
    assert [("print", "issued")] == seen("vic", "viewer")
    assert 3 == len(seen("ann", "freelancer"))
    assert [] == seen("eve", "freelancer", "web")


def test_marks_say_what_is_possible_row_by_row(agency: Agency) -> None:
    for state in STATES:
        agency.standing(state)
    bob = agency("bob").invoices
    marks = {row.state: row.can for row in bob.list(mark=["approve", "issue", "annotate"])}
    assert {
        "draft": set(),
        "submitted": {"approve"},
        "approved": {"issue"},
        "refused": set(),
        "discarded": set(),
        "issued": {"annotate"},
    } == marks
    (row,) = bob.list(can={"approve"}, mark={"discard"})
    assert {"approve", "discard"} == row.can
    assert {frozenset()} == {row.can for row in bob.list()}


@pytest.mark.parametrize("limit", [0, -1, 1001, True, "5", 1.0, None])
def test_a_limit_is_a_whole_number_up_to_a_thousand(agency: Agency, limit: Any) -> None:
    with pytest.raises(InvalidValue, match="limit must be between 1 and 1000"):
        agency("bob").invoices.list(limit=limit)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("numbr", "did you mean 'number'"),
        ("buyer", "cannot be ordered by 'buyer'"),
        ("custom.law_text", "cannot be ordered"),
        ("custom.own_exact", "cannot be ordered"),
        ("custom.nope", "cannot be ordered"),
        ("lines", "cannot be ordered"),
        ("number,-number", "stands twice"),
        ("number;drop table", "cannot be ordered"),
    ],
)
def test_only_indexed_fields_order_a_list(agency: Agency, order: str, words: str) -> None:
    with pytest.raises(InvalidDefinition, match=words):
        agency("bob").invoices.list(order=order)


@pytest.mark.parametrize(
    "condition",
    [
        True,
        Doc.team,
        Doc.custom["nope"] == "x",
        Doc.custom["own_exact"].is_null(),
        Doc.custom["own_whole"] == "x",
        None,
    ],
)
def test_what_is_no_condition_here_is_refused(agency: Agency, condition: Any) -> None:
    """A field that is not declared, not indexed, or of another type is known only where a billing is."""
    with pytest.raises(InvalidDefinition):
        agency("bob").invoices.list(condition)


def cursor(order: Any, values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([order, values]).encode()).decode()


BY_ID = [["id", True]]
BY_AMOUNT = [["payable", False], ["id", False]]
HOSTILE = [
    ("-id", "", "not a cursor"),
    ("-id", "x", "not a cursor"),
    ("-id", "é" * 8, "not a cursor"),
    ("-id", "\ud800", "not a cursor"),
    ("-id", 5, "not a cursor"),
    ("-id", base64.urlsafe_b64encode(b"\xff\xfe").decode(), "not a cursor"),
    ("-id", base64.urlsafe_b64encode(b"[" * 100_000).decode(), "not a cursor"),
    ("-id", base64.urlsafe_b64encode(b"9" * 5_000).decode(), "not a cursor"),
    ("-id", base64.urlsafe_b64encode(b"{}").decode(), "not a cursor"),
    ("-id", cursor(BY_ID, []), "not a cursor"),
    ("-id", cursor(BY_ID, ["x", "x"]), "not a cursor"),
    ("-id", cursor(BY_ID, None), "not a cursor"),
    ("-id", cursor(BY_ID, [1]), "not a cursor"),
    ("-id", cursor(BY_ID, [["x"]]), "not a cursor"),
    ("-id", cursor(BY_ID, ["\ud800"]), "not a cursor"),
    ("-id", cursor(BY_ID, ["a\0"]), "not a cursor"),
    ("-id", cursor([["id", False]], ["x"]), "another order"),
    ("-id", cursor(5, ["x"]), "another order"),
    ("payable", cursor(BY_AMOUNT, [[], "x"]), "not a cursor"),
    ("payable", cursor(BY_AMOUNT, ["x", "x"]), "not a cursor"),
    ("payable", cursor(BY_AMOUNT, [["1", "EUR", "x"], "x"]), "not a cursor"),
    ("payable", cursor(BY_AMOUNT, [["1", "EURO"], "x"]), "not a cursor"),
    ("payable", cursor(BY_AMOUNT, [[1.5, "EUR"], "x"]), "not a cursor"),
    ("payable", cursor(BY_AMOUNT, [[["1"], "EUR"], "x"]), "not a cursor"),
    ("due_date", cursor([["due_date", False], ["id", False]], ["soon", "x"]), "not a cursor"),
    ("due_date", cursor([["due_date", False], ["id", False]], [20261130, "x"]), "not a cursor"),
    ("phase", cursor([["phase", False], ["id", False]], ["nope", "x"]), "not a cursor"),
    (
        "custom.own_whole",
        cursor([["custom.own_whole", False], ["id", False]], ["1", "x"]),
        "not a cursor",
    ),
    (
        "custom.own_whole",
        cursor([["custom.own_whole", False], ["id", False]], [2**70, "x"]),
        "not a cursor",
    ),
    (
        "custom.own_yes",
        cursor([["custom.own_yes", False], ["id", False]], [1, "x"]),
        "not a cursor",
    ),
]


@pytest.mark.parametrize("case", range(len(HOSTILE)))
def test_a_cursor_that_somebody_made_up_is_refused(agency: Agency, case: int) -> None:
    order, after, words = HOSTILE[case]
    agency.draft()
    with pytest.raises(InvalidValue, match=words):
        agency("bob").invoices.list(order=order, after=after)  # type: ignore[arg-type]


def test_a_cursor_gives_no_right_to_read(agency: Agency) -> None:
    """It is a place in an order: whoever hands it in sees their own rows after it."""
    agency.draft(team="print")
    agency.draft(team="print")
    page = agency("bob").invoices.list(limit=1)
    assert [] == list(agency("sam", "sales").invoices.list(limit=1, after=page.next))


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=2),
    max_leaves=6,
)
AGENCY = Agency(MemoryStorage())


@given(
    order=st.sampled_from(["-id", "payable", "due_date", "phase", "custom.own_whole"]),
    values=st.lists(ODD, min_size=1, max_size=2) | ODD,
)
def test_any_json_in_a_cursor_is_a_place_or_refused(order: str, values: Any) -> None:
    keys = BY_ID if order == "-id" else [[order, False], ["id", False]]
    try:
        page = AGENCY("bob").invoices.list(order=order, after=cursor(keys, values))
    except InvalidValue:
        return
    assert 0 == len(page)


def test_a_list_of_nothing_is_an_empty_page(agency: Agency) -> None:
    page = agency("bob").invoices.list()
    assert (0, 0, None, []) == (len(page), page.count(), page.next, list(page))


def test_custom_fields_stand_in_rows_under_their_name(agency: Agency) -> None:
    agency.draft(
        custom={"own_text": "P7", "own_yes": False, "own_day": date(2026, 12, 24)}, lines=LINES[:1]
    )
    (row,) = agency("bob").invoices.list()
    assert ("P7", False, date(2026, 12, 24), None) == (
        row["custom.own_text"],
        row["custom.own_yes"],
        row["custom.own_day"],
        row["custom.own_whole"],
    )
