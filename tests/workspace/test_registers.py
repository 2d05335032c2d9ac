"""Registers and provisioning: versions, stale values, rights, patterns, and a tenant founded once and again."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from multibill.documents import Terms
from multibill.errors import (
    Denied,
    InvalidDefinition,
    InvalidInput,
    InvalidValue,
    NotFound,
    Stale,
    UnknownTenant,
)
from multibill.ports import Storage
from multibill.records import Actor
from multibill.testing import acme, journal_of, studio
from tests.workspace.agency import Agency
from tests.worlds import billing_on, tenant

SETUP = Actor.service("setup")


def test_an_entry_is_created_changed_and_left_alone_when_nothing_differs(agency: Agency) -> None:
    ann = agency("ann").customers
    made = ann.save(acme(id="zeta", custom={"segment": "big"}), reason="new client")
    assert (1, "big") == (made.version, made.custom["segment"])
    before = agency.journal()
    assert (
        made
        == ann.save(made)
        == ann.save(acme(id="zeta", custom={"segment": "big"}))
        == ann.get("zeta")
    )
    assert before == agency.journal()
    changed = ann.save(made.evolve(language="en"))
    assert 2 == changed.version
    first, second = agency.journal()[-2:]
    assert ("save", "zeta", "new client", 1) == (
        first.action,
        first.record,
        first.reason,
        first.version,
    )
    assert [("/language", None, "en")] == [(c.path, c.before, c.after) for c in second.changes]
    assert agency.verified()


def test_a_stale_entry_is_refused_and_one_without_version_replaces(agency: Agency) -> None:
    ann = agency("ann").customers
    seen = ann.get("acme")
    ann.save(seen.evolve(language="en"))
    for entry in (seen.evolve(language="fr"), seen.evolve(version=7), seen.evolve(version=-1)):
        with pytest.raises(Stale, match="it stands at 2") as caught:
            ann.save(entry)
        assert 2 == caught.value.current
    assert 3 == ann.save(acme(language="fr")).version
    with pytest.raises(Stale):
        ann.save(acme(id="new", version=1))


@pytest.mark.parametrize("id", ["nobody", "", "a/b", "\ud800", "\0", 5, None])
def test_an_entry_that_is_not_there_is_not_found(agency: Agency, id: Any) -> None:
    for register in (agency("ann").customers, agency("ann").sellers):
        with pytest.raises(NotFound):
            register.get(id)


def test_who_may_not_read_sees_none_and_who_may_not_save_is_denied(agency: Agency) -> None:
    stranger = agency("eve", "janitor")
    assert ((), ()) == (stranger.customers.list(), stranger.sellers.list())
    with pytest.raises(NotFound):
        stranger.customers.get("acme")
    before = agency.journal()
    with pytest.raises(Denied, match="may not save customer acme"):
        stranger.customers.save(acme(language="en"))
    with pytest.raises(Denied, match="may not save seller studio"):
        agency("ann").sellers.save(studio(language="en"))
    assert before == agency.journal()
    assert ["acme"] == [entry.id for entry in agency("ann").customers.list()]


def test_lists_are_in_the_order_of_ids(agency: Agency) -> None:
    ann = agency("ann").customers
    for id in ("b", "Z", "a"):
        ann.save(acme(id=id))
    assert ["Z", "a", "acme", "b"] == [entry.id for entry in ann.list()]


@pytest.mark.parametrize(
    "series",
    [
        {},
        {"invoice": "F"},
        {"invoice": "F{n}", "credit_note": "{month}{n}"},
        {"invoices": "F{n}"},
        {"invoice": None},
    ],
)
def test_a_series_that_could_never_number_is_refused(agency: Agency, series: Any) -> None:
    before = agency.journal()
    with pytest.raises(InvalidDefinition):
        agency("root", "admin").sellers.save(studio(series=series))
    assert before == agency.journal()


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        (acme(custom={"nope": 1}), "/custom/nope"),
        (acme(custom={"segment": 1}), "/custom/segment"),
        (acme(custom=["segment"]), "/custom"),
    ],
)
def test_a_custom_field_of_an_entry_is_checked(agency: Agency, entry: Any, path: str) -> None:
    with pytest.raises((InvalidValue, InvalidInput)) as caught:
        agency("ann").customers.save(entry)
    assert path == caught.value.path


def test_an_entry_of_another_register_is_not_let_in(agency: Agency) -> None:
    """Whoever may save customers does not get at sellers through their door."""
    before = agency.journal()
    with pytest.raises(InvalidValue, match="this register takes a Customer"):
        agency("ann").customers.save(studio())  # type: ignore[arg-type]
    assert before == agency.journal()


def test_provisioning_twice_changes_only_what_differs(anywhere: Storage) -> None:
    name = tenant()
    billing = billing_on(anywhere)
    billing.provision(name, by=SETUP, sellers=[studio()])
    first = journal_of(billing, name)
    billing.provision(name, by=SETUP, sellers=[studio()])
    assert first == journal_of(billing, name)
    assert [("adopt", "policy"), ("save", "seller")] == [(e.action, e.kind) for e in first]
    billing.provision(name, by=SETUP, sellers=[studio(terms=Terms(days=45)), studio(id="other")])
    again = journal_of(billing, name)[len(first) :]
    assert [("studio", 2), ("other", 1)] == [(e.record, e.version) for e in again]
    assert [["/terms/days"], [""]] == [[change.path for change in e.changes] for e in again]


def test_a_tenant_may_be_founded_empty_and_another_not_at_all(anywhere: Storage) -> None:
    name = tenant()
    billing = billing_on(anywhere)
    with pytest.raises(UnknownTenant, match=r"is not provisioned; call billing\.provision first"):
        billing.workspace(name, actor=SETUP)
    billing.provision(name, by=SETUP)
    assert [] == journal_of(billing, name)
    assert name == billing.workspace(name, actor=SETUP).tenant
    for wrong in ("", "a/b", "x" * 65):
        with pytest.raises(InvalidValue, match="tenant"):
            billing.provision(wrong, by=SETUP)


def test_a_seller_that_cannot_be_leaves_no_tenant_behind(anywhere: Storage) -> None:
    name = tenant()
    billing = billing_on(anywhere)
    with pytest.raises(InvalidDefinition):
        billing.provision(name, by=SETUP, sellers=[studio(), studio(id="bad", series={})])
    with pytest.raises(UnknownTenant):
        billing.workspace(name, actor=SETUP)


def test_who_provisions_has_no_other_rights(anywhere: Storage) -> None:
    name = tenant()
    billing = billing_on(anywhere)
    billing.provision(name, by=SETUP, sellers=[studio()])
    with pytest.raises(Denied):
        billing.workspace(name, actor=SETUP).sellers.save(studio(language="en"))
    assert {"service:setup"} == {entry.actor for entry in journal_of(billing, name)}


def test_a_document_keeps_its_snapshot_whatever_is_saved(agency: Agency) -> None:
    draft = agency.draft()
    renamed = attrs.evolve(acme().party, name="Acme renamed")
    agency("ann").customers.save(acme(party=renamed))
    assert "Acme SAS" == agency("ann").invoices.get(draft.id).buyer.name
    assert "Acme renamed" == agency.draft().buyer.name
