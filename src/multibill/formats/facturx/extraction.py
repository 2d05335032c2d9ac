"""The XML invoice that a hybrid PDF carries. The PDF is hostile: sizes are bounded, errors are ours."""

from __future__ import annotations

from io import BytesIO

from multibill.errors import InvalidValue
from multibill.formats.extras import extra

NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "ZUGFeRD-invoice.xml")
LARGEST = 32 * 1024 * 1024


def embedded(data: bytes) -> bytes:
    """The bytes of the XML invoice in a PDF. Raises InvalidValue when there is none, or more than one."""
    pikepdf = extra("einvoice", "pikepdf")

    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            found = {
                name: spec.get_file().read_bytes()
                for name, spec in pdf.attachments.items()
                if name in NAMES or spec.filename in NAMES
            }
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, KeyError, TypeError) as error:
        raise InvalidValue(f"this PDF cannot be read: {error}") from None
    if len(found) != 1:
        what = "no XML invoice" if not found else "more than one XML invoice"
        raise InvalidValue(f"this PDF carries {what}; a Factur-X has one, called {NAMES[0]}")
    return bytes(next(iter(found.values())))
