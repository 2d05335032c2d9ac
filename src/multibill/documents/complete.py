"""Completing a document: the legal mentions of a day beside the totals, and the rules both were made by."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from multibill.documents.computing import ENGINE
from multibill.documents.document import Document
from multibill.documents.mentions import MENTIONS, mentions
from multibill.model import replaced

D = TypeVar("D", bound=Document)

RULES = f"{ENGINE} {MENTIONS}"


def completed(document: D, on: date) -> D:
    """The document with the mentions that follow on that day, and the versions of the rules it was made by."""
    return replaced(document, mentions=mentions(document, on), rule_versions=RULES)
