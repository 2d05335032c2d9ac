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


def completed(document: D, on: date, **dates: date | None) -> D:
    """The document with the mentions that follow on that day, and the versions of the rules it was made by.

    Args:
        dates: dates of the document itself that the day decides.
    """
    made = replaced(document, rule_versions=RULES, **dates)
    object.__setattr__(made, "mentions", mentions(made, on))
    return made
