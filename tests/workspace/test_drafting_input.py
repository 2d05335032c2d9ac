"""Drafting: register snapshots, ids and places for lines, the team, business keys, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from multibill.documents import Line, Note, Terms
from multibill.errors import Denied, InvalidInput, InvalidValue, KeyReused, NotFound
from multibill.testing import acme, studio
from multibill.workspace.drafting import ordered
from tests.workspace.agency import LINES, Agency


def test_a_draft_is_what_get_hands_out_afterwards(agency: Agency) -> None:
    """Given as text or as values, as a list or a generator: the answer is the document as it is stored."""
    draft = agency("ann").invoices.draft(
        seller="studio",
        buyer="acme",
        lines=(line for line in LINES),
        due_date="2026-12-31",
        tags={"e\u0301te\u0301", "urgent"},
        notes=[Note(text="Thank you")],
        custom={"own_day": "2026-12-24", "own_text": "P7", "law_exact": "1.50", "own_whole": None},
    )
    assert draft == agency("ann").invoices.get(draft.id)
    assert date(2026, 12, 31) == draft.due_date
    assert {"été", "urgent"} == draft.tags
    assert date(2026, 12, 24) == draft.custom["own_day"]
    assert "own_whole" not in draft.custom
    assert (1, "draft", "draft", "ann", "web") == (
        draft.version,
        draft.phase,
        draft.state,
        draft.owner,
        draft.team,
    )
    assert agency.verified()


def test_a_draft_takes_snapshots_that_later_changes_do_not_touch(agency: Agency) -> None:
    admin = agency("root", "admin")
    admin.customers.save(acme(terms=Terms(days=10), language="en"))
    before = agency.draft()
    admin.customers.save(acme(party=acme().party.__class__(name="Acme renamed")))
    admin.sellers.save(studio(terms=Terms(days=60)))
    kept, after = agency("ann").invoices.get(before.id), agency.draft()
    assert ("Acme SAS", 10, "en") == (
        kept.buyer.name,
        kept.terms and kept.terms.days,
        kept.language,
    )
    assert ("Acme renamed", 60, "fr") == (
        after.buyer.name,
        after.terms and after.terms.days,
        after.language,
    )


def test_new_lines_get_ids_and_places_and_keep_their_order(agency: Agency) -> None:
    lines = [Line(name=f"Day {n}", unit_price=n, vat=20) for n in range(1, 6)]
    draft = agency.draft(lines=lines)
    assert [line.name for line in lines] == [line.name for line in draft.lines]
    assert 5 == len({line.id for line in draft.lines})
    assert sorted(line.order or "" for line in draft.lines) == [line.order for line in draft.lines]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([], []),
        ([None, None], ["V01", "V02"]),
        (["V01", "V02"], ["V01", "V02"]),
        (["V01", None, "V02"], ["V01", "V01V", "V02"]),
        (["V02", "V01"], ["Uzz", "V01"]),
        (["V01", "V01"], ["Uzz", "V01"]),
        (["V03", "V01", "V02"], ["Uzz", "V01", "V02"]),
    ],
)
def test_places_follow_the_list_and_change_as_few_keys_as_can_be(
    keys: list[str | None], expected: list[str]
) -> None:
    assert expected == ordered(keys)
    assert sorted(set(expected)) == expected


@pytest.mark.parametrize(
    ("seller", "buyer"),
    [("studio", "nobody"), ("nobody", "acme"), ("\ud800", "acme"), ("studio", "a/b"), ("", "acme")],
)
def test_an_unknown_seller_or_buyer_is_not_found(agency: Agency, seller: str, buyer: str) -> None:
    before = agency.journal()
    with pytest.raises(NotFound, match="no (seller|customer)"):
        agency("ann").invoices.draft(seller=seller, buyer=buyer, lines=LINES)
    assert before == agency.journal()


def test_who_may_not_draft_is_denied_and_told_why(agency: Agency) -> None:
    before = agency.journal()
    with pytest.raises(
        Denied, match=r"vic \(roles asserted: viewer\) may not draft a new invoice"
    ) as caught:
        agency("vic", "viewer").invoices.draft(seller="studio", buyer="acme", lines=LINES)
    assert "draft" == caught.value.decision.action
    assert before == agency.journal()


@pytest.mark.parametrize(
    "field",
    [
        "number",
        "issue_date",
        "phase",
        "state",
        "version",
        "id",
        "hidden",
        "type_code",
        "totals",
        "mentions",
    ]
    + ["rules", "seller_ref", "buyer_ref", "base_currency", "key"],
)
def test_what_only_verbs_set_or_what_is_computed_is_refused(agency: Agency, field: str) -> None:
    if field == "key":  # an argument of its own
        with pytest.raises(InvalidValue, match="key"):
            agency.draft(key="not a key")
        return
    with pytest.raises(InvalidValue, match="only a verb sets this") as caught:
        agency.draft(**{field: "2026-11-30"})
    assert f"/{field}" == caught.value.path


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"due_date": "soon"}, "/due_date"),
        ({"currency": "EURO"}, "/currency"),
        ({"tags": {"a/b"}}, "/tags"),
        ({"owner": "a b"}, "/owner"),
        ({"lines": [LINES[0], LINES[0]]}, "/lines/a"),
        ({"custom": {"nope": 1}}, "/custom/nope"),
        ({"custom": {"own_whole": "3"}}, "/custom/own_whole"),
        ({"custom": {"own_whole": 2**53}}, "/custom/own_whole"),
        ({"custom": ["own_whole"]}, "/custom"),
        ({"request_id": "x" * 129}, "/request_id"),
        ({"request_id": ""}, "/request_id"),
        ({"request_id": "\ud800"}, "/request_id"),
        ({"request_id": "a\nb"}, "/request_id"),
        ({"reason": "\ud800"}, "/reason"),
        ({"reason": 5}, "/reason"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_path(
    agency: Agency, fields: dict[str, Any], path: str
) -> None:
    before = agency.journal()
    with pytest.raises((InvalidValue, InvalidInput)) as caught:
        agency.draft(**fields)
    assert path == caught.value.path
    assert before == agency.journal()


def test_the_actors_only_team_is_taken_and_with_several_it_must_be_named(agency: Agency) -> None:
    ask: dict[str, Any] = {"seller": "studio", "buyer": "acme"}
    assert "web" == agency("ann").invoices.draft(**ask).team
    assert agency("ann", "manager", teams=set()).invoices.draft(**ask).team is None
    both = agency("ann", "manager", teams={"web", "print"})
    with pytest.raises(InvalidValue, match="name the team, one of print, web") as caught:
        both.invoices.draft(**ask)
    assert "/team" == caught.value.path
    assert "print" == both.invoices.draft(**ask, team="print").team


def test_a_business_key_gives_the_same_draft_and_other_input_is_refused(agency: Agency) -> None:
    first = agency.draft(key="2026-11:acme", due_date="2026-12-31")
    again = agency.draft(key="2026-11:acme", due_date=date(2026, 12, 31))
    assert first == again
    before = agency.journal()
    with pytest.raises(KeyReused, match=f"already drafted {first.id}"):
        agency.draft(key="2026-11:acme")
    assert before == agency.journal()
    assert [("draft", "2026-11:acme", first.id)] == [
        (row["verb"], row["text"], row["record"]) for row in agency.rows("key")
    ]


def test_a_request_id_of_another_call_is_refused(agency: Agency) -> None:
    draft = agency.draft(request_id="r1")
    assert draft == agency.draft(request_id="r1")
    for call in (
        lambda: agency.draft(request_id="r1", owner="bob"),
        lambda: agency("ann").invoices.submit(draft, request_id="r1"),
        lambda: agency("ann").invoices.edit(draft.id, base=1, changes={}, request_id="r1"),
    ):
        with pytest.raises(KeyReused, match="'r1' was already used for another call"):
            call()
    assert 1 == len({row["id"] for row in agency.rows("summary")})


def test_a_tag_may_be_called_like_the_mark_of_an_erased_value(agency: Agency) -> None:
    draft = agency.draft(tags={"$redacted"})
    agency("ann").invoices.edit(draft.id, base=1, changes={"/tags/other": True})
    assert {"$redacted", "other"} == agency("ann").invoices.get(draft.id).tags
    assert agency.verified()
