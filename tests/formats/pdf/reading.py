"""A reader of the PDFs under test that knows nothing of the code that drew them: objects, streams, texts."""

from __future__ import annotations

import re
import zlib

import attrs

SHOWN = re.compile(
    rb"/F(\d+) [\d.]+ Tf|BT ([\d.-]+) ([\d.-]+) Td[^(]*\(((?:[^()\\]|\\.)*)\) Tj", re.DOTALL
)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@attrs.frozen
class Shown:
    """One text that a page shows, and where its baseline begins, in points from the lower left corner."""

    page: int
    x: float
    y: float
    text: str


def objects(pdf: bytes) -> dict[int, bytes]:
    """Number -> the text of each object, its stream included."""
    found = re.finditer(rb"(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)
    return {int(number): body for number, body in (match.groups() for match in found)}


def stream(body: bytes) -> bytes:
    """The content of a stream object."""
    content = body.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0]
    return zlib.decompress(content) if b"/FlateDecode" in body.split(b"stream\n", 1)[0] else content


def reference(body: bytes, name: bytes) -> int:
    """The object number that an entry of a dictionary points to."""
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found, name
    return int(found[1])


def pages(pdf: bytes) -> list[int]:
    """The object numbers of the pages, in order."""
    (root,) = (body for body in objects(pdf).values() if re.search(rb"/Type /Pages\b", body))
    kids = re.search(rb"/Kids \[(.*?)\]", root, re.DOTALL)
    assert kids
    return [int(number) for number in re.findall(rb"(\d+) 0 R", kids[1])]


def texts(pdf: bytes) -> list[Shown]:
    """All texts, as a viewer that copies them would give them: through each font's ToUnicode map."""
    known = objects(pdf)
    shown = []
    for page, number in enumerate(pages(pdf), 1):
        fonts = _fonts(known, known[number])
        font = ""
        for match in SHOWN.finditer(stream(known[reference(known[number], b"Contents")])):
            font = match[1].decode() if match[1] else font
            if match[2]:
                x, y = float(match[2]), float(match[3])
                shown.append(Shown(page, x, y, _decoded(match[4], fonts[font])))
    return shown


def _fonts(known: dict[int, bytes], page: bytes) -> dict[str, dict[int, str]]:
    resources = re.search(rb"/Resources (\d+) 0 R", page)
    body = known[int(resources[1])] if resources else page
    return {
        name.decode(): _map(stream(known[reference(known[int(number)], b"ToUnicode")]))
        for name, number in re.findall(rb"/F(\d+) (\d+) 0 R", body)
    }


def _map(cmap: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]{4,})>\n", cmap)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _decoded(raw: bytes, font: dict[int, str]) -> str:
    plain = re.sub(rb"\\(.)", lambda m: ESCAPED.get(m[1], m[1]), raw, flags=re.DOTALL)
    codes = zip(plain[::2], plain[1::2], strict=True)
    return "".join(font[high << 8 | low] for high, low in codes)
