"""The sentences that French law wants on a document, as dated data. Chooses and words them; prints nothing.

A document frozen at issue keeps the words of its day. Change a rule only by ending it and adding the next one.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from multibill.documents.document import Document
from multibill.documents.mentions.exemptions import TAX, reasons
from multibill.documents.mentions.payment import PAYMENT
from multibill.documents.mentions.rule import LANGUAGES, Rule, Values
from multibill.documents.mentions.transaction import TRANSACTION
from multibill.documents.parts import Mention

__all__ = ["LANGUAGES", "MENTIONS", "PAYMENT", "RULES", "TAX", "TRANSACTION", "Rule", "mentions"]

MENTIONS = "mentions/2026-11"

RULES = (*PAYMENT, *TRANSACTION, *TAX.values())


def mentions(document: Document, on: date) -> tuple[Mention, ...]:
    """The mentions due on a document of that day, sorted by id; none when the seller is not in France.

    They are worded in the document's language where the rules know it, else in English. A note of the host's with the
    same subject code (PMD, PMT, AAB, TXD) takes a mention's place: its own terms rule.
    """
    if document.seller.country != "FR":
        return ()
    language = document.language[:2]
    language = language if language in LANGUAGES else "en"
    taken = {note.subject for note in document.notes}
    rules = [
        rule
        for rule in _in_force(on)
        if rule.condition(document) and (rule.subject is None or rule.subject not in taken)
    ]
    rules += [rule for code in reasons(document) if (rule := TAX[code]).applies(on)]
    rules.sort(key=lambda rule: rule.id)
    return tuple(_worded(rule, language, rule.values(document, language)) for rule in rules)


@lru_cache(maxsize=64)
def _in_force(on: date) -> tuple[Rule, ...]:
    return tuple(rule for rule in (*PAYMENT, *TRANSACTION) if rule.applies(on))


@lru_cache(maxsize=512)
def _worded(rule: Rule, language: str, values: Values) -> Mention:
    text = rule.text[language].format(**dict(values)) if values else rule.text[language]
    return Mention(id=rule.id, text=text, subject=rule.subject, law=rule.law)
