"""A call that breaks in the middle: the source of random bytes gives out, between any two of its writes."""

from __future__ import annotations

from typing import NoReturn

from multibill.testing import SeededBytes


class PowerCut(Exception):
    """What a test throws into the middle of a call."""


class Interrupted(SeededBytes):
    """Random bytes that run out in the middle of a call, so many draws from now."""

    left: int | None = None

    def __call__(self, size: int, /) -> bytes:
        if self.left == 0:
            self.left = None
            _cut()
        if self.left:
            self.left -= 1
        return super().__call__(size)


def _cut() -> NoReturn:
    raise PowerCut
