"""Consumers: how far each got, beside the journal; which tenants are behind, in one question."""

from __future__ import annotations

import attrs
import pytest

from multibill.ports import Delivery, Storage, UnitOfWork
from multibill.testing.contract.counting import raced
from multibill.testing.contract.writes import TENANT, customer, found, saved, written

HALF = Delivery(name="webhooks", position=1, owner="me", until=1_796_040_030_000_000)


class DeliveringContract:
    """A consumer's row is kept, moved, given back by an error, and locked while a unit writes."""

    def test_a_new_consumer_has_no_row(self, storage: Storage) -> None:
        with found(storage).unit(TENANT, write=True) as uow:
            assert uow.delivery("webhooks") is None

    @pytest.mark.parametrize("kept", [HALF, Delivery(name="webhooks", position=2)])
    def test_what_is_kept_comes_back_and_moves(self, storage: Storage, kept: Delivery) -> None:
        self.keep(found(storage), Delivery(name="webhooks"))
        self.keep(storage, kept)
        for write in (True, False):
            with storage.unit(TENANT, write=write) as uow:
                assert kept == uow.delivery("webhooks")

    def test_keeping_what_stands_is_no_loss(self, storage: Storage) -> None:
        """Some databases count an update that changes nothing as no row at all."""
        for _ in range(2):
            self.keep(found(storage), HALF)
        with storage.unit(TENANT, write=False) as uow:
            assert HALF == uow.delivery("webhooks")

    def test_names_and_tenants_are_apart(self, storage: Storage) -> None:
        self.keep(found(storage), HALF)
        self.keep(storage, attrs.evolve(HALF, name="Webhooks", position=7))
        self.keep(found(storage, "t2"), attrs.evolve(HALF, position=9), "t2")
        with storage.unit(TENANT, write=False) as uow:
            assert HALF == uow.delivery("webhooks")
        with storage.unit("t2", write=False) as uow:
            assert uow.delivery("Webhooks") is None

    def test_an_error_gives_the_place_back(self, storage: Storage) -> None:
        self.keep(found(storage), HALF)
        with pytest.raises(ZeroDivisionError), storage.unit(TENANT, write=True) as uow:
            uow.deliver(attrs.evolve(HALF, position=5))
            uow.deliver(attrs.evolve(HALF, name="books"))
            raise ZeroDivisionError
        with storage.unit(TENANT, write=False) as uow:
            assert HALF == uow.delivery("webhooks")
            assert uow.delivery("books") is None

    def test_it_is_no_part_of_the_journal(self, storage: Storage) -> None:
        self.keep(found(storage), HALF)
        with storage.unit(TENANT, write=False) as uow:
            assert [] == list(uow.journal())

    def test_behind_are_the_tenants_whose_journal_goes_on(self, storage: Storage) -> None:
        """One that never was there is behind as soon as anything happened; another name is another question."""
        for tenant, position in (("even", 2), ("behind", 1), ("new", None), ("empty", None)):
            found(storage, tenant)
            if tenant != "empty":
                writes = (saved(customer(f"c{n}"), tenant=tenant) for n in range(2))
                written(storage, *writes, tenant=tenant)
            if position is not None:
                self.keep(storage, attrs.evolve(HALF, position=position), tenant)
        assert ["behind", "new"] == list(storage.behind("webhooks"))
        assert ["behind", "even", "new"] == list(storage.behind("books"))

    def test_eight_threads_that_count_on_one_row_lose_no_count(self, storage: Storage) -> None:
        """The row is read under a lock in a unit that writes, from the first insert on."""
        found(storage)

        def case(uow: UnitOfWork, thread: int, n: int) -> int:
            stands = uow.delivery("webhooks") or Delivery(name="webhooks")
            uow.deliver(attrs.evolve(stands, position=stands.position + 1))
            return stands.position

        positions = raced(storage, case)
        assert list(range(len(positions))) == sorted(positions)

    def keep(self, storage: Storage, delivery: Delivery, tenant: str = TENANT) -> None:
        """Keep it, in a unit of its own."""
        with storage.unit(tenant, write=True) as uow:
            uow.deliver(delivery)
