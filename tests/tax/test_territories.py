"""Places: by code, by subdivision, by post code; what the Union's rules reach, and since when not."""

from __future__ import annotations

from datetime import date

import pytest

from multibill.errors import InvalidValue
from multibill.tax import territory
from multibill.tax.territories import MEMBERS, TERRITORIES

DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("country", "region", "postcode", "code"),
    [
        ("FR", None, None, "FR"),
        ("FR", None, "75011", "FR"),
        ("FR", "IDF", "75011", "FR"),
        ("FR", "FR-2A", None, "FR-20R"),
        ("FR", None, "20000", "FR-20R"),
        ("FR", None, "97110", "GP"),
        ("FR", None, "97133", "BL"),
        ("FR", None, "97150", "MF"),
        ("FR", None, "97 200", "MQ"),
        ("FR", None, "97300", "GF"),
        ("FR", None, "97400", "RE"),
        ("FR", None, "97600", "YT"),
        ("FR", "974", None, "RE"),
        ("RE", None, "97400", "RE"),
        ("FR-RE", None, None, "RE"),
        ("ES", None, "35001", "ES-CN"),
        ("ES", "TF", None, "ES-CN"),
        ("ES", "es-gc", None, "ES-CN"),
        ("ES", None, "51001", "ES-CE"),
        ("ES", None, "52001", "ES-ML"),
        ("ES", None, "28013", "ES"),
        ("PT", None, "9000-001", "PT-30"),
        ("PT", None, "9500-001", "PT-20"),
        ("PT", "PT-20", None, "PT-20"),
        ("PT", None, "1100-001", "PT"),
        ("AT", None, "6691", "AT-6691"),
        ("AT", None, "6992", "AT-6991"),
        ("AT", None, "1010", "AT"),
        ("DE", None, "78266", "DE-78266"),
        ("DE", None, "27498", "DE-27498"),
        ("IT", None, "23041", "IT-23041"),
        ("IT", None, "22060", "IT-22061"),
        ("GB", None, "BT1 5GS", "XI"),
        ("GB", "NIR", None, "XI"),
        ("GB", None, "SW1A 1AA", "GB"),
        ("EL", None, None, "GR"),
        ("UK", None, None, "GB"),
        ("CH", None, "8238", "CH"),
    ],
)
def test_a_place_has_its_territory(
    country: str, region: str | None, postcode: str | None, code: str
) -> None:
    assert code == territory(country, region, postcode).code


@pytest.mark.parametrize("country", ["", "fr", "FRA", "F", "12", "É1", "france"])
def test_what_is_no_country_is_refused(country: str) -> None:
    with pytest.raises(InvalidValue, match="ISO 3166"):
        territory(country)


def test_a_former_member_was_one_until_the_end_of_the_transition() -> None:
    for code in ("GB", "XI", "IM"):
        assert territory(code).in_union("services", date(2020, 12, 31))
        assert not territory(code).in_union("services", date(2021, 1, 1))
    assert territory("XI").in_union("goods", date(2021, 1, 1))
    assert not territory("GB").in_union("goods", date(2021, 1, 1))
    assert not territory("IM").in_union("goods", date(2021, 1, 1))


def test_the_union_reaches_its_members_and_what_belongs_to_them() -> None:
    inside = {code for code in TERRITORIES if territory(code).in_union("goods", DAY)}
    assert {"FR-20R", "MC", "PT-20", "PT-30", "AT-6691", "AT-6991", "XI"} == inside
    assert all(territory(code).in_union("services", DAY) for code in MEMBERS)
    assert not territory("US").in_union("goods", DAY)


def test_spain_has_two_other_taxes_and_some_places_none() -> None:
    taxes = {code: found.tax for code, found in TERRITORIES.items() if found.tax != "VAT"}
    assert {"ES-CN": "IGIC", "ES-CE": "IPSI", "ES-ML": "IPSI"} == {
        code: tax for code, tax in taxes.items() if tax != "none"
    }
    assert {"GF", "YT", "DE-27498", "IT-23041"} < taxes.keys()
