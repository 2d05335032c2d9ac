"""Order keys: texts that sort where their line stands, so that a move or insert touches one line only."""

from __future__ import annotations

from multibill.errors import InvalidValue

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
WIDTH = BASE * BASE * (BASE - 1)
FIRST = WIDTH // 2


def order_key(value: str | None) -> str | None:
    """The text, if it can be an order key; None waits for the desk to make one."""
    if value is None:
        return None
    if (
        isinstance(value, str)
        and 0 < len(value) <= 2000
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
