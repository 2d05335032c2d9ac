"""What a mention's rule is: id, law, days in force with their source, condition, words by language, values in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

import attrs

from multibill.documents.document import Document

LANGUAGES = ("fr", "en", "de", "es", "it")
"""Every rule is worded in these."""

Condition = Callable[[Document], bool]
Values = tuple[tuple[str, str], ...]
"""What fills the places in the words, already written as the language writes it."""


def no_values(_: Document, __: str) -> Values:
    """Most words have no places to fill."""
    return ()


@attrs.frozen(eq=False)
class Rule:
    """When a sentence is due: the law, the days it is in force and what set them, the documents, the words.

    ``text`` has places such as ``{rate}`` where ``values`` gives something to put there.
    """

    id: str
    law: str
    since: date
    until: date | None
    source: str
    condition: Condition
    subject: str | None
    text: Mapping[str, str]
    values: Callable[[Document, str], Values] = no_values

    def applies(self, on: date) -> bool:
        """Whether the rule is in force on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


def dated(table: str) -> Iterator[tuple[str, str, date, date | None, str]]:
    """The rows of a table: id, law, first and last day in force, source."""
    for row in table.strip().splitlines():
        id, law, since, until, source = (cell.strip() for cell in row.split("|"))
        last = date.fromisoformat(until) if until else None
        yield id, law, date.fromisoformat(since), last, source


def figure(value: Decimal, language: str) -> str:
    """A number as a language writes it, without useless zeros.

    >>> figure(Decimal("12.40"), "fr"), figure(Decimal("12.40"), "en"), figure(Decimal("10"), "de")
    ('12,4', '12.4', '10')
    """
    text = f"{value.normalize():f}"
    return text if language == "en" else text.replace(".", ",")
