"""Completing a document: line nets, totals and mentions, all that follows from what people said."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from multibill.documents.document import Document
from multibill.documents.mentions import MENTIONS, mentions
from multibill.documents.totals import ENGINE, compute
from multibill.model import replaced

D = TypeVar("D", bound=Document)

RULES = f"{ENGINE} {MENTIONS}"


def completed(document: D, on: date) -> D:
    """The document with its nets, totals and mentions as they follow on that day.

    Raises InvalidValue when a figure leaves the range that storage can hold exactly.
    """
    nets, totals = compute(document.lines, document.currency)
    lines = tuple(replaced(line, net=net) for line, net in zip(document.lines, nets, strict=True))
    said = mentions(document, on)
    return replaced(document, lines=lines, totals=totals, mentions=said, rules=RULES)
