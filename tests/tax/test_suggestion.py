"""What is usual between two places, by the general rules: goods, services, consumers, territories."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from multibill.tax import CATEGORIES, EXEMPTIONS, FRANCHISE, Suggestion, Supply, suggest
from multibill.tax.cases import CASES
from multibill.tax.supply import Kind

DAY = date(2026, 6, 30)


def cases(seller: str, buyer: str, kind: Kind, **more: Any) -> list[tuple[str, str]]:
    """Case and place of each suggestion."""
    supply = Supply(seller=seller, buyer=buyer, kind=kind, **{"on": DAY, **more})
    return [(found.case.id, found.place) for found in suggest(supply)]


@pytest.mark.parametrize(
    ("seller", "buyer", "more", "expected"),
    [
        ("FR", "FR", {"business": True}, [("domestic-business", "FR")]),
        ("FR", "FR", {}, [("domestic-consumer", "FR")]),
        ("FR", "FR-20R", {}, [("domestic-consumer", "FR")]),
        ("FR", "MC", {"business": True}, [("domestic-business", "FR")]),
        ("DE", "AT", {"buyer_vat": "ATU12345678"}, [("ic-goods", "DE")]),
        ("FR", "DE", {"buyer_vat": "DE136695976"}, [("ic-goods", "FR")]),
        ("FR", "FR", {"buyer_vat": "DE", "deliver_to": "DE"}, [("ic-goods", "FR")]),
        ("FR", "DE", {"buyer_vat": "DE", "deliver_to": "FR"}, [("domestic-business", "FR")]),
        ("FR", "DE", {"buyer_vat": "FR"}, [("ic-unnumbered", "FR")]),
        ("FR", "DE", {"business": True}, [("ic-unnumbered", "FR")]),
        ("FR", "DE", {}, [("distance-there", "DE"), ("distance-here", "FR")]),
        ("FR", "CH", {"business": True}, [("export", "FR")]),
        ("FR", "CH", {}, [("export", "FR")]),
        ("FR", "GB", {"buyer_vat": "GB"}, [("export", "FR")]),
        ("FR", "XI", {"buyer_vat": "XI"}, [("ic-goods", "FR")]),
        ("XI", "FR", {"buyer_vat": "FR"}, [("ic-goods", "XI")]),
        ("XI", "FR", {"buyer_vat": "XI"}, [("ic-unnumbered", "XI")]),
        ("GB", "FR", {"buyer_vat": "FR"}, [("export", "GB")]),
        ("FR", "GB", {"buyer_vat": "GB", "on": date(2020, 12, 31)}, [("ic-goods", "FR")]),
        ("FR", "RE", {"business": True}, [("overseas-goods", "FR")]),
        ("RE", "FR", {}, [("overseas-goods", "RE")]),
        ("RE", "GP", {}, [("overseas-goods", "RE")]),
        ("FR", "GF", {}, [("overseas-goods", "FR")]),
        ("GP", "MQ", {"business": True}, [("domestic-business", "GP")]),
        ("GP", "DE", {"buyer_vat": "DE"}, [("export", "GP")]),
        ("DE", "GP", {"buyer_vat": "FR"}, [("export", "DE")]),
        ("GF", "FR", {}, [("untaxed", "GF")]),
        ("YT", "YT", {}, [("untaxed", "YT")]),
        ("FR", "NC", {}, [("export", "FR")]),
        ("ES", "ES-CN", {"business": True}, [("export", "ES")]),
        ("ES", "ES-CE", {}, [("export", "ES")]),
        ("ES-CN", "ES-CN", {}, [("igic", "ES-CN")]),
        ("ES-ML", "ES-ML", {}, [("ipsi", "ES-ML")]),
        ("ES-CN", "ES", {}, [("export", "ES-CN")]),
        ("ES-CE", "ES-ML", {}, [("export", "ES-CE")]),
        ("PT", "PT-30", {"business": True}, [("domestic-business", "PT")]),
        ("DE", "DE-78266", {"business": True}, [("export", "DE")]),
        ("FR", "FR", {"franchise": True}, [("franchise", "FR")]),
        ("FR", "DE", {"franchise": True, "buyer_vat": "DE"}, [("franchise", "FR")]),
        ("DE", "DE", {"franchise": True}, [("small-business", "DE")]),
    ],
)
def test_goods(
    seller: str, buyer: str, more: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert expected == cases(seller, buyer, "goods", **more)


@pytest.mark.parametrize(
    ("seller", "buyer", "more", "expected"),
    [
        ("FR", "FR", {"business": True}, [("domestic-business", "FR")]),
        ("FR", "DE", {"buyer_vat": "DE"}, [("eu-services", "DE")]),
        ("DE", "ES", {"buyer_vat": "ES"}, [("eu-services", "ES")]),
        ("FR", "DE", {"buyer_vat": "DE", "franchise": True}, [("eu-services", "DE")]),
        ("FR", "US", {"business": True}, [("third-services", "US")]),
        ("FR", "XI", {"buyer_vat": "XI"}, [("third-services", "XI")]),
        ("GB", "FR", {"buyer_vat": "FR"}, [("third-services", "FR")]),
        ("FR", "GB", {"buyer_vat": "GB", "on": date(2020, 12, 31)}, [("eu-services", "GB")]),
        ("FR", "RE", {"business": True}, [("overseas-services", "RE")]),
        ("RE", "FR", {"business": True}, [("overseas-services", "FR")]),
        ("FR", "GF", {"business": True}, [("untaxed", "GF")]),
        ("RE", "DE", {"buyer_vat": "DE"}, [("eu-services", "DE")]),
        ("DE", "RE", {"buyer_vat": "FR"}, [("third-services", "RE")]),
        ("ES", "ES-CN", {"business": True}, [("third-services", "ES-CN")]),
        ("ES-CN", "ES", {"business": True}, [("third-services", "ES-CN")]),
        ("ES-CN", "ES", {}, [("igic", "ES-CN")]),
        ("ES-CE", "ES-CE", {"business": True}, [("ipsi", "ES-CE")]),
        ("FR", "DE", {}, [("consumer-here", "FR"), ("consumer-there", "DE")]),
        ("FR", "US", {}, [("consumer-here", "FR"), ("consumer-third", "US")]),
        ("FR", "RE", {}, [("consumer-here", "FR")]),
        ("FR", "US", {"franchise": True}, [("franchise", "FR")]),
        ("FR", "FR", {"construction": True, "business": True}, [("construction", "FR")]),
        ("FR", "FR", {"construction": True}, [("domestic-consumer", "FR")]),
        ("DE", "DE", {"construction": True, "business": True}, [("domestic-business", "DE")]),
    ],
)
def test_services(
    seller: str, buyer: str, more: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert expected == cases(seller, buyer, "services", **more)


def test_mixed_supplies_give_both_goods_first_and_nothing_twice() -> None:
    german = cases("FR", "DE", "mixed", buyer_vat="DE")
    assert [("ic-goods", "FR"), ("eu-services", "DE")] == german
    assert [("domestic-consumer", "FR")] == cases("FR", "FR", "mixed")


def test_without_a_buyer_the_supply_is_at_home() -> None:
    supply = Supply(seller="FR", on=DAY)
    assert ["domestic-consumer"] == [found.case.id for found in suggest(supply)]


def test_a_greek_number_begins_otherwise_and_blanks_do_not_count() -> None:
    assert "GR" == Supply(seller="FR", buyer="GR", buyer_vat=" el 094259216", on=DAY).buyer_vat
    assert None is Supply(seller="FR", buyer_vat=" ", on=DAY).buyer_vat
    assert not Supply(seller="FR", buyer_vat=" ", on=DAY).business


def test_a_suggestion_says_category_and_reason() -> None:
    (found,) = suggest(Supply(seller="FR", on=DAY, franchise=True))
    assert ("E", FRANCHISE) == (found.category, found.exemption)
    assert found.fits("E")
    assert not found.fits("S")
    home = Suggestion(CASES["domestic-business"], "FR")
    assert [True, True, True, True, False] == [home.fits(c) for c in ("S", "Z", "E", "AE", "K")]


def test_suggesting_changes_nothing() -> None:
    supply = Supply(seller="FR", on=DAY)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        supply.kind = "goods"  # type: ignore[misc]


def test_every_case_has_a_known_category_a_fitting_reason_a_law_and_words() -> None:
    for case in CASES.values():
        assert {case.category, *case.also} <= CATEGORIES.keys()
        assert case.category not in case.also
        assert case.law
        assert {"en", "fr"} == set(case.text)
        if case.exemption:
            assert case.category in EXEMPTIONS[case.exemption].categories
