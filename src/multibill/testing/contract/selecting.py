"""Lists: conditions, order, paging and marks mean in the adapter what they mean in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cmp_to_key
from itertools import product
from typing import Any

from multibill.documents import Line
from multibill.money import Money
from multibill.ports import Row, Storage
from multibill.query import Expression, Me, all_of, always, any_of, compile_true, never
from multibill.query.doc import DOCUMENT_FIELDS, Doc
from multibill.testing.contract.writes import (
    TENANT,
    TYPES,
    asking,
    drafted,
    found,
    invoice,
    review,
    row_of,
    shown,
    written,
)

CONDITIONS = [
    always(),
    never(),
    Doc.team == "web",
    Doc.team == "Web",
    Doc.team != "web",
    ~(Doc.team == "web"),
    Doc.team.is_null(),
    Doc.team.not_null() & (Doc.number > "F2026-1"),
    Doc.team.in_(Me.teams),
    ~Doc.team.in_(Me.teams),
    Doc.owner == Me.id,
    Doc.owner.in_(Me.ids),
    Doc.authored_by(Me),
    ~Doc.authored_by(Me),
    Doc.phase == "issued",
    Doc.state.in_(["draft", "approved"]),
    Doc.kind == "credit_note",
    Doc.buyer.name == "Straße 🧾",
    Doc.buyer.name.in_(["Ärger", "Acme SAS"]),
    ~Doc.buyer.name.in_(["Ärger", "Acme SAS"]),
    Doc.due_date <= date(2026, 12, 31),
    Doc.due_date > date(2026, 12, 31),
    ~(Doc.due_date == date(2026, 12, 31)),
    Doc.value <= Money("1620.00", "EUR"),
    Doc.value > Money("1620.00", "EUR"),
    Doc.value > Money("0", "JPY"),
    ~(Doc.value == Money("1620.00", "EUR")),
    Doc.payable.in_([Money("1620.00", "EUR"), Money("2000", "JPY")]),
    ~Doc.payable.in_([Money("1620.00", "EUR")]),
    Doc.custom["project"] == "P7",
    ~(Doc.custom["project"] == "P7"),
    Doc.custom["project"].is_null(),
    Doc.custom["project"].in_(Me.teams),
    Doc.custom["seats"] >= 12,
    Doc.custom["seats"] == 0,
    Doc.custom["urgent"] == False,  # noqa: E712 - a condition, not a comparison
    Doc.custom["urgent"] == True,  # noqa: E712
    Doc.custom["deadline"] < date(2027, 1, 1),
    Doc.custom["deadline"].in_([date(2027, 1, 31), date(2026, 1, 1)]),
    (Doc.team == "web") | (Doc.due_date < date(2026, 6, 1)),
    all_of(
        Doc.phase == "draft",
        any_of(Doc.team.is_null(), Doc.custom["seats"] > 1),
        ~Doc.authored_by(Me),
    ),
]

ORDERS: list[tuple[tuple[str, bool], ...]] = [
    (("id", False),),
    (("id", True),),
    (("team", False), ("id", False)),
    (("team", True), ("id", True)),
    (("due_date", True), ("number", False), ("id", False)),
    (("value", False), ("team", True), ("id", True)),
    (("buyer.name", True), ("id", False)),
    (("custom.seats", False), ("custom.deadline", True), ("id", False)),
]


LIFTED: list[dict[str, Expression]] = [
    {"team": never(), "due_date": Doc.owner == Me.id, "custom.seats": Doc.team == "web"},
    {"due_date": ~(Doc.team == "web"), "buyer.name": never(), "custom.project": never()},
    {"custom.deadline": ~Doc.authored_by(Me), "custom.urgent": always(), "number": never()},
]
"""Where some fields are seen, by name."""


def covered(row: Row, lifted: dict[str, Expression], me: Any) -> Row:
    """The row with what is covered unknown."""
    return {
        **row,
        **{name: None for name, where in lifted.items() if not compile_true(where)(row, me)},
    }


class SelectingContract:
    """Every condition, every order, every page."""

    def test_a_condition_finds_what_it_is_definitely_true_of(self, storage: Storage) -> None:
        """The adapter and ``query.compile_true`` agree on each row, with unknown values among them."""
        rows = filled(storage)
        with storage.unit(TENANT, write=False) as uow:
            for where, me in product(CONDITIONS, actors()):
                expected = sorted(row["id"] for row in rows if compile_true(where)(row, me))
                query = asking(where, me=me)
                assert (where, expected) == (where, [row["id"] for row in uow.select(query)])
                assert (where, len(expected)) == (where, uow.count(query))

    def test_rows_are_shown_as_they_were_written(self, storage: Storage) -> None:
        rows = filled(storage)
        with storage.unit(TENANT, write=False) as uow:
            selected = uow.select(asking())
        assert [shown(row) for row in sorted(rows, key=lambda row: row["id"])] == [
            shown(row) for row in selected
        ]

    def test_what_is_covered_is_unknown_to_whoever_asks_but_not_to_rules(
        self, storage: Storage
    ) -> None:
        """Condition, order and place see a covered field as one that no row has; ``where`` and ``marks`` do not."""
        rows = filled(storage)
        with storage.unit(TENANT, write=False) as uow:
            for lifted, me in product(LIFTED, actors()):
                seen = [covered(row, lifted, me) for row in rows]
                for asked in CONDITIONS:
                    query = asking(asked=asked, lifted=lifted, me=me)
                    expected = sorted(row["id"] for row in seen if compile_true(asked)(row, me))
                    assert (asked, expected) == (asked, [row["id"] for row in uow.select(query)])
                    assert (asked, len(expected)) == (asked, uow.count(query))
                rule = Doc.team == "web"
                query = asking(rule, lifted=lifted, marks={"late": Doc.due_date.not_null()}, me=me)
                expected = sorted(
                    (row["id"], row["due_date"]) for row in rows if row["team"] == "web"
                )
                found = uow.select(query)
                assert expected == [(row["id"], row["due_date"]) for row in found]
                assert all(row["late"] is (row["due_date"] is not None) for row in found)

    def test_pages_follow_an_order_on_what_is_covered(self, storage: Storage) -> None:
        rows = filled(storage)
        me = asking().me
        for lifted, order in product(LIFTED, ORDERS):
            seen = [covered(row, lifted, me) for row in rows]
            expected = [row["id"] for row in by(seen, order)]
            places = {row["id"]: tuple(row[name] for name, _ in order) for row in seen}
            found: list[str] = []
            while len(found) <= len(rows):
                after = places[found[-1]] if found else None
                with storage.unit(TENANT, write=False) as uow:
                    page = uow.select(asking(order=order, lifted=lifted, after=after, limit=2))
                if not page:
                    break
                found += [row["id"] for row in page]
            assert (order, expected) == (order, found)

    def test_an_order_puts_the_unknown_first(self, storage: Storage) -> None:
        """Texts by code point, money by minor units, None before everything (and last when descending)."""
        rows = filled(storage)
        with storage.unit(TENANT, write=False) as uow:
            for name, descending in product(DOCUMENT_FIELDS, (False, True)):
                order = ((name, descending), ("id", False))
                expected = [row["id"] for row in by(rows, order)]
                assert (order, expected) == (
                    order,
                    [row["id"] for row in uow.select(asking(order=order))],
                )

    def test_custom_fields_can_order_too(self, storage: Storage) -> None:
        rows = filled(storage)
        with storage.unit(TENANT, write=False) as uow:
            for name, descending in product(TYPES, (False, True)):
                order = ((f"custom.{name}", descending), ("id", True))
                expected = [row["id"] for row in by(rows, order)]
                assert (order, expected) == (
                    order,
                    [row["id"] for row in uow.select(asking(order=order))],
                )

    def test_pages_of_every_size_are_slices_of_the_whole(self, storage: Storage) -> None:
        """Whatever the order, and where rows share its values or have none."""
        rows = filled(storage)
        for order, size in product(ORDERS, range(1, len(rows) + 2)):
            expected = [row["id"] for row in by(rows, order)]
            pages = list(paged(storage, order, size))
            assert (order, size, expected) == (order, size, [id for page in pages for id in page])
            assert [size] * (len(pages) - 1) == [len(page) for page in pages[:-1]]

    def test_paging_goes_on_where_a_row_has_gone_or_come(self, storage: Storage) -> None:
        """A keyset is a place, not a count: rows before it do not shift what follows."""
        filled(storage)
        order = (("id", False),)
        (first, *_) = paged(storage, order, 3)
        written(storage, drafted(invoice("d000")))
        with storage.unit(TENANT, write=False) as uow:
            following = uow.select(asking(order=order, after=(first[-1],), limit=1))
        assert ["d03"] == [row["id"] for row in following]

    def test_marks_say_what_holds_of_each_row(self, storage: Storage) -> None:
        rows = filled(storage)
        marks = {
            "mine": Doc.team.in_(Me.teams),
            "late": Doc.due_date < date(2026, 12, 1),
            "all": always(),
        }
        marks |= {"none": never(), "other": ~Doc.authored_by(Me), "seats": Doc.custom["seats"] > 1}
        for me in actors():
            with storage.unit(TENANT, write=False) as uow:
                selected = uow.select(asking(me=me, marks=marks))
            expected = {
                row["id"]: {n: compile_true(e)(row, me) for n, e in marks.items()} for row in rows
            }
            assert expected == {row["id"]: {name: row[name] for name in marks} for row in selected}
            assert {bool} == {type(row[name]) for row in selected for name in marks}

    def test_counting_takes_no_notice_of_limit_and_place(self, storage: Storage) -> None:
        rows = filled(storage)
        with storage.unit(TENANT, write=False) as uow:
            assert len(rows) == uow.count(asking())

    def test_a_limit_of_rows(self, storage: Storage) -> None:
        filled(storage)
        with storage.unit(TENANT, write=False) as uow:
            assert ["d00", "d01"] == [row["id"] for row in uow.select(asking(limit=2))]

    def test_a_list_shows_the_state_that_a_review_gave(self, storage: Storage) -> None:
        written(found(storage), drafted(invoice()), review("r1", "i1", 1, "approved"))
        with storage.unit(TENANT, write=False) as uow:
            (row,) = uow.select(asking(Doc.state == "approved"))
        assert ("approved", "i1", 1) == (row["state"], row["id"], row["version"])


def actors() -> Iterator[dict[str, object]]:
    """Somebody with teams, somebody acting for another, somebody without anything."""
    yield {
        "id": "ann",
        "ids": frozenset({"ann"}),
        "teams": frozenset({"web", "P7"}),
        "roles": frozenset({"sales"}),
    }
    yield {
        "id": "bob",
        "ids": frozenset({"bob", "zoe"}),
        "teams": frozenset({"Web"}),
        "roles": frozenset(),
    }
    yield {"id": "cat", "ids": frozenset({"cat"}), "teams": frozenset(), "roles": frozenset()}


def filled(storage: Storage) -> list[Row]:
    """Twelve documents whose values meet, differ in case, or are missing; the rows that they should have."""
    rows = []
    with storage.unit(TENANT, write=True) as uow:
        uow.found()
        for number, (fields, authors) in enumerate(SAMPLES):
            document = invoice(f"d{number:02}", **fields)
            uow.append(drafted(document, authors=authors))
            rows.append(row_of(document, authors))
    return rows


def named(name: str) -> Any:
    """A buyer of that name."""
    from multibill.parties import Party

    return Party(name=name)


def priced(price: str) -> tuple[Line, ...]:
    """One line at a price."""
    return (Line(id="a", order="V01", name="Logo", unit_price=price, vat="20"),)


SAMPLES: list[tuple[dict[str, Any], set[str]]] = [
    ({"team": "web", "custom": {"project": "P7", "seats": 12, "urgent": True}}, {"ann"}),
    ({"team": "Web", "owner": "bob", "custom": {"project": "p7", "seats": 0}}, {"bob", "zoe"}),
    ({"team": None, "owner": None, "custom": {"deadline": date(2027, 1, 31)}}, set()),
    ({"team": "web.", "due_date": date(2026, 12, 31), "number": "F2026-1"}, {"ann", "bob"}),
    (
        {
            "due_date": date(2026, 11, 30),
            "number": "F2026-10",
            "phase": "issued",
            "state": "issued",
        },
        {"zoe"},
    ),
    (
        {"due_date": date(2027, 1, 1), "number": "F2026-2", "phase": "issued", "state": "issued"},
        {"cat"},
    ),
    (
        {
            "buyer": named("Straße 🧾"),
            "currency": "JPY",
            "base_currency": "JPY",
            "lines": priced("2000"),
        },
        {"ann"},
    ),
    ({"buyer": named("Ärger"), "currency": "JPY", "lines": priced("1666")}, {"ann"}),
    ({"buyer": named("A\u0308rger"), "lines": priced("9999999999.99")}, {"ann"}),
    ({"buyer": named("acme"), "lines": priced("0"), "assignee": "ann"}, {"ann"}),
    (
        {
            "phase": "discarded",
            "state": "discarded",
            "custom": {"urgent": False, "deadline": date(2026, 1, 1)},
        },
        set(),
    ),
    ({"state": "approved", "lines": (), "team": "w_b", "custom": {"project": "web"}}, {"bob"}),
]


def by(rows: list[Row], order: Any) -> list[Row]:
    """The rows in an order, as the port describes it."""

    def rank(value: Any) -> tuple[bool, Any]:
        plain = value.minor if isinstance(value, Money) else value
        return value is not None, 0 if plain is None else plain

    def compare(one: Row, other: Row) -> int:
        for name, descending in order:
            left, right = rank(one[name]), rank(other[name])
            if left != right:
                return (1 if left > right else -1) * (-1 if descending else 1)
        return 0

    return sorted(rows, key=cmp_to_key(compare))


def paged(storage: Storage, order: Any, size: int) -> Iterator[list[str]]:
    """The ids of each page, going on from the last row of the one before."""
    after = None
    while True:
        with storage.unit(TENANT, write=False) as uow:
            rows = uow.select(asking(order=order, after=after, limit=size))
        if rows:
            yield [row["id"] for row in rows]
        if len(rows) < size:
            return
        after = tuple(rows[-1][name] for name, _ in order)
