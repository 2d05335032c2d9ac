"""Custom fields equal native ones in all that there is: the same script on either leaves the same traces.

For each kind that allows custom fields, and each pair of a native field and a custom one of the same type and part:
changes, merges, conflicts, histories, exports, authors, approvals, what an issue freezes, filters, orders, rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings, strategies as st

from multibill import presets
from multibill.documents import KINDS
from multibill.errors import (
    Conflict,
    Denied,
    Frozen,
    InvalidInput,
    InvalidValue,
    PreflightFailed,
    Stale,
    WrongState,
)
from multibill.permissions import Policy, forbid, permit
from multibill.query.doc import Doc
from multibill.records import REGISTERS, BankAccount, Custom, Item, Member, Register, Template
from multibill.storage.memory import MemoryStorage
from multibill.testing import acme, studio
from multibill.workspace.telling import Teller
from tests.office import LOGO, Office
from tests.worlds import sqlite_storage

ORDINARY = (
    *(Conflict, Denied, Frozen, InvalidInput, InvalidValue),
    *(PreflightFailed, Stale, WrongState),
)


@attrs.frozen
class Pair:
    """A native field and its custom twin."""

    kind: str
    native: str
    twin: Custom
    values: tuple[Any, ...]

    @property
    def paths(self) -> tuple[str, str]:
        return f"/{self.native}", self.twin.path


def pair(kind: str, native: str, type: type, part: Any, *values: Any, **said: Any) -> Pair:
    return Pair(kind, native, Custom(f"x_{native}", type, kind=kind, part=part, **said), values)


PAIRS = (
    *(
        found
        for kind in KINDS
        for found in (
            pair(kind, "assignee", str, "envelope", "zoe", "yan", indexed=True, merge="last"),
            pair(kind, "project", str, "content", "P1", "P2"),
            pair(kind, "prepaid", Decimal, "content", Decimal(1), Decimal("2.5")),
        )
    ),
    *(pair(kind, "team", str, "envelope", "web", "print", indexed=True) for kind in REGISTERS),
    pair("customer", "buyer_reference", str, "content", "A", "B"),
    pair("account", "name", str, "content", "A", "B"),
    pair("seller", "operation", str, "content", "goods", "services"),
    pair("item", "description", str, "content", "A", "B"),
    pair("item", "seller_id", str, "content", "A", "B"),
    pair("template", "colour", str, "content", "#000000", "#ffffff"),
    pair("member", "email", str, "content", "a@b.example", "c@d.example"),
)

FIELDS = tuple(found.twin for found in PAIRS)

ENTRIES: dict[str, Callable[[], Register]] = {
    "customer": acme,
    "seller": studio,
    "account": lambda: BankAccount("main", "0815", seller="studio"),
    "item": lambda: Item("logo", "Logo", unit_price=1, vat="20"),
    "template": lambda: Template("blue"),
    "member": lambda: Member("ann", "Ann"),
}
DOORS = {
    "customer": "customers",
    "seller": "sellers",
    "account": "accounts",
    "item": "items",
    "template": "templates",
    "member": "members",
    "invoice": "invoices",
    "credit_note": "credit_notes",
    "quote": "quotes",
}

VERBS = ("submit", "approve", "issue")
SERIES = {"invoice": "F{n:05}", "credit_note": "A{n:05}", "quote": "D{n:05}"}

steps = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "vic"]),
        st.sampled_from(["save", "edit", "save", "edit", *VERBS]),
        st.integers(0, 2),
        st.none() | st.integers(0, 1),
    ),
    max_size=6,
)


READY = [("ann", "submit", 0, None), ("bob", "approve", 0, None)]
ISSUED = [("ann", "save", 0, 0), *READY, ("bob", "issue", 0, None), ("bob", "edit", 0, 1)]
"""Changed after the issue: frozen, or open, as the part says."""
STALE = [*READY, ("cat", "edit", 0, 0), ("bob", "issue", 0, None), ("cat", "approve", 0, None)]
"""Changed after the approval, which stands or does not, as the part says; by somebody who may approve then, or not."""
MET = [
    ("ann", "edit", 0, 0),
    ("bob", "save", 1, 1),
    ("bob", "edit", 1, None),
    ("bob", "save", 1, 0),
]
"""Two people on the same value: the same said twice, and otherwise."""


RULED = [
    ("vic", "edit", 0, 0),
    ("ann", "edit", 0, 0),
    ("vic", "edit", 0, 1),
    ("vic", "edit", 0, None),
]
"""Somebody who may edit by what the field says, as it was and as it will be."""


def test_every_kind_that_allows_custom_fields_has_a_pair() -> None:
    assert {*KINDS, *REGISTERS} == {found.kind for found in PAIRS} == DOORS.keys()


class Walk:
    """One field of one record, carried through a script; the traces of the two fields must be the same."""

    def __init__(self, storage: Any, pair: Pair, native: bool) -> None:
        self.pair, self.native = pair, native
        self.path = pair.paths[0 if native else 1]
        self.name = pair.native if native else f"custom.{pair.twin.name}"
        self.office = Office(storage, fields=FIELDS, policy=self.policy())
        self.office.as_("root", "admin").sellers.save(studio(series=SERIES))
        self.log: list[Any] = []
        self.others = [self.drafted(value) for value in (*pair.values, None)]
        self.seen = [self.begun()]

    @property
    def field(self) -> Any:
        """The field as conditions name it."""
        return Doc[self.name]

    def policy(self) -> Policy:
        """The usual one; for an indexed field with a permit that vic gets by it, and a forbid for everybody."""
        if not self.pair.twin.indexed or self.pair.kind not in KINDS:
            return presets.agency()
        return Policy(
            *presets.agency().rules,
            permit(
                "by-field",
                to="viewer",
                on={"edit", "submit"},
                when=self.field.in_(self.pair.values),
            ),
            forbid("not-yet", on="issue", when=self.field == self.pair.values[1]),
        )

    def drafted(self, value: Any) -> Any:
        """Another document, drafted with a value at once."""
        if self.pair.kind not in KINDS:
            return None
        name, said = self.pair.native if self.native else "custom", value
        if not self.native:
            said = {} if value is None else {self.pair.twin.name: value}
        ask = {"seller": "studio", "buyer": "acme", "lines": [LOGO]}
        return self.door("ann").draft(**ask, **{name: said})

    def door(self, name: str) -> Any:
        roles = ("viewer",) if name == "vic" else ("manager", "admin")
        return getattr(self.office.as_(name, *roles), DOORS[self.pair.kind])

    def begun(self) -> Any:
        door = self.door("ann")
        if self.pair.kind in ENTRIES:
            return door.save(ENTRIES[self.pair.kind]().evolve())
        return door.draft(seller="studio", buyer="acme", lines=[LOGO], owner="vic")

    def put(self, value: Any, new: Any) -> Any:
        if self.native:
            return value.evolve(**{self.pair.native: new})
        return value.evolve(custom={} if new is None else {self.pair.twin.name: new})

    def got(self, value: Any) -> Any:
        return (
            getattr(value, self.pair.native)
            if self.native
            else value.custom.get(self.pair.twin.name)
        )

    def step(self, who: str, how: str, back: int, which: int | None) -> None:
        known = self.seen[-1 - back % len(self.seen)]
        new = None if which is None else self.pair.values[which]
        try:
            if how in VERBS and self.pair.kind in KINDS:
                made = getattr(self.door(who), how)(known)
            elif how == "edit" and self.pair.kind in KINDS:
                wire = str(new) if isinstance(new, Decimal) else new
                made = self.door(who).edit(known.id, base=known.version, changes={self.path: wire})
            else:
                made = self.door(who).save(self.put(known, new))
        except ORDINARY as error:
            said = (
                [self.plain(c.path) for c in error.conflicts] if isinstance(error, Conflict) else []
            )
            self.log.append((type(error).__name__, said, self.plain(str(error.path))))
            return
        merged = [self.plain(path) for path in getattr(made, "merged", ())]
        made = getattr(made, "document", made)
        self.seen.append(made)
        self.log.append((made.version, self.got(made), merged, getattr(made, "state", None)))

    def plain(self, path: str) -> str:
        return "/x" if path == self.path else path

    def traces(self) -> dict[str, Any]:
        """All that can be read afterwards, with the field's path written as one."""
        id = self.seen[0].id
        stands = self.door("ann").get(id)
        told = self.door("ann").history(id)
        changes = [
            [
                (self.plain(c.path), c.before, c.after)
                for c in event.changes
                if not c.path.startswith("/totals")  # what was prepaid is reckoned with
            ]
            for event in told.events[1:]
            if event.kind == self.pair.kind
        ]
        place = Teller(self.door("ann")._kind, "en").place(self.path)
        texts = [[line.replace(place, "/x") for line in event.lines()] for event in told.events[1:]]
        found: dict[str, Any] = {
            "log": self.log,
            "stands": (stands.version, self.got(stands)),
            "changes": changes,
            "actions": [(event.kind, event.version, event.action) for event in told.events],
            "texts": texts,
            "audit": self.office.verify().faults,
            "parts": self.part(id),
        }
        if self.pair.kind in KINDS:
            found |= self.read(id)
        return found

    def part(self, id: str) -> list[Any]:
        """In which part of the stored record the value stands."""
        (row,) = (
            row
            for row in self.office.rows("record")
            if (row["kind"], row["id"]) == (self.pair.kind, id)
        )
        trees = (row["content"], row["envelope"])
        if self.native:
            return [tree.get(self.pair.native) for tree in trees]
        return [tree.get("custom", {}).get(self.pair.twin.name) for tree in trees]

    def read(self, id: str) -> dict[str, Any]:
        """What a document's lists, export and authors say."""
        tree = json.loads(bytes(self.door("ann").json(id)))
        exported = tree if self.native else tree.get("custom", {})
        name = self.pair.native if self.native else self.pair.twin.name
        people = {row["person"] for row in self.office.rows("author") if row["document"] == id}
        found: dict[str, Any] = {"export": exported.get(name), "authors": people}
        found["drafted"] = [self.got(self.door("ann").get(each.id)) for each in self.others]
        if self.pair.twin.indexed:
            found |= self.listed(id)
        return found

    def listed(self, id: str) -> dict[str, Any]:
        """What an indexed field does to lists and decisions; documents are told by the order they were drafted in."""
        ann, vic, field = self.door("ann"), self.door("vic"), self.field
        label = {each.id: place for place, each in enumerate([*self.others, self.seen[0]])}
        asked = [field == v for v in self.pair.values] + [field.is_null(), field != "zoe"]
        asked += [field.in_(self.pair.values), field.not_null() & (Doc.phase == "draft")]
        orders = (self.name, f"-{self.name}", f"phase,{self.name},-id")
        decision = vic.may("edit", id)
        told = decision.explain().replace(str(field), "X").replace(self.name, "X")
        return {
            "lists": [{label[row.id] for row in ann.list(each)} for each in asked],
            "counts": [ann.list(each).count() for each in asked],
            "values": {label[row.id]: row[self.name] for row in ann.list()},
            "orders": [[label[row.id] for row in self.pages(order)] for order in orders],
            "can": {label[row.id] for row in vic.list(can={"edit"})},
            "marks": {label[row.id]: row.can for row in ann.list(mark={"edit", "issue"})},
            "may": (decision.allowed, told),
        }

    def pages(self, order: str) -> Iterator[Any]:
        """Every row, a page of one after the other."""
        page = self.door("ann").list(order=order, limit=1)
        yield from page
        while page.next:
            page = self.door("ann").list(order=order, limit=1, after=page.next)
            yield from page


@pytest.mark.parametrize("storage", ["memory", "sqlite"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda found: f"{found.kind}-{found.native}")
def test_a_custom_field_does_what_a_native_one_does(pair: Pair, storage: str) -> None:
    @settings(max_examples=8 if storage == "memory" else 2)
    @given(script=steps)
    @example(script=ISSUED)
    @example(script=STALE)
    @example(script=MET)
    @example(script=RULED)
    def same(script: list[Any]) -> None:
        traces = []
        for native in (True, False):
            walk = Walk(MemoryStorage() if storage == "memory" else sqlite_storage(), pair, native)
            for step in script:
                walk.step(*step)
            traces.append(walk.traces())
        first, second = traces
        for name in first:
            assert first[name] == second[name], name
        assert () == first["audit"]

    same()
