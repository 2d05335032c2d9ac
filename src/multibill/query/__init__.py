"""The one expression language: typed conditions over fields, in memory, on the wire, as source text.

Permission conditions, list filters, workflow guards and thresholds are all written in it. SQL is made of
it in ``multibill.storage.sql.compile`` and nowhere else.
"""

from __future__ import annotations

from multibill.query.evaluate import Facts, Test, compile_false, compile_true, truth
from multibill.query.explain import Node, explain, missing
from multibill.query.expressions import ANYTHING, Expression, all_of, always, any_of, never
from multibill.query.fields import Field, Fields, order_keys, path_of
from multibill.query.literals import Json
from multibill.query.me import Me
from multibill.query.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    TEXT,
    Type,
    choice,
)
from multibill.query.walk import check, names
from multibill.query.wire import from_wire, to_wire

__all__ = [
    "ANYTHING",
    "BOOLEAN",
    "DATE",
    "DECIMAL",
    "Expression",
    "Facts",
    "Field",
    "Fields",
    "INSTANT",
    "INTEGER",
    "Json",
    "MONEY",
    "Me",
    "Node",
    "TEXT",
    "Test",
    "Type",
    "all_of",
    "always",
    "any_of",
    "check",
    "choice",
    "compile_false",
    "compile_true",
    "explain",
    "from_wire",
    "missing",
    "names",
    "never",
    "order_keys",
    "path_of",
    "to_wire",
    "truth",
]
