"""Several documents side by side on one page, each small: to look at a template or a language. No document itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import attrs

from multibill.documents import Document
from multibill.formats.pdf.images import logo
from multibill.formats.pdf.layout import laid_out
from multibill.formats.pdf.looks import RGB, look
from multibill.formats.pdf.page import Bar, Box, Picture, Sheet
from multibill.formats.pdf.paint import painted
from multibill.formats.pdf.style import HEIGHT, RULE, WIDTH

ACROSS, GAP, HAIR = 2, 6.0, 0.15
SCALE = (WIDTH - (ACROSS + 1) * GAP) / ACROSS / WIDTH
P = TypeVar("P", Box, Bar, Picture)
DOWN = int((HEIGHT - GAP) / (HEIGHT * SCALE + GAP))


def contact_sheet(
    documents: Sequence[Document], images: Mapping[str, bytes], *, title: str, language: str
) -> bytes:
    """A PDF of the first pages of these documents, four to a page.

    Raises InvalidValue as ``PdfRenderer.render`` does, for a language that does not ship as well.
    """
    whole, colours = Sheet(), dict[str, RGB]()
    for place, document in enumerate(documents):
        known = document.brand.logo if document.brand else None
        sheet = laid_out(document, logo(images.get(known or "")))
        colours |= {f"{place} {name}": rgb for name, rgb in look(document).items()}
        _add(whole, sheet, place)
    colours |= look(documents[0])
    made = painted(whole, colours, title=title, author=title, language=language, dated=None)
    return bytes(made.output())


def _add(whole: Sheet, sheet: Sheet, place: int) -> None:
    """Draw the first page of a sheet small, in its place and within a frame."""
    row, column = divmod(place, ACROSS)
    page, row = row // DOWN + 1, row % DOWN
    left, top = GAP + column * (WIDTH * SCALE + GAP), GAP + row * (HEIGHT * SCALE + GAP)
    whole.pages = max(whole.pages, page)
    for y in (0.0, HEIGHT * SCALE):
        whole.bar((page, top + y), left, WIDTH * SCALE, HAIR, RULE)
    for x in (0.0, WIDTH * SCALE):
        whole.bar((page, top), left + x, HAIR, HEIGHT * SCALE, RULE)
    for bar in filter(_first, sheet.bars):
        whole.bars.append(_placed(bar, page, left, top, colour=f"{place} {bar.colour}"))
    for box in filter(_first, sheet.boxes):
        size, colour = box.style.size * SCALE, f"{place} {box.style.colour}"
        style = attrs.evolve(box.style, size=size, colour=colour)
        whole.boxes.append(_placed(box, page, left, top, style=style))
    for picture in filter(_first, sheet.pictures):
        whole.pictures.append(_placed(picture, page, left, top))


def _first(part: Box | Bar | Picture) -> bool:
    return part.page == 1


def _placed(part: P, page: int, left: float, top: float, **changes: Any) -> P:
    x, y = left + part.x * SCALE, top + part.y * SCALE
    w, h = part.w * SCALE, part.h * SCALE
    return attrs.evolve(part, page=page, x=x, y=y, w=w, h=h, **changes)
