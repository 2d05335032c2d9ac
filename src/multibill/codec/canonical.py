"""Canonical bytes: what is hashed, stored and compared. A subset of RFC 8785 (JSON Canonicalization Scheme).

Trees hold text, whole numbers, true, false, lists and maps, whose keys stay within the basic plane; never a float,
never null in a map.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from json import encoder
from typing import Any

Tree = dict[str, Any]

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False
)

# JSONEncoder makes this anew for each text, which costs as much as a small text itself; PyPy has none.
_native = getattr(encoder, "c_make_encoder", None)
_pieces: Any = (
    _native(None, _ENCODER.default, encoder.encode_basestring, None, ":", ",", True, False, False)
    if _native
    else _ENCODER.iterencode
)


def canonical(value: object) -> str:
    """The one JSON text of a tree: sorted keys, no white space, UTF-8 characters as they are.

    >>> canonical({"b": "é", "a": ["1.5", True]})
    '{"a":["1.5",true],"b":"é"}'
    """
    return "".join(_pieces(value, 0))


def sha256(text: str) -> str:
    """The SHA-256 of a canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def decimal_text(value: Decimal) -> str:
    """The one text of a decimal: no exponent, no trailing zero, no minus zero.

    >>> decimal_text(Decimal("3.00")), decimal_text(Decimal("-0.0")), decimal_text(Decimal("1E+3"))
    ('3', '0', '1000')
    """
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
