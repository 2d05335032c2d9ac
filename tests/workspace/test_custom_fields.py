"""Custom fields of every type, in content and envelope, through every verb and every reading surface."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from multibill.errors import Conflict, Frozen, InvalidDefinition, InvalidInput, InvalidValue
from multibill.query.doc import Doc
from tests.workspace.agency import LINES, TYPES, Agency

VALUES: dict[str, tuple[Any, Any, Any]] = {
    "text": ("C-1", "Ünï « 1 »", ["C-1", "Ünï « 1 »"]),
    "whole": (0, -12, [0, -12]),
    "yes": (False, True, [False, True]),
    "exact": (Decimal("1.50"), Decimal("-0.001"), ["1.5", "-0.001"]),
    "day": (date(2026, 12, 24), date(1999, 1, 31), ["2026-12-24", "1999-01-31"]),
}
"""By type: a value, another one, and how both are written."""

NAMES = [f"{part}_{name}" for part in ("law", "own") for name in TYPES]


def values(name: str) -> tuple[Any, Any, Any]:
    return VALUES[name.split("_")[1]]


def stored(agency: Agency, id: str) -> dict[str, Any]:
    """Which part of the record holds which custom values."""
    (row,) = (row for row in agency.rows("record") if row["id"] == id)
    return {part: row[part].get("custom", {}) for part in ("content", "envelope")}


@pytest.mark.parametrize("name", NAMES)
def test_a_field_is_drafted_saved_edited_and_taken_away(agency: Agency, name: str) -> None:
    first, second, (wire, other) = values(name)
    part, elsewhere = ("content", "envelope") if name.startswith("law") else ("envelope", "content")
    ann = agency("ann").invoices
    draft = agency.draft(custom={name: first})
    assert {name: first} == draft.custom == ann.get(draft.id).custom
    assert type(first) is type(draft.custom[name])
    assert {part: {name: wire}, elsewhere: {}} == stored(agency, draft.id)

    saved = ann.save(draft.evolve(custom={name: second})).document
    assert {name: second} == saved.custom
    edited = ann.edit(draft.id, base=2, changes={f"/custom/{name}": wire}).document
    assert {name: first} == edited.custom == ann.get(draft.id).custom
    gone = ann.edit(draft.id, base=3, changes={f"/custom/{name}": None}).document
    assert {} == gone.custom
    assert {part: {}, elsewhere: {}} == stored(agency, draft.id)

    path = f"/custom/{name}"
    changes = [event.changes[0] for event in ann.history(draft) if event.action == "edit"]
    assert [(path, wire, other), (path, other, wire), (path, wire, None)] == [
        (change.path, change.before, change.after) for change in changes
    ]
    assert agency.verified()


@pytest.mark.parametrize("name", NAMES)
def test_issued_content_keeps_its_fields_and_the_envelope_stays_open(
    agency: Agency, name: str
) -> None:
    first, second, _ = values(name)
    issued = agency.standing("issued", custom={name: first})
    assert {name: first} == issued.custom
    change = issued.evolve(custom={name: second})
    bob = agency("bob").invoices
    if name.startswith("law"):
        with pytest.raises(Frozen) as caught:
            bob.save(change)
        assert f"/custom/{name}" == caught.value.path
        with pytest.raises(Frozen):
            bob.edit(issued.id, base=3, changes={f"/custom/{name}": None})
        assert {name: first} == bob.get(issued.id).custom
    else:
        assert {name: second} == bob.save(change).document.custom
        assert {} == bob.edit(issued.id, base=4, changes={f"/custom/{name}": None}).document.custom
    assert agency.verified()


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name.startswith("own") and name != "own_exact"]
)
def test_an_indexed_field_filters_lists(agency: Agency, name: str) -> None:
    """Also after it was changed, taken away, and by what is not there."""
    first, second, _ = values(name)
    ann = agency("ann").invoices
    one, other, none = (
        agency.draft(custom=custom) for custom in ({name: first}, {name: second}, {})
    )

    def found(condition: Any) -> set[str]:
        return {row.id for row in ann.list(condition)}

    field = Doc.custom[name]
    assert ({one.id}, {other.id}, {none.id}) == (
        found(field == first),
        found(field == second),
        found(field.is_null()),
    )
    assert {one.id, other.id} == found(field.in_([first, second])) == found(field.not_null())
    assert {other.id} == found(field != first)
    ann.edit(one.id, base=1, changes={f"/custom/{name}": None})
    ann.save(none.evolve(custom={name: first}))
    assert ({none.id}, {one.id}) == (found(field == first), found(field.is_null()))


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name.startswith("law") or name == "own_exact"]
)
def test_a_field_that_is_not_indexed_filters_nothing(agency: Agency, name: str) -> None:
    with pytest.raises(InvalidDefinition, match=name):
        agency("ann").invoices.list(Doc.custom[name] == values(name)[0])


WRONG: dict[str, list[Any]] = {
    "text": [1, True, {}, ["x"], "\ud800", "a\0"],
    "whole": ["1", 1.0, True, 2**53, -(2**53), {}],
    "yes": [1, 0, "true", []],
    "exact": [1.5, "x", "NaN", "1e3", True, []],
    "day": [20261224, "24/12/2026", "2026-13-01", True, {}],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_value_of_another_type_is_refused_by_every_verb(agency: Agency, name: str) -> None:
    draft = agency.draft()
    before = agency.journal()
    for wrong in WRONG[name.split("_")[1]]:
        for call in (
            lambda value: agency.draft(custom={name: value}),
            lambda value: agency("ann").invoices.save(draft.evolve(custom={name: value})),
            lambda value: agency("ann").invoices.edit(
                draft.id, base=1, changes={f"/custom/{name}": value}
            ),
        ):
            with pytest.raises((InvalidValue, InvalidInput)) as caught:
                call(wrong)
            assert f"/custom/{name}" in str(caught.value)
    assert before == agency.journal()


def test_two_people_on_two_fields_merge_and_on_one_conflict(agency: Agency) -> None:
    draft = agency.draft(custom={"law_text": "C-1"})
    agency("ann").invoices.save(draft.evolve(custom={"law_text": "C-1", "own_yes": True}))
    saved = (
        agency("bob")
        .invoices.save(draft.evolve(custom={"law_text": "C-1", "law_whole": 3}))
        .document
    )
    assert {"law_text": "C-1", "own_yes": True, "law_whole": 3} == saved.custom
    with pytest.raises(Conflict, match="/custom/own_yes"):
        agency("bob").invoices.edit(draft.id, base=1, changes={"/custom/own_yes": False})


def test_a_material_field_makes_its_writer_an_author_and_the_other_does_not(agency: Agency) -> None:
    draft = agency.draft()
    agency("cat").invoices.edit(draft.id, base=1, changes={"/custom/own_text": "P7"})
    agency("dan").invoices.edit(draft.id, base=2, changes={"/custom/law_text": "C-1"})
    authors = {row["person"] for row in agency.rows("author") if row["document"] == draft.id}
    assert {"ann", "dan"} == authors


def test_fields_stand_in_the_document_in_json_and_in_its_text(agency: Agency) -> None:
    custom = {name: values(name)[0] for name in NAMES}
    issued = agency.standing("issued", custom=custom, lines=LINES[:1])
    assert custom == agency("ann").invoices.get(issued.id).custom
    tree = json.loads(bytes(agency("ann").invoices.json(issued)))
    assert {name: values(name)[2][0] for name in NAMES} == tree["custom"]
