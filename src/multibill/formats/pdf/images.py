"""The logo and the payment code, as values that can be placed. A picture that cannot be read is left out.

An issued invoice must come out whatever became of a logo: its law is in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import attrs

from multibill.documents import Document
from multibill.formats.pdf.style import LOGO

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG")
LARGEST = 40_000_000
"""Pixels; a picture of more is no logo, and would take the memory of a server."""
DENSITY = 16
"""Pixels a millimetre that a page needs at most; about 400 to the inch."""

SMALLEST, GREATEST = Decimal("0.01"), Decimal("999999999.99")
MOST = 331
"""Euros and bytes that EPC069-12 allows."""
MASK = 2
"""One of the eight patterns of ISO/IEC 18004, which asks for the one that scores best; a reader reads them all.

To score all eight takes segno 7.6 ms of CPU for a usual code and 21 ms for the largest, against 1.5 and 4.6 ms for one:
too much of the 30 ms that a first page may take.
"""

Modules = tuple[tuple[bool, ...], ...]
"""Rows of a code, dark or not."""


@attrs.frozen
class Logo:
    """A logo that can be drawn: its pixels as the file will hold them, and its size on paper in millimetres."""

    pixels: Mapping[str, Any] = attrs.field(eq=False, repr=False)
    w: float
    h: float


@lru_cache(maxsize=32)
def logo(data: bytes | None) -> Logo | None:
    """The logo in a PNG (with or without alpha) or JPEG file; None when these bytes hold none.

    >>> logo(b"<svg/>") is None
    True
    """
    from fpdf.image_datastructures import ImageCache
    from fpdf.image_parsing import preload_image
    from PIL import Image, UnidentifiedImageError

    if not data:
        return None
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > LARGEST:
                return None
            image = _plain(opened)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    scale = min(LOGO[0] / image.width, LOGO[1] / image.height)
    w, h = image.width * scale, image.height * scale
    image.thumbnail((max(1, round(w * DENSITY)), max(1, round(h * DENSITY))))
    _, _, pixels = preload_image(ImageCache(), image)  # compressed once, for every page to come
    return Logo(pixels, w, h)


def _plain(opened: Image) -> Image:
    """In RGB, with alpha where something shows through: the page has no other colour space (ISO 19005-3, 6.2.4)."""
    return opened.convert("RGBA" if opened.has_transparency_data else "RGB")


def payment_code(document: Document) -> Modules | None:
    """The QR code that a bank's application reads, for a SEPA transfer of what is due.

    Only for an issued invoice in euros with something left to pay and a valid IBAN; else None.
    """
    import segno

    said = transfer(document)
    if said is None or len(said) > MOST:
        return None
    code = segno.make_qr(said, error="m", boost_error=False, mask=MASK)  # EPC069-12 wants level M
    return tuple(tuple(map(bool, row)) for row in code.matrix)


def transfer(document: Document) -> bytes | None:
    """What the code says (EPC069-12, version 2, UTF-8): a line each, the purpose and a structured reference empty."""
    from stdnum import iban

    payable, payment = document.totals.payable, document.payment
    if document.sign <= 0 or document.number is None or payment is None:
        return None
    if payable.currency != "EUR" or not SMALLEST <= payable.amount <= GREATEST:
        return None
    account = next((one for one in payment.transfers if iban.is_valid(one.account)), None)
    if account is None:
        return None
    bic = account.bic if account.bic and len(account.bic) in {8, 11} else ""
    payee = account.holder or (document.payee.name if document.payee else document.seller.name)
    head = ["BCD", "002", "1", "SCT", bic, one_line(payee)[:70], account.account]
    text = one_line(payment.remittance or document.number)[:140]
    return "\n".join([*head, f"EUR{payable.amount:.2f}", "", "", text]).encode()


def one_line(text: str) -> str:
    """The text without line ends, which separate the fields of the code."""
    return " ".join(text.split())
