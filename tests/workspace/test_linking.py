"""Register entries that name each other: what is not there is refused when it is saved, not when somebody drafts."""

from __future__ import annotations

from typing import Any

import pytest

from multibill.errors import InvalidValue, UnknownTenant
from multibill.permissions import Policy, permit
from multibill.ports import Storage
from multibill.records import Actor, BankAccount, Register, Template
from multibill.testing import journal_of, opened, studio
from multibill.workspace import Workspace
from tests.office import Office
from tests.worlds import billing_on, tenant

IBAN = "FR7630006000011234567890189"
SETUP: dict[str, Any] = {"by": Actor.service("setup")}


def admin(office: Office) -> Workspace:
    return office.as_("root", "admin")


def account(**said: Any) -> BankAccount:
    return BankAccount(**{"id": "main", "account": IBAN, "seller": "studio", **said})


@pytest.mark.parametrize(
    ("door", "entry", "path", "remedy"),
    [
        ("sellers", studio(template="no"), "/template", "there is no template 'no' for seller"),
        ("sellers", studio(account="no"), "/account", "there is no account 'no' for seller"),
        ("sellers", studio(template="theirs"), "/template", "save it first, or name another"),
        ("sellers", studio(account="theirs"), "/account", "save it first, or name another"),
        ("templates", Template("blue", seller="no"), "/seller", "no seller 'no'; save it first"),
        ("accounts", account(seller="no"), "/seller", "there is no seller 'no'; save it first"),
    ],
    ids=lambda part: part if isinstance(part, str) and part.startswith("/") else "",
)
def test_an_entry_that_names_what_is_not_there_is_refused(
    office: Office, door: str, entry: Register, path: str, remedy: str
) -> None:
    """Another seller's template or account is not there for this one; and nothing is left behind."""
    admin(office).sellers.save(studio(id="other"))
    admin(office).templates.save(Template("theirs", seller="other"))
    admin(office).accounts.save(account(id="theirs", seller="other"))
    before = office.journal()
    with pytest.raises(InvalidValue, match=remedy) as caught:
        getattr(admin(office), door).save(entry)
    assert path == caught.value.path
    assert before == office.journal()
    assert office.verify()


def test_an_entry_may_name_what_is_there(office: Office) -> None:
    ws = admin(office)
    for template in (Template("blue"), Template("own", seller="studio")):
        ws.templates.save(template)
        assert template.id == ws.sellers.save(studio(template=template.id)).template
    ws.accounts.save(account())
    assert "main" == ws.sellers.save(studio(account="main")).account
    assert None is office.draft().payment


def test_a_template_stays_with_the_sellers_that_look_like_it(office: Office) -> None:
    ws = admin(office)
    ws.sellers.save(studio(id="other"))
    blue = ws.templates.save(Template("blue"))
    ws.sellers.save(studio(template="blue"))
    before = office.journal()
    with pytest.raises(
        InvalidValue, match="documents of seller 'studio' look like 'blue'"
    ) as caught:
        ws.templates.save(blue.evolve(seller="other"))
    assert "/seller" == caught.value.path
    assert before == office.journal()
    own = ws.templates.save(blue.evolve(seller="studio"))
    ws.sellers.save(studio())
    assert "other" == ws.templates.save(own.evolve(seller="other")).seller


def test_what_a_seller_names_is_asked_of_the_house_not_of_what_the_actor_may_see(
    office: Office,
) -> None:
    admin(office).accounts.save(account())
    policy = Policy(permit("keep", to="keeper", on={"read", "save"}, of="seller"))
    blind = billing_on(office.storage, policy=policy).workspace(
        office.tenant, actor=Actor("eve", roles={"keeper"})
    )
    assert () == blind.accounts.list()
    assert "main" == blind.sellers.save(studio(account="main")).account


def test_set_up_may_bring_entries_that_name_each_other(anywhere: Storage) -> None:
    name, billing = tenant(), billing_on(anywhere)
    entries: dict[str, Any] = {
        "sellers": [studio(template="blue", account="main")],
        "templates": [Template("blue", seller="studio")],
        "accounts": [account()],
    }
    for _ in range(2):
        billing.provision(name, **SETUP, **entries)
    assert 4 == len(journal_of(billing, name))
    opened(billing, name, sellers=[])
    draft = billing.workspace(name, actor=Actor("ann", roles={"manager"})).invoices.draft(
        seller="studio", buyer="acme"
    )
    assert draft.brand is not None
    assert draft.payment is not None
    assert ("blue", "main") == (draft.brand.template, draft.payment.transfers[0].id)


@pytest.mark.parametrize(
    ("entries", "path"),
    [
        ({"sellers": [studio(template="blue")]}, "/template"),
        ({"sellers": [studio(account="main")]}, "/account"),
        ({"accounts": [account()]}, "/seller"),
        ({"templates": [Template("blue", seller="studio")]}, "/seller"),
    ],
)
def test_set_up_that_names_what_is_not_there_leaves_no_tenant_behind(
    anywhere: Storage, entries: dict[str, Any], path: str
) -> None:
    name, billing = tenant(), billing_on(anywhere)
    with pytest.raises(InvalidValue) as caught:
        billing.provision(name, **SETUP, **entries)
    assert path == caught.value.path
    with pytest.raises(UnknownTenant):
        billing.workspace(name, actor=Actor("ann", roles={"manager"}))
