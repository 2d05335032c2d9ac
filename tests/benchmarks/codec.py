"""Reading and writing a 20-line invoice against code written by hand for the same classes, CPU.

The floor calls the classes' own constructors and builds the tree field by field, as a careful person would. A pydantic
model of the same shape is measured beside it where pydantic is installed; it has no target.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from _table import Table, by_turns

from multibill import Address, Invoice, Line, Party, Terms
from multibill.codec import WIRE, Tree
from multibill.codec.canonical import decimal_text
from multibill.documents.complete import completed
from multibill.model import model_map
from multibill.parties import Identifier
from multibill.tax.category import shared

LINES, CALLS, TARGET = 20, 300, 2.0
SKIP = model_map(Invoice).derived


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


def read_party(tree: Tree) -> Party:
    """A party by hand."""
    registration, address = tree["registration"], tree["address"]
    return Party(
        tree["name"],
        registration=Identifier(registration["value"], registration.get("scheme")),
        vat_id=tree.get("vat_id"),
        legal=tree.get("legal"),
        address=Address(address["line1"], address["postcode"], address["city"], address["country"]),
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
        vat=shared(vat["category"], vat.get("rate", "0"), vat.get("exemption")),
    )


def read(tree: Tree) -> Invoice:
    """The invoice by hand."""
    lines = sorted(
        (read_line(id, line) for id, line in tree["lines"].items()),
        key=lambda line: (line.order or "", line.id or ""),
    )
    terms = tree["terms"]
    return Invoice(
        id=tree["id"],
        version=tree["version"],
        phase=tree["phase"],
        state=tree["state"],
        owner=tree.get("owner"),
        team=tree.get("team"),
        seller_ref=tree.get("seller_ref"),
        buyer_ref=tree.get("buyer_ref"),
        base_currency=tree["base_currency"],
        type_code=tree["type_code"],
        currency=tree["currency"],
        due_date=date.fromisoformat(tree["due_date"]),
        terms=Terms(days=terms["days"], end_of_month=terms["end_of_month"]),
        seller=read_party(tree["seller"]),
        buyer=read_party(tree["buyer"]),
        lines=lines,
        rounding=tree["rounding"],
        language=tree["language"],
        template=tree["template"],
    )


def write_party(party: Party) -> Tree:
    """A party's tree by hand."""
    registration, address = party.registration, party.address
    tree: Tree = {"name": party.name}
    if registration is not None:
        tree["registration"] = {"value": registration.value, "scheme": registration.scheme}
    if party.vat_id is not None:
        tree["vat_id"] = party.vat_id
    if party.legal is not None:
        tree["legal"] = party.legal
    if address is not None:
        tree["address"] = {
            "line1": address.line1,
            "postcode": address.postcode,
            "city": address.city,
            "country": address.country,
        }
    return tree


def write_line(line: Line) -> Tree:
    """A line's tree by hand."""
    tree: Tree = {
        "order": line.order,
        "name": line.name,
        "quantity": decimal_text(line.quantity),
        "unit": line.unit,
        "unit_price": decimal_text(line.unit_price),
        "vat": {"category": line.vat.category, "rate": decimal_text(line.vat.rate)},
    }
    if line.description is not None:
        tree["description"] = line.description
    return tree


def write(invoice: Invoice) -> Tree:
    """The invoice's tree by hand."""
    terms, due = invoice.terms, invoice.due_date
    return {
        "id": invoice.id,
        "version": invoice.version,
        "phase": invoice.phase,
        "state": invoice.state,
        "owner": invoice.owner,
        "team": invoice.team,
        "seller_ref": invoice.seller_ref,
        "buyer_ref": invoice.buyer_ref,
        "base_currency": invoice.base_currency,
        "type_code": invoice.type_code,
        "currency": invoice.currency,
        "due_date": due.isoformat() if due else None,
        "terms": {"days": terms.days, "end_of_month": terms.end_of_month} if terms else None,
        "seller": write_party(invoice.seller),
        "buyer": write_party(invoice.buyer),
        "lines": {line.id: write_line(line) for line in invoice.lines},
        "rounding": invoice.rounding,
        "language": invoice.language,
        "template": invoice.template,
    }


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
    if WIRE.value(tree, Invoice) != read(tree) or tree != write(invoice):
        raise SystemExit("the floor and the library disagree")
    table = Table("codec: a draft of 20 lines, the library against code written by hand")
    works = [
        lambda: read(tree),
        lambda: WIRE.value(tree, Invoice),
        lambda: WIRE.stored(tree, Invoice),
        lambda: write(invoice),
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
