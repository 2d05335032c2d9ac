"""What the tax rules say about one VAT: a frozen value with a rule, a field, words and a law. Knows no document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

Severity = Literal["error", "warning"]
Field = Literal["category", "exemption", "rate", "buyer_vat", "deliver_to"]
Words = Mapping[str, tuple[str, str]]
"""Message and remedy by language, with places to fill in."""


@attrs.frozen
class TaxFinding:
    """One thing that speaks against a VAT: where (a field of the VAT or of the supply), what, and what to do.

    ``message``, ``remedy`` and ``law`` have the form of a document's findings, in English and French.
    """

    rule: str
    severity: Severity
    field: Field
    message: Mapping[str, str]
    remedy: Mapping[str, str]
    law: str

    def __str__(self) -> str:
        return f"{self.rule} {self.field}: {self.message['en']}; {self.remedy['en']}"


def finding(
    rule: str,
    field: Field,
    words: Words,
    law: str,
    *,
    severity: Severity = "warning",
    **said: object,
) -> TaxFinding:
    """A finding whose words are filled with what is said; a value by language is a mapping itself.

    >>> words = {"en": ("{rate} % is odd", "ask"), "fr": ("{rate} % est étrange", "demandez")}
    >>> print(finding("X", "rate", words, "none", rate=3))
    X rate: 3 % is odd; ask
    """
    filled = {name: _filled(pair, said, name) for name, pair in words.items()}
    message = {name: pair[0] for name, pair in filled.items()}
    remedy = {name: pair[1] for name, pair in filled.items()}
    return TaxFinding(rule, severity, field, message, remedy, law)


def _filled(pair: tuple[str, str], said: Mapping[str, object], language: str) -> tuple[str, str]:
    words = {name: v[language] if isinstance(v, Mapping) else v for name, v in said.items()}
    return pair[0].format(**words), pair[1].format(**words)
