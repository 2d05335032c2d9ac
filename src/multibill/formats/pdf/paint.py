"""From a sheet to bytes through fpdf2: fonts, colours, metadata. Decides no place and no word.

The same sheet gives the same bytes: dates come from the document, the file id from the content.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import TYPE_CHECKING, cast
from xml.sax.saxutils import escape

import attrs

from multibill.formats.pdf.faces import MM, file, runs, width
from multibill.formats.pdf.images import Logo, Modules
from multibill.formats.pdf.looks import Look
from multibill.formats.pdf.page import Bar, Box, Picture, Sheet
from multibill.formats.pdf.style import HEIGHT, INK, MARK, WIDTH, Colour, Style

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

Runs = tuple[tuple[str, str], ...]

CAP = 0.714
"""Height of Noto Sans' capitals, in parts of the type size."""
SEAM = 0.02
PRODUCER = "multibill"
UNDATED = date(2000, 1, 1)
"""Stands in the metadata of a draft that has no issue date: a rendering must not depend on the clock."""


def painted(
    sheet: Sheet,
    look: Look,
    *,
    title: str,
    author: str,
    language: str,
    dated: date | None,
    more: str = "",
) -> FPDF:
    """The sheet drawn by fpdf2 as PDF/A-3B; ``output()`` gives the bytes, a caller may embed files before.

    Args:
        more: descriptions that stand beside ours in the XMP metadata.
    """
    from fpdf import FPDF
    from fpdf.prefs import ViewerPreferences

    pdf = FPDF(enforce_compliance="PDF/A-3B")
    pdf.render_color_fonts = False
    pdf.set_auto_page_break(False)
    pdf.set_display_mode("default")
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    pdf.set_title(title)
    pdf.set_author(author)
    pdf.set_lang(language)
    moment = datetime.combine(dated or UNDATED, time(), UTC)
    pdf.set_creation_date(moment)
    pdf.set_xmp_metadata(xmp(title, author, language, moment, more))
    _pages(pdf, sheet, look)
    return pdf


def _pages(pdf: FPDF, sheet: Sheet, look: Look) -> None:
    from fpdf.enums import RenderStyle

    boxes: list[list[tuple[Box, Runs]]] = [[] for _ in range(sheet.pages)]
    for box in sheet.boxes:
        boxes[box.page - 1].append((box, tuple(runs(box.text, bold=box.style.bold))))
    bars: dict[int, list[Bar]] = defaultdict(list)
    for bar in sheet.bars:
        bars[bar.page].append(bar)
    used = {(run[0], box.style.bold) for page in boxes for box, cut in page for run in cut}
    _fonts(pdf, used | ({("latin", MARK.bold)} if sheet.mark else set()))
    for page, drawn in enumerate(boxes, 1):
        pdf.add_page()
        if sheet.mark:
            _mark(pdf, look, sheet.mark)
        for bar in bars[page]:
            pdf.set_fill_color(*look[bar.colour])
            pdf.rect(bar.x, bar.y, bar.w, bar.h, RenderStyle.F)
        for picture in sheet.pictures:
            if picture.page == page:
                _picture(pdf, look, picture)
        pen = Pen(pdf, look)
        for box, cut in drawn:
            pen.draw(box.x, box.y + (box.h + cap(box.style)) / 2, cut, box.style)


def _fonts(pdf: FPDF, used: set[tuple[str, bool]]) -> None:
    """Only the files that this sheet needs: reading and cutting fonts is most of the cost."""
    for family, bold in sorted(used):
        weight = "B" if bold else ""
        pdf.add_font(family, weight, file(family, bold=bold))
        font = cast("TTFFont", pdf.fonts[family + weight])
        font.ttfont.recalcBBoxes = False  # no outline changes; to measure them again costs a third


@attrs.define
class Pen:
    """Draws runs of text on one page; tells fpdf2 only what has changed since the last."""

    pdf: FPDF
    look: Look
    font: tuple[str, bool, float] | None = None
    colour: Colour | None = None

    def draw(self, x: float, baseline: float, cut: Runs, style: Style) -> None:
        """One line of text from its left end."""
        if style.colour != self.colour:
            self.colour = style.colour
            self.pdf.set_fill_color(*self.look[style.colour])  # equal, it need not be restored
            self.pdf.set_text_color(*self.look[style.colour])
        for family, part in cut:
            if self.font != (font := (family, style.bold, style.size)):
                self.font = font
                self.pdf.set_font(family, "B" if style.bold else "", style.size)
            self.pdf.text(x, baseline, part)
            x += width(part, style) if len(cut) > 1 else 0.0


def cap(style: Style) -> float:
    """The height of a capital in millimetres."""
    return style.size * MM * CAP


def _picture(pdf: FPDF, look: Look, picture: Picture) -> None:
    if isinstance(picture.content, Logo):
        from fpdf.image_datastructures import RasterImageInfo

        pdf.image_cache.images["logo"] = RasterImageInfo(picture.content.pixels)
        pdf.image("logo", picture.x, picture.y, picture.w, picture.h)
    else:
        pdf.set_fill_color(*look[INK])
        _code(pdf, picture, picture.content)


def _code(pdf: FPDF, picture: Picture, modules: Modules) -> None:
    """Dark squares as rectangles, row by row; each reaches a hair into the next row, so that no seam shows."""
    from fpdf.enums import RenderStyle

    side = picture.w / len(modules)
    for row, dark in enumerate(modules):
        start = 0
        for inside, run in groupby(dark):
            length = len(list(run))
            if inside:
                x, y = picture.x + start * side, picture.y + row * side
                pdf.rect(x, y, length * side, side + SEAM, RenderStyle.F)
            start += length


def _mark(pdf: FPDF, look: Look, mark: str) -> None:
    """The word across the page, below everything else."""
    x, y = WIDTH / 2, HEIGHT / 2
    with pdf.rotation(52, x, y):
        start = x - width(mark, MARK) / 2
        Pen(pdf, look).draw(start, y + cap(MARK) / 2, tuple(runs(mark, bold=MARK.bold)), MARK)


def xmp(title: str, author: str, language: str, moment: datetime, more: str = "") -> str:
    """The metadata of a PDF/A-3B file (ISO 19005-3, 6.6.2): what it is, whose, and when."""
    when = moment.isoformat(timespec="seconds")
    return XMP.format(
        title=escape(title),
        author=escape(author),
        language=language,
        when=when,
        producer=PRODUCER,
        more=more,
    )


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{when}</xmp:CreateDate>
<xmp:ModifyDate>{when}</xmp:ModifyDate>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
{more}</rdf:RDF>
</x:xmpmeta>"""
