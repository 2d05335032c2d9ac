"""Custom fields: what a host may declare, and what a value of each type may be."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from multibill.errors import InvalidDefinition, InvalidValue
from multibill.records import Custom, typed
from multibill.testing import memory_billing

FIELDS = {
    name: Custom(name, type, kind="invoice")
    for name, type in {
        "text": str,
        "whole": int,
        "yes": bool,
        "exact": Decimal,
        "day": date,
    }.items()
}


@pytest.mark.parametrize("name", ["", "Project", "9th", "a-b", "a b", "é", "_a", "x" * 41, None])
def test_a_name_is_small_letters_digits_and_underscores(name: str) -> None:
    with pytest.raises(InvalidDefinition, match="needs a name of a-z"):
        Custom(name, str, kind="invoice")


@pytest.mark.parametrize("type", [float, bytes, list, datetime, object, "str", None])
def test_a_type_is_one_that_can_be_stored_exactly(type: Any) -> None:
    with pytest.raises(InvalidDefinition, match="is not str, int, bool, Decimal or date"):
        Custom("project", type, kind="invoice")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"part": "header"}, "part is 'content' or 'envelope'"),
        ({"type": Decimal, "indexed": True}, "a Decimal cannot be indexed"),
    ],
)
def test_what_could_not_be_compared_or_placed_is_refused(said: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidDefinition, match=words):
        Custom("project", said.pop("type", str), kind="invoice", **said)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([Custom("project", str, kind="invoce")], "no kind 'invoce'; one of invoice, credit_note"),
        (
            [Custom("project", str, kind="invoice"), Custom("project", int, kind="invoice")],
            "'project' is declared twice for invoice",
        ),
        ([Custom("project", str, kind="invoice")] * 2, None),
        ([Custom("project", str, kind="invoice"), Custom("project", int, kind="customer")], None),
    ],
)
def test_a_billing_checks_its_fields_against_the_kinds(
    fields: list[Custom], words: str | None
) -> None:
    if words is None:
        memory_billing(fields=fields)
        return
    with pytest.raises(InvalidDefinition, match=words):
        memory_billing(fields=fields)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("text", "e\u0301", "é"),
        ("text", "", ""),
        ("whole", 3, 3),
        ("whole", -(2**53) + 1, -(2**53) + 1),
        ("yes", False, False),
        ("exact", "1.50", Decimal("1.50")),
        ("exact", 3, Decimal(3)),
        ("day", "2026-11-30", date(2026, 11, 30)),
        ("day", date(2026, 11, 30), date(2026, 11, 30)),
    ],
)
def test_a_value_is_read_as_its_type(name: str, given: Any, expected: Any) -> None:
    found = typed({name: given}, FIELDS)
    assert {name: expected} == found
    assert type(expected) is type(found[name])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("text", 3),
        ("text", "a\0b"),
        ("text", "\ud800"),
        ("whole", "3"),
        ("whole", 3.0),
        ("whole", True),
        ("whole", 2**53),
        ("yes", 1),
        ("yes", "true"),
        ("exact", 1.5),
        ("exact", "NaN"),
        ("day", "30/11/2026"),
        ("day", datetime(2026, 11, 30)),  # noqa: DTZ001 - a datetime is what is refused
        ("nope", "x"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_path(name: str, given: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        typed({name: given}, FIELDS)
    assert f"/custom/{name}" == caught.value.path


def test_nothing_takes_a_value_away_and_an_undeclared_field_names_those_there_are() -> None:
    assert {"yes": True} == typed({"text": None, "yes": True}, FIELDS)
    with pytest.raises(InvalidValue, match="declared: day, exact, text, whole, yes"):
        typed({"nope": None}, FIELDS)
    with pytest.raises(InvalidValue, match="declared: none"):
        typed({"nope": 1}, {})
