"""Customers and sellers as values: what they cannot be."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from multibill.errors import InvalidDefinition, InvalidValue
from multibill.records import (
    REGISTERS,
    BankAccount,
    Customer,
    Item,
    Member,
    Seller,
    Template,
)
from multibill.testing import acme, studio


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "a/b"},
        {"id": ""},
        {"timezone": "Europe/Pari"},
        {"timezone": "../etc/passwd"},
        {"timezone": "/etc/localtime"},
        {"timezone": ""},
        {"timezone": 5},
        {"currency": "EURO"},
        {"currency": "eur"},
        {"language": "french"},
        {"language": "FR"},
        {"language": "f1"},
        {"language": "fr\n"},
    ],
)
def test_what_a_seller_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((InvalidValue, InvalidDefinition)):
        studio(**changes)


def test_entries_are_values_and_evolve_into_others() -> None:
    assert acme() == acme()
    assert acme() != acme().evolve(language="en")
    with pytest.raises(AttributeError):
        acme().language = "en"  # type: ignore[misc]
    assert ZoneInfo("Europe/Paris") == studio().zone


def test_series_given_are_not_shared_with_the_caller() -> None:
    series = {"invoice": "F{n}"}
    seller = studio(series=series)
    series["invoice"] = "other"
    assert {"invoice": "F{n}"} == seller.series


def test_kinds_name_the_classes() -> None:
    assert {
        "customer": Customer,
        "seller": Seller,
        "account": BankAccount,
        "item": Item,
        "template": Template,
        "member": Member,
    } == REGISTERS
