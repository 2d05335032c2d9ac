"""Drafting: snapshots, ids, teams, keys, and what is refused."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from multibill.documents import Line, Note, Terms
from multibill.errors import Denied, InvalidInput, InvalidValue, KeyReused, NotFound
from multibill.money import Money
from multibill.testing import acme, studio
from tests.office import HOSTING, LOGO, Office


def test_a_draft_takes_snapshots_of_seller_and_buyer(office: Office) -> None:
    draft = office.draft()
    assert (studio().party, "studio") == (draft.seller, draft.seller_ref)
    assert (acme().party, "acme") == (draft.buyer, draft.buyer_ref)
    assert ("EUR", "fr", Terms(days=30)) == (draft.currency, draft.language, draft.terms)
    assert (1, "draft", "draft", None) == (draft.version, draft.phase, draft.state, draft.number)
    assert draft == office.ann.invoices.get(draft.id)


def test_the_customers_terms_and_language_go_before_the_sellers(office: Office) -> None:
    office.ann.customers.save(acme(language="en", terms=Terms(days=10)))
    draft = office.draft()
    assert ("en", Terms(days=10)) == (draft.language, draft.terms)


def test_what_the_caller_says_goes_before_the_registers(office: Office) -> None:
    draft = office.draft(language="en", terms=None, currency="USD", due_date=date(2026, 12, 1))
    assert ("en", None, "USD", date(2026, 12, 1)) == (
        draft.language,
        draft.terms,
        draft.currency,
        draft.due_date,
    )


def test_a_later_change_in_the_registers_touches_no_document(office: Office) -> None:
    draft = office.draft()
    office.ann.customers.save(acme(party=attrs.evolve(acme().party, name="Acme Holding")))
    assert "Acme SAS" == office.ann.invoices.get(draft.id).buyer.name


def test_a_draft_is_completed_and_stores_only_what_was_said(office: Office) -> None:
    draft = office.draft(lines=[LOGO, HOSTING])
    assert draft.totals is not None
    assert Money("1188.00", "EUR") == draft.totals.payable
    assert [m.id for m in draft.mentions] == sorted(m.id for m in draft.mentions)
    (stored,) = (row["content"] for row in office.rows("record") if row["id"] == draft.id)
    assert not {"totals", "mentions", "rules"} & stored.keys()


def test_new_lines_and_notes_get_ids_and_an_order(office: Office) -> None:
    lines = [Line(name=name, unit_price=1, vat=20) for name in ("first", "second", "third")]
    draft = office.draft(lines=lines, notes=[Note(text="Thank you")])
    assert 3 == len({line.id for line in draft.lines} - {None})
    assert [line.order for line in draft.lines] == sorted(line.order or "" for line in draft.lines)
    assert ["first", "second", "third"] == [line.name for line in draft.lines]
    assert draft.notes[0].id is not None


def test_the_owner_is_who_drafts_unless_another_is_named(office: Office) -> None:
    assert "ann" == office.draft().owner
    assert "bob" == office.draft(owner="bob").owner


@pytest.mark.parametrize(("teams", "expected"), [(set(), None), ({"web"}, "web")])
def test_the_team_is_the_actors_only_one(
    office: Office, teams: set[str], expected: str | None
) -> None:
    ws = office.as_("ann", "manager", teams=teams)
    assert expected == ws.invoices.draft(seller="studio", buyer="acme").team


def test_with_several_teams_one_must_be_named(office: Office) -> None:
    ws = office.as_("ann", "manager", teams={"web", "print"})
    with pytest.raises(InvalidValue, match="one of print, web") as caught:
        ws.invoices.draft(seller="studio", buyer="acme")
    assert "/team" == caught.value.path
    assert "print" == ws.invoices.draft(seller="studio", buyer="acme", team="print").team


@pytest.mark.parametrize("wrong", [{"seller": "nobody"}, {"buyer": "nobody"}])
def test_an_unknown_seller_or_buyer_is_not_found(office: Office, wrong: dict[str, str]) -> None:
    before = office.journal()
    with pytest.raises(NotFound, match="nobody"):
        office.draft(**wrong)
    assert before == office.journal()


@pytest.mark.parametrize(
    "name",
    [
        "id",
        "version",
        "phase",
        "state",
        "hidden",
        "number",
        "issue_date",
        "totals",
        "mentions",
        "rule_versions",
    ],
)
def test_what_only_verbs_set_is_refused(office: Office, name: str) -> None:
    with pytest.raises(InvalidValue, match="only a verb sets this") as caught:
        office.draft(**{name: None})
    assert f"/{name}" == caught.value.path


@pytest.mark.parametrize("name", ["seller_ref", "buyer_ref", "base_currency"])
def test_what_follows_from_the_registers_is_refused(office: Office, name: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        office.draft(**{name: "other"})
    assert f"/{name}" == caught.value.path


def test_a_field_that_does_not_exist_is_refused(office: Office) -> None:
    with pytest.raises((InvalidInput, InvalidValue)) as caught:
        office.draft(due_dat=date(2026, 12, 1))
    assert "due_dat" in str(caught.value)
    assert "due_date" in str(caught.value)


def test_a_value_of_another_kind_is_refused_with_its_path(office: Office) -> None:
    with pytest.raises(InvalidValue):
        office.draft(due_date="soon")


def test_two_lines_with_one_id_are_refused(office: Office) -> None:
    with pytest.raises((InvalidInput, InvalidValue), match="a"):
        office.draft(lines=[LOGO, LOGO])


def test_who_may_not_draft_is_denied(office: Office) -> None:
    before = office.journal()
    with pytest.raises(Denied, match="may not draft a new invoice") as caught:
        office.as_("vic", "viewer").invoices.draft(seller="studio", buyer="acme")
    assert caught.value.decision is not None
    assert before == office.journal()


def test_the_same_key_gives_the_same_draft_as_it_stands(office: Office) -> None:
    draft = office.draft(key="2026-11:acme")
    assert draft == office.draft(key="2026-11:acme")
    edited = office.ann.invoices.edit(draft.id, base=1, changes={"/owner": "bob"}).document
    assert edited == office.draft(key="2026-11:acme")
    assert "2026-11:acme" == draft.key


def test_a_key_with_other_input_is_refused(office: Office) -> None:
    office.draft(key="k")
    with pytest.raises(KeyReused, match="'k'"):
        office.draft(key="k", lines=[HOSTING])


def test_a_key_of_a_draft_that_was_discarded_gives_that_draft(office: Office) -> None:
    """The work was done once; whoever wants it again takes a new key."""
    draft = office.draft(key="k")
    office.ann.invoices.discard(draft)
    assert "discarded" == office.draft(key="k").phase


@pytest.mark.parametrize("key", ["", "a/b", "x" * 65, "é"])
def test_a_key_that_cannot_be_one_is_refused(office: Office, key: str) -> None:
    with pytest.raises(InvalidValue, match="key"):
        office.draft(key=key)


def test_a_reason_stands_in_the_journal(office: Office) -> None:
    office.draft(reason="asked by phone")
    assert "asked by phone" == office.journal()[-1].reason
    ws = office.as_("ann", "manager", reason="month end")
    ws.invoices.draft(seller="studio", buyer="acme")
    assert "month end" == office.journal()[-1].reason
    ws.invoices.draft(seller="studio", buyer="acme", reason="this one")
    assert "this one" == office.journal()[-1].reason


def test_who_drafts_for_another_is_journaled_with_both(office: Office) -> None:
    ws = office.as_("cat", "manager", on_behalf_of="dan")
    draft = ws.invoices.draft(seller="studio", buyer="acme", lines=[LOGO])
    entry = office.journal()[-1]
    assert ("cat", "dan", ("manager",)) == (entry.actor, entry.on_behalf_of, entry.roles)
    people = {row["person"] for row in office.rows("author") if row["document"] == draft.id}
    assert {"cat", "dan"} == people
