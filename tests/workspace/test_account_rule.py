"""A document's transfers are confirmed accounts of its seller at the moment of its issue, however they came into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from multibill.documents import CreditTransfer, Invoice, PaymentInstructions
from multibill.errors import PreflightFailed
from multibill.ports import Storage, UnitOfWork
from multibill.records import Actor, BankAccount
from multibill.testing import studio
from multibill.workflow import Workflow
from tests.office import LOGO, Office

FIRST = "FR7630006000011234567890189"
SECOND = "DE89370400440532013000"
THIRD = "BE68539007547034"
TYPED = PaymentInstructions(means="58", transfers=[CreditTransfer(id="t", account=SECOND)])


class Before:
    """A storage where something happens right before the next writing unit gets its lock."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.then: Callable[[], None] | None = None

    @contextmanager
    def unit(self, tenant: str, *, write: bool, bind: object = None) -> Iterator[UnitOfWork]:
        then, self.then = (self.then, None) if write else (None, self.then)
        if then:
            then()
        with self.storage.unit(tenant, write=write, bind=bind) as uow:
            yield uow

    def behind(self, consumer: str) -> Sequence[str]:
        return self.storage.behind(consumer)


class Bank(Office):
    """An office whose drafts need no approval, so that one person could do it all alone."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage, workflow=Workflow(approvals=0))

    def confirmed(self, id: str, number: str, seller: str = "studio", **said: Any) -> BankAccount:
        """zoe proposes, yan confirms."""
        admin = self.as_("zoe", "admin").accounts
        admin.save(BankAccount(id, number, seller=seller, **said))
        return self.as_("yan", "admin").accounts.confirm(id)

    def refused(self, draft: Invoice) -> list[tuple[str, str]]:
        """Rule and path of the errors that keep bob from issuing it, which the preflight says too."""
        errors = [f for f in self.bob.invoices.preflight(draft) if f.severity == "error"]
        with pytest.raises(PreflightFailed) as caught:
            self.bob.invoices.issue(draft)
        assert errors == [f for f in caught.value.findings if f.severity == "error"]
        assert "draft" == self.bob.invoices.get(draft).phase
        return [(finding.rule, finding.path) for finding in errors]


@pytest.fixture
def bank(anywhere: Storage) -> Bank:
    return Bank(anywhere)


def typed_at_draft(bank: Bank) -> Invoice:
    return bank.draft(payment=TYPED)


def typed_in_an_edit(bank: Bank) -> Invoice:
    draft = bank.draft()
    changes = {"/payment/transfers/main/account": SECOND}
    return bank.ann.invoices.edit(draft.id, base=1, changes=changes).document


def added_by_an_edit(bank: Bank) -> Invoice:
    draft = bank.draft()
    changes = {"/payment/transfers/more": {"account": SECOND}}
    return bank.ann.invoices.edit(draft.id, base=1, changes=changes).document


def saved_as_a_value(bank: Bank) -> Invoice:
    return bank.ann.invoices.save(bank.draft().evolve(payment=TYPED)).document


@pytest.mark.parametrize(
    ("way", "path"),
    [
        (typed_at_draft, "/payment/transfers/t/account"),
        (typed_in_an_edit, "/payment/transfers/main/account"),
        (added_by_an_edit, "/payment/transfers/more/account"),
        (saved_as_a_value, "/payment/transfers/t/account"),
    ],
)
def test_an_account_that_somebody_typed_is_not_issued(
    bank: Bank, way: Callable[[Bank], Invoice], path: str
) -> None:
    """Until a second person has confirmed it for this seller."""
    bank.confirmed("main", FIRST)
    draft = way(bank)
    assert [("MB-ACCOUNT", path)] == bank.refused(draft)
    history = bank.ann.invoices.history(draft)
    assert f"MB-ACCOUNT {path}" in str(history)
    bank.as_("zoe", "admin").accounts.save(BankAccount("new", SECOND, seller="studio"))
    assert [("MB-ACCOUNT", path)] == bank.refused(draft)
    bank.as_("yan", "admin").accounts.confirm("new")
    issued = bank.bob.invoices.issue(draft)
    assert issued.payment is not None
    assert SECOND in [transfer.account for transfer in issued.payment.transfers]
    assert bank.verify()


def test_the_bank_of_a_confirmed_account_cannot_be_typed_either(bank: Bank) -> None:
    bank.confirmed("main", "0815", bic="AGRIFRPP")
    changes = {"/payment/transfers/main/bic": "CHASUS33"}
    draft = bank.ann.invoices.edit(bank.draft().id, base=1, changes=changes).document
    assert [("MB-ACCOUNT", "/payment/transfers/main/bic")] == bank.refused(draft)


def test_an_account_of_another_seller_is_not_this_sellers(bank: Bank) -> None:
    bank.as_("root", "admin").sellers.save(studio(id="other", series={"invoice": "O{year}-{n:05}"}))
    bank.confirmed("main", FIRST)
    bank.confirmed("theirs", SECOND, "other")
    assert [("MB-ACCOUNT", "/payment/transfers/t/account")] == bank.refused(
        bank.draft(payment=TYPED)
    )
    other = bank.ann.invoices.draft(seller="other", buyer="acme", lines=[LOGO], payment=TYPED)
    assert bank.bob.invoices.issue(other).number == "O2026-00001"


def test_a_second_seller_with_the_same_name_is_no_way_round(bank: Bank) -> None:
    """Whoever may save sellers founds no twin without accounts to send invoices from."""
    bank.confirmed("main", FIRST)
    twin = studio(id="twin", series={"invoice": "T{year}-{n:05}"})
    bank.as_("root", "admin").sellers.save(twin)
    draft = bank.ann.invoices.draft(seller="twin", buyer="acme", lines=[LOGO], payment=TYPED)
    assert [("MB-ACCOUNT", "/payment/transfers/t/account")] == bank.refused(draft)


def test_a_house_that_keeps_no_accounts_is_only_warned(bank: Bank) -> None:
    """One that has proposed a first account too: there is nothing yet that it would change."""
    draft = bank.draft(payment=TYPED)
    bank.as_("zoe", "admin").accounts.save(BankAccount("main", FIRST, seller="studio"))
    (finding,) = (f for f in bank.bob.invoices.preflight(draft) if f.rule == "MB-ACCOUNT")
    assert ("warning", "/payment/transfers/t/account") == (finding.severity, finding.path)
    assert bank.bob.invoices.issue(draft).payment == TYPED


def test_quotes_are_held_to_it_and_credit_notes_that_pay_back_are_not(anywhere: Storage) -> None:
    bank = Bank(anywhere)
    bank.confirmed("main", FIRST)
    series = {"invoice": "F{n:05}", "quote": "D{n:05}", "credit_note": "A{n:05}"}
    bank.as_("root", "admin").sellers.save(studio(series=series))
    quote = bank.ann.quotes.draft(seller="studio", buyer="acme", lines=[LOGO], payment=TYPED)
    with pytest.raises(PreflightFailed, match="MB-ACCOUNT"):
        bank.bob.quotes.issue(quote)
    note = bank.bob.invoices.credit(bank.issued())
    note = bank.ann.credit_notes.save(note.evolve(payment=TYPED)).document
    assert TYPED == bank.bob.credit_notes.issue(note).payment


def changed(bank: Bank) -> None:
    """The confirmed account gets another number, by two people."""
    known = bank.as_("zoe", "admin").accounts.get("main")
    bank.confirmed("main", SECOND, holder=known.holder)


def test_an_account_that_was_changed_since_the_draft_is_not_issued(bank: Bank) -> None:
    """The remedy is a refresh, which takes the account as it stands."""
    bank.confirmed("main", FIRST)
    draft = bank.draft()
    changed(bank)
    assert [("MB-ACCOUNT", "/payment/transfers/main/account")] == bank.refused(draft)
    issued = bank.bob.invoices.issue(bank.ann.invoices.refresh(draft))
    assert issued.payment is not None
    assert [SECOND] == [transfer.account for transfer in issued.payment.transfers]


def test_an_account_that_is_changed_while_an_issue_waits_for_its_lock_is_not_issued(
    anywhere: Storage,
) -> None:
    storage = Before(anywhere)
    bank = Bank(storage)
    bank.confirmed("main", FIRST)
    draft = bank.draft()
    storage.then = lambda: changed(bank)
    with pytest.raises(PreflightFailed, match="MB-ACCOUNT"):
        bank.bob.invoices.issue(draft)
    assert storage.then is None
    actions = [entry.action for entry in bank.journal()]
    assert ["confirm", "refuse-issue"] == actions[-2:]
    storage.then = lambda: changed_back(bank)
    assert bank.bob.invoices.issue(draft).number == "F2026-00001"
    assert bank.verify()


def changed_back(bank: Bank) -> None:
    bank.confirmed("main", FIRST)


def test_what_the_rule_says_does_not_depend_on_who_may_read_accounts(bank: Bank) -> None:
    bank.confirmed("main", FIRST)
    good, bad = bank.draft(owner="sal"), bank.draft(owner="sal", payment=TYPED)
    sales = bank.as_("sal", "sales")
    assert () == sales.accounts.list()
    rules = [[f.rule for f in sales.invoices.preflight(each)] for each in (good, bad)]
    assert ["MB-ACCOUNT" in found for found in rules] == [False, True]


def test_set_up_confirms_what_documents_may_name(anywhere: Storage) -> None:
    bank = Bank(anywhere)
    account = BankAccount("main", SECOND, seller="studio")
    bank.billing.provision(
        bank.tenant, by=Actor.service("setup"), sellers=[studio()], accounts=[account]
    )
    assert bank.bob.invoices.issue(bank.draft(payment=TYPED)).payment == TYPED
