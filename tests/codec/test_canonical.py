"""Canonical bytes: RFC 8785 on the subset that trees use, and the one text of a decimal."""

from __future__ import annotations

import hashlib
import inspect
import json
import runpy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.codec import canonical, decimal_text, sha256

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
TREES = st.recursive(
    TEXT | WHOLE | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


def escaped(text: str) -> str:
    """A JSON string as RFC 8785, 3.2.2.2 writes it."""
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
    one = [short.get(ord(c)) or (f"\\u{ord(c):04x}" if ord(c) < 32 else c) for c in text]
    return '"' + "".join(one) + '"'


def jcs(value: Any) -> str:
    """RFC 8785 said again: names sorted by UTF-16 code units, whole numbers below 2^53, no white space."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join(f"{escaped(name)}:{jcs(value[name])}" for name in names) + "}"


@given(TREES)
def test_canonical_text_is_that_of_rfc_8785(tree: Any) -> None:
    assert jcs(tree) == canonical(tree)


@given(TREES)
def test_canonical_text_reads_back_and_is_the_same_again(tree: Any) -> None:
    text = canonical(tree)
    assert tree == json.loads(text)
    assert text == canonical(json.loads(text))


@given(st.dictionaries(NAMES, TEXT, max_size=8), st.randoms(use_true_random=False))
def test_the_order_in_which_names_were_set_does_not_matter(
    tree: dict[str, str], random: Any
) -> None:
    items = list(tree.items())
    random.shuffle(items)
    assert canonical(tree) == canonical(dict(items))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": float("-inf")}])
def test_what_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(value)


def test_the_text_is_the_same_without_the_encoder_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the standard library has none, as on PyPy."""
    monkeypatch.setattr(json.encoder, "c_make_encoder", None)
    slow = runpy.run_path(inspect.getfile(canonical))["canonical"]
    tree = {"b": [1, True, "é"], "a": {"z": "\n", "y": {}}}
    assert canonical(tree) == slow(tree)


@given(TEXT)
def test_the_hash_is_that_of_the_utf_8_bytes(text: str) -> None:
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == sha256(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("0E+3", "0"),
        ("-0E-5", "0"),
        ("1E+3", "1000"),
        ("1E-12", "0.000000000001"),
        ("100", "100"),
        ("100.0", "100"),
        ("-1.50", "-1.5"),
        ("0.10", "0.1"),
        ("123456789012345.123456789012", "123456789012345.123456789012"),
    ],
)
def test_a_decimal_has_one_text(value: str, expected: str) -> None:
    assert expected == decimal_text(Decimal(value))


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=12, min_value=-(10**15), max_value=10**15
    )
)
def test_equal_decimals_have_equal_texts_that_read_back(value: Decimal) -> None:
    text = decimal_text(value)
    assert value == Decimal(text)
    assert text == decimal_text(Decimal(text)) == decimal_text(value.normalize())
    assert not text.startswith("-0") or text.startswith("-0.")
    assert "E" not in text
