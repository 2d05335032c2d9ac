"""Bank accounts: one proposes, another confirms; documents show what is confirmed."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from multibill.errors import Denied, InvalidValue, NotFound, Stale, WrongState
from multibill.ports import Storage
from multibill.records import Actor, BankAccount, Member
from multibill.testing import journal_of, studio
from multibill.workspace.accounts import Accounts
from tests.office import Office
from tests.worlds import billing_on, tenant

FIRST = "FR7630006000011234567890189"
SECOND = "DE89370400440532013000"
THIRD = "BE68539007547034"


def door(office: Office, name: str) -> Accounts:
    """``cat:dan`` is cat, acting for dan; all of them are admins."""
    id, _, other = name.partition(":")
    return office.as_(id, "admin", on_behalf_of=other or None).accounts


def account(number: str = FIRST, **said: Any) -> BankAccount:
    return BankAccount("main", number, **{"seller": "studio", "holder": "Studio SARL", **said})


def shown(office: Office) -> list[str]:
    payment = office.draft().payment
    return [transfer.account for transfer in payment.transfers] if payment else []


def test_a_new_account_is_pending_until_another_person_confirms(office: Office) -> None:
    made = door(office, "zoe").save(account(bic="AGRIFRPP"), reason="new bank")
    assert (None, None, None, 1) == (*made.details, made.version)
    assert made.pending is not None
    assert (FIRST, "Studio SARL", "AGRIFRPP") == made.pending.details
    assert {"zoe"} == made.pending.by
    assert [] == shown(office)
    with pytest.raises(Denied, match="floor:four-eyes") as caught:
        door(office, "zoe").confirm("main")
    assert ("floor:four-eyes",) == caught.value.decision.forbids
    confirmed = door(office, "yan").confirm(made)
    assert ((FIRST, "Studio SARL", "AGRIFRPP"), None, 2) == (
        confirmed.details,
        confirmed.pending,
        confirmed.version,
    )
    assert [FIRST] == shown(office)
    history = door(office, "yan").history("main")
    assert ["save", "confirm"] == [event.action for event in history]
    assert office.verify()


@pytest.mark.parametrize("by", ["zoe", "zoe:yan", "yan:zoe"])
@pytest.mark.parametrize("again", ["zoe", "zoe:max", "max:zoe"])
def test_nobody_confirms_what_they_stand_behind(office: Office, by: str, again: str) -> None:
    door(office, by).save(account())
    before = office.journal()
    with pytest.raises(Denied, match="floor:four-eyes"):
        door(office, again).confirm("main")
    assert before == office.journal()
    assert FIRST == door(office, "eve").confirm("main").account


@pytest.mark.parametrize(
    "changes", [{"account": SECOND}, {"holder": "Studio"}, {"bic": "X"}, {"holder": None}]
)
def test_a_change_leaves_the_confirmed_account_standing(
    office: Office, changes: dict[str, Any]
) -> None:
    door(office, "zoe").save(account())
    known = door(office, "yan").confirm("main")
    changed = door(office, "yan").save(known.evolve(**changes))
    assert known.details == changed.details
    assert changed.pending is not None
    assert known.evolve(**changes).details == changed.pending.details
    assert [FIRST] == shown(office)
    with pytest.raises(Denied):
        door(office, "yan").confirm("main")
    assert known.evolve(**changes).details == door(office, "zoe").confirm(changed).details


def test_what_is_not_shown_needs_nobody_else(office: Office) -> None:
    door(office, "zoe").save(account())
    known = door(office, "yan").confirm("main")
    named = door(office, "zoe").save(known.evolve(name="Main account"))
    assert ("Main account", None) == (named.name, named.pending)


def test_a_proposal_stays_while_other_things_change_and_is_proposed_once(office: Office) -> None:
    pending = door(office, "zoe").save(account()).pending
    before = office.journal()
    assert pending == door(office, "yan").save(account()).pending
    assert before == office.journal()
    named = door(office, "yan").save(door(office, "yan").get("main").evolve(name="x"))
    assert pending == named.pending


def test_a_proposal_in_the_value_that_is_saved_says_nothing(office: Office) -> None:
    """Nobody writes another name under a proposal of theirs."""
    made = door(office, "zoe").save(account())
    assert made.pending is not None
    forged = made.pending.__class__(account=SECOND, by={"max"})
    assert made.pending == door(office, "zoe").save(made.evolve(pending=forged)).pending
    other = door(office, "zoe").save(made.evolve(account=SECOND, pending=forged))
    assert other.pending is not None
    assert {"zoe"} == other.pending.by


@pytest.mark.parametrize("what", ["the account", "the member", "the seller", "the holder"])
def test_no_new_name_lets_anybody_confirm_what_they_stand_behind(office: Office, what: str) -> None:
    """Who stands behind a proposal is an id that the host gives; what else it is called says nothing."""
    root = office.as_("root", "admin")
    root.members.save(Member("zoe", "Zoe Lee"))
    door(office, "zoe").save(account())
    match what:
        case "the account":
            door(office, "yan").save(account().evolve(name="Another account"))
        case "the member":
            root.members.save(Member("zoe", "Zoe Martin", email="zm@studio.example"))
        case "the seller":
            root.sellers.save(studio(party=attrs.evolve(studio().party, name="Studio SAS")))
        case _:
            door(office, "yan").save(account(holder="Studio SAS"))
    for name in ("zoe", "zoe:max", "max:zoe"):
        with pytest.raises(Denied, match="floor:four-eyes"):
            door(office, name).confirm("main")
    assert [] == shown(office)
    assert FIRST == door(office, "eve").confirm("main").account


def test_what_two_people_say_one_after_the_other_is_confirmed_by_the_second_or_a_third(
    office: Office,
) -> None:
    """To repeat what another proposed is not to propose it."""
    door(office, "zoe").save(account())
    again = door(office, "yan").save(account())
    assert again.pending is not None
    assert {"zoe"} == again.pending.by
    assert FIRST == door(office, "yan").confirm(again).account


def test_who_proposed_what_is_kept_of_a_proposal_stands_behind_it_too(office: Office) -> None:
    door(office, "zoe").save(account())
    door(office, "yan").save(account(bic="AGRIFRPP"))
    for name in ("zoe", "yan"):
        with pytest.raises(Denied, match="floor:four-eyes"):
            door(office, name).confirm("main")
    door(office, "yan").save(account(SECOND, holder="Other", bic=None))
    assert SECOND == door(office, "zoe").confirm("main").account


def test_who_proposed_what_is_not_kept_of_a_proposal_does_not_stand_behind_the_next(
    office: Office,
) -> None:
    door(office, "zoe").save(account())
    door(office, "yan").confirm("main")
    door(office, "zoe").save(account(holder="Studio SAS"))
    other = door(office, "yan").save(account(bic="AGRIFRPP"))
    assert other.pending is not None
    assert {"yan"} == other.pending.by
    assert "AGRIFRPP" == door(office, "zoe").confirm(other).bic


def test_a_proposal_that_was_swapped_is_not_confirmed(office: Office) -> None:
    seen = door(office, "zoe").save(account())
    door(office, "max").save(account(SECOND))
    with pytest.raises(Stale):
        door(office, "yan").confirm(seen)
    with pytest.raises(Stale):
        door(office, "yan").reject(seen)


@pytest.mark.parametrize("who", ["zoe", "yan"])
def test_a_proposal_is_rejected_and_leaves_what_was_confirmed(office: Office, who: str) -> None:
    door(office, "zoe").save(account())
    known = door(office, "yan").confirm("main")
    door(office, "zoe").save(known.evolve(account=SECOND))
    gone = door(office, who).reject("main", reason="not ours")
    assert (FIRST, None) == (gone.account, gone.pending)
    for verb in (door(office, "yan").confirm, door(office, "yan").reject):
        with pytest.raises(WrongState, match="nothing is proposed"):
            verb("main")


def test_who_may_confirm_is_said_by_the_policy(office: Office) -> None:
    door(office, "zoe").save(account())
    assert FIRST == office.as_("acc", "accountant").accounts.get("main").pending.account  # type: ignore[union-attr]
    stranger = office.as_("sal", "sales").accounts
    assert () == stranger.list()
    for call in (stranger.get, stranger.confirm, stranger.reject, stranger.history):
        with pytest.raises(NotFound):
            call("main")
    with pytest.raises(Denied):
        stranger.save(account(SECOND))
    with pytest.raises(Denied):
        office.ann.accounts.save(account(SECOND))
    assert FIRST == office.ann.accounts.confirm("main").account


def test_an_account_stays_with_its_seller(office: Office) -> None:
    office.as_("root", "admin").sellers.save(studio(id="other"))
    known = door(office, "zoe").save(account())
    for changed in (known.evolve(seller="other"), account(seller="other")):
        with pytest.raises(InvalidValue) as caught:
            door(office, "zoe").save(changed)
        assert "/seller" == caught.value.path


@pytest.mark.parametrize("number", ["FR7630006000011234567890188", "DE00370400440532013000", None])
def test_a_number_that_cannot_be_right_is_refused(office: Office, number: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        door(office, "zoe").save(account(number))
    assert "/account" == caught.value.path
    assert "1234 5678".replace(" ", "") == (
        door(office, "zoe").save(account("1234 5678")).pending.account  # type: ignore[union-attr]
    )


def test_set_up_confirms_at_once_and_again_changes_nothing(anywhere: Storage) -> None:
    name, billing = tenant(), billing_on(anywhere)
    setup: dict[str, Any] = {"by": Actor.service("setup"), "sellers": [studio()]}
    billing.provision(name, **setup, accounts=[account()])
    admin = billing.workspace(name, actor=Actor("zoe", roles={"admin"})).accounts
    assert (FIRST, None) == (admin.get("main").account, admin.get("main").pending)
    before = journal_of(billing, name)
    billing.provision(name, **setup, accounts=[account()])
    assert before == journal_of(billing, name)
    admin.save(account(SECOND))
    billing.provision(name, **setup, accounts=[account(THIRD)])
    # what was proposed was proposed for what stood
    assert (THIRD, None) == (admin.get("main").account, admin.get("main").pending)
    admin.save(account(SECOND))
    billing.provision(name, **setup, accounts=[account(THIRD)])
    assert admin.get("main").pending is not None
    billing.provision(name, **setup, accounts=[account(SECOND)])
    assert (SECOND, None) == (admin.get("main").account, admin.get("main").pending)
    with pytest.raises(InvalidValue):
        billing.provision(name, **setup, accounts=[account("FR7600")])
