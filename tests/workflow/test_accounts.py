"""The rule MB-ACCOUNT: what a document's transfers may name, as a pure function of document and accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from multibill.documents import (
    CreditNote,
    CreditTransfer,
    Invoice,
    Line,
    Payee,
    PaymentInstructions,
    Quote,
)
from multibill.documents.checks import Finding
from multibill.parties import Party
from multibill.records import BankAccount
from multibill.workflow import preflight
from multibill.workflow.accounts import confirmed_only, names_accounts

ON = date(2026, 11, 30)
IBAN, OTHER = "FR7630006000011234567890189", "DE89370400440532013000"
MAIN = BankAccount("main", IBAN, seller="studio", holder="Studio SARL", bic="AGRIFRPP")
NATIONAL = BankAccount("us", "0815", seller="studio", bic="CHASUS33")
THEIRS = BankAccount("theirs", OTHER, seller="other")
ACCOUNTS = (MAIN, NATIONAL, THEIRS)
LINE = Line(id="a", name="Logo", unit_price="100", vat="20")
AT = "/payment/transfers/t/"


def paid_to(account: str = IBAN, cls: Any = Invoice, line: Line = LINE, **said: Any) -> Any:
    """A document of the seller ``studio`` with one transfer."""
    transfer = CreditTransfer(
        id="t", account=account, **{name: said.pop(name, None) for name in ("holder", "bic")}
    )
    known = {"seller": Party(name="Studio"), "buyer": Party(name="Acme"), "seller_ref": "studio"}
    payment = PaymentInstructions(transfers=[transfer])
    return cls(id="i", payment=payment, lines=[line], **known | said)


def found(document: Any, accounts: Any = ACCOUNTS) -> list[Finding]:
    return [f for f in preflight(document, ON, accounts) if f.rule == "MB-ACCOUNT"]


def where(document: Any, accounts: Any = ACCOUNTS) -> list[tuple[str, str]]:
    return [(f.severity, f.path) for f in found(document, accounts)]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"holder": "Studio SARL"},
        {"bic": "AGRIFRPP"},
        {"holder": "Studio SARL", "bic": "AGRIFRPP"},
        {"account": "0815"},
        {"account": "0815", "bic": "CHASUS33"},
    ],
)
@pytest.mark.parametrize("cls", [Invoice, CreditNote, Quote])
def test_a_confirmed_account_may_be_named_with_as_much_of_it_as_one_likes(
    cls: Any, said: dict[str, Any]
) -> None:
    assert [] == found(paid_to(cls=cls, **said))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"account": OTHER}, "account"),
        ({"account": OTHER, "holder": "Studio SARL", "bic": "AGRIFRPP"}, "account"),
        ({"holder": "Studio"}, "holder"),
        ({"bic": "CHASUS33"}, "bic"),
        ({"account": "0815", "bic": "AGRIFRPP"}, "bic"),
        ({"account": "0815", "holder": "Anybody"}, "holder"),
    ],
)
@pytest.mark.parametrize("cls", [Invoice, Quote])
def test_what_nobody_confirmed_for_this_seller_is_an_error(
    cls: Any, said: dict[str, Any], field: str
) -> None:
    """Another seller's account too, and another bank beside a national number."""
    assert [("error", AT + field)] == where(paid_to(cls=cls, **said))


@pytest.mark.parametrize("code", ["380", "326", "384", "386", "389"])
def test_no_type_of_invoice_and_no_payee_is_a_way_round(code: str) -> None:
    """Factoring and self-billing name accounts of the register like everybody: or each would be the way round it."""
    payee = Payee(name="Factor SA")
    for said in ({"type_code": code}, {"type_code": code, "payee": payee}):
        assert [("error", AT + "account")] == where(paid_to(OTHER, **said))
        assert [] == where(paid_to(**said))


def test_each_transfer_is_looked_at() -> None:
    good, bad = (CreditTransfer(id=id, account=n) for id, n in (("a", IBAN), ("b", "4711")))
    document = paid_to().evolve(payment=PaymentInstructions(transfers=[good, bad]))
    assert [("error", "/payment/transfers/b/account")] == where(document)


def test_a_house_without_any_confirmed_account_is_warned() -> None:
    """There is nothing yet that a change could divert; the first confirmed account binds every seller."""
    assert [("warning", AT + "account")] == where(paid_to(), ())
    assert [("error", AT + "account")] == where(paid_to(), (THEIRS,))


def test_an_account_where_the_money_goes_to_the_buyer_is_the_buyers() -> None:
    """A credit note, and an invoice that comes to less than nothing; not a credit note that asks for money."""
    less = LINE.evolve(quantity=-1)
    assert [[], []] == [
        where(paid_to(OTHER, CreditNote)),
        where(paid_to(OTHER, line=less)),
    ]
    for document in (
        paid_to(OTHER, CreditNote, less),
        paid_to(OTHER, Quote, less),
        paid_to(OTHER, prepaid="120"),
    ):
        assert [("error", AT + "account")] == where(document)


def test_a_document_without_transfers_asks_for_no_accounts() -> None:
    card = paid_to().evolve(payment=PaymentInstructions(means="48"))
    assert [False, False, True] == [
        names_accounts(document) for document in (paid_to().evolve(payment=None), card, paid_to())
    ]
    assert [] == found(card, ()) == found(paid_to().evolve(payment=None), ())


def test_the_finding_says_what_to_do_and_shows_no_whole_number() -> None:
    (finding,) = found(paid_to(OTHER))
    assert (
        "the account …3000 is not what a second person confirmed for the seller; refresh the draft, name a confirmed "
        "account of the seller, or have this one saved and confirmed"
    ) == finding.text()
    assert "le compte …3000 n'a pas été confirmé" in finding.text("fr")
    (finding,) = found(paid_to(bic="CHASUS33"))
    assert "the BIC CHASUS33 is not what a second person confirmed for the seller" in finding.text()
    assert "four eyes" in finding.law


def test_errors_stand_before_warnings_and_in_the_order_of_rules() -> None:
    findings = preflight(paid_to(f"{IBAN[:-1]}8"), ON, ())
    rules = [f.rule for f in findings if f.rule.startswith("MB-")]
    assert ["MB-IBAN", "MB-ACCOUNT"] == rules
    kinds = [(finding.severity != "error", finding.rule, finding.path) for finding in findings]
    assert sorted(kinds) == kinds


def test_a_rule_is_made_with_the_accounts_that_stand() -> None:
    assert ["warning", "error"] == [confirmed_only(known).severity for known in ((), (MAIN,))]
