"""The logo and the payment code, as values that can be placed. A picture that cannot be read is left out.

An issued invoice must come out whatever became of a logo: its law is in the text.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import attrs

from multibill.documents import Document
from multibill.formats.pdf.style import LOGO
from multibill.money import Money

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG")
LARGEST = 40_000_000
"""Pixels; a picture of more is no logo, and would take the memory of a server."""
DENSITY = 16
"""Pixels a millimetre that a page needs at most; about 400 to the inch."""

Modules = tuple[tuple[bool, ...], ...]
"""Rows of a code, dark or not."""


@attrs.frozen
class Logo:
    """A logo that can be drawn: its pixels, and its size on paper in millimetres."""

    image: Image = attrs.field(eq=False, repr=False)
    w: float
    h: float


def logo(data: bytes | None) -> Logo | None:
    """The logo in a PNG (with or without alpha) or JPEG file; None when these bytes hold none.

    >>> logo(b"<svg/>") is None
    True
    """
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
    return Logo(image, w, h)


def _plain(opened: Image) -> Image:
    """In RGB, with alpha where something shows through: the page has no other colour space (ISO 19005-3, 6.2.4)."""
    if not opened.has_transparency_data:
        return opened.convert("RGB")
    image = opened.convert("RGBA")
    lowest, _ = image.getchannel("A").getextrema()
    return image.convert("RGB") if lowest == 255 else image


def payment_code(document: Document) -> Modules | None:
    """The QR code that a bank's application reads (EPC069-12, version 2): a SEPA transfer of what is due.

    Only for an issued invoice in euros with something left to pay and a valid IBAN; else None.
    """
    if document.sign <= 0 or document.number is None or document.payment is None:
        return None
    payable = document.totals.payable
    if payable.currency != "EUR" or payable <= Money(0, "EUR"):
        return None
    return _transfer(document)


def _transfer(document: Document) -> Modules | None:
    from segno.helpers import make_epc_qr
    from stdnum import iban

    payment = document.payment
    accounts = payment.transfers if payment else ()
    account = next((one for one in accounts if iban.is_valid(one.account)), None)
    if payment is None or account is None:
        return None
    payee = document.payee.name if document.payee else document.seller.name
    try:
        code = make_epc_qr(
            name=one_line(account.holder or payee)[:70],
            iban=account.account,
            amount=document.totals.payable.amount,
            text=one_line(payment.remittance or document.number or "")[:140],
            bic=account.bic,
            encoding="utf-8",
        )
    except ValueError:  # more than the code may hold, or a BIC of another length
        return None
    return tuple(tuple(map(bool, row)) for row in code.matrix)


def one_line(text: str) -> str:
    """The text without line ends, which separate the fields of the code."""
    return " ".join(text.split())
