"""The feed: every entry once and in order, seen under today's rights; cursors that resume; holes that are found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from multibill.documents import CreditTransfer, PaymentInstructions
from multibill.errors import InvalidDefinition, InvalidValue, PreflightFailed, Tampered
from multibill.permissions import Policy, hide, mask, permit
from multibill.ports import Storage
from multibill.query import Me
from multibill.query.doc import Doc
from multibill.records import BankAccount, Custom
from multibill.storage.memory import MemoryStorage
from multibill.storage.sql import SqlStorage
from multibill.workspace import FeedEvent, Workspace
from tests.lived import FIELDS, lived
from tests.office import LOGO, Office
from tests.worlds import billing_on, migrated


def said(ws: Workspace, *conditions: Any, **asked: Any) -> list[tuple[str, str]]:
    """What a reader is told: action and kind."""
    return [(event.action, event.kind) for event in ws.feed(*conditions, **asked)]


class TestWhatIsTold:
    def test_who_may_read_everything_gets_the_journal_entry_by_entry(
        self, anywhere: Storage
    ) -> None:
        office = Office(anywhere, fields=FIELDS)
        lived(office.billing, office.tenant)
        told = [
            (e.kind, e.id, e.about, e.version, e.action, e.actor, e.on_behalf_of, e.at, e.reason)
            for e in office.ann.feed()
        ]
        kept = [
            (
                *(e.kind, e.record, e.about, e.version, e.action, e.actor),
                *(e.on_behalf_of, e.recorded_at, e.reason),
            )
            for e in office.journal()
        ]
        assert kept == told
        assert [e.changes for e in office.journal()] == [e.changes for e in office.ann.feed()]

    def test_an_event_reads_as_text(self, office: Office) -> None:
        draft = office.draft()
        office.as_("bob", "manager", on_behalf_of="zoe", reason="by phone").invoices.edit(
            draft.id, base=1, changes={"/lines/a/quantity": "3"}
        )
        *_, event = office.ann.feed()
        first = f"2026-11-30 12:00 bob for zoe: edit invoice {draft.id} (by phone)"
        assert f"{first}\n    /lines/a/quantity: 2 -> 3" == str(event)

    def test_an_event_is_plain_values_for_json(self, office: Office) -> None:
        office.issued()
        for event in office.ann.feed():
            tree = json.loads(json.dumps(event.tree))
            assert (event.cursor, event.id) == (tree["cursor"], tree["id"])
            assert "2026-11-30T12:00:00.000000Z" == tree["at"]
            assert [[c.path, c.before, c.after] for c in event.changes] == tree["changes"]


class TestPlaces:
    def test_every_cursor_resumes_right_after_its_event(self, office: Office) -> None:
        office.issued()
        events = list(office.ann.feed())
        for n, event in enumerate(events):
            assert events[n + 1 :] == list(office.ann.feed(after=event.cursor))

    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    def test_pages_of_any_size_hold_every_event_once(self, office: Office, limit: int) -> None:
        office.issued()
        whole, pages, after = list(office.ann.feed()), [], None
        for _ in range(len(whole) + 1):
            feed = office.ann.feed(after=after, limit=limit)
            page = list(feed)
            assert len(page) <= limit
            pages += page
            after = feed.cursor
        assert whole == pages

    def test_long_journals_are_read_in_several_units(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        office.issued()
        whole = list(office.ann.feed())
        for size in (1, 2, len(whole), len(whole) + 1):
            monkeypatch.setattr("multibill.workspace.feed.BATCH", size)
            assert whole == list(office.ann.feed())

    def test_a_feed_goes_on_from_where_it_stands(self, office: Office) -> None:
        feed = office.ann.feed()
        before = list(feed)
        assert [] == list(feed)
        office.draft()
        assert ["draft"] == [event.action for event in feed][-1:]
        assert before[-1].cursor != feed.cursor

    def test_whoever_stops_in_the_middle_stands_behind_the_last_event_taken(
        self, office: Office
    ) -> None:
        office.issued()
        whole, feed = list(office.ann.feed()), office.ann.feed()
        for event in feed:
            assert event.cursor == feed.cursor
            if event == whole[2]:
                break
        assert whole[3:] == list(feed)

    def test_nothing_to_be_seen_still_moves_the_cursor(self, office: Office) -> None:
        stranger = office.as_("eve")
        feed = stranger.feed()
        assert [] == list(feed)
        assert office.ann.cursor() == feed.cursor
        draft = office.draft()
        assert [] == list(feed)
        assert office.ann.cursor() == feed.cursor
        assert [draft.id] == [e.id for e in office.ann.feed(kinds="invoice")]

    def test_what_comes_after_the_present_end_is_all_that_comes(self, office: Office) -> None:
        office.issued()
        now = office.ann.cursor()
        assert [] == list(office.ann.feed(after=now))
        draft = office.draft()
        assert [draft.id] == [event.id for event in office.ann.feed(after=now)]

    @pytest.mark.parametrize(
        "wrong", ["", "x", "AAAA\n", "AAAA", "é", "=" * 22, 7, b"AAAAAAAAAAFNiMjB-NO_Zw"]
    )
    def test_what_is_no_cursor_is_refused(self, office: Office, wrong: Any) -> None:
        with pytest.raises(InvalidValue):
            office.ann.feed(after=wrong)

    def test_each_altered_character_of_a_cursor_is_refused(self, office: Office) -> None:
        cursor = office.ann.cursor()
        for n, letter in enumerate(cursor):
            other = "B" if letter != "B" else "C"
            with pytest.raises(InvalidValue):
                office.ann.feed(after=cursor[:n] + other + cursor[n + 1 :])

    def test_another_tenants_cursor_is_refused(self, anywhere: Storage) -> None:
        one, other = Office(anywhere), Office(anywhere)
        with pytest.raises(InvalidValue):
            other.ann.feed(after=one.ann.cursor())

    def test_a_cursor_of_a_journal_that_went_further_is_refused(self, anywhere: Storage) -> None:
        """The database was set back to an older copy: going on would lose what is written now."""
        office = Office(MemoryStorage())
        office.issued()
        older = billing_on(MemoryStorage())
        older.provision(office.tenant, by=office.ann.actor)
        reader = older.workspace(office.tenant, actor=office.ann.actor)
        with pytest.raises(InvalidValue):
            list(reader.feed(after=office.ann.cursor()))

    @pytest.mark.parametrize("limit", [0, -1, 1.5, True, "3"])
    def test_a_limit_that_is_none_is_refused(self, office: Office, limit: Any) -> None:
        with pytest.raises(InvalidValue):
            office.ann.feed(limit=limit)


class TestWhoSeesWhat:
    def test_a_document_is_told_of_when_it_may_be_read_now(self, office: Office) -> None:
        """Its whole past, and what stands beside it: reviews, renderings, settlements."""
        invoice = office.issued()
        office.bob.invoices.pdf(invoice)
        office.bob.payments.record("acme", "100", on="2026-12-01", settles=[invoice])
        office.draft()
        viewer = office.as_("vic", "viewer")
        told = [event for event in viewer.feed() if event.about == invoice.id]
        assert [e.version for e in office.journal() if e.about == invoice.id] == [
            e.version for e in told
        ]
        assert {"invoice", "review", "rendering", "settlement"} == {e.kind for e in told}
        assert {"customer", "seller", *(e.kind for e in told)} == {e.kind for e in viewer.feed()}

    def test_it_agrees_with_reading_when_a_document_moves(self, office: Office) -> None:
        draft = office.draft(team="web")
        ann, pat = (
            office.as_("kim", "sales", teams={"web"}),
            office.as_("pat", "sales", teams={"print"}),
        )
        assert [("draft", "invoice")] == said(ann, kinds="invoice")
        assert [] == said(pat, kinds="invoice")
        office.bob.invoices.edit(draft.id, base=1, changes={"/team": "print"})
        assert [] == said(ann, kinds="invoice")
        assert [("draft", "invoice"), ("edit", "invoice")] == said(pat, kinds="invoice")

    def test_registers_payments_and_policies_have_rights_of_their_own(self, office: Office) -> None:
        office.as_("root", "admin").accounts.save(
            BankAccount("main", seller="studio", account="FR7630006000011234567890189")
        )
        office.bob.payments.record("acme", "5", currency="EUR", on="2026-12-01")
        sales, manager = office.as_("kim", "sales"), office.as_("kim", "manager")
        assert {"seller", "customer"} == {e.kind for e in sales.feed()}
        assert {"seller", "customer", "account", "payment", "policy"} == {
            e.kind for e in manager.feed()
        }
        assert [] == list(office.as_("eve").feed())

    def test_a_condition_keeps_what_is_about_documents_that_meet_it(self, office: Office) -> None:
        web, other = office.draft(team="web"), office.issued(team="print")
        assert {web.id} == {e.about for e in office.ann.feed(Doc.team == "web")}
        assert {other.id} == {e.about for e in office.ann.feed(Doc.phase == "issued")}
        assert {"invoice", "review"} == {e.kind for e in office.ann.feed(Doc.phase == "issued")}
        assert [] == list(office.ann.feed(Doc.team == "web", Doc.phase == "issued"))

    def test_kinds_are_chosen_by_name(self, office: Office) -> None:
        office.issued()
        assert {"invoice"} == {e.kind for e in office.ann.feed(kinds="invoice")}
        assert {"invoice", "review"} == {
            e.kind for e in office.ann.feed(kinds=["invoice", "review"])
        }
        assert [] == list(office.ann.feed(kinds=()))
        with pytest.raises(InvalidValue, match="no kind 'bill'; one of account, conflict"):
            office.ann.feed(kinds="bill")

    def test_a_condition_on_a_custom_field_concerns_the_kinds_that_have_it(
        self, anywhere: Storage
    ) -> None:
        field = Custom("project", str, kind="invoice", indexed=True)
        office = Office(anywhere, fields=[field])
        draft = office.draft(custom={"project": "P7"})
        office.draft(custom={"project": "P8"})
        office.ann.quotes.draft(seller="studio", buyer="acme", lines=[LOGO])
        assert [draft.id] == [e.id for e in office.ann.feed(Doc.custom["project"] == "P7")]
        with pytest.raises(InvalidDefinition):
            office.ann.feed(Doc.custom["deal"] == "P7")


ALL = permit("all", on={"read", "draft", "edit", "submit", "approve", "issue", "pay"})
SAVE = [
    permit(f"save-{kind}", on={"read", "save"}, of=kind)
    for kind in ("customer", "seller", "template")
]


def veiled(storage: Storage, *rules: Any, **options: Any) -> Office:
    """A tenant where everybody reads every document, under these veils."""
    policy = Policy(
        ALL, *SAVE, permit("pays", to="books", on={"read", "pay"}, of="payment"), *rules
    )
    return Office(storage, policy=policy, **options)


class TestWhatOfIt:
    def test_a_hidden_change_is_an_event_without_paths(self, anywhere: Storage) -> None:
        office = veiled(anywhere, hide(Doc.due_date, to="viewer"))
        draft = office.draft()
        office.bob.invoices.edit(draft.id, base=1, changes={"/due_date": "2026-12-31"})
        office.bob.invoices.edit(
            draft.id, base=2, changes={"/due_date": "2027-01-31", "/lines/a/quantity": "3"}
        )
        vic = list(office.as_("vic", "viewer").feed(kinds="invoice"))
        assert ["draft", "edit", "edit"] == [event.action for event in vic]
        assert [(), ("/lines/a/quantity",)] == [tuple(c.path for c in e.changes) for e in vic[1:]]
        assert "due_date" not in repr([event.changes for event in vic])
        assert "/due_date" in repr([e.changes for e in office.bob.feed()])

    def test_a_masked_value_shows_its_end(self, anywhere: Storage) -> None:
        office = veiled(anywhere, mask("/buyer_reference", last=2, to="viewer"))
        draft = office.draft()
        office.bob.invoices.edit(draft.id, base=1, changes={"/buyer_reference": "SECRET-42"})
        *_, event = office.as_("vic", "viewer").feed()
        assert ["••••42"] == [change.after for change in event.changes]

    def test_a_veil_may_ask_who_made_the_document(self, anywhere: Storage) -> None:
        office = veiled(anywhere, hide(Doc.due_date, when=~Doc.authored_by(Me)))
        office.draft(due_date="2026-12-31")
        for name, known in (("ann", True), ("zoe", False)):
            *_, event = office.as_(name, "manager").feed()
            assert known is ("2026-12-31" in repr(event.changes))

    def test_what_stands_beside_a_veiled_document_tells_nothing_of_what_is_covered(
        self, anywhere: Storage
    ) -> None:
        """No finding on it, and no digest by which a guess could be checked."""
        office = veiled(anywhere, hide(Doc.due_date, to="viewer"))
        office.bob.invoices.pdf(office.issued())
        empty = office.approved(lines=[])
        with pytest.raises(PreflightFailed):
            office.bob.invoices.issue(empty)
        seen = {e.kind: e.changes[0].after for e in office.as_("vic", "viewer").feed()}
        whole = {e.kind: e.changes[0].after for e in office.bob.feed()}
        assert {"digest"} == whole["review"].keys() - seen["review"].keys()
        assert {"sha256", "size"} == whole["rendering"].keys() - seen["rendering"].keys()
        assert whole["refusal"] == seen["refusal"]
        assert whole["refusal"]["findings"]

    def test_a_finding_on_what_is_covered_is_not_told(self, anywhere: Storage) -> None:
        office = veiled(anywhere, hide("bank", to="viewer"))
        wrong = CreditTransfer(id="t", account="FR7630006000011234567890188")
        pay = PaymentInstructions(means="58", transfers=[wrong])
        draft = office.approved(payment=pay, lines=[])
        with pytest.raises(PreflightFailed):
            office.bob.invoices.issue(draft)
        seen, whole = (
            [f["path"] for e in ws.feed(kinds="refusal") for f in e.changes[0].after["findings"]]
            for ws in (office.as_("vic", "viewer"), office.bob)
        )
        assert {"/payment/transfers/t/account", "/lines"} <= {*whole}
        assert [path for path in whole if not path.startswith("/payment/transfers")] == seen

    def test_a_payment_does_not_name_documents_that_may_not_be_read(
        self, anywhere: Storage
    ) -> None:
        rules = Policy(
            permit("own", on={"read", "draft", "submit"}, when=Doc.owner == Me.id),
            permit("boss", to="manager", on={"read", "draft", "submit", "approve", "issue", "pay"}),
            permit("pays", on={"read", "pay"}, of="payment"),
            *SAVE,
        )
        office = Office(anywhere, policy=rules)
        mine, other = office.issued(owner="kim"), office.issued(owner="zoe")
        paid = office.bob.payments.record("acme", "3000", on="2026-12-01", settles=[mine, other])
        office.bob.payments.reverse(paid, reason="mistake")
        kim = office.as_("kim", "sales")
        told = repr([e.changes for e in kim.feed(kinds="payment")])
        assert (True, False) == (mine.id in told, other.id in told)
        whole = repr([e.changes for e in office.bob.feed(kinds="payment")])
        assert mine.id in whole
        assert other.id in whole

    def test_a_settlement_does_not_name_payments_that_may_not_be_read(
        self, anywhere: Storage
    ) -> None:
        office = veiled(anywhere)
        invoice = office.issued()
        books = office.as_("bob", "books")
        first = books.payments.record("acme", "100", on="2026-12-01", settles=[invoice])
        second = books.payments.record("acme", "200", on="2026-12-02", settles=[invoice])
        books.payments.reverse(first, reason="mistake")
        seen, told = (
            repr([e.changes for e in ws.feed(kinds="settlement")])
            for ws in (office.as_("vic"), books)
        )
        assert (False, False) == (first.id in seen, second.id in seen)
        assert (True, True) == (first.id in told, second.id in told)


def torn(storage: Storage, tenant: str, position: int) -> None:
    """Take one entry out of the journal, around the library."""
    if isinstance(storage, MemoryStorage):
        del storage._tenants[tenant].journal[position]
        return
    assert isinstance(storage, SqlStorage)
    with storage._engine.begin() as connection:
        sql = "DELETE FROM multibill_changeset WHERE tenant = ? AND position = ?"
        connection.exec_driver_sql(sql, (tenant, position))


class TestHoles:
    @pytest.mark.parametrize("position", [1, 3, 5])
    def test_a_missing_entry_is_a_lie_that_the_reader_finds(
        self, office: Office, anywhere: Storage, position: int
    ) -> None:
        """Also for whom the entry would not have been visible."""
        office.issued()
        torn(anywhere, office.tenant, position)
        for reader in (office.ann, office.as_("eve")):
            with pytest.raises(Tampered) as caught:
                list(reader.feed())
            assert f"position {position}" == caught.value.path

    def test_a_journal_cut_off_at_its_end_is_found(self, tmp_path: Any) -> None:
        from tests.worlds import careless

        storage = SqlStorage(careless(migrated(tmp_path / "cut.db")))
        office = Office(storage)
        office.issued()
        last = len(office.journal())
        torn(storage, office.tenant, last)
        with pytest.raises(Tampered) as caught:
            list(office.ann.feed())
        assert f"position {last}" == caught.value.path
        storage._engine.dispose()


class TestInAHostsTransaction:
    @pytest.fixture
    def hosted(self, tmp_path: Any) -> Any:
        from tests.worlds import careless

        storage = SqlStorage(careless(migrated(tmp_path / "host.db")))
        yield Office(storage)
        storage._engine.dispose()

    def test_the_feed_shows_what_the_transaction_wrote(self, hosted: Office) -> None:
        with Session(hosted.storage._engine) as session:  # type: ignore[attr-defined]
            ws = hosted.as_("ann", "manager", session=session)
            draft = ws.invoices.draft(seller="studio", buyer="acme", lines=[LOGO])
            assert [draft.id] == [event.id for event in ws.feed(kinds="invoice")]
            session.rollback()
        assert [] == list(hosted.ann.feed(kinds="invoice"))

    def test_waiting_in_it_is_refused(self, hosted: Office) -> None:
        with Session(hosted.storage._engine) as session:  # type: ignore[attr-defined]
            feed = hosted.as_("ann", "manager", session=session).feed()
            with pytest.raises(InvalidDefinition, match="without session="):
                feed.live()

    def test_iterating_it_beside_an_event_loop_is_refused(self, hosted: Office) -> None:
        import asyncio

        async def read(session: Session) -> list[FeedEvent]:
            return [e async for e in hosted.as_("ann", session=session).feed()]

        with (
            Session(hosted.storage._engine) as session,  # type: ignore[attr-defined]
            pytest.raises(InvalidDefinition, match="without session="),
        ):
            asyncio.run(read(session))
