"""What a database error means, decided by codes: messages come in the server's language."""

from __future__ import annotations

from typing import Any, Literal

Failure = Literal["busy", "absent", "unreadable", "other"]

SQLITE = {5: "busy", 6: "busy"}
"""Primary result codes: SQLITE_BUSY, SQLITE_LOCKED."""

SQLSTATES = {
    "40001": "busy",
    "40P01": "busy",
    "55P03": "busy",
    "42P01": "absent",
    "42703": "absent",
    "22021": "unreadable",
}
"""PostgreSQL: serialization, deadlock, lock not available; undefined table or column; bytes that are no text."""

MARIADB = {1205: "busy", 1213: "busy", 1146: "absent", 1054: "absent"}
"""Lock wait timeout, deadlock; no such table, unknown column."""

# SQLite has one code for every statement it cannot prepare, and its words come in no other language.
SQLITE_WORDS = {
    "no such table": "absent",
    "no such column": "absent",
    "could not decode": "unreadable",
}


def failure(error: BaseException) -> Failure:
    """What a driver's error, or SQLAlchemy's around one, means for the caller."""
    original: Any = getattr(error, "orig", None) or error
    code = getattr(original, "sqlite_errorcode", None)
    found = SQLITE.get(code & 0xFF) if code is not None else None
    found = found or SQLSTATES.get(getattr(original, "sqlstate", None) or "")
    if found is None and original.args:
        first = original.args[0]
        words = (kind for word, kind in SQLITE_WORDS.items() if word in str(first).lower())
        found = MARIADB.get(first) if isinstance(first, int) else next(words, None)
    return found or "other"  # type: ignore[return-value]
