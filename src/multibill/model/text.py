"""What counts as text: NFC, without control characters that a database or a page cannot carry."""

from __future__ import annotations

import re
from unicodedata import is_normalized, normalize

from multibill.errors import InvalidValue
from multibill.model.masked import Masked

LENGTH = 20_000
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def text(value: str) -> str:
    """The text in NFC; control characters (but tab and line ends) and lone surrogates are refused.

    >>> text("e\\u0301")
    'é'
    >>> text(3)
    Traceback (most recent call last):
    multibill.errors.InvalidValue: 3 is not text
    """
    if type(value) is not str:
        if not isinstance(value, str):
            raise InvalidValue(f"{value!r} is not text")
        if isinstance(value, Masked):
            return value
        value = str(value)
    if value.isprintable() and len(value) <= LENGTH and is_normalized("NFC", value):
        return value
    if len(value) > LENGTH:
        raise InvalidValue(f"text of {len(value)} characters; at most {LENGTH} are allowed")
    if found := FORBIDDEN.search(value):
        raise InvalidValue(
            f"the character U+{ord(found.group()):04X} cannot stand in a document; remove it"
        )
    composed = normalize("NFC", value)
    if len(composed) > LENGTH:
        raise InvalidValue(
            f"text of {len(composed)} characters in NFC; at most {LENGTH} are allowed"
        )
    return composed


def optional_text(value: str | None) -> str | None:
    """Like text(); empty text and None are both None, so that nothing is said in one way only."""
    return None if value is None or value == "" else text(value)


def language(code: str) -> str:
    """An ISO 639-1 code in small letters.

    >>> language("fr")
    'fr'
    """
    if isinstance(code, str) and re.fullmatch("[a-z]{2}", code):
        return str(code)
    raise InvalidValue(f"{code!r} is not an ISO 639-1 language code such as 'fr'")


def label(value: str) -> str:
    """Text that can be a name in a path, such as a tag: no slash, 1 to 64 characters of the basic plane.

    >>> label("à relancer")
    'à relancer'
    """
    checked = text(value)
    if (
        0 < len(checked) <= 64
        and "/" not in checked
        and max(checked) < "\ud800"
        and checked.isprintable()
    ):
        return checked
    raise InvalidValue(f"{value!r} must be 1 to 64 printable characters without '/'")
