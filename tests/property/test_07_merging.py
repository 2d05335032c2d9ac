"""Invariant 7: every submitted edit ends as exactly one of applied, no-op, conflict (kept or raised), refused.

Two to six people work on one draft, offline for as long as the walk likes. What became of each change is read from the
journal; the library's own rebase is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from multibill.documents import Line, Note
from multibill.errors import Conflict, InvalidValue
from multibill.history import Changeset, revert
from multibill.ports import Storage
from multibill.records import Actor
from multibill.testing import oracles
from multibill.testing.machine import Office
from multibill.testing.oracles import found, put
from multibill.workspace import KeptChange, Saved
from multibill.workspace.kinds import kinds
from tests.office import Office as House
from tests.worlds import case, on_sqlite, storages

Tree = dict[str, Any]
PEOPLE = ("ann", "bob", "cat", "dan", "eve", "fay")
LINES = [
    Line(id="a", name="Logo", description="one two three four", quantity=2, unit_price=450, vat=20),
    Line(id="b", name="Hosting", unit_price=90, vat=20),
]
ITEM = {"name": "Photos", "unit": "C62", "quantity": "1", "unit_price": "75", "vat": "20"}
TEXTS = {"/lines/a/description", "/notes/n/text"}

few = st.integers(1, 4).map(str)


Wish = tuple[str, Any]


def setting(path: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Wish]:
    return st.tuples(st.just(path), values)


WISHES: st.SearchStrategy[Wish] = st.one_of(
    setting("/lines/a/quantity", few),
    setting("/lines/a/unit_price", few),
    setting("/lines/a/base_quantity", few | st.none()),
    setting("/lines/b/quantity", few),
    setting("/lines/a", st.none()),
    setting("/lines/b", st.sampled_from([ITEM, None])),
    setting("/lines/c", st.sampled_from([ITEM, {**ITEM, "quantity": "5"}, None])),
    setting("/lines/a/allowances/x", st.sampled_from([{"amount": "1"}, {"amount": "2"}, None])),
    setting("/lines/a/allowances/y", st.sampled_from([{"amount": "3"}, None])),
    setting("/due_date", st.sampled_from(["2026-12-31", "2027-01-31", None])),
    setting("/terms/days", st.sampled_from([10, 45])),
    setting("/buyer_reference", st.sampled_from(["PO-1", "PO-2", None])),
    setting("/assignee", st.sampled_from([*PEOPLE, None])),
    setting("/tags/urgent", st.sampled_from([True, None])),
    setting("/tags/vip", st.sampled_from([True, None])),
    setting("/lines/b/after", st.sampled_from(["a", "c", None])),
    setting("/lines/c/after", st.sampled_from(["a", "b", None])),
    st.tuples(st.sampled_from(sorted(TEXTS)), st.integers(0, 3)),
)
"""One wish of one person. A number for a text is the word that gets another."""


@attrs.define
class Held:
    """What one person has before them: a document as it stood at a version, and what they have done since."""

    document: str
    base: int
    pending: Tree = attrs.field(factory=dict)


class Offline(Office):
    """People who look, work for a while without looking, and send; who keep, accept, dismiss, issue and send again."""

    @initialize(count=st.integers(2, 6))
    def begin(self, count: int) -> None:
        self.people = [Actor(name, roles={"manager"}) for name in PEOPLE[:count]]
        self.open: dict[str, KeptChange] = {}
        self.words = 0
        self.document = self.drafted(self.people[0])
        self.held = {person.id: Held(self.document, 1) for person in self.people}

    def drafted(self, actor: Actor) -> str:
        made = self.call(
            actor,
            lambda ws, r: ws.invoices.draft(
                seller="studio",
                buyer="acme",
                lines=LINES,
                notes=[Note(id="n", text="five six seven eight")],
                request_id=r,
            ),
        )
        return str(made.id)

    def person(self, which: int) -> Actor:
        return self.people[which % len(self.people)]

    def body(self, id: str, version: int | None = None) -> Tree:
        """A document at a version, read from the journal."""
        body: Tree = {}
        for entry in self.journal():
            if entry.record == id and (version is None or entry.version <= version):
                for change in entry.changes:
                    body = put(body, change.path, change.after)
        return body

    @rule(which=st.integers(0, 5))
    def look(self, which: int) -> None:
        """Whoever has sent everything sees what stands there now."""
        held = self.held[self.person(which).id]
        if not held.pending:
            held.document = self.document
            held.base = self.latest_version(held.document)

    def latest_version(self, id: str) -> int:
        return max(entry.version for entry in self.journal() if entry.record == id)

    @rule(which=st.integers(0, 5), wishes=st.lists(WISHES, min_size=1, max_size=4))
    def work(self, which: int, wishes: list[Wish]) -> None:
        """Offline: nobody hears of it. A new word is one that nobody else ever writes."""
        held = self.held[self.person(which).id]
        body = self.body(held.document, held.base)
        for path, wanted in wishes:
            value = self.reworded(held.pending.get(path) or found(body, path), path, wanted)
            if value is not None or path not in TEXTS:
                over = [each for each in held.pending if related(each, path)]
                held.pending = {n: v for n, v in held.pending.items() if n not in over}
                held.pending[path] = value

    def reworded(self, text: str | None, path: str, value: Any) -> Any:
        if path not in TEXTS or not text:
            return None if path in TEXTS else value
        words = text.split()
        self.words += 1
        words[value % len(words)] = f"word{self.words}"
        return " ".join(words)

    @rule(which=st.integers(0, 5), keep=st.booleans(), loses=st.booleans())
    def send(self, which: int, keep: bool, loses: bool) -> None:
        """All of it at once; whoever is refused may try again, or look and begin anew."""
        person = self.person(which)
        held = self.held[person.id]
        sent, before = attrs.evolve(held, pending=dict(held.pending)), self.journal()
        head = self.body(held.document)
        how: Any = "keep" if keep else "raise"
        saved = self.call(
            person,
            lambda ws, r: ws.invoices.edit(
                sent.document,
                base=sent.base,
                changes=sent.pending,
                on_conflict=how,
                request_id=r,
            ),
        )
        made = self.journal()[len(before) :]
        if saved is None:
            assert [] == made
            assert not (keep and isinstance(self.refusal, Conflict))
            self.contested(sent, head)
            if loses or not isinstance(self.refusal, Conflict):
                held.pending = {}
        else:
            self.ended(sent, head, saved, made)
            held.pending, held.base = {}, saved.document.version

    @rule(
        people=st.permutations(range(6)),
        wishes=st.lists(st.lists(WISHES, min_size=1, max_size=3), min_size=2, max_size=3),
        keep=st.booleans(),
    )
    def meet(self, people: list[int], wishes: list[list[Wish]], keep: bool) -> None:
        """Several look at one moment, work, and send one after the other."""
        who = [which % len(self.people) for which in people]
        those = list(dict.fromkeys(who))[: len(wishes)]
        for which, some in zip(those, wishes, strict=False):
            self.look(which)
            self.work(which, some)
        for which in those:
            self.send(which, keep, loses=True)

    def contested(self, sent: Held, head: Tree) -> None:
        """Whoever is told of a conflict was really met: somebody changed that line or unit since."""
        overlaps = self.refusal.conflicts if isinstance(self.refusal, Conflict) else ()
        base = self.body(sent.document, sent.base)
        for overlap in overlaps:
            top = "/".join(overlap.path.split("/")[:3])
            units = {"/due_date": "/terms", "/terms/days": "/due_date"}
            beside = units.get(overlap.path, top)
            pairs = [(found(base, path), found(head, path)) for path in (top, beside)]
            assert any(one != other for one, other in pairs)

    def ended(self, sent: Held, head: Tree, saved: Saved[Any], made: list[Changeset]) -> None:
        """Each change that was sent ended in one way; nothing else changed, and what was kept is there to be read."""
        base, after = self.body(sent.document, sent.base), self.body(sent.document)
        entries = [entry for entry in made if entry.kind == "invoice"]
        paths = [change.path for entry in entries for change in entry.changes]
        kept = [overlap.path for conflict in saved.conflicts for overlap in conflict.changes]
        for path, value in leaves(sent.pending, base):
            if not same(found(base, path), value):
                ends = ends_of(
                    path, value, base=base, head=head, after=after, paths=paths, kept=kept
                )
                assert 1 == len(ends - {"lost"}) == len(ends), (path, value, ends)
        for path in paths:
            placed = path.endswith("/order")
            assert placed or any(related(path, mine) for mine in sent.pending), path
        news = [entry.record for entry in made if entry.kind == "conflict"]
        assert set(news) <= {each.id for each in saved.conflicts}
        assert len(entries) <= 1
        assert saved.document.version == self.latest_version(sent.document)
        self.open |= {each.id: each for each in saved.conflicts}

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 5), choice=st.integers(0, 9), fresh=st.booleans())
    def accept(self, which: int, choice: int, fresh: bool) -> None:
        """Accepted, the whole unit is what was kept; refused, nothing changed."""
        chosen = self.chosen(choice, fresh=fresh)
        before, person = self.journal(), self.person(which)
        saved = self.call(person, lambda ws, r: ws.invoices.accept(chosen, request_id=r))
        made = self.journal()[len(before) :]
        if saved is None:
            assert [] == made
            return
        body = self.body(chosen.document)
        for change in chosen.changes:
            assert change.mine == found(body, change.path) or change.path in TEXTS
        assert ("conflict", "accept") == (made[-1].kind, made[-1].action)
        del self.open[chosen.id]

    def chosen(self, choice: int, *, fresh: bool) -> KeptChange:
        kept = list(self.open.values())[choice % len(self.open)]
        if not fresh:
            return kept
        shown = self.workspace(self.people[0]).invoices.conflicts(kept.document)
        return next(each for each in shown if each.id == kept.id)

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 5), choice=st.integers(0, 9))
    def dismiss(self, which: int, choice: int) -> None:
        chosen, before = self.chosen(choice, fresh=False), self.journal()
        done = self.workspace(self.person(which)).invoices.dismiss(chosen)
        assert ("discarded", 1) == (done.state, len(self.journal()) - len(before))
        del self.open[chosen.id]

    @rule(one=st.integers(0, 5), other=st.integers(0, 5))
    def review(self, one: int, other: int) -> None:
        """Handed over by one, approved by another, if nothing speaks against it."""
        id = self.document
        self.call(self.person(one), lambda ws, r: ws.invoices.submit(id, request_id=r))
        self.call(self.person(other), lambda ws, r: ws.invoices.approve(id, request_id=r))

    @rule(which=st.integers(0, 5), gives_up=st.booleans())
    def close(self, which: int, gives_up: bool) -> None:
        """Issued or given up: the next one begins, and whoever is offline still sends to this one."""
        verb, id = "discard" if gives_up and self.words % 3 == 0 else "issue", self.document
        done = self.call(
            self.person(which), lambda ws, r: getattr(ws.invoices, verb)(id, request_id=r)
        )
        if done is not None:
            self.document = self.drafted(self.person(which))

    @rule(which=st.integers(0, 99))
    def retry(self, which: int) -> None:
        """A call that changed something is made again: it changes nothing more (invariant 13)."""
        made = [call for call in self.calls if call.position is not None]
        again, before = made[which % len(made)], self.journal()
        answer = again.make(self.workspace(again.actor), again.request_id)
        assert before == self.journal()
        document = getattr(answer, "document", answer)
        assert document == self.workspace(again.actor).invoices.get(document.id)

    @invariant()
    def invariant_07_nothing_that_was_kept_is_lost(self) -> None:
        documents = {entry.record for entry in self.journal() if entry.kind == "invoice"}
        office = self.workspace(self.people[-1]).invoices
        shown = [each for id in documents for each in office.conflicts(id)]
        assert sorted(self.open) == sorted(each.id for each in shown)
        kept = {each.id: [(o.path, o.mine) for o in each.changes] for each in self.open.values()}
        assert kept == {each.id: [(o.path, o.mine) for o in each.changes] for each in shown}

    @invariant()
    def invariant_06_the_journal_is_honest_both_ways(self) -> None:
        """What stood before each change is what it says, and backwards every version comes again."""
        journal = self.journal()
        assert [] == oracles.honest(journal)
        assert [] == oracles.positions(journal)
        own = [entry for entry in journal if entry.record == self.document]
        body = self.body(self.document)
        for entry in reversed(own):
            assert body == self.body(self.document, entry.version)
            body = revert(body, entry.changes) or {}
        assert {} == body

    @invariant()
    def invariants_01_and_05_all_who_look_see_the_same_and_it_adds_up(self) -> None:
        seen = [self.workspace(p).invoices.get(self.document) for p in self.people]
        assert 1 == len({(each.version, repr(each)) for each in seen})
        document = seen[0]
        cent = Decimal("0.01")
        nets = []
        for line in document.lines:
            price = line.quantity * line.unit_price / (line.base_quantity or 1)
            off = sum((each.amount or Decimal(0) for each in line.allowances), Decimal(0))
            nets.append(price.quantize(cent, ROUND_HALF_UP) - off)
        assert sum(nets, Decimal(0)) == document.totals.lines.amount
        assert document.totals.gross == document.totals.net + document.totals.vat
        assert max((len(line.order or "") for line in document.lines), default=0) <= 32

    @invariant()
    def invariants_05_and_12_hold_through_kept_changes(self) -> None:
        self.check_four_eyes()
        assert [] == oracles.frozen(self.journal())

    def teardown(self) -> None:
        self.check_audit()


def leaves(wishes: Tree, base: Tree) -> Iterator[Wish]:
    """The wishes one by one: an item that replaces another is a wish for each of its parts."""
    for path, value in wishes.items():
        stood = found(base, path)
        if isinstance(value, dict) and isinstance(stood, dict):
            names = {*value, *stood} - {"order", "vat"}
            yield from ((f"{path}/{name}", value.get(name)) for name in sorted(names))
        else:
            yield path, value


def same(stands: Any, value: Any) -> bool:
    """Whether a value stands there; of an item, what was said of it."""
    if isinstance(stands, dict) and isinstance(value, dict):
        return all(name == "vat" or stands.get(name) == value[name] for name in value)
    return bool(stands == value)


def related(one: str, other: str) -> bool:
    """Whether one path lies at or below the other; a move is about its line."""
    one, other = (path.removesuffix("/after") + "/" for path in (one, other))
    return one.startswith(other) or other.startswith(one)


def ends_of(
    path: str, value: Any, *, base: Tree, head: Tree, after: Tree, paths: list[str], kept: list[str]
) -> set[str]:
    """How a change ended, by what the journal shows. Where others had changed the same unit, it may not be applied."""
    if path.endswith("/after"):
        return {"conflict"} if any(related(path, each) for each in kept) else {"placed"}
    ends = set()
    if any(each == path or path.startswith(f"{each}/") for each in kept):
        ends.add("conflict")
    if any(related(each, path) for each in paths):
        free = path in TEXTS or path == "/assignee" or not contested(path, base, head)
        ends.add("applied" if free and arrived(path, value, base, after) else "lost")
    elif not ends and (same(found(head, path), value) or path in TEXTS):
        ends.add("no-op")
    return ends


UNITS = [{"/lines/a/unit_price", "/lines/a/base_quantity"}, {"/due_date", "/terms/days"}]


def contested(path: str, base: Tree, head: Tree) -> bool:
    """Whether somebody had changed the path, or what only makes sense with it, in another way."""
    unit = next((each for each in UNITS if path in each), {path})
    return any(unplaced(found(base, each)) != unplaced(found(head, each)) for each in unit)


def unplaced(value: Any) -> Any:
    """What stands there, wherever it was moved to."""
    return {n: v for n, v in value.items() if n != "order"} if isinstance(value, dict) else value


def arrived(path: str, value: Any, base: Tree, after: Tree) -> bool:
    if path not in TEXTS:
        return same(found(after, path), value)
    new = set(value.split()) - set((found(base, path) or "").split())
    return new <= set((found(after, path) or "").split())


TestInvariant07OnMemory = case(Offline, 25, 40)
TestInvariant07OnSqlite = case(on_sqlite(Offline), 6, 30)


EDITS = st.lists(WISHES, min_size=1, max_size=3)


def wire(wishes: list[Wish], text: str) -> Tree:
    """The wishes as one edit on the first version, without two that are about one thing."""
    made: Tree = {}
    for path, value in wishes:
        if not any(related(path, each) for each in made):
            made[path] = f"{text} {value}" if path in TEXTS else value
    return made


@settings(max_examples=60)
@given(st.sampled_from(list(storages())), EDITS, EDITS)
def test_invariant_07_disjoint_edits_commute(
    storage: tuple[str, Storage], one: list[Wish], other: list[Wish]
) -> None:
    """Whoever is first: the same content; and where the units differ, nobody is refused."""
    mine, theirs = wire(one, "mine"), wire(other, "theirs")
    kind = kinds(())["invoice"]
    units = [
        {kind.unit(path.replace("/after", "/order")) for path in each} for each in (mine, theirs)
    ]
    moves = all(any(path.endswith("/after") for path in each) for each in (mine, theirs))
    if moves or units[0] & units[1] or any(related(a, b) for a in mine for b in theirs):
        return
    ends: list[Any] = []
    for first, second in ((mine, theirs), (theirs, mine)):
        office = House(storage[1])
        draft = office.draft(lines=LINES, notes=[Note(id="n", text="five six")])
        try:
            office.ann.invoices.edit(draft.id, base=1, changes=first)
            document = office.bob.invoices.edit(draft.id, base=1, changes=second).document
        except InvalidValue:
            ends.append(None)
            continue
        ends.append(attrs.evolve(document, id="same", version=9))
    assert ends[0] == ends[1] or None in ends


@settings(max_examples=40)
@given(st.sampled_from(list(storages())), EDITS)
def test_an_approval_stays_through_what_is_not_material_and_through_what_is_only_kept(
    storage: tuple[str, Storage], wishes: list[Wish]
) -> None:
    """Number 13 of the history's invariants; what an approval covers is read from the journal."""
    office = House(storage[1])
    draft = office.draft(lines=LINES, notes=[Note(id="n", text="five six")])
    office.ann.invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "7"})
    office.bob.invoices.approve(office.ann.invoices.submit(draft.id))
    seen = office.journal()
    try:
        saved = office.cat.invoices.edit(
            draft.id, base=1, changes=wire(wishes, "x"), on_conflict="keep"
        )
    except InvalidValue:
        return
    before, after = (oracles.standing(each)[draft.id].body for each in (seen, office.journal()))
    stays = oracles.material(before) == oracles.material(after)
    assert ("approved" if stays else "submitted") == saved.document.state


@pytest.mark.slow
class TestInvariant07AtLength(case(on_sqlite(Offline), 150, 60)):  # type: ignore[misc]
    """The same, for longer."""
