"""Texts of two people laid together word by word (diff3). Where both changed the same words, no guess is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

WORD = re.compile(r"\s*\S+|\s+$")
LIMIT = 500
"""Words between the first and the last change that are compared; beyond that it would take too long."""

Hunk = tuple[int, int, tuple[str, ...]]
"""Words of the base from and to, and what stands in their place."""


def merge_words(base: str, mine: str, theirs: str) -> str | None:
    """Both people's changes of one text; None where they meet.

    >>> merge_words("Work done in May", "Design work done in May", "Work done in June")
    'Design work done in June'
    >>> merge_words("in May", "in June", "in July") is None
    True
    """
    words = WORD.findall(base)
    ours, others = _hunks(words, WORD.findall(mine)), _hunks(words, WORD.findall(theirs))
    if ours is None or others is None:
        return None
    hunks = sorted({*ours, *others})
    if any(_meet(one, other) for one in ours for other in others if one != other):
        return None
    return "".join(_laid(words, hunks))


def _hunks(base: list[str], other: list[str]) -> list[Hunk] | None:
    """What was changed of the base; None for a change that is too long to compare."""
    start = next((n for n, (a, b) in enumerate(zip(base, other, strict=False)) if a != b), None)
    if start is None:
        start = min(len(base), len(other))
    tail, room = 0, min(len(base), len(other)) - start
    while tail < room and base[-1 - tail] == other[-1 - tail]:
        tail += 1
    old, new = base[start : len(base) - tail], other[start : len(other) - tail]
    if max(len(old), len(new)) > LIMIT:
        return None
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(start + i, start + j, tuple(new[k:m])) for tag, i, j, k, m in found if tag != "equal"]


def _meet(one: Hunk, other: Hunk) -> bool:
    """Whether two changes touch the same words, or put words in at one place, where either could come first."""
    (a, b, _), (c, d, _) = one, other
    return (a <= d and c <= b) if a == b or c == d else (a < d and c < b)


def _laid(words: list[str], hunks: list[Hunk]) -> Iterator[str]:
    at = 0
    for start, end, new in hunks:
        yield from words[at:start]
        yield from new
        at = end
    yield from words[at:]
