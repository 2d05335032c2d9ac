"""The XML invoice that a hybrid PDF carries. The PDF is hostile: sizes are bounded, errors are ours."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

from multibill.errors import InvalidValue
from multibill.formats.extras import extra
from multibill.formats.reading import LARGEST

NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "ZUGFeRD-invoice.xml")
DEFLATED = ("/FlateDecode", "/Fl")


def embedded(data: bytes, limit: int = LARGEST) -> bytes:
    """The bytes of the XML invoice in a PDF.

    Raises InvalidValue when there is none, more than one, or one that is too large; MissingExtra without pikepdf.
    """
    if len(data) > limit:
        raise InvalidValue(f"the file has {len(data)} bytes; at most {limit} are read")
    pikepdf = extra("einvoice", "pikepdf")
    wrong = (
        pikepdf.PdfError,
        pikepdf.PasswordError,
        pikepdf.DataDecodingError,
        pikepdf.ForeignObjectError,
    )
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            found = {
                str(name): _content(spec.obj, limit)
                for name, spec in pdf.attachments.items()
                if name in NAMES or spec.filename in NAMES
            }
    except (
        *wrong,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RuntimeError,
        zlib.error,
    ) as error:
        if isinstance(error, InvalidValue):
            raise
        raise InvalidValue(f"this PDF cannot be read: {error}") from None
    if len(found) != 1:
        what = "no XML invoice" if not found else "more than one XML invoice"
        raise InvalidValue(f"this PDF carries {what}; a Factur-X has one, called {NAMES[0]}")
    return next(iter(found.values()))


def _content(spec: Any, limit: int) -> bytes:
    """What is embedded, never more of it than the limit, however well it is compressed."""
    files = spec["/EF"]
    stream = files["/UF"] if "/UF" in files else files["/F"]
    raw = bytes(stream.read_raw_bytes())
    filters = stream.get("/Filter", ())
    names = [str(filters)] if not _listed(filters) else [str(each) for each in filters]
    if not names:
        return raw
    if len(names) > 1 or names[0] not in DEFLATED or "/DecodeParms" in stream:
        raise InvalidValue(
            f"the embedded file is compressed by {', '.join(names)}, which is not read"
        )
    inflating = zlib.decompressobj()
    content = inflating.decompress(raw, limit)
    if inflating.unconsumed_tail:
        raise InvalidValue(f"the embedded file is larger than {limit} bytes")
    return content


def _listed(filters: Any) -> bool:
    """Whether a stream names its filters in a list; by its type, since names are iterable too."""
    return isinstance(filters, tuple) or type(filters).__name__ == "Array"
