"""A Billing in memory whose clock and random bytes are the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from itertools import count

from multibill import presets
from multibill.billing import Billing
from multibill.clock import Clock, FrozenClock
from multibill.permissions import Policy
from multibill.ports import Random
from multibill.records import Custom
from multibill.storage.memory import MemoryStorage
from multibill.workflow import Workflow

NOON = "2026-11-30T12:00:00Z"
"""Where the clock of a test stands when it is given none."""


class SeededBytes:
    """A source of bytes that differ from call to call and are the same in every run. Only for tests.

    >>> SeededBytes()(2) == SeededBytes()(2)
    True
    >>> bytes_ = SeededBytes("mine")
    >>> bytes_(8) == bytes_(8)
    False
    """

    def __init__(self, seed: str = "multibill") -> None:
        self._seed = seed
        self._calls = count()

    def __call__(self, size: int, /) -> bytes:
        """So many bytes."""
        return hashlib.shake_256(f"{self._seed}:{next(self._calls)}".encode()).digest(size)


def memory_billing(
    policy: Policy | Callable[[str], Policy] | None = None,
    clock: Clock | None = None,
    fields: Iterable[Custom] = (),
    workflow: Workflow | None = None,
    *,
    random: Random | None = None,
) -> Billing:
    """multibill without a database, for a host's own tests: nothing to migrate, gone with the test.

    Args:
        policy: ``presets.agency()`` when left out.
        clock: a FrozenClock at noon UTC on 2026-11-30 when left out.
        random: the same bytes in every run when left out, so that ids and hashes can be compared.

    >>> from multibill.records import Actor
    >>> billing = memory_billing(clock=FrozenClock("2026-12-31T23:30:00Z"))
    >>> billing.provision("t1", by=Actor.service("setup"))
    >>> billing.workspace("t1", actor=Actor("ann", roles={"sales"})).tenant
    't1'
    """
    return Billing(
        MemoryStorage(),
        policy=policy or presets.agency(),
        workflow=workflow,
        fields=fields,
        clock=clock or FrozenClock(NOON),
        random=random or SeededBytes(),
    )
