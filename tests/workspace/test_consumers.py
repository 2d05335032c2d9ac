"""Consumers: at least once, in order, one at a time; a lease that is given back or runs out; who is behind."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from sqlalchemy.orm import Session

from multibill.errors import Denied, InvalidValue, WrongState
from multibill.permissions import Policy, permit
from multibill.ports import Delivery, Storage
from multibill.query.doc import Doc
from multibill.storage.sql import SqlStorage
from multibill.workspace import Consumer, Workspace
from tests.office import Office
from tests.worlds import careless, migrated

WEBHOOKS = "webhooks"


def robot(office: Office) -> Workspace:
    """A service that may consume and read everything."""
    return office.as_("robot", "admin")


def inbox(office: Office, *conditions: Any, **asked: Any) -> Consumer:
    return robot(office).consumer(WEBHOOKS, *conditions, **asked)


def kept(office: Office, name: str = WEBHOOKS) -> Delivery:
    with office.storage.unit(office.tenant, write=False) as uow:
        found = uow.delivery(name)
    assert found is not None
    return found


def worked(consumer: Consumer, *, upto: int | None = None) -> list[str]:
    """Take and acknowledge events, the first so many; their cursors."""
    done: list[str] = []
    with consumer:
        for event in consumer:
            if len(done) == upto:
                break
            consumer.ack(event)
            done.append(event.cursor)
    return done


def cursors(office: Office) -> list[str]:
    return [event.cursor for event in robot(office).feed()]


class TestAtLeastOnceInOrder:
    def test_all_is_handed_out_and_what_is_done_never_again(self, office: Office) -> None:
        office.issued()
        assert cursors(office) == worked(inbox(office))
        assert [] == worked(inbox(office))
        office.draft()
        assert cursors(office)[-1:] == worked(inbox(office))

    def test_whoever_stops_is_followed_where_it_stopped(self, office: Office) -> None:
        office.issued()
        first = worked(inbox(office), upto=3)
        assert cursors(office)[:3] == first
        assert cursors(office)[3:] == worked(inbox(office))

    def test_what_was_not_acknowledged_comes_again(self, office: Office) -> None:
        office.issued()
        with inbox(office) as first:
            seen = [event.cursor for event in first]
        assert cursors(office) == seen == worked(inbox(office))

    def test_an_error_in_the_work_leaves_the_event_to_be_done(self, office: Office) -> None:
        office.issued()
        left = [0, 1, 2]

        def work(consumer: Consumer) -> None:
            for event in consumer:
                assert left.pop(), event
                consumer.ack(event)

        with pytest.raises(AssertionError), inbox(office) as first:
            work(first)
        assert cursors(office)[2:] == worked(inbox(office))

    def test_acknowledging_one_is_acknowledging_all_before_it(self, office: Office) -> None:
        office.issued()
        with inbox(office) as first:
            events = list(first)
            first.ack(events[3])
            first.ack(events[1])
        assert cursors(office)[4:] == worked(inbox(office))

    def test_a_place_is_kept_at_once_not_when_the_work_ends(self, office: Office) -> None:
        office.issued()
        with inbox(office) as first:
            for n, event in enumerate(first, start=1):
                first.ack(event)
                assert n == kept(office).position

    def test_what_cannot_be_seen_is_passed_over(self, office: Office) -> None:
        """Otherwise such a tenant would be behind for ever."""
        office.issued()
        assert [] == worked(inbox(office, kinds="quote"))
        assert len(office.journal()) == kept(office).position
        assert office.tenant not in office.billing.behind(WEBHOOKS)

    def test_it_is_not_passed_over_while_something_before_it_is_to_be_done(
        self, office: Office
    ) -> None:
        office.draft()
        with inbox(office, Doc.phase == "draft") as first:
            assert 1 == len(list(first))
            office.bob.payments.record("acme", "5", currency="EUR", on="2026-12-01")
            assert [] == list(first)
        assert 1 == len(worked(inbox(office, Doc.phase == "draft")))

    def test_conditions_and_kinds_choose(self, office: Office) -> None:
        web = office.draft(team="web")
        office.draft(team="print")
        with inbox(office, Doc.team == "web", kinds="invoice") as first:
            assert [web.id] == [event.id for event in first]

    def test_a_new_name_may_begin_at_the_present(self, office: Office) -> None:
        office.issued()
        now = robot(office).cursor()
        assert [] == worked(inbox(office, start=now))
        office.draft()
        assert cursors(office)[-1:] == worked(inbox(office, start=None)), "known names go on"

    def test_names_do_not_disturb_each_other(self, office: Office) -> None:
        office.issued()
        worked(inbox(office))
        assert cursors(office) == worked(robot(office).consumer("books"))


class TestTheLease:
    def test_a_second_one_gets_nothing_while_the_first_lives(self, office: Office) -> None:
        office.issued()
        with inbox(office) as first, inbox(office) as second:
            event = next(iter(first))
            assert (True, False) == (first.held, second.held)
            assert [] == list(second)
            assert not second.held
            first.ack(event)
        assert cursors(office)[1:] == worked(inbox(office))

    def test_leaving_gives_it_back(self, office: Office) -> None:
        office.issued()
        with inbox(office) as first:
            next(iter(first))
        assert (None, None) == (kept(office).owner, kept(office).until)
        assert not first.held
        assert cursors(office) == worked(inbox(office))

    def test_it_runs_out_by_the_clock_when_its_holder_is_gone(self, office: Office) -> None:
        office.issued()
        gone = inbox(office, lease=30)
        gone.ack(next(iter(gone)))
        office.clock.advance(seconds=29.9)
        assert [] == worked(inbox(office))
        office.clock.advance(seconds=0.2)
        assert not gone.held
        assert cursors(office)[1:] == worked(inbox(office))

    def test_work_renews_it(self, office: Office) -> None:
        office.issued()
        with inbox(office, lease=30) as first:
            for event in first:
                office.clock.advance(seconds=20)
                first.ack(event)
                assert [] == list(inbox(office))

    def test_whoever_lost_it_cannot_acknowledge_and_moves_nothing(self, office: Office) -> None:
        office.issued()
        late = inbox(office, lease=30)
        events = list(late)
        office.clock.advance(seconds=31)
        with inbox(office) as second:
            second.ack(next(iter(second)))
            with pytest.raises(WrongState, match="ran out and another took it"):
                late.ack(events[-1])
            assert 1 == kept(office).position
            late.release()
            assert second.held
            assert kept(office).owner is not None
        assert cursors(office)[1:] == worked(inbox(office))

    def test_whoever_lost_it_begins_where_the_other_stopped(self, office: Office) -> None:
        office.issued()
        late = inbox(office, lease=30)
        list(late)
        office.clock.advance(seconds=31)
        assert cursors(office)[:2] == worked(inbox(office), upto=2)
        assert cursors(office)[2:] == [event.cursor for event in late]

    def test_one_that_ran_out_and_that_nobody_took_still_counts(self, office: Office) -> None:
        office.issued()
        slow = inbox(office, lease=30)
        events = list(slow)
        office.clock.advance(seconds=300)
        slow.ack(events[-1])
        assert slow.held
        slow.release()
        assert [] == worked(inbox(office))

    def test_a_look_that_finds_nothing_writes_nothing(self, office: Office) -> None:
        """A write wakes every reader, this one too: it would never sleep."""
        office.issued()
        with inbox(office) as first:
            for event in first:
                first.ack(event)
            before = kept(office)
            office.clock.advance(seconds=10)
            for _ in range(3):
                assert [] == list(first)
            assert before == kept(office)
            office.clock.advance(seconds=10)
            assert [] == list(first)
            assert before != kept(office)

    @pytest.mark.parametrize("lease", [0, -1])
    def test_a_lease_that_is_none_is_refused(self, office: Office, lease: float) -> None:
        with pytest.raises(InvalidValue):
            inbox(office, lease=lease)

    def test_of_many_threads_one_works_at_a_time(self, office: Office) -> None:
        office.issued()
        for _ in range(3):
            office.draft()
        done: list[str] = []
        start = threading.Barrier(6)

        def work() -> None:
            start.wait()
            for _ in range(20):
                done.extend(worked(inbox(office), upto=2))

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert cursors(office) == done


class TestLive:
    def test_a_second_one_takes_over_when_the_first_leaves(self, office: Office) -> None:
        office.issued()
        done: list[tuple[str, str]] = []

        def work(name: str, seconds: float) -> None:
            with inbox(office) as mine:
                for event in mine.live(poll=0.02, timeout=seconds):
                    mine.ack(event)
                    done.append((name, event.cursor))

        first = threading.Thread(target=work, args=["first", 0.4])
        first.start()
        sleep(0.2)
        second = threading.Thread(target=work, args=["second", 1.5])
        second.start()
        first.join()
        office.draft()
        second.join()
        assert cursors(office) == [cursor for _, cursor in done]
        assert ["first"] * (len(done) - 1) + ["second"] == [name for name, _ in done]

    def test_it_works_beside_an_event_loop(self, office: Office) -> None:
        async def work() -> list[str]:
            done = []
            with inbox(office) as mine:
                async for event in mine.live(timeout=0):
                    await asyncio.to_thread(mine.ack, event)
                    done.append(event.cursor)
            return done

        office.issued()
        assert cursors(office) == asyncio.run(work())
        assert [] == worked(inbox(office))


class TestRights:
    def test_consuming_is_an_action_of_the_journal(self, office: Office) -> None:
        with pytest.raises(Denied) as caught:
            office.ann.consumer(WEBHOOKS)
        assert "consume" in str(caught.value)

    def test_a_consumer_sees_what_its_actor_may_read(self, anywhere: Storage) -> None:
        policy = Policy(
            permit("draft", to="manager", on={"read", "draft"}),
            permit("save", on={"read", "save"}, of="customer"),
            permit("look", to="manager", on="read", of="seller"),
            permit("see", to="manager", on="read", of="template"),
            permit("consume", to="hooks", on="consume", of="journal"),
            permit("issued", to="hooks", on="read", when=Doc.team == "web"),
        )
        office = Office(anywhere, policy=policy)
        web = office.draft(team="web")
        office.draft(team="print")
        with office.as_("robot", "hooks").consumer(WEBHOOKS) as mine:
            assert {"acme", web.id} == {event.id for event in mine}

    @pytest.mark.parametrize("name", ["", "a b", "x" * 65, 7])
    def test_a_name_that_is_none_is_refused(self, office: Office, name: Any) -> None:
        with pytest.raises(InvalidValue):
            robot(office).consumer(name)
        with pytest.raises(InvalidValue):
            office.billing.behind(name)


class TestWhoIsBehind:
    def test_tenants_are_listed_until_everything_there_is_done(self, anywhere: Storage) -> None:
        one, other = Office(anywhere), Office(anywhere)
        tenants = {one.tenant, other.tenant}
        assert tenants == tenants & set(one.billing.behind(WEBHOOKS))
        worked(inbox(one))
        assert {other.tenant} == tenants & set(one.billing.behind(WEBHOOKS))
        worked(inbox(other))
        assert set() == tenants & set(one.billing.behind(WEBHOOKS))
        one.draft()
        assert {one.tenant} == tenants & set(one.billing.behind(WEBHOOKS))
        assert tenants == tenants & set(one.billing.behind("books"))

    def test_delivery_leaves_no_trace_in_the_books(self, office: Office) -> None:
        office.issued()
        before = office.journal()
        worked(inbox(office))
        assert before == office.journal()
        assert office.verify()


class TestInAHostsTransaction:
    def test_the_place_is_kept_with_the_hosts_own_work_or_not_at_all(self, tmp_path: Path) -> None:
        """What a consumer writes into the host's tables happens exactly once."""
        storage = SqlStorage(careless(migrated(tmp_path / "host.db")))
        office = Office(storage)
        for end in ("rollback", "commit"):
            with Session(storage._engine) as session:
                ws = office.as_("robot", "admin", session=session)
                with ws.consumer(WEBHOOKS) as mine:
                    for event in mine:
                        mine.ack(event)
                getattr(session, end)()
            behind = office.tenant in office.billing.behind(WEBHOOKS)
            assert (end == "rollback") is behind
        storage._engine.dispose()
