"""Counters and threads: numbers and positions without gap or duplicate, whoever is faster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import attrs
import pytest

from multibill.errors import Retryable
from multibill.ports import Lost, Storage, UnitOfWork
from multibill.testing.contract.writes import COUNTER, DAY, TENANT, customer, found, saved, written

THREADS, EACH = 8, 25
HASTE = 1e-6
"""Seconds after which Python lets another thread run: short, so that threads meet inside of a unit."""


class CountingContract:
    """Numbers are taken under a lock and given back by a rollback."""

    def test_a_counter_starts_at_one_and_remembers_its_last_day(self, storage: Storage) -> None:
        found(storage)
        for number, day in enumerate(
            [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 1)], start=1
        ):
            with storage.unit(TENANT, write=True) as uow:
                assert number == uow.next_number(COUNTER)[0]
                uow.take(COUNTER, number, day)
                assert (number + 1, day) == uow.next_number(COUNTER)

    def test_an_unused_counter_has_no_last_day(self, storage: Storage) -> None:
        with found(storage).unit(TENANT, write=True) as uow:
            assert (1, None) == uow.next_number(COUNTER)

    def test_looking_at_a_number_does_not_use_it_up(self, storage: Storage) -> None:
        found(storage)
        for _ in range(3):
            with storage.unit(TENANT, write=True) as uow:
                assert (1, None) == uow.next_number(COUNTER)

    def test_counters_differ_in_each_part_of_their_key(self, storage: Storage) -> None:
        found(storage)
        others = [
            attrs.evolve(COUNTER, seller="Studio"),
            attrs.evolve(COUNTER, kind="credit_note"),
            attrs.evolve(COUNTER, series="web"),
        ]
        with storage.unit(TENANT, write=True) as uow:
            uow.take(COUNTER, uow.next_number(COUNTER)[0], DAY)
            assert [(1, None)] * len(others) == [uow.next_number(other) for other in others]
            assert (2, DAY) == uow.next_number(COUNTER)

    def test_the_last_date_is_that_of_the_series_over_all_periods(self, storage: Storage) -> None:
        """Numbers follow dates also across the year's end: 2026 is closed once 2027 has a number."""
        found(storage)
        next_year = attrs.evolve(COUNTER, period="2027")
        with storage.unit(TENANT, write=True) as uow:
            uow.take(COUNTER, 1, DAY)
            assert (1, DAY) == uow.next_number(next_year)
            uow.take(next_year, 1, date(2027, 1, 2))
            assert (2, date(2027, 1, 2)) == uow.next_number(COUNTER)

    def test_a_rolled_back_unit_gives_its_number_back(self, storage: Storage) -> None:
        found(storage)
        with pytest.raises(ZeroDivisionError), storage.unit(TENANT, write=True) as uow:
            uow.take(COUNTER, uow.next_number(COUNTER)[0], DAY)
            raise ZeroDivisionError
        with storage.unit(TENANT, write=True) as uow:
            assert (1, None) == uow.next_number(COUNTER)

    def test_eight_threads_append_without_gap(self, storage: Storage) -> None:
        """Positions are 1 to 200 in the journal, and every thread's record is there."""
        found(storage)

        def case(uow: UnitOfWork, thread: int, n: int) -> int:
            return uow.append(saved(customer(f"c{thread}-{n}"))).position

        positions = raced(storage, case)
        assert list(range(1, THREADS * EACH + 1)) == sorted(positions)
        with storage.unit(TENANT, write=False) as uow:
            assert list(range(1, THREADS * EACH + 1)) == [
                changeset.position for changeset in uow.journal()
            ]
            assert THREADS * EACH == len(uow.records("customer"))

    def test_eight_threads_take_numbers_without_gap(self, storage: Storage) -> None:
        found(storage)

        def case(uow: UnitOfWork, thread: int, n: int) -> int:
            number, _ = uow.next_number(COUNTER)
            uow.take(COUNTER, number, DAY)
            uow.append(saved(customer(f"c{thread}-{n}")))
            return number

        assert list(range(1, THREADS * EACH + 1)) == sorted(raced(storage, case))

    def test_of_eight_threads_one_writes_a_version(self, storage: Storage) -> None:
        """Every version of one record is written by one thread only; the others are Lost."""
        written(found(storage), saved(customer()))

        def case(uow: UnitOfWork, thread: int, n: int) -> int:
            loaded = uow.load("customer", "acme")
            assert loaded is not None
            version = loaded.record.version + 1
            uow.append(saved(customer(version=version)))
            return version

        assert list(range(2, THREADS * EACH + 2)) == sorted(raced(storage, case))


def raced(storage: Storage, case: Callable[[UnitOfWork, int, int], int]) -> list[int]:
    """What the case gave in each of eight threads, 25 times each, tried again when another thread was faster."""
    start = Barrier(THREADS)

    def once(thread: int, n: int) -> int:
        while True:
            try:
                with storage.unit(TENANT, write=True) as uow:
                    return case(uow, thread, n)
            except (Lost, Retryable):
                continue

    def run(thread: int) -> list[int]:
        start.wait()
        return [once(thread, n) for n in range(EACH)]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(HASTE)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            return [result for results in pool.map(run, range(THREADS)) for result in results]
    finally:
        sys.setswitchinterval(interval)
