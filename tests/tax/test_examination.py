"""What speaks against a VAT: the unusual is a warning, what a category cannot do without an error."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from multibill.tax import FRANCHISE, VAT, Supply, TaxFinding, examine

DAY = date(2026, 6, 30)
GERMAN: dict[str, Any] = {"buyer": "DE", "buyer_vat": "DE136695976"}
DELIVERED = {**GERMAN, "kind": "goods", "deliver_to": "DE"}


def found(vat: VAT, **supply: Any) -> list[tuple[str, str, str]]:
    """Rule, severity and field of each finding for a seller in France."""
    findings = examine(Supply(**{"seller": "FR", "on": DAY, **supply}), vat)
    return [(finding.rule, finding.severity, finding.field) for finding in findings]


UNUSUAL = ("TAX-CATEGORY", "warning", "category")
NO_RATE = ("TAX-RATE", "error", "rate")


@pytest.mark.parametrize(
    ("vat", "supply"),
    [
        (VAT("S", "20"), {}),
        (VAT("S", "5.5"), {"business": True}),
        (VAT("AE"), {"business": True}),
        (VAT("E", exemption="VATEX-EU-132-1I"), {}),
        (VAT("K"), DELIVERED),
        (VAT("AE"), {**GERMAN, "kind": "services"}),
        (VAT("K"), {**GERMAN, "deliver_to": "DE"}),
        (VAT("AE"), GERMAN),
        (VAT("G"), {"buyer": "CH", "kind": "goods"}),
        (VAT("O"), {"buyer": "US", "business": True, "kind": "services"}),
        (VAT("E", exemption=FRANCHISE), {"franchise": True}),
        (VAT("AE"), {"construction": True, "business": True}),
        (VAT("S", "19"), {"buyer": "DE", "kind": "goods"}),
        (VAT("S", "20"), {"buyer": "DE", "kind": "goods"}),
        (VAT("S", "8.5"), {"buyer": "RE", "business": True, "kind": "services"}),
        (VAT("S", "16"), {"seller": "DE", "on": date(2020, 8, 1)}),
        (VAT("Z"), {"seller": "IE"}),
        (VAT("L", "7"), {"seller": "ES-CN"}),
        (VAT("M", "4"), {"seller": "ES-CE"}),
        (VAT("S", "99"), {"seller": "US"}),
    ],
)
def test_the_usual_is_no_finding(vat: VAT, supply: dict[str, Any]) -> None:
    assert [] == found(vat, **supply)


@pytest.mark.parametrize(
    ("vat", "supply", "expected"),
    [
        (VAT("S", "20"), {**GERMAN, "kind": "services"}, [UNUSUAL]),
        (VAT("S", "20"), DELIVERED, [UNUSUAL]),
        (VAT("K"), {**DELIVERED, "kind": "services"}, [UNUSUAL]),
        (VAT("AE"), {}, [UNUSUAL]),
        (VAT("G"), {"buyer": "DE", "kind": "goods"}, [UNUSUAL]),
        (VAT("S", "20"), {"buyer": "CH", "kind": "goods"}, [UNUSUAL]),
        (VAT("S", "20"), {"buyer": "RE", "kind": "goods"}, [UNUSUAL]),
        (VAT("S", "20"), {"franchise": True}, [UNUSUAL]),
        (VAT("S", "20"), {"construction": True, "business": True}, [UNUSUAL]),
        (VAT("S", "21"), {"seller": "ES-CN"}, [UNUSUAL]),
        (VAT("L", "7"), {"seller": "ES"}, [UNUSUAL]),
        (VAT("L", "7"), {"seller": "ES-CE"}, [UNUSUAL]),
        (VAT("S", "20.6"), {}, [NO_RATE]),
        (VAT("S", "20"), {"buyer": "RE", "business": True, "kind": "services"}, [NO_RATE]),
        (VAT("S", "18"), {"buyer": "DE", "kind": "goods"}, [NO_RATE]),
        (VAT("S", "19"), {"seller": "DE", "on": date(2020, 8, 1)}, [NO_RATE]),
        (VAT("S", "21"), {"buyer": "CH", "kind": "goods"}, [UNUSUAL, NO_RATE]),
        (VAT("Z"), {}, [("TAX-RATE", "warning", "rate")]),
        (
            VAT("E", exemption="VATEX-EU-132-1I"),
            {"franchise": True},
            [("TAX-REASON", "warning", "exemption")],
        ),
        (
            VAT("K"),
            {**DELIVERED, "deliver_to": None},
            [("TAX-IC-DELIVERY", "error", "deliver_to")],
        ),
        (
            VAT("K"),
            {**DELIVERED, "buyer_vat": "FR83404833048"},
            [UNUSUAL, ("TAX-IC-NUMBER", "error", "buyer_vat")],
        ),
    ],
)
def test_what_speaks_against_it(
    vat: VAT, supply: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert expected == found(vat, **supply)


def test_a_finding_says_in_two_languages_what_is_usual_and_by_which_law() -> None:
    (finding,) = examine(Supply(seller="FR", on=DAY, kind="services", **GERMAN), VAT("S", "20"))
    assert isinstance(finding, TaxFinding)
    assert (
        "S is unusual for a service to a business in another member state"
        == (finding.message["en"])
    )
    assert "utilisez AE, ou vérifiez qu'une exception s'applique" == finding.remedy["fr"]
    assert "directive 2006/112/EC art. 44, 196; CGI art. 259, 1" == finding.law


def test_no_words_are_left_unfilled() -> None:
    supply = Supply(seller="FR", buyer="DE", on=DAY, kind="goods", franchise=True)
    for vat in (VAT("K"), VAT("S", "33"), VAT("E"), VAT("L", "7")):
        for finding in examine(supply, vat):
            said = "".join((*finding.message.values(), *finding.remedy.values()))
            assert not {"{", "}"} & set(said)
