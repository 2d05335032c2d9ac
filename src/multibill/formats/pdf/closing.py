"""What stands below the totals: payment terms, notes, attachments, legal mentions. Words nothing of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set as AbstractSet

from multibill.documents import Attachment, Document, Terms
from multibill.formats.pdf.page import WHOLE, Column
from multibill.formats.pdf.style import BODY_BOLD, BODY_TEXT, BOTTOM, FINE
from multibill.formats.pdf.wrap import DOT, Line, wrap
from multibill.i18n import Labels, format_percent

LOOSE, FINE_LOOSE = 0.6, 0.8
TOGETHER = 50.0
"""Mentions up to this height stay on one page: two of them alone overleaf look lost."""
DISCOUNT, PENALTIES = "AAB", "PMD"
"""UNTDID 4451: a mention or note of that subject words the same thing, and better."""


def draw_closing(
    column: Column, document: Document, rest: Sequence[str], said: AbstractSet[str], say: Labels
) -> None:
    """Terms, notes and mentions as the document has them; ``rest`` is what was too long for the footer.

    A mention that stands above in the same words, as title or beside its VAT (``said``), is not printed again.
    """
    if document.terms:
        _section(column, say("Payment terms"), [*_terms(document, document.terms, say)])
    if document.notes:
        _section(column, say("Notes"), [note.text for note in document.notes])
    if document.attachments:
        _section(column, say("Attachments"), [*map(attachment, document.attachments)])
    mentions = [mention.text for mention in document.mentions if mention.text not in said]
    _fine(column, [*mentions, *rest])


def _fine(column: Column, texts: Sequence[str]) -> None:
    """Each on a line of its own; side by side where only so they fit on this page."""
    blocks = [lines for text in texts if (lines := wrap(text, FINE, column.w))]
    if not blocks:
        return
    column.skip(5)
    room = BOTTOM - column.y
    if _height(blocks) > room:
        joined = [wrap(DOT.join(texts), FINE, column.w)]
        blocks = joined if _height(joined) <= room else blocks
    if _height(blocks) <= TOGETHER:
        column.keep(_height(blocks))
    for block in blocks:
        column.block(block)
        column.skip(FINE_LOOSE)


def _height(blocks: Sequence[Sequence[Line]]) -> float:
    return sum(map(len, blocks)) * FINE.leading + (len(blocks) - 1) * FINE_LOOSE


def _section(column: Column, title: str, texts: Sequence[str]) -> None:
    column.skip(5)
    first = len(wrap(texts[0], BODY_TEXT, column.w))
    below = first if first <= WHOLE else 2
    column.keep(BODY_BOLD.leading + LOOSE + below * BODY_TEXT.leading)
    column.paragraph(title, BODY_BOLD)
    for text in texts:
        column.skip(LOOSE)
        column.paragraph(text, BODY_TEXT)


def attachment(said: Attachment) -> str:
    """Reference, description, and where the file is."""
    head = " \N{EN DASH} ".join(filter(None, (said.reference, said.description)))
    place = ", ".join(filter(None, (said.filename, said.url)))
    return f"{head} ({place})" if place else head


def _terms(document: Document, terms: Terms, say: Labels) -> Iterator[str]:
    """The terms, then discount and late rate unless a mention or note of the document words them."""
    yield terms_text(terms, say)
    said = {note.subject for note in document.notes}
    said |= {mention.subject for mention in document.mentions}
    if (
        terms.discount_percent is not None
        and terms.discount_days is not None
        and DISCOUNT not in said
    ):
        percent = format_percent(terms.discount_percent, document.language)
        offer = say.counted(
            "{percent} discount for payment within {days} day",
            "{percent} discount for payment within {days} days",
            terms.discount_days,
        )
        yield offer.format(percent=percent, days=terms.discount_days)
    if terms.late_rate is not None and PENALTIES not in said:
        percent = format_percent(terms.late_rate, document.language)
        yield say("Late payment interest: {percent} a year", percent=percent)


def terms_text(terms: Terms, say: Labels) -> str:
    """The terms in the seller's words (BT-20), or else the number of days in the document's language."""
    if terms.text:
        return terms.text
    if terms.days == 0 and not terms.end_of_month:
        return say("Payment on receipt")
    if terms.end_of_month:
        said = say.counted(
            "{days} day from the issue date, end of month",
            "{days} days from the issue date, end of month",
            terms.days,
        )
    else:
        said = say.counted(
            "{days} day from the issue date", "{days} days from the issue date", terms.days
        )
    return said.format(days=terms.days)
