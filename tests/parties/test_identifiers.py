"""Identifiers are checked by their digits, offline; a wrong one is False, never an exception."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from multibill.parties import is_siren, is_vat_id, vat_id_matches_siren


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("123456782", True),
        ("987654324", True),
        ("123456789", False),
        ("000000000", True),
        ("12345678", False),
        ("1234567820", False),
        ("123 456 782", False),
        ("12345678\u0662", False),
        ("", False),
        ("FR11123456782", False),
        ("\ud800", False),
    ],
)
def test_a_siren_has_nine_digits_and_a_luhn_key(value: str, valid: bool) -> None:
    assert valid is is_siren(value)


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("FR11123456782", True),
        ("FR99123456782", False),
        ("FR 11 123 456 782", True),
        ("DE136695976", True),
        ("DE136695977", False),
        ("BE0428759497", True),
        ("EL094259216", True),
        ("GB123456782", False),
        ("123456782", False),
        ("", False),
        ("FR1112345678\u0662", False),
        ("FR\x00", False),
    ],
)
def test_a_vat_number_is_checked_by_its_countrys_rule(value: str, valid: bool) -> None:
    assert valid is is_vat_id(value)


@given(st.text(max_size=20))
def test_any_text_gets_an_answer(value: str) -> None:
    assert {is_siren(value), is_vat_id(value)} <= {True, False}


@given(st.integers(0, 10**9 - 1))
def test_the_key_of_a_french_vat_number_follows_from_its_siren(number: int) -> None:
    """(12 + 3 x (SIREN mod 97)) mod 97, for the SIREN that the digits make (CGI annexe III, art. 99)."""
    siren = f"{number:09}"
    if is_siren(siren):
        right = (12 + 3 * (number % 97)) % 97
        assert is_vat_id(f"FR{right:02}{siren}")
        assert not is_vat_id(f"FR{(right + 1) % 97:02}{siren}")


def test_a_french_vat_number_ends_in_its_siren() -> None:
    assert vat_id_matches_siren("FR11123456782", "123456782")
    assert vat_id_matches_siren("FR 11 123 456 782", "123456782")
    assert not vat_id_matches_siren("FR14987654324", "123456782")
    assert vat_id_matches_siren("DE136695976", "123456782")
