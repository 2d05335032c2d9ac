"""The journal: entries come back whole, in order, chained; a request id answers for its actor and tenant."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import attrs
import pytest

from multibill.errors import KeyReused
from multibill.history import GENESIS, Change, link
from multibill.history.chain import leaf
from multibill.ports import Lost, Storage
from multibill.testing.contract.writes import (
    NOW,
    TENANT,
    customer,
    drafted,
    found,
    invoice,
    review,
    saved,
    written,
)

FULL: dict[str, Any] = {
    "action": "edit",
    "actor": "service:month-end",
    "on_behalf_of": "zoe@example.org",
    "roles": ("lead", "sales"),
    "reason": "call of 3 May: « 10 % » 🧾 e\u0301",
    "origin": "import",
    "recorded": NOW + 123_456,
    "happened": -1,
    "request_id": "c1-42",
    "fingerprint": "0123456789abcdef",
    "policy": "fedcba9876543210",
    "base": 7,
    "changes": (
        Change("/lines/a/quantity", "3", "4.5"),
        Change("/tags/à relancer", None, True),
        Change("/terms/days", 30, None),
        Change("/lines/b", None, {"name": "é", "vat": {"category": "S", "rate": "20"}}),
        Change("/list", ["1", 2], []),
    ),
    "seed": bytes(range(240, 256)),
}


class JournalContract:
    """Order, positions, the chain, and what a retry finds."""

    def test_an_entry_comes_back_with_all_it_said(self, storage: Storage) -> None:
        (made,) = written(found(storage), saved(customer(), **FULL))
        with storage.unit(TENANT, write=False) as uow:
            assert [made] == list(uow.journal())
        assert FULL == {name: getattr(made, name) for name in FULL}

    def test_an_entry_that_says_little_comes_back_as_it_was(self, storage: Storage) -> None:
        """What was left out is None again, not an empty text."""
        (made,) = written(found(storage), saved(customer()))
        with storage.unit(TENANT, write=False) as uow:
            (read,) = uow.journal()
        assert made == read
        silent = (
            "on_behalf_of",
            "reason",
            "origin",
            "happened",
            "request_id",
            "fingerprint",
            "policy",
            "base",
        )
        assert [None] * len(silent) == [getattr(read, name) for name in silent]

    def test_positions_run_from_one_without_holes(self, storage: Storage) -> None:
        made = written(found(storage), *(saved(customer(f"c{n}")) for n in range(7)))
        assert list(range(1, 8)) == [changeset.position for changeset in made]
        with storage.unit(TENANT, write=False) as uow:
            assert made == list(uow.journal())

    def test_several_entries_of_one_unit_follow_each_other(self, storage: Storage) -> None:
        with found(storage).unit(TENANT, write=True) as uow:
            made = [uow.append(saved(customer(f"c{n}"))) for n in range(3)]
            assert made == list(uow.journal())
        with storage.unit(TENANT, write=False) as uow:
            assert made == list(uow.journal())

    def test_a_lost_write_gives_its_position_back(self, storage: Storage) -> None:
        written(found(storage), saved(customer()))
        with pytest.raises(Lost), storage.unit(TENANT, write=True) as uow:
            uow.append(saved(customer("other")))
            uow.append(saved(customer()))
        (made,) = written(storage, saved(customer("third")))
        assert 2 == made.position

    def test_each_entry_is_chained_to_the_one_before(self, storage: Storage) -> None:
        made = written(found(storage), *(saved(customer(f"c{n}")) for n in range(5)))
        assert link(GENESIS, leaf(made[0], 1)) == made[0].chain
        for before, after in pairwise(made):
            assert link(before.chain, leaf(after, after.position)) == after.chain

    def test_the_head_is_the_last_entry(self, storage: Storage) -> None:
        with storage.unit(TENANT, write=False) as uow:
            assert uow.head() is None
        found(storage)
        with storage.unit(TENANT, write=False) as uow:
            assert (0, GENESIS) == uow.head()
        made = written(storage, saved(customer()), saved(customer(version=2)))
        with storage.unit(TENANT, write=False) as uow:
            assert (2, made[-1].chain) == uow.head()

    def test_the_journal_starts_after_a_position_and_stops_at_a_limit(
        self, storage: Storage
    ) -> None:
        made = written(found(storage), *(saved(customer(f"c{n}")) for n in range(6)))
        with storage.unit(TENANT, write=False) as uow:
            for after in range(8):
                assert made[after:] == list(uow.journal(after))
                for limit in (1, 2, 9):
                    assert made[after : after + limit] == list(uow.journal(after, limit=limit))

    def test_a_long_journal_is_read_whole(self, storage: Storage) -> None:
        """Also where the adapter reads in batches; and a limit counts over all of them."""
        with found(storage).unit(TENANT, write=True) as uow:
            for n in range(1, 2101):
                uow.append(saved(customer(version=n), changes=(), about="acme"))
        with storage.unit(TENANT, write=False) as uow:
            for after, limit in ((0, None), (0, 2050), (0, 1000), (999, 1001), (1050, None)):
                positions = [entry.position for entry in uow.journal(after, limit=limit)]
                assert [*range(1, 2101)][after:][:limit] == positions
            assert 1500 == len([*uow.journal(about="acme", limit=1500)])

    def test_the_journal_of_one_document_has_what_is_about_it(self, storage: Storage) -> None:
        made = written(
            found(storage),
            drafted(invoice("i1")),
            drafted(invoice("i2")),
            review("r1", "i1", 1, "approved"),
            saved(customer("i3")),
        )
        with storage.unit(TENANT, write=False) as uow:
            assert [made[0], made[2]] == list(uow.journal(about="i1"))
            assert [made[2]] == list(uow.journal(1, about="i1"))
            assert [made[0]] == list(uow.journal(about="i1", limit=1))
            assert [] == list(uow.journal(about="i9"))

    def test_a_request_id_finds_its_changeset(self, storage: Storage) -> None:
        made = written(
            found(storage),
            saved(customer("a"), request_id="r1"),
            saved(customer("b"), request_id="r2"),
        )
        with storage.unit(TENANT, write=False) as uow:
            assert made == [uow.answered("ann", "r1"), uow.answered("ann", "r2")]
            assert uow.answered("ann", "R1") is None
            assert uow.answered("bob", "r1") is None

    def test_a_request_id_belongs_to_its_actor(self, storage: Storage) -> None:
        writes = [
            saved(customer(actor), request_id="r1", actor=actor) for actor in ("ann", "bob", "Ann")
        ]
        made = written(found(storage), *writes)
        with storage.unit(TENANT, write=False) as uow:
            assert made == [uow.answered(changeset.actor, "r1") for changeset in made]

    def test_a_request_id_is_used_once(self, storage: Storage) -> None:
        """Two racers with one request id: the second starts again (and then finds the answer), or is refused."""
        (made,) = written(found(storage), saved(customer("a"), request_id="r1"))
        with pytest.raises((Lost, KeyReused)), storage.unit(TENANT, write=True) as uow:
            uow.append(saved(customer("b"), request_id="r1"))
        with storage.unit(TENANT, write=False) as uow:
            assert made == uow.answered("ann", "r1")
            assert [made] == list(uow.journal())

    def test_any_text_can_be_a_request_id(self, storage: Storage) -> None:
        """It is a foreign system's word: bank references, UUIDs, names with accents."""
        texts = ["bank:8841", "é", "e\u0301", "🧾", "a b", "x" * 64]
        made = written(
            found(storage), *(saved(customer(f"c{n}"), request_id=t) for n, t in enumerate(texts))
        )
        with storage.unit(TENANT, write=False) as uow:
            assert made == [uow.answered("ann", text) for text in texts]

    def test_a_changeset_is_its_entry_and_its_place(self, storage: Storage) -> None:
        write = saved(customer(), **FULL)
        (made,) = written(found(storage), write)
        said = {attribute.name for attribute in attrs.fields(type(write.entry))}
        assert write.entry == type(write.entry)(**{name: getattr(made, name) for name in said})
