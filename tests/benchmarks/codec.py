"""Reading and writing a 20-line invoice against code written by hand for the same classes, CPU.

The floor knows every field of the classes that an ordinary invoice uses, calls their own constructors and builds the
tree field by field, as a careful person would; what the invoice does not have it hands to the library. A pydantic
model of the fields that the invoice sets is measured beside it where pydantic is installed; it has no target.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from typing import Any, TypeVar

from _table import Table, by_turns

from multibill import Address, Invoice, Line, Party, Terms
from multibill.codec import WIRE, Tree
from multibill.codec.canonical import decimal_text
from multibill.documents import (
    Allowance,
    Attachment,
    Brand,
    Charge,
    Delivery,
    DocumentAllowance,
    DocumentCharge,
    ExchangeRate,
    ItemDetails,
    Note,
    Payee,
    PaymentInstructions,
    Period,
    Reference,
    TaxRepresentative,
)
from multibill.documents.complete import completed
from multibill.model import model_map
from multibill.money import Money
from multibill.parties import Contact, Identifier
from multibill.tax import VAT
from multibill.tax.category import shared

LINES, CALLS, TARGET = 20, 300, 2.0
SKIP = model_map(Invoice).derived
NOTHING: Tree = {}
T = TypeVar("T")


def sample() -> Invoice:
    """An ordinary draft of 20 lines at two rates."""
    address = Address("12 rue Oberkampf", "75011", "Paris", "FR")
    seller = Party(
        "Studio SARL", siren="123456782", vat_id="FR11123456782", legal="SARL", address=address
    )
    buyer = Party("Acme SAS", siren="987654324", vat_id="FR14987654324", address=address)
    lines = [
        Line(
            id=f"l{n}",
            order=f"V{n // 61}{n % 61 + 1}"[:3],
            name=f"Service item number {n}",
            quantity=1 + n,
            unit="DAY",
            unit_price="99.99",
            vat="20" if n % 3 else "10",
        )
        for n in range(1, LINES + 1)
    ]
    draft = Invoice(
        id="i1",
        version=1,
        seller=seller,
        buyer=buyer,
        lines=lines,
        terms=Terms(days=30),
        due_date="2026-12-31",
        owner="ann",
        team="web",
        seller_ref="studio",
        buyer_ref="acme",
    )
    return completed(draft, date(2026, 11, 30))


def write_identifier(value: Identifier) -> Tree:
    """An identifier's tree by hand."""
    tree: Tree = {"value": value.value}
    if value.scheme is not None:
        tree["scheme"] = value.scheme
    return tree


def write_address(value: Address) -> Tree:
    """An address's tree by hand."""
    tree: Tree = {"country": value.country}
    if value.line1 is not None:
        tree["line1"] = value.line1
    if value.postcode is not None:
        tree["postcode"] = value.postcode
    if value.city is not None:
        tree["city"] = value.city
    if value.line2 is not None:
        tree["line2"] = value.line2
    if value.line3 is not None:
        tree["line3"] = value.line3
    if value.subdivision is not None:
        tree["subdivision"] = value.subdivision
    return tree


def write_party(value: Party) -> Tree:
    """A party's tree by hand."""
    tree: Tree = {"name": value.name}
    if value.trading_name is not None:
        tree["trading_name"] = value.trading_name
    if value.registration is not None:
        tree["registration"] = write_identifier(value.registration)
    if value.identifiers:
        tree["identifiers"] = {item.key: write_identifier(item) for item in value.identifiers}
    if value.vat_id is not None:
        tree["vat_id"] = value.vat_id
    if value.tax_registration is not None:
        tree["tax_registration"] = value.tax_registration
    if value.endpoint is not None:
        tree["endpoint"] = write_identifier(value.endpoint)
    if value.contact is not None:
        tree["contact"] = WIRE.tree(value.contact)
    if value.legal is not None:
        tree["legal"] = value.legal
    if value.address is not None:
        tree["address"] = write_address(value.address)
    return tree


def write_vat(value: VAT) -> Tree:
    """A VAT's tree by hand."""
    tree: Tree = {"category": value.category, "rate": decimal_text(value.rate)}
    if value.exemption is not None:
        tree["exemption"] = value.exemption
    if value.reason is not None:
        tree["reason"] = value.reason
    return tree


def write_line(value: Line) -> Tree:  # noqa: C901, PLR0912 - one flat list of fields
    """A line's tree by hand."""
    tree: Tree = {
        "name": value.name,
        "quantity": decimal_text(value.quantity),
        "unit": value.unit,
        "unit_price": decimal_text(value.unit_price),
        "vat": write_vat(value.vat),
    }
    if value.order is not None:
        tree["order"] = value.order
    if value.description is not None:
        tree["description"] = value.description
    if value.base_quantity is not None:
        tree["base_quantity"] = decimal_text(value.base_quantity)
    if value.base_unit is not None:
        tree["base_unit"] = value.base_unit
    if value.gross_price is not None:
        tree["gross_price"] = decimal_text(value.gross_price)
    if value.price_discount is not None:
        tree["price_discount"] = decimal_text(value.price_discount)
    if value.allowances:
        tree["allowances"] = rare_trees(value.allowances)
    if value.charges:
        tree["charges"] = rare_trees(value.charges)
    if value.period is not None:
        tree["period"] = WIRE.tree(value.period)
    if value.note is not None:
        tree["note"] = value.note
    if value.object_id is not None:
        tree["object_id"] = write_identifier(value.object_id)
    if value.order_line is not None:
        tree["order_line"] = value.order_line
    if value.buyer_accounting is not None:
        tree["buyer_accounting"] = value.buyer_accounting
    if value.item is not None:
        tree["item"] = WIRE.tree(value.item)
    return tree


def write_terms(value: Terms) -> Tree:
    """Payment terms' tree by hand."""
    tree: Tree = {"days": value.days, "end_of_month": value.end_of_month}
    if value.text is not None:
        tree["text"] = value.text
    if value.discount_percent is not None:
        tree["discount_percent"] = decimal_text(value.discount_percent)
    if value.discount_days is not None:
        tree["discount_days"] = value.discount_days
    if value.late_rate is not None:
        tree["late_rate"] = decimal_text(value.late_rate)
    return tree


def write_invoice(value: Invoice) -> Tree:  # noqa: C901, PLR0912, PLR0915 - as above
    """The invoice's tree by hand."""
    tree: Tree = {
        "id": value.id,
        "version": value.version,
        "phase": value.phase,
        "state": value.state,
        "base_currency": value.base_currency,
        "type_code": value.type_code,
        "currency": value.currency,
        "seller": write_party(value.seller),
        "buyer": write_party(value.buyer),
        "rounding": value.rounding,
        "language": value.language,
        "template": value.template,
    }
    if value.settlement is not None:
        tree["settlement"] = value.settlement
    if value.owner is not None:
        tree["owner"] = value.owner
    if value.team is not None:
        tree["team"] = value.team
    if value.assignee is not None:
        tree["assignee"] = value.assignee
    if value.seller_ref is not None:
        tree["seller_ref"] = value.seller_ref
    if value.buyer_ref is not None:
        tree["buyer_ref"] = value.buyer_ref
    if value.key is not None:
        tree["key"] = value.key
    if value.number is not None:
        tree["number"] = value.number
    if value.tax_currency is not None:
        tree["tax_currency"] = value.tax_currency
    if value.tax_point_code is not None:
        tree["tax_point_code"] = value.tax_point_code
    if value.buyer_reference is not None:
        tree["buyer_reference"] = value.buyer_reference
    if value.project is not None:
        tree["project"] = value.project
    if value.contract is not None:
        tree["contract"] = value.contract
    if value.purchase_order is not None:
        tree["purchase_order"] = value.purchase_order
    if value.sales_order is not None:
        tree["sales_order"] = value.sales_order
    if value.receiving_advice is not None:
        tree["receiving_advice"] = value.receiving_advice
    if value.despatch_advice is not None:
        tree["despatch_advice"] = value.despatch_advice
    if value.tender is not None:
        tree["tender"] = value.tender
    if value.buyer_accounting is not None:
        tree["buyer_accounting"] = value.buyer_accounting
    if value.process is not None:
        tree["process"] = value.process
    if value.operation is not None:
        tree["operation"] = value.operation
    if value.issue_date is not None:
        tree["issue_date"] = value.issue_date.isoformat()
    if value.due_date is not None:
        tree["due_date"] = value.due_date.isoformat()
    if value.tax_point_date is not None:
        tree["tax_point_date"] = value.tax_point_date.isoformat()
    if value.delivery_date is not None:
        tree["delivery_date"] = value.delivery_date.isoformat()
    if value.prepaid is not None:
        tree["prepaid"] = decimal_text(value.prepaid)
    if value.rounding_amount is not None:
        tree["rounding_amount"] = decimal_text(value.rounding_amount)
    if value.cash_unit is not None:
        tree["cash_unit"] = decimal_text(value.cash_unit)
    if value.hidden:
        tree["hidden"] = dict.fromkeys(sorted(value.hidden), True)
    if value.tags:
        tree["tags"] = dict.fromkeys(sorted(value.tags), True)
    if value.vat_options:
        tree["vat_options"] = dict.fromkeys(sorted(value.vat_options), True)
    if value.terms is not None:
        tree["terms"] = write_terms(value.terms)
    if value.object_id is not None:
        tree["object_id"] = write_identifier(value.object_id)
    if value.lines:
        tree["lines"] = {line.id: write_line(line) for line in value.lines}
    if value.exchange is not None:
        tree["exchange"] = WIRE.tree(value.exchange)
    if value.payee is not None:
        tree["payee"] = WIRE.tree(value.payee)
    if value.tax_representative is not None:
        tree["tax_representative"] = WIRE.tree(value.tax_representative)
    if value.delivery is not None:
        tree["delivery"] = WIRE.tree(value.delivery)
    if value.period is not None:
        tree["period"] = WIRE.tree(value.period)
    if value.payment is not None:
        tree["payment"] = WIRE.tree(value.payment)
    if value.brand is not None:
        tree["brand"] = WIRE.tree(value.brand)
    if value.due is not None:
        tree["due"] = WIRE.tree(value.due)
    if value.notes:
        tree["notes"] = rare_trees(value.notes)
    if value.preceding:
        tree["preceding"] = rare_trees(value.preceding)
    if value.allowances:
        tree["allowances"] = rare_trees(value.allowances)
    if value.charges:
        tree["charges"] = rare_trees(value.charges)
    if value.attachments:
        tree["attachments"] = rare_trees(value.attachments)
    if value.custom:
        tree["custom"] = dict(value.custom)
    if value.vat_adjustments:
        tree["vat_adjustments"] = {
            name: decimal_text(amount) for name, amount in value.vat_adjustments.items()
        }
    return tree


def read_identifier(tree: Tree | None) -> Identifier | None:
    """An identifier by hand."""
    return None if tree is None else Identifier(tree["value"], tree.get("scheme"))


def read_address(tree: Tree | None) -> Address | None:
    """An address by hand."""
    if tree is None:
        return None
    return Address(
        tree.get("line1"),
        tree.get("postcode"),
        tree.get("city"),
        tree["country"],
        line2=tree.get("line2"),
        line3=tree.get("line3"),
        subdivision=tree.get("subdivision"),
    )


def read_party(tree: Tree) -> Party:
    """A party by hand."""
    return Party(
        tree["name"],
        trading_name=tree.get("trading_name"),
        registration=read_identifier(tree.get("registration")),
        identifiers=[Identifier(**item) for item in tree.get("identifiers", NOTHING).values()],
        vat_id=tree.get("vat_id"),
        tax_registration=tree.get("tax_registration"),
        endpoint=read_identifier(tree.get("endpoint")),
        contact=rare(tree, "contact", Contact),
        legal=tree.get("legal"),
        address=read_address(tree.get("address")),
    )


def read_line(id: str, tree: Tree) -> Line:
    """A line by hand."""
    vat = tree["vat"]
    return Line(
        id=id,
        order=tree.get("order"),
        name=tree["name"],
        description=tree.get("description"),
        quantity=Decimal(tree["quantity"]),
        unit=tree["unit"],
        unit_price=Decimal(tree["unit_price"]),
        base_quantity=number(tree, "base_quantity"),
        vat=shared(vat["category"], vat["rate"], vat.get("exemption"), vat.get("reason")),
        base_unit=tree.get("base_unit"),
        gross_price=number(tree, "gross_price"),
        price_discount=number(tree, "price_discount"),
        allowances=rare_items(tree, "allowances", Allowance),
        charges=rare_items(tree, "charges", Charge),
        period=rare(tree, "period", Period),
        note=tree.get("note"),
        object_id=read_identifier(tree.get("object_id")),
        order_line=tree.get("order_line"),
        buyer_accounting=tree.get("buyer_accounting"),
        item=rare(tree, "item", ItemDetails),
    )


def read_terms(tree: Tree | None) -> Terms | None:
    """Payment terms by hand."""
    if tree is None:
        return None
    return Terms(
        days=tree["days"],
        end_of_month=tree["end_of_month"],
        text=tree.get("text"),
        discount_percent=number(tree, "discount_percent"),
        discount_days=tree.get("discount_days"),
        late_rate=number(tree, "late_rate"),
    )


def read_invoice(tree: Tree) -> Invoice:
    """The invoice by hand."""
    lines = [read_line(id, line) for id, line in tree.get("lines", NOTHING).items()]
    lines.sort(key=lambda line: (line.order or "", line.id or ""))
    return Invoice(
        id=tree["id"],
        version=tree["version"],
        phase=tree["phase"],
        state=tree["state"],
        base_currency=tree["base_currency"],
        type_code=tree["type_code"],
        currency=tree["currency"],
        rounding=tree["rounding"],
        language=tree["language"],
        template=tree["template"],
        seller=read_party(tree["seller"]),
        buyer=read_party(tree["buyer"]),
        lines=lines,
        terms=read_terms(tree.get("terms")),
        object_id=read_identifier(tree.get("object_id")),
        custom=tree.get("custom", {}),
        vat_adjustments={
            name: Decimal(amount) for name, amount in tree.get("vat_adjustments", NOTHING).items()
        },
        settlement=tree.get("settlement"),
        owner=tree.get("owner"),
        team=tree.get("team"),
        assignee=tree.get("assignee"),
        seller_ref=tree.get("seller_ref"),
        buyer_ref=tree.get("buyer_ref"),
        key=tree.get("key"),
        number=tree.get("number"),
        tax_currency=tree.get("tax_currency"),
        tax_point_code=tree.get("tax_point_code"),
        buyer_reference=tree.get("buyer_reference"),
        project=tree.get("project"),
        contract=tree.get("contract"),
        purchase_order=tree.get("purchase_order"),
        sales_order=tree.get("sales_order"),
        receiving_advice=tree.get("receiving_advice"),
        despatch_advice=tree.get("despatch_advice"),
        tender=tree.get("tender"),
        buyer_accounting=tree.get("buyer_accounting"),
        process=tree.get("process"),
        operation=tree.get("operation"),
        issue_date=day(tree, "issue_date"),
        due_date=day(tree, "due_date"),
        tax_point_date=day(tree, "tax_point_date"),
        delivery_date=day(tree, "delivery_date"),
        prepaid=number(tree, "prepaid"),
        rounding_amount=number(tree, "rounding_amount"),
        cash_unit=number(tree, "cash_unit"),
        hidden=frozenset(tree.get("hidden", ())),
        tags=frozenset(tree.get("tags", ())),
        vat_options=frozenset(tree.get("vat_options", ())),
        exchange=rare(tree, "exchange", ExchangeRate),
        payee=rare(tree, "payee", Payee),
        tax_representative=rare(tree, "tax_representative", TaxRepresentative),
        delivery=rare(tree, "delivery", Delivery),
        period=rare(tree, "period", Period),
        payment=rare(tree, "payment", PaymentInstructions),
        brand=rare(tree, "brand", Brand),
        due=rare(tree, "due", Money),
        notes=rare_items(tree, "notes", Note),
        preceding=rare_items(tree, "preceding", Reference),
        allowances=rare_items(tree, "allowances", DocumentAllowance),
        charges=rare_items(tree, "charges", DocumentCharge),
        attachments=rare_items(tree, "attachments", Attachment),
    )


def number(tree: Tree, name: str) -> Decimal | None:
    """A decimal that may be absent."""
    return Decimal(tree[name]) if name in tree else None


def day(tree: Tree, name: str) -> date | None:
    """A date that may be absent."""
    return date.fromisoformat(tree[name]) if name in tree else None


def rare(tree: Tree, name: str, cls: type[T]) -> T | None:
    """What an ordinary invoice does not have, read by the library."""
    return WIRE.value(tree[name], cls) if name in tree else None


def rare_trees(values: Iterable[Any]) -> Tree:
    """Items that an ordinary invoice does not have, written by the library under their ids."""
    trees = [WIRE.tree(value) for value in values]
    return {tree.pop("id"): tree for tree in trees}


def rare_items(tree: Tree, name: str, cls: type[T]) -> tuple[T, ...]:
    """Such items, read by the library."""
    items = sorted(tree.get(name, NOTHING).items())
    return tuple(WIRE.value({**item, "id": id}, cls) for id, item in items)


def repeated(call: Callable[[], object]) -> Callable[[], int]:
    """The call, many times."""

    def work() -> int:
        for _ in range(CALLS):
            call()
        return CALLS

    return work


def pydantic_model() -> type[Any]:
    """A pydantic model with the fields of the tree."""
    import pydantic

    def model(title: str, /, **fields: Any) -> Any:
        known = {name: (kind, ...) for name, kind in fields.items()}
        return pydantic.create_model(title, **known)

    place = model("Place", line1=str, postcode=str, city=str, country=str)
    known = model("Known", value=str, scheme=str)
    party = model("Body", name=str, registration=known, vat_id=str, address=place)
    vat = model("Rate", category=str, rate=Decimal)
    line = model(
        "Row", order=str, name=str, quantity=Decimal, unit=str, unit_price=Decimal, vat=vat
    )
    facts = dict.fromkeys(("id", "phase", "state", "owner", "team", "seller_ref", "buyer_ref"), str)
    more = dict.fromkeys(("base_currency", "type_code", "currency", "rounding", "language"), str)
    lines = types.GenericAlias(dict, (str, line))
    made: type[Any] = model(
        "Whole", **facts, **more, due_date=date, seller=party, buyer=party, lines=lines
    )
    return made


def main() -> None:
    """Check that both ways agree, measure and print."""
    invoice = sample()
    tree = WIRE.parts(invoice, skip=SKIP)
    if WIRE.value(tree, Invoice) != read_invoice(tree) or tree != write_invoice(invoice):
        raise SystemExit("the floor and the library disagree")
    table = Table("codec: a draft of 20 lines, the library against code written by hand")
    works = [
        lambda: read_invoice(tree),
        lambda: WIRE.value(tree, Invoice),
        lambda: WIRE.stored(tree, Invoice),
        lambda: write_invoice(invoice),
        lambda: WIRE.parts(invoice, skip=SKIP),
    ]
    by_hand, checked, stored, written, ours = by_turns(*map(repeated, works))
    table.row("read, checked", checked, by_hand, TARGET)
    table.row("read what the library wrote", stored, by_hand, TARGET)
    table.row("write", ours, written, TARGET)
    if find_spec("pydantic"):
        peer = pydantic_model()
        known = peer.model_validate(tree)
        calls = [lambda: peer.model_validate(tree), lambda: known.model_dump(mode="json")]
        reads, writes = by_turns(*map(repeated, calls))
        table.row("read, pydantic (its own classes)", reads, by_hand, None)
        table.row("write, pydantic (its own classes)", writes, written, None)
    table.close()


if __name__ == "__main__":
    main()
