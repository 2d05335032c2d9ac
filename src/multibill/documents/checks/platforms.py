"""What the French e-invoicing platforms ask of content, under the ids of XP Z12-012 (BR-FR), for sellers in France.

Warnings where the law is content. What hangs on a file's syntax belongs to the formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from multibill.documents.checks.finding import Check, Find, Place, Severity, among, blank, rule
from multibill.documents.document import Document
from multibill.documents.totals import ZERO
from multibill.documents.types import PREPAYMENT

PAID = frozenset({"B2", "S2", "M2"})
"""Billing modes (BT-23) of an invoice that was paid before it was issued."""

FACTORED = frozenset({"B4", "S4", "M4"})
"""Billing modes of a final invoice that follows a deposit."""

ONCE = ("PMT", "PMD", "AAB", "TXD")
_form = re.compile("[A-Za-z0-9+_/-]{1,35}").fullmatch


def long_numbers(document: Document, _: date) -> Iterator[Place]:
    """Finds numbers, its own and those it cites, that a platform cannot take."""
    if not blank(document.number) and not _form(document.number or ""):
        yield "/number", {"number": document.number}
    for reference in document.preceding:
        if not blank(reference.number) and not _form(reference.number):
            yield among("/preceding", reference, "number"), {"number": reference.number}


def said_twice(document: Document, _: date) -> Iterator[Place]:
    """Finds notes whose subject may be there only once and already is."""
    subjects = [note.subject for note in document.notes]
    for place, note in enumerate(document.notes):
        if note.subject in ONCE and note.subject in subjects[:place]:
            yield among("/notes", note, "subject"), {"subject": note.subject}


def not_one_corrected(document: Document, _: date) -> Iterator[Place]:
    """Finds corrected invoices that do not cite exactly one document, with its date."""
    if len(document.preceding) != 1:
        yield "/preceding", {}
    elif document.preceding[0].issue_date is None:
        yield among("/preceding", document.preceding[0], "issue_date"), {}


def deposit_in_wrong_mode(document: Document, _: date) -> Iterator[Place]:
    """Finds deposits in the mode of the final invoice that follows one."""
    if document.process in FACTORED and document.type_code in PREPAYMENT:
        yield "/process", {"mode": document.process}


def unpaid_in_paid_mode(document: Document, _: date) -> Iterator[Place]:
    """Finds documents in a mode that says paid, and amounts or a date that do not."""
    if document.process not in PAID:
        return
    totals = document.totals
    prepaid = totals.prepaid.amount if totals.prepaid is not None else ZERO
    if prepaid != totals.gross.amount:
        yield "/prepaid", {"mode": document.process}
    if document.due_date is None:
        yield "/due_date", {"mode": document.process}


def platform(
    id: str,
    find: Find,
    *,
    en: tuple[str, str],
    fr: tuple[str, str],
    needs: str | None = None,
    severity: Severity = "warning",
    law: str = "XP Z12-012",
) -> Check:
    """A rule on what sellers in France send to a platform."""
    return rule(id, find, law=law, severity=severity, en=en, fr=fr, country="FR", needs=needs)


PLATFORMS = (
    platform(
        "BR-FR-01",
        long_numbers,
        law="XP Z12-012, BR-FR-01 and BR-FR-02",
        en=(
            "platforms do not take the number {number}",
            "use 1 to 35 letters without accent, figures and + - _ /",
        ),
        fr=(
            "les plateformes n'acceptent pas le numéro {number}",
            "utilisez 1 à 35 lettres sans accent, chiffres et + - _ /",
        ),
        needs="cited",
    ),
    platform(
        "BR-FR-06",
        said_twice,
        en=("two notes are about {subject}", "keep one: platforms want it once"),
        fr=("deux notes portent le code {subject}", "gardez-en une : il n'en faut qu'une"),
        needs="notes",
    ),
    platform(
        "BR-FR-CO-04",
        not_one_corrected,
        law="CGI art. 289, I 5; XP Z12-012",
        severity="error",
        en=(
            "a corrected invoice names the one document it replaces",
            "name exactly one, with its number and issue date",
        ),
        fr=(
            "une facture rectificative cite le document qu'elle remplace",
            "citez-en un seul, avec son numéro et sa date d'émission",
        ),
        needs="corrected",
    ),
    platform(
        "BR-FR-CO-08",
        deposit_in_wrong_mode,
        en=("the mode {mode} is that of a final invoice after a deposit", "use B1, S1 or M1"),
        fr=(
            "le mode {mode} est celui d'une facture définitive après acompte",
            "utilisez B1, S1 ou M1",
        ),
        needs="process",
    ),
    platform(
        "BR-FR-CO-09",
        unpaid_in_paid_mode,
        en=(
            "the mode {mode} says that all was paid before",
            "give the whole total as paid before, and the day it was paid as due date",
        ),
        fr=(
            "le mode {mode} dit que tout a été payé avant",
            "indiquez le total comme déjà payé, et le jour du paiement comme échéance",
        ),
        needs="process",
    ),
)
