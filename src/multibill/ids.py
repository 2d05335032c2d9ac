"""Identifiers: UUIDv7 text made before the insert, and which texts may serve as a key in a path.

Holds no randomness of its own: the source of random bytes is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from multibill.errors import InvalidValue

Random = Callable[[int], bytes]

_matches = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,63}").fullmatch


def uuid7(milliseconds: int, random: Random) -> str:
    """A UUID version 7 as 36 characters of text (RFC 9562, 5.7): sorts by time, unguessable by its tail.

    >>> uuid7(0x0192_0000_0000, lambda n: bytes(n))
    '01920000-0000-7000-8000-000000000000'
    """
    tail = int.from_bytes(random(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (tail >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | tail & 0x3FFF_FFFF_FFFF_FFFF
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_key(value: object) -> bool:
    """Whether the value can be a key: what cannot is stored nowhere, so nothing needs to be looked up.

    >>> is_key("acme"), is_key("a/b")
    (True, False)
    """
    return isinstance(value, str) and _matches(value) is not None


def key(value: str, what: str = "id") -> str:
    """The value, if it can be a key: 1 to 64 of ``A-Z a-z 0-9 . _ : @ + -``, not starting with a sign.

    Keys stand in paths (``/lines/<id>/quantity``) and in binary-collated columns, so nothing else is let in.

    >>> key("acme")
    'acme'
    >>> key("a/b")
    Traceback (most recent call last):
    multibill.errors.InvalidValue: id 'a/b' must be 1 to 64 of A-Z a-z 0-9 . _ : @ + - and start with a letter or digit
    """
    if is_key(value):
        return value
    raise InvalidValue(
        f"{what} {value!r} must be 1 to 64 of A-Z a-z 0-9 . _ : @ + - and start with a letter or digit"
    )
