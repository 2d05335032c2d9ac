"""Each policy's text is journaled once, before the first entry that was decided under it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from multibill.billing import Billing
from multibill.codec import canonical
from multibill.errors import InvalidDefinition
from multibill.permissions import Policy, permit
from multibill.ports import Storage
from multibill.presets import agency
from multibill.records import Actor
from multibill.testing import journal_of, studio
from tests.office import Office
from tests.worlds import billing_on, tenant


def adoptions(office: Office) -> list[str]:
    return [entry.record for entry in office.journal() if entry.action == "adopt"]


def test_a_policy_is_journaled_before_the_first_entry_under_it(office: Office) -> None:
    office.draft()
    office.issued()
    before: set[str] = set()
    for entry in office.journal():
        if entry.action == "adopt":
            before.add(entry.record)
        assert entry.policy in before
    assert len(set(adoptions(office))) == len(adoptions(office))
    assert agency().fingerprint in adoptions(office)


def test_the_journaled_text_is_the_policy(office: Office) -> None:
    office.draft()
    (entry,) = (e for e in office.journal() if e.record == agency().fingerprint)
    assert agency() == Policy.from_wire(canonical(entry.changes[0].after))


def test_another_billing_over_the_same_storage_journals_it_no_more(office: Office) -> None:
    office.draft()
    before = adoptions(office)
    other = billing_on(office.storage)
    other.workspace(office.tenant, actor=Actor("ann", roles={"manager"})).invoices.draft(
        seller="studio", buyer="acme"
    )
    assert before == adoptions(office)


def test_a_changed_policy_is_journaled_once_more(open_office: Callable[..., Office]) -> None:
    policies = [agency(), Policy(*agency().rules, permit("more", to="janitor", on="read"))]
    office = open_office(policy=lambda _: policies[0])
    office.draft()
    policies.reverse()
    office.draft()
    office.draft()
    assert [p.fingerprint for p in reversed(policies)] == adoptions(office)[-2:]


@pytest.mark.parametrize("fails", [1, 2, 3])
def test_a_call_that_was_rolled_back_leaves_the_policy_to_the_next(
    anywhere: Storage, fails: int
) -> None:
    """Also one that broke after its first entries: what nobody sees was not journaled."""
    name = tenant()
    billing: Billing = billing_on(anywhere)
    sellers = [studio(id=f"s{n}") for n in range(fails)]
    setup = Actor.service("setup")
    with pytest.raises(InvalidDefinition):
        billing.provision(name, by=setup, sellers=[*sellers, studio(series={"invoice": "F"})])
    assert [] == journal_of(billing, name)
    billing.provision(name, by=setup, sellers=sellers)
    assert ["adopt", *["save"] * fails] == [entry.action for entry in journal_of(billing, name)]
