"""Accounts, items, templates and members as values: what they are, and what they cannot be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from multibill.documents import ItemDetails, Line
from multibill.errors import InvalidValue
from multibill.records import BankAccount, Item, Member, Proposal, Seller, Template
from multibill.tax import VAT
from multibill.testing import acme, studio

LOGO = Item("logo", "Logo design", unit="DAY", unit_price="450", vat="20")


def test_an_item_makes_a_line_with_everything_it_knows() -> None:
    item = LOGO.evolve(description="Three drafts", seller_id="SKU-7")
    assert item.line(quantity=3) == Line(
        name="Logo design",
        description="Three drafts",
        quantity=3,
        unit="DAY",
        unit_price="450",
        vat="20",
        item=ItemDetails(seller_id="SKU-7"),
    )
    assert "logo" == getattr(LOGO.line().item, "seller_id", None)
    changed = LOGO.line(2, unit_price="400", name="Logo", id="a")
    assert ("a", "Logo", Decimal(400), VAT("S", "20")) == (
        changed.id,
        changed.name,
        changed.unit_price,
        changed.vat,
    )
    with pytest.raises(InvalidValue):
        LOGO.line(quantity="many")


def test_numbers_of_accounts_are_written_in_one_way() -> None:
    account = BankAccount("main", "fr76 3000 6000", seller="studio", bic="agri frpp")
    assert ("FR7630006000", None, "AGRIFRPP") == account.details
    proposal = Proposal(account="fr76 3000 6000", bic="", by=["zoe"])
    assert ("FR7630006000", None, None) == proposal.details


@pytest.mark.parametrize(
    "make",
    [
        lambda: BankAccount("a/b", "1", seller="studio"),
        lambda: BankAccount("main", "1" * 65, seller="studio"),
        lambda: BankAccount("main", "1", seller="a b"),
        lambda: BankAccount("main", "1", seller="studio", pending="2"),  # type: ignore[arg-type]
        lambda: Proposal(account="1", by="zoe"),
        lambda: Proposal(account="1", by=["a/b"]),
        lambda: Item("logo", "Logo", unit_price="x", vat="20"),
        lambda: Item("logo", "Logo", unit="day", unit_price="1", vat="20"),
        lambda: Template("blue", colour="blue"),
        lambda: Template("blue", logo="abc"),
        lambda: Template("blue", footer="Merci"),  # type: ignore[arg-type]
        lambda: Template("blue", footer={"french": "Merci"}),
        lambda: Template("blue", language="french"),
        lambda: Member("ann", "Ann", teams="web"),
        lambda: Member("ann", "Ann", teams={"a b"}),
        lambda: studio(vat_options={"cash"}),
        lambda: studio(operation="work"),
        lambda: studio(tax_currency="zloty"),
        lambda: studio(template="a/b"),
        lambda: studio(account="a/b"),
        lambda: studio(party="Studio"),
        lambda: acme(delivery="here"),
    ],
)
def test_what_cannot_be_is_refused(make: Any) -> None:
    with pytest.raises(InvalidValue):
        make()


def test_a_template_says_how_a_document_in_a_language_looks() -> None:
    template = Template("blue", colour="#1F4E79", footer={"fr": "Merci", "en": ""}, version=3)
    brand = template.brand("fr")
    assert ("blue", 3, "#1f4e79", None, "Merci") == (
        brand.template,
        brand.version,
        brand.colour,
        brand.logo,
        brand.footer,
    )
    assert {"fr": "Merci"} == template.footer
    assert template.brand("en").footer is None


def test_parties_stand_second_as_they_always_did() -> None:
    party = acme().party
    assert party == type(acme())("x", party).party
    assert party == Seller("x", party, timezone="Europe/Paris", series={"invoice": "F{n}"}).party
