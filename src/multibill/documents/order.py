"""Order keys: texts that sort where their line stands, so that a move or insert touches one line only.

Lines sort by key, then by id: two people may put a line in one place, and both lines stay.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from multibill.errors import InvalidValue

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
WIDTH = BASE * BASE * (BASE - 1)
FIRST = WIDTH // 2
LONGEST = 32
"""Characters of a key; where one would have more, all lines of the document get new keys."""

Place = tuple[str | None, str | None]
"""A line's key and id; without a key it takes its place from its neighbours."""


def order_key(value: str | None) -> str | None:
    """The text, if it can be an order key; None waits for the desk to make one."""
    if value is None:
        return None
    if (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST
        and not value.strip(DIGITS)
        and value[-1] != "0"
    ):
        return value
    raise InvalidValue(f"{value!r} is not an order key; leave it out or move the line")


def between(before: str | None, after: str | None) -> str:
    """A key that sorts after ``before`` and before ``after``; None is an open end.

    Keys compare by code point and never end in ``0``, so that there is always room below them.

    >>> between("V01", "V02"), between("V01", None), between(None, "V01")
    ('V01V', 'V02', 'Uzz')
    """
    if before is not None and after is not None and before >= after:
        raise InvalidValue(f"no order key lies between {before!r} and {after!r}")
    if after is None:
        return spread(1, before)[0]
    if before is None and (place := _place(after)) > 0:
        return _text(place - 1 if _text(place) >= after else place)
    return _middle(before or "", after)


def spread(count: int, after: str | None = None) -> list[str]:
    """Short keys for a run of new lines at the end, the first after ``after``.

    >>> spread(2), spread(1, "V02")
    (['V01', 'V02'], ['V03'])
    """
    start = FIRST if after is None else _place(after) + 1
    if start + count > WIDTH:
        return _tail(count, after or "")
    return [_text(place) for place in range(start, start + count)]


def ordered(places: Sequence[Place]) -> list[str]:
    """Keys for lines as they stand, one after the other; those that are in order already are kept.

    >>> ordered([("V01", "a"), (None, None), ("V02", "b")])
    ['V01', 'V01V', 'V02']
    >>> ordered([("V01", "a"), ("V01", "b"), ("V02", "c")])
    ['V01', 'V01', 'V02']
    """
    keys: list[str] = []
    gap = 0
    for key in (*_kept(places), None):
        if key is not None or len(keys) + gap == len(places):
            keys += _filled(gap, keys[-1] if keys else None, key)
            keys += [] if key is None else [key]
            gap = 0
        else:
            gap += 1
    return spread(len(keys)) if max(map(len, keys), default=0) > LONGEST else keys


def _kept(places: Sequence[Place]) -> list[str | None]:
    """The keys of a longest run in order. Of two lines with one key the second gets another when one comes between."""
    run = _rising(places)
    kept: list[str | None] = []
    last, gap = None, False
    for index, (key, _) in enumerate(places):
        stays = index in run and not (gap and key == last)
        kept.append(key if stays else None)
        last, gap = (key, False) if stays else (last, True)
    return kept


def _rising(places: Sequence[Place]) -> set[int]:
    """Which lines need not move."""
    found = [(key, id or "", index) for index, (key, id) in enumerate(places) if key is not None]
    if all(one < other for one, other in pairwise(found)):
        return {index for _, _, index in found}
    tails: list[tuple[str, str]] = []
    ends: list[int] = []
    came_from: dict[int, int | None] = {}
    for key, id, index in found:
        at = bisect_left(tails, (key, id))
        came_from[index] = ends[at - 1] if at else None
        tails[at : at + 1], ends[at : at + 1] = [(key, id)], [index]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = came_from[last]
    return kept


def _filled(count: int, before: str | None, after: str | None) -> list[str]:
    """So many keys between two, as short as can be."""
    if count == 0:
        return []
    if after is None:
        return spread(count, before)
    if before is None:
        keys = [after]
        while len(keys) <= count:
            keys.append(between(None, keys[-1]))
        return keys[:0:-1]
    middle, half = between(before, after), count // 2
    return [*_filled(half, before, middle), middle, *_filled(count - half - 1, middle, after)]


def _tail(count: int, after: str) -> list[str]:
    keys: list[str] = []
    for _ in range(count):
        after = _middle(after, None)
        keys.append(after)
    return keys


def _place(key: str) -> int:
    padded = (key + "00")[:3]
    high, middle, low = (DIGITS.index(digit) for digit in padded)
    return (high * BASE + middle) * (BASE - 1) + max(low, 1) - 1


def _text(place: int) -> str:
    rest, low = divmod(place, BASE - 1)
    high, middle = divmod(rest, BASE)
    return DIGITS[high] + DIGITS[middle] + DIGITS[low + 1]


def _middle(before: str, after: str | None) -> str:
    prefix = ""
    while True:
        low = DIGITS.index(before[0]) if before else 0
        high = DIGITS.index(after[0]) if after else BASE
        if low == high:
            prefix, before, after = prefix + DIGITS[low], before[1:], (after or "")[1:]
        elif high - low > 1:
            return prefix + DIGITS[(low + high) // 2]
        elif after and len(after) > 1:
            return prefix + after[0]
        else:
            prefix, before, after = prefix + DIGITS[low], before[1:], None
