"""The parts of a document: what they take, what they refuse, and when payment is due."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.documents import Line, Mention, Note, Period, Reference, Terms
from multibill.errors import InvalidValue
from multibill.tax import VAT
from tests.documents.ordinary import line


def test_a_line_takes_plain_values_as_people_write_them() -> None:
    sold = Line(name="Logo", quantity=3, unit_price="450", vat="20")
    expected = (Decimal(3), "C62", Decimal(450), VAT("S", "20"), None, None)
    said = (sold.quantity, sold.unit, sold.unit_price, sold.vat, sold.id, sold.net)
    assert expected == said


def test_a_line_is_for_one_unit_unless_it_says_how_many() -> None:
    assert Decimal(1) == Line(name="Logo", unit_price=1, vat=0).quantity


def test_a_line_is_never_changed_in_place() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        line().name = "Other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": 0.1},
        {"quantity": True},
        {"quantity": "NaN"},
        {"unit_price": "1e3"},
        {"unit_price": None},
        {"base_quantity": 0},
        {"base_quantity": "-1"},
        {"unit": "two words"},
        {"id": "a/b"},
        {"order": "V0"},
        {"name": None},
        {"name": "a\x00b"},
        {"description": 7},
        {"vat": "-1"},
        {"vat": "100"},
        {"vat": None},
    ],
    ids=str,
)
def test_what_a_line_cannot_be_is_refused_when_it_is_built(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        line(**changes)


def test_empty_text_and_none_are_the_same_nothing() -> None:
    assert line(description="") == line(description=None) == line()


def test_a_period_is_open_at_one_end_but_never_at_both() -> None:
    assert date(2026, 11, 1) == Period("2026-11-01").start
    with pytest.raises(InvalidValue, match="start or an end"):
        Period()


def test_a_datetime_is_no_legal_date() -> None:
    with pytest.raises(InvalidValue, match="plain date"):
        Reference(id="i1", number="F1", issue_date=datetime(2026, 11, 30))  # noqa: DTZ001


def test_notes_and_mentions_carry_text_and_a_subject_code() -> None:
    note, mention = Note(text="Merci"), Mention(id="fr-x", text="Dû", law="CGI", subject="PMD")
    assert (None, None) == (note.id, note.subject)
    assert ("fr-x", "PMD", "CGI") == (mention.id, mention.subject, mention.law)


@pytest.mark.parametrize(
    ("terms", "issued", "due"),
    [
        (Terms(), date(2026, 11, 30), date(2026, 12, 30)),
        (Terms(days=0), date(2026, 11, 30), date(2026, 11, 30)),
        (Terms(days=0, end_of_month=True), date(2028, 2, 1), date(2028, 2, 29)),
        (Terms(days=45, end_of_month=True), date(2026, 11, 30), date(2027, 1, 31)),
        (Terms(days=30, end_of_month=True), date(2026, 12, 1), date(2026, 12, 31)),
        (Terms(days=30, end_of_month=True), date(2026, 12, 2), date(2027, 1, 31)),
        (Terms(days=366), date(2027, 3, 1), date(2028, 3, 1)),
    ],
)
def test_terms_count_days_first_then_go_to_the_end_of_that_month(
    terms: Terms, issued: date, due: date
) -> None:
    assert due == terms.due(issued)


@given(st.integers(0, 366), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_end_of_month_is_the_last_day_of_the_month_the_days_lead_to(
    days: int, issued: date
) -> None:
    plain = Terms(days=days).due(issued)
    ended = Terms(days=days, end_of_month=True).due(issued)
    assert (plain.year, plain.month) == (ended.year, ended.month)
    assert 1 == date.fromordinal(ended.toordinal() + 1).day


@pytest.mark.parametrize("days", [-1, 367, 1.5, "30", True, None])
def test_terms_need_a_whole_number_of_days_within_a_year(days: Any) -> None:
    with pytest.raises(InvalidValue, match="between 0 and 366") as refused:
        Terms(days=days)
    assert "/days" == refused.value.path


@pytest.mark.parametrize("unit", ["day", "jours", "D", "DAYS", "D Y", "", None, 3])
def test_a_unit_is_a_code_that_every_reader_knows(unit: Any) -> None:
    with pytest.raises(InvalidValue, match="UN/ECE"):
        Line(name="Logo", unit_price="1", vat="20", unit=unit)
