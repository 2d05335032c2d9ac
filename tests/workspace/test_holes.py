"""Ways round a rule that were found and closed: each of them is tried again here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from multibill import presets
from multibill.documents import CreditTransfer, PaymentInstructions
from multibill.errors import Denied, NotFound, PreflightFailed
from multibill.permissions import Policy, hide
from multibill.records import BankAccount
from tests.office import Office

Opened = Callable[..., Office]


def veiled(open_office: Opened, *paths: str) -> Office:
    """An office in which interns do not see some paths."""
    rules = presets.agency().rules
    return open_office(policy=Policy(*rules, *(hide(path, to="intern") for path in paths)))


def kept_cost(office: Office, mine: str | None) -> tuple[Any, Any]:
    """A change of a line's cost that did not fit, and an intern who sees no costs."""
    draft = office.draft()
    path = f"/costs/{draft.lines[0].id}"
    edit = office.bob.invoices.edit
    draft = edit(draft.id, base=draft.version, changes={path: "310"}).document
    edit(draft.id, base=draft.version, changes={path: "777"})
    met: Any = {"base": draft.version, "changes": {path: mine}, "on_conflict": "keep"}
    (kept,) = edit(draft.id, **met).conflicts
    return kept, office.as_("eve", "manager", "intern").invoices


@pytest.mark.parametrize("mine", ["888", None])
def test_nobody_decides_on_what_they_do_not_see(open_office: Opened, mine: str | None) -> None:
    kept, eve = kept_cost(veiled(open_office, "margin"), mine)
    for verb in (eve.accept, eve.dismiss):
        with pytest.raises(NotFound) as caught:
            verb(kept.id)
        assert "777" not in str(caught.value)


@pytest.mark.parametrize("said", [{"prepaid": "99999"}, {"rounding_amount": "-99999"}])
def test_no_figure_lets_an_unconfirmed_account_pass(office: Office, said: dict[str, str]) -> None:
    confirmed = BankAccount("main", "FR7630006000011234567890189", seller="studio")
    office.as_("zoe", "admin").accounts.save(confirmed)
    office.as_("yan", "manager").accounts.confirm("main")
    other = CreditTransfer(id="t", account="DE89370400440532013000")
    draft = office.draft(payment=PaymentInstructions(means="58", transfers=[other]), **said)
    approved = office.bob.invoices.approve(office.ann.invoices.submit(draft))
    with pytest.raises(PreflightFailed) as caught:
        office.bob.invoices.issue(approved)
    assert "MB-ACCOUNT" in {finding.rule for finding in caught.value.findings}


@pytest.mark.parametrize("path", ["/number", "/issue_date"])
def test_a_credit_note_names_nothing_that_is_hidden(open_office: Opened, path: str) -> None:
    office = veiled(open_office, path)
    issued = office.issued()
    with pytest.raises(Denied) as caught:
        office.as_("eve", "manager", "intern").invoices.credit(issued.id, amount="1")
    assert path == caught.value.path


def test_a_history_names_no_payment_to_who_may_read_none(office: Office) -> None:
    issued = office.issued()
    paid = office.bob.payments.record("acme", "10", on="2026-12-01", settles=[issued])
    for who, role, seen in (("vera", "viewer", False), ("bob", "manager", True)):
        told = office.as_(who, role).invoices.history(issued.id)
        assert seen is (paid.id in str([event.changes for event in told]))


def test_the_feed_tells_of_refunds_to_who_may_read_payments(office: Office) -> None:
    paid = office.bob.payments.record("acme", "10", on="2026-12-01")
    back = office.bob.payments.refund(paid, on="2026-12-02")
    assert [back.id] == [event.id for event in office.bob.feed(kinds="refund")]
    assert [] == list(office.as_("vera", "viewer").feed(kinds="refund"))
