"""Ids of lines that others gave (BT-126): any text they like, while ours are keys that stand in paths."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from multibill.ids import is_key

SPELT = "b64:"


def spelt(text: str) -> str | None:
    """The text as a key: itself where it can be one, else spelt in base64; None when it is too long for that.

    >>> spelt("10"), spelt("Part 1/2")
    ('10', 'b64:UGFydCAxLzI')
    """
    if is_key(text) and not text.startswith(SPELT):
        return text
    key = SPELT + urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return key if is_key(key) else None


def spoken(key: str) -> str:
    """The text of a key.

    >>> spoken("b64:UGFydCAxLzI")
    'Part 1/2'
    """
    try:
        body = key.removeprefix(SPELT)
        text = urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except ValueError:
        return key
    return text if spelt(text) == key else key
