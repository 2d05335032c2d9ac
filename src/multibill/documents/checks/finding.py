"""What a check is and what it finds: an official rule, a path, a sentence and a remedy in English and French."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Literal

import attrs

from multibill.documents.document import Document
from multibill.documents.line import Line

Severity = Literal["error", "warning"]
Words = Mapping[str, str]
Place = tuple[str, Mapping[str, object]]
"""A path, and what the message says about it; a value by language is a mapping itself.

``law`` and ``severity`` among them stand for the rule's own.
"""
Find = Callable[[Document, date], Iterable[Place]]

STANDARD = "EN 16931-1:2017"
STOP = {"en": ";", "fr": " ;"}
"""What stands between message and remedy; its languages are those of every rule."""


@attrs.frozen
class Finding:
    """One broken rule at one place: an ``error`` keeps a document from being issued, a ``warning`` does not.

    >>> words = {"en": "an invoice needs at least one line"}, {"en": "add a line"}
    >>> print(Finding("BR-16", "error", "/lines", *words, law="EN 16931-1:2017"))
    BR-16 /lines: an invoice needs at least one line; add a line
    """

    rule: str
    severity: Severity
    path: str
    message: Words
    remedy: Words
    law: str

    def text(self, language: str = "en") -> str:
        """The message and the remedy in a language (``fr``, ``fr-BE``), in English when there is no such text."""
        known = language[:2] if language[:2] in self.message else "en"
        return f"{self.message[known]}{STOP[known]} {self.remedy[known]}"

    def __str__(self) -> str:
        return f"{self.rule} {self.path}: {self.text()}"


@attrs.frozen(eq=False)
class Check:
    """One rule: where it comes from, how to find what breaks it, what to say and what to do.

    ``category`` and ``country`` narrow it to documents that use a VAT category or have their seller there, ``needs`` to
    those that have something (see ``features``): what a document lacks costs it nothing.
    """

    id: str
    law: str
    severity: Severity
    find: Find
    message: Words
    remedy: Words
    category: str | None = None
    country: str | None = None
    needs: str | None = None

    def finding(self, path: str, said: Mapping[str, object]) -> Finding:
        """What is said about one place that breaks the rule."""
        message = {name: _filled(self.message[name], said, name) for name in STOP}
        remedy = {name: _filled(self.remedy[name], said, name) for name in STOP}
        law, severity = str(said.get("law", self.law)), said.get("severity", self.severity)
        return Finding(
            self.id, "warning" if severity == "warning" else "error", path, message, remedy, law
        )


def _filled(template: str, said: Mapping[str, object], language: str) -> str:
    words = {key: v[language] if isinstance(v, Mapping) else v for key, v in said.items()}
    return template.format(**words)


def rule(
    id: str,
    find: Find,
    *,
    en: tuple[str, str],
    fr: tuple[str, str],
    law: str = STANDARD,
    severity: Severity = "error",
    category: str | None = None,
    country: str | None = None,
    needs: str | None = None,
) -> Check:
    """A check written as one row: its message and its remedy, in English and in French.

    >>> rule(
    ...     "X-1", lambda document, on: (), en=("wrong", "mend it"), fr=("faux", "corrigez")
    ... ).severity
    'error'
    """
    message, remedy = {"en": en[0], "fr": fr[0]}, {"en": en[1], "fr": fr[1]}
    return Check(id, law, severity, find, message, remedy, category, country, needs)


def on_line(line: Line, field: str) -> str:
    """Where a line's field stands: by the line's id, and ``/lines`` while it has none."""
    return f"/lines/{line.id}/{field}" if line.id else "/lines"


def among(name: str, item: Any, field: str = "") -> str:
    """Where an item of a list, or its field, stands: by its id, and the list's path while it has none."""
    known = getattr(item, "id", None) or getattr(item, "key", None)
    return f"{name}/{known}/{field}".rstrip("/") if known else name


def on_net(line: Line) -> str:
    """Where a line's amount stands: among the totals."""
    return f"/totals/nets/{line.id}" if line.id else "/totals/nets"


def blank(value: object) -> bool:
    """Whether nothing is said: None, or text of white space."""
    return value is None or (type(value) is str and not value.strip())
