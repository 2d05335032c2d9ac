"""What a draft is made from: values in any of their forms, places for lines, keys, and hostile input."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from multibill.documents import Note
from multibill.documents.order import ordered
from multibill.errors import InvalidInput, InvalidValue, KeyReused, NotFound
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


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([], []),
        ([None, None], ["V01", "V02"]),
        (["V01", "V02"], ["V01", "V02"]),
        (["V01", None, "V02"], ["V01", "V01V", "V02"]),
        (["V02", "V01"], ["Uzz", "V01"]),
        (["V01", "V01"], ["V01", "V01"]),
        (["V01", None, "V01"], ["V01", "V02", "V03"]),
        (["V03", "V01", "V02"], ["Uzz", "V01", "V02"]),
    ],
)
def test_places_follow_the_list_and_change_as_few_keys_as_can_be(
    keys: list[str | None], expected: list[str]
) -> None:
    assert expected == ordered([(key, f"l{n}") for n, key in enumerate(keys)])
    assert sorted(expected) == expected


@pytest.mark.parametrize(
    ("seller", "buyer"),
    [("studio", "nobody"), ("nobody", "acme"), ("studio", "a/b"), ("", "acme"), ("x" * 65, "acme")],
)
def test_an_unknown_seller_or_buyer_is_not_found(agency: Agency, seller: str, buyer: str) -> None:
    before = agency.journal()
    with pytest.raises(NotFound, match=r"no (seller|customer)"):
        agency("ann").invoices.draft(seller=seller, buyer=buyer, lines=LINES)
    assert before == agency.journal()


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


def test_a_business_key_gives_the_same_draft_and_other_input_is_refused(agency: Agency) -> None:
    first = agency.draft(key="2026-11:acme", due_date="2026-12-31")
    again = agency.draft(key="2026-11:acme", due_date=date(2026, 12, 31))
    assert first == again
    before = agency.journal()
    with pytest.raises(KeyReused, match="the key '2026-11:acme' already made another draft"):
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
