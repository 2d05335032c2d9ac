"""What a line says of its item below the name: description, numbers, discounts; and what an allowance is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from multibill.documents import Document, Line
from multibill.documents.adjustments import Adjustment
from multibill.formats.pdf.facts import named, period
from multibill.formats.pdf.style import BODY_BOLD, SMALL
from multibill.formats.pdf.wrap import DOT, Line as Text, wrap
from multibill.i18n import Labels, format_country, format_percent, format_price
from multibill.money import exponent


def item(line: Line, document: Document, say: Labels, w: float) -> list[Text]:
    """Name and details as lines of text that fit the width."""
    found = wrap(line.name, BODY_BOLD, w) + wrap(line.description, SMALL, w)
    for text in _details(line, document, say):
        found += wrap(text, SMALL, w)
    return found


def _details(line: Line, document: Document, say: Labels) -> Iterator[str]:
    if line.period:
        yield period(line.period, document, say)
    if line.note:
        yield line.note
    yield from filter(None, (_numbers(line, say), _properties(line, document, say)))
    if line.gross_price is not None:
        gross, less = _price(line.gross_price, document), line.price_discount
        yield (
            say("List price {price}, less {discount}", price=gross, discount=_price(less, document))
            if less
            else say("List price {price}", price=gross)
        )
    for adjustment, sign in (
        *((one, -1) for one in line.allowances),
        *((one, 1) for one in line.charges),
    ):
        said = called(adjustment, sign, document, say)
        yield _pair(said, amount(adjustment, sign, document), say)


def _numbers(line: Line, say: Labels) -> str:
    """Whose number the item has, and where it stands elsewhere."""
    known = line.item
    said = []
    if known:
        said = [
            (say("Ref. {number}", number=known.seller_id) if known.seller_id else None),
            (say("Your ref. {number}", number=known.buyer_id) if known.buyer_id else None),
            named(known.standard_id, say("No.")) if known.standard_id else None,
        ]
    said += [
        say("Order line {number}", number=line.order_line) if line.order_line else None,
        say("Object {number}", number=line.object_id.value) if line.object_id else None,
        say("Account {number}", number=line.buyer_accounting) if line.buyer_accounting else None,
    ]
    return _joined(filter(None, said))


def _properties(line: Line, document: Document, say: Labels) -> str:
    if line.item is None:
        return ""
    said = [_pair(one.name, one.value, say) for one in line.item.attributes]
    said += [say("Class {code}", code=one.value) for one in line.item.classifications]
    if line.item.origin:
        country = format_country(line.item.origin, document.language)
        said.append(say("Origin: {country}", country=country))
    return _joined(said)


def _joined(parts: Iterable[str]) -> str:
    """Side by side; a line ends between parts where it can."""
    return DOT.join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)


def _pair(label: str, value: str, say: Labels) -> str:
    return say("{label}: {value}", label=label, value=value)


def called(item: Adjustment, sign: int, document: Document, say: Labels) -> str:
    """What an allowance (-1) or a charge (1) is for, and its percentage."""
    name = item.reason or (say("Discount") if sign < 0 else say("Surcharge"))
    if item.percent is None:
        return name
    percent = format_percent(item.percent, document.language)
    if item.base is None:
        return f"{name} ({percent})"
    said = say("{percent} of {base}", percent=percent, base=_price(item.base, document))
    return f"{name} ({said})"


def amount(item: Adjustment, sign: int, document: Document) -> str:
    """What it comes to, as the document says, with its sign."""
    total = item.total if item.total is not None else item.amount
    if total is None:
        return ""
    return _price(total.copy_negate() if sign < 0 else total, document)


def _price(value: Decimal, document: Document) -> str:
    currency = document.currency
    return format_price(value, currency, exponent(currency), document.language)
