"""What a document is, by UNTDID 1001 code (BT-3), and which codes each kind may carry."""

from __future__ import annotations

from collections.abc import Mapping

from multibill.errors import InvalidValue

TYPES: Mapping[str, Mapping[str, str]] = {
    "invoice": {
        "380": "commercial invoice",
        "326": "partial invoice",
        "384": "corrected invoice",
        "386": "prepayment invoice",
        "389": "self-billed invoice",
    },
    "credit_note": {
        "381": "credit note",
        "261": "self-billed credit note",
        "503": "credit note on a prepayment invoice",
    },
    "quote": {"310": "offer"},
}
SELF_BILLED = frozenset({"389", "261"})
PREPAYMENT = frozenset({"386", "503"})


def type_code(kind: str, code: str) -> str:
    """The code, if documents of this kind can carry it.

    >>> type_code("invoice", "386")
    '386'
    >>> type_code("invoice", "381")
    Traceback (most recent call last):
    multibill.errors.InvalidValue: /type_code: an invoice has no type '381'; one of 380, 326, 384, 386, 389
    """
    if isinstance(code, str) and code in TYPES[kind]:
        return code
    name = kind.replace("_", " ")
    article = "an" if name[0] in "aeiou" else "a"
    raise InvalidValue(
        f"{article} {name} has no type {code!r}; one of {', '.join(TYPES[kind])}", path="/type_code"
    )
