"""Items: what is sold again and again, and the line that it makes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import attrs

from multibill.documents import ItemDetails, Line
from multibill.documents.converters import unit_code
from multibill.model import means, optional_text, term, text
from multibill.money import decimal
from multibill.records.register import Register
from multibill.tax import VAT, vat


@attrs.frozen
class Item(Register):
    """Something to sell: ``Item("logo", "Logo design", unit="DAY", unit_price="450", vat="20")``.

    ``seller_id`` is the number it has with the seller, its id when left out; price without VAT for one unit.

    >>> logo = Item("logo", "Logo design", unit="DAY", unit_price="450", vat="20")
    >>> line = logo.line(quantity=3)
    >>> line.name, line.quantity, line.item.seller_id
    ('Logo design', Decimal('3'), 'logo')
    """

    kind: ClassVar[str] = "item"
    name: str = attrs.field(converter=text, metadata=term("BT-153"))
    description: str | None = attrs.field(
        default=None, kw_only=True, converter=optional_text, metadata=term("BT-154")
    )
    unit: str = attrs.field(
        default="C62", kw_only=True, converter=unit_code, metadata=term("BT-130")
    )
    unit_price: Decimal = attrs.field(kw_only=True, converter=decimal, metadata=term("BT-146"))
    vat: VAT = attrs.field(
        kw_only=True, converter=vat, metadata=means({"category": "BT-151", "rate": "BT-152"})
    )
    seller_id: str | None = attrs.field(
        default=None, kw_only=True, converter=optional_text, metadata=term("BT-155")
    )

    def line(self, quantity: Decimal | int | str = 1, **changes: Any) -> Line:
        """A new line with this item, a copy of what stands here: later changes of the item touch it no more.

        Args:
            quantity: how many units.
            changes: other attributes of the line, before the item's.

        Raises InvalidValue like ``Line``.
        """
        said: dict[str, Any] = {
            "name": self.name,
            "description": self.description,
            "unit": self.unit,
            "unit_price": self.unit_price,
            "vat": self.vat,
            "item": ItemDetails(seller_id=self.seller_id or self.id),
        }
        return Line(quantity=quantity, **{**said, **changes})
