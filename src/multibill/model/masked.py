"""Masked: a text of which a reader sees the end only. It keeps its type, is never sent back, and checks skip it."""

from __future__ import annotations

COVER = "\u2022" * 4


class Masked(str):
    """What is left of a text under a mask.

    >>> Masked.of("FR7630006000011234567890189", 4)
    Masked('••••0189')
    """

    __slots__ = ()

    @classmethod
    def of(cls, value: str, last: int) -> Masked:
        """The text with all but its last characters covered; a text that is no longer shows none."""
        return cls(COVER + (value[-last:] if 0 < last < len(value) else ""))

    def __repr__(self) -> str:
        return f"Masked({str(self)!r})"
