"""Parties and addresses: what they take, what they refuse, and what makes a professional."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given

from multibill.errors import InvalidValue
from multibill.parties import Address, Identifier, Party
from multibill.parties.party import BUYER, SELLER
from multibill.testing import strategies

PARIS = Address("12 rue Oberkampf", "75011", "Paris", "FR")


def test_a_siren_is_short_for_a_registration_under_its_scheme() -> None:
    party = Party(name="Studio", siren="123456782")
    assert (Identifier("123456782", "0002"), "123456782") == (party.registration, party.siren)


def test_a_registration_of_another_scheme_is_no_siren() -> None:
    assert Party(name="Studio", registration=Identifier("12345678200010", "0009")).siren is None
    assert Party(name="Studio", registration=Identifier("123456782")).siren is None


def test_a_registration_or_a_vat_number_makes_a_professional() -> None:
    assert not Party(name="Ann").is_business
    assert Party(name="Ann", siren="123456782").is_business
    assert Party(name="Ann", vat_id="FR11123456782").is_business


def test_the_country_is_that_of_the_address() -> None:
    assert ("FR", None) == (Party(name="A", address=PARIS).country, Party(name="A").country)


@pytest.mark.parametrize("code", ["fr", "FRA", "F", "", "F1", "ФР", "FR ", "FR\n", None, 33])
def test_what_is_no_country_code_is_refused(code: Any) -> None:
    with pytest.raises(InvalidValue, match="ISO 3166"):
        Address("1 rue Sud", None, None, code)


def test_a_country_nobody_knows_is_for_the_preflight_to_find() -> None:
    assert "ZZ" == Address(None, None, None, "ZZ").country


@pytest.mark.parametrize(
    "changes",
    [{"name": None}, {"name": 1}, {"vat_id": 7}, {"legal": "a\x00"}, {"trading_name": b""}],
)
def test_what_is_no_text_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        Party(**{"name": "Studio", **changes})


@given(strategies.parties())
def test_evolving_nothing_changes_nothing(party: Party) -> None:
    assert party == attrs.evolve(party)
    assert hash(party) == hash(attrs.evolve(party))


def test_every_part_of_a_party_means_something_to_a_seller() -> None:
    """And to a buyer, but for the legal form and the tax registration, which are the seller's alone (BT-32, BT-33)."""
    assert SELLER.keys() - BUYER.keys() == {"legal", "tax_registration"}
    assert BUYER.keys() <= SELLER.keys()
    assert not set(SELLER.values()) & set(BUYER.values())
