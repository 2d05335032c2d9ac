"""Snapshots: what drafts take from the registers, what a refresh takes again, and what nothing touches any more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from multibill.documents import (
    Card,
    CreditTransfer,
    Delivery,
    ExchangeRate,
    Line,
    PaymentInstructions,
    Terms,
)
from multibill.documents.types import TYPES
from multibill.errors import Denied, NotFound, Stale, WrongState
from multibill.ports import Storage
from multibill.records import Actor, BankAccount, Template
from multibill.testing import acme, opened, studio
from tests.office import Office

PNG = b"\x89PNG\r\n\x1a\n"
FIRST = "FR7630006000011234567890189"
SECOND = "DE89370400440532013000"
US = "021000021-123456789"


class House(Office):
    """A tenant whose registers can be set at will."""

    def set(self, *accounts: BankAccount, **seller: Any) -> None:
        self.billing.provision(
            self.tenant, by=Actor.service("setup"), sellers=[studio(**seller)], accounts=accounts
        )

    def unchecked(self, **seller: Any) -> None:
        """A seller that names whatever it likes, as stored before its entries were checked."""
        opened(self.billing, self.tenant, sellers=[studio(**seller)])

    def template(self, logo: bytes | None = None, **said: Any) -> Template:
        admin = self.as_("root", "admin").templates
        return admin.save(Template(said.pop("id", "blue"), **said), logo=logo)


@pytest.fixture
def house(anywhere: Storage) -> House:
    return House(anywhere)


def bank(id: str = "main", number: str = FIRST, **said: Any) -> BankAccount:
    return BankAccount(id, number, **{"seller": "studio", **said})


def test_an_invoice_shows_the_sellers_confirmed_accounts(house: House) -> None:
    house.set(bank("b", SECOND), bank("a", holder="Studio SARL", bic="AGRIFRPP"))
    house.set(id="other")
    house.set(bank("x", SECOND, seller="other"), bank("a", holder="Studio SARL", bic="AGRIFRPP"))
    house.as_("root", "admin").accounts.save(bank("c", "BE68539007547034"))
    expected = PaymentInstructions(
        means="58",
        transfers=[
            CreditTransfer(id="a", account=FIRST, holder="Studio SARL", bic="AGRIFRPP"),
            CreditTransfer(id="b", account=SECOND),
        ],
    )
    for draft in (house.draft(), *(house.draft(type_code=code) for code in TYPES["invoice"])):
        assert expected == draft.payment
        assert draft == house.ann.invoices.get(draft.id)
    quote = house.ann.quotes.draft(seller="studio", buyer="acme")
    assert expected == quote.payment
    house.set(bank("b", SECOND), bank("a"))
    fresh = house.ann.quotes.refresh(quote).payment
    assert fresh is not None
    assert [None, None] == [transfer.holder for transfer in fresh.transfers]


def test_a_credit_note_shows_no_account_for_nobody_pays_by_it(house: House) -> None:
    house.set(bank())
    assert house.ann.credit_notes.draft(seller="studio", buyer="acme").payment is None
    issued = house.issued()
    assert issued.payment is not None
    assert house.bob.invoices.credit(issued).payment is None


@pytest.mark.parametrize(
    ("number", "currency", "means"),
    [
        (FIRST, "EUR", "58"),
        (FIRST, "USD", "30"),
        (US, "EUR", "30"),
        ("TR330006100519786457841326", "EUR", "30"),
    ],
)
def test_sepa_is_said_only_where_it_reaches(
    house: House, number: str, currency: str, means: str
) -> None:
    house.set(bank(number=number))
    payment = house.draft(currency=currency).payment
    assert payment is not None
    assert means == payment.means


def test_the_account_that_a_seller_names_is_the_one_that_is_shown(house: House) -> None:
    house.set(bank("a"), bank("b", SECOND), account="b")
    payment = house.draft().payment
    assert payment is not None
    assert [SECOND] == [transfer.account for transfer in payment.transfers]
    named = house.draft(key="named")
    house.unchecked(account="nothing")
    with pytest.raises(NotFound, match="has no account 'nothing'"):
        house.draft()
    with pytest.raises(NotFound, match="has no account 'nothing'"):
        house.ann.invoices.refresh(named)


@pytest.mark.parametrize("said", [None, PaymentInstructions(means="48", card=Card(number="4242"))])
def test_how_to_pay_is_what_the_caller_says(house: House, said: Any) -> None:
    house.set(bank())
    assert said == house.draft(payment=said).payment


def test_the_sellers_and_customers_defaults_are_taken(house: House) -> None:
    delivery = Delivery(name="Entrepôt")
    house.set(vat_options={"debits"}, operation="services", tax_currency="PLN")
    house.ann.customers.save(acme(delivery=delivery, buyer_reference="SVC-7"))
    draft = house.draft()
    assert (frozenset({"debits"}), "services", "PLN", delivery, "SVC-7") == (
        draft.vat_options,
        draft.operation,
        draft.tax_currency,
        draft.delivery,
        draft.buyer_reference,
    )
    assert draft == house.ann.invoices.get(draft.id)
    rate = ExchangeRate(rate=Decimal("4.25"), source="NBP", on=date(2026, 11, 27))
    assert draft.evolve(exchange=rate).totals.tax is not None
    own = house.draft(currency="PLN", vat_options=(), operation="goods", delivery=None)
    assert (None, frozenset(), "goods", None) == (
        own.tax_currency,
        own.vat_options,
        own.operation,
        own.delivery,
    )


def test_a_document_looks_like_its_sellers_template(house: House) -> None:
    saved = house.template(
        PNG, colour="#1F4E79", footer={"fr": "Merci", "en": "Thank you"}, language="en"
    )
    assert (None, "fr") == (house.draft().brand, house.draft().language)
    house.set(template="blue")
    draft = house.draft()
    assert draft.brand == saved.brand("en")
    assert draft.brand is not None
    assert ("blue", 1, "#1f4e79", saved.logo, "Thank you", "en") == (
        *attrs.astuple(draft.brand),
        draft.language,
    )
    french = house.draft(language="fr").brand
    assert french is not None
    assert "Merci" == french.footer
    house.set(id="other")
    house.template(id="theirs", seller="other")
    for name in ("nothing", "theirs"):
        house.unchecked(template=name)
        with pytest.raises(NotFound, match=f"no template '{name}'"):
            house.draft()


def test_an_issued_invoice_keeps_its_account_and_its_logo(house: House) -> None:
    """And its bytes: what was printed once is printed for ever."""
    house.template(PNG)
    house.set(bank(), template="blue")
    issued = house.issued()
    pdf = bytes(house.ann.invoices.pdf(issued))
    house.template(PNG + b"2", colour="#000000")
    house.set(bank(number=SECOND), template="blue")
    assert issued == house.ann.invoices.get(issued.id)
    assert pdf == bytes(house.ann.invoices.pdf(issued))
    with pytest.raises(WrongState):
        house.ann.invoices.refresh(issued)
    assert house.verify()
    payment = house.draft().payment
    assert payment is not None
    assert SECOND == payment.transfers[0].account


def renewed(house: House) -> None:
    """Everything in the registers is other than before."""
    house.template(PNG + b"2", footer={"fr": "Au revoir"})
    party = attrs.evolve(studio().party, name="Studio SAS")
    house.set(
        bank(number=SECOND),
        template="blue",
        party=party,
        terms=Terms(days=45),
        vat_options={"debits"},
        operation="services",
    )
    party = attrs.evolve(acme().party, name="Acme SA")
    house.ann.customers.save(acme(party=party, language="en", buyer_reference="R"))


def begun(house: House, **said: Any) -> Any:
    house.template(PNG, footer={"fr": "Merci"})
    house.set(bank(), template="blue")
    return house.draft(**said)


def test_a_refresh_takes_everything_again(house: House) -> None:
    draft = begun(house)
    renewed(house)
    assert draft == house.ann.invoices.get(draft.id)
    fresh = house.ann.invoices.refresh(draft, reason="new bank")
    other = house.draft()
    for name in [
        "seller",
        "buyer",
        "terms",
        "language",
        "payment",
        "brand",
        "vat_options",
        "operation",
        "buyer_reference",
        "lines",
        "currency",
    ]:
        assert getattr(other, name) == getattr(fresh, name), name
    assert (2, fresh) == (fresh.version, house.ann.invoices.get(draft.id))
    event = house.ann.invoices.history(draft).events[-1]
    assert ("refresh", "new bank") == (event.action, event.reason)
    assert f"{FIRST!r} -> {SECOND!r}" in str(event)
    before = house.journal()
    assert fresh == house.ann.invoices.refresh(fresh)
    assert before == house.journal()
    assert house.verify()


def test_a_refresh_leaves_what_was_set_by_hand(house: House) -> None:
    line = Line(id="a", name="Logo", unit_price="1", vat="20")
    draft = begun(house, terms=Terms(days=7), language="de", currency="USD", lines=[line])
    hand = attrs.evolve(draft.payment, remittance="Order 7", means="42")
    draft = house.ann.invoices.save(draft.evolve(payment=hand, operation="goods")).document
    renewed(house)
    fresh = house.ann.invoices.refresh(draft)
    assert (Terms(days=7), "de", "USD", "goods", "Order 7", "42") == (
        fresh.terms,
        fresh.language,
        fresh.currency,
        fresh.operation,
        fresh.payment and fresh.payment.remittance,
        fresh.payment and fresh.payment.means,
    )
    assert fresh.payment is not None
    assert [SECOND] == [transfer.account for transfer in fresh.payment.transfers]
    assert ("Studio SAS", "Acme SA", frozenset({"debits"})) == (
        fresh.seller.name,
        fresh.buyer.name,
        fresh.vat_options,
    )
    theirs = PaymentInstructions(transfers=[CreditTransfer(id="x", account="123")])
    other = house.draft(payment=theirs)
    house.set(bank(), template="blue")
    assert theirs == house.ann.invoices.refresh(other).payment


def test_a_second_refresh_starts_from_the_first(house: House) -> None:
    draft = begun(house)
    renewed(house)
    draft = house.ann.invoices.refresh(draft)
    house.set(bank(), template="blue", terms=Terms(days=10))
    fresh = house.ann.invoices.refresh(draft)
    assert (Terms(days=10), frozenset(), None) == (fresh.terms, fresh.vat_options, fresh.operation)
    assert fresh.payment is not None
    assert FIRST == fresh.payment.transfers[0].account


def test_a_refresh_is_an_edit_that_makes_approvals_stale(house: House) -> None:
    house.set(bank())
    draft = house.approved()
    house.set(bank(number=SECOND))
    with pytest.raises(Denied):
        house.as_("adm", "admin").invoices.refresh(draft)
    fresh = house.cat.invoices.refresh(draft, request_id="r1")
    assert "submitted" == fresh.state
    assert fresh == house.cat.invoices.refresh(draft, request_id="r1")
    with pytest.raises(Stale):
        house.cat.invoices.refresh(draft)
    with pytest.raises(Denied, match="four-eyes"):
        house.cat.invoices.approve(fresh)
    assert "approved" == house.bob.invoices.approve(fresh).state
