"""What counts as text and as a label: NFC, carried by every database and page, said in one way only."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given, strategies as st

from multibill.errors import InvalidValue
from multibill.model import label, optional_text, text
from multibill.model.text import LENGTH


class Tagged(str):
    """Text with more to it, as template engines and data frames hand out."""

    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        "Société Générale « été »",
        "שלום \u2067\u202eעולם\u2069",
        "日本語",
        "\U0001f600",
        "line\nfeed\tand\r\ntab",
        "a\u00a0b\u200bc\ufeff",
        "\u0085",
        "",
        " ",
    ],
    ids=ascii,
)
def test_any_script_and_direction_is_text(value: str) -> None:
    """Bidirectional marks stay: names are written in them; showing them safely is the renderer's part."""
    assert value == text(value)


@pytest.mark.parametrize(
    "value",
    [
        "a\x00b",
        "\x01",
        "\x08",
        "\x0b",
        "\x0c",
        "\x1b[31m",
        "\x7f",
        "\ud800",
        "a\ud83d",
        "\ufffe",
        "\uffff",
    ],
    ids=ascii,
)
def test_what_a_database_or_a_page_cannot_carry_is_refused_by_its_number(value: str) -> None:
    with pytest.raises(InvalidValue, match=r"U\+[0-9A-F]{4} cannot stand"):
        text(value)


@pytest.mark.parametrize(
    "value", [None, 3, True, 1.5, 10**400, b"bytes", ["a"], {"a": "b"}, object()], ids=type
)
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match="is not text"):
        text(value)


def test_text_is_composed() -> None:
    assert "\u00e9" == text("e\u0301")
    assert 1 == len(text("\u1112\u1161\u11ab"))


def test_a_subclass_of_text_becomes_plain_text() -> None:
    assert str is type(text(Tagged("Ann")))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_accepted_is_nfc_and_accepted_again(value: str) -> None:
    try:
        once = text(value)
    except InvalidValue:
        return
    assert normalize("NFC", value) == once == text(once)
    assert once.encode().decode() == once


@pytest.mark.parametrize(("value", "taken"), [("a" * LENGTH, True), ("a" * (LENGTH + 1), False)])
def test_text_is_bounded(value: str, taken: bool) -> None:
    if taken:
        assert value == text(value)
    else:
        with pytest.raises(InvalidValue, match="at most"):
            text(value)


def test_text_that_grows_when_composed_is_bounded_too() -> None:
    """Some letters are two code points in NFC; what was stored could not be read again."""
    growing = "\u0958" * (LENGTH - 1)
    with pytest.raises(InvalidValue, match="in NFC; at most"):
        text(growing)


def test_nothing_is_said_in_one_way() -> None:
    assert (None, None, "a") == (optional_text(None), optional_text(""), optional_text("a"))


@pytest.mark.parametrize("value", ["à relancer", "2026", "a" * 64, "a.b", "#1"])
def test_a_label_is_a_short_name_in_any_script(value: str) -> None:
    assert value == label(value)


@pytest.mark.parametrize(
    "value", ["", "a/b", "a" * 65, "a\n", "\U0001f600", "a\u200bb", None, 7], ids=ascii
)
def test_what_would_break_a_path_or_its_order_is_no_label(value: Any) -> None:
    with pytest.raises(InvalidValue):
        label(value)
