"""The figures are checked to the cent, and a tampered line or total is found wherever it hides."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.documents import ExchangeRate, Invoice
from multibill.documents.checks import check
from multibill.money import Money
from multibill.tax import VAT
from multibill.testing import strategies
from tests.documents.ordinary import ON, TRAINING, euros, invoice, line, tampered

SUMS = ("lines", "net", "vat", "gross", "payable")


def rules(document: Invoice) -> set[str]:
    return {finding.rule for finding in check(document, ON)}


@pytest.mark.parametrize("off", ["0.01", "-0.01", "0.99"])
def test_a_vat_that_the_standard_would_tolerate_is_found(off: str) -> None:
    """BR-CO-17 and BR-S-09 let one unit pass; a cent is a cent here."""
    document = invoice()
    row = document.totals.breakdown[0]
    wrong = attrs.evolve(row, tax=row.tax + euros(off))
    changed = tampered(document, totals=attrs.evolve(document.totals, breakdown=(wrong,)))
    assert {"BR-CO-14", "BR-CO-17", "BR-S-09"} == rules(changed)


@given(
    strategies.issuable(),
    st.sampled_from(SUMS),
    st.integers(-10_000, 10_000).filter(bool),
)
def test_any_changed_total_is_found(document: Invoice, name: str, cents: int) -> None:
    total = getattr(document.totals, name) + Money.from_minor(cents, "EUR")
    assert rules(tampered(document, totals=attrs.evolve(document.totals, **{name: total})))


@given(strategies.issuable(), st.data())
def test_any_changed_line_amount_is_found(document: Invoice, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(document.lines) - 1))
    cents = data.draw(st.integers(-10_000, 10_000).filter(bool))
    changed = document.lines[place]
    assert changed.net is not None
    other = tampered(changed, net=changed.net + Money.from_minor(cents, "EUR").amount)
    lines = (*document.lines[:place], other, *document.lines[place + 1 :])
    assert {"BR-CO-10", "MB-NET"} <= rules(tampered(document, lines=lines))


@given(strategies.issuable(), st.data())
def test_any_changed_row_is_found(document: Invoice, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(document.totals.breakdown))
    name = data.draw(st.sampled_from(["taxable", "tax"]))
    other = attrs.evolve(row, **{name: getattr(row, name) + euros("0.01")})
    rows = tuple(other if known is row else known for known in document.totals.breakdown)
    assert rules(tampered(document, totals=attrs.evolve(document.totals, breakdown=rows)))


def test_two_reasons_for_exemption_cannot_share_a_document() -> None:
    """BR-E-01 wants exactly one row of the category."""
    other = VAT("E", exemption="VATEX-FR-CGI261-7")
    found = check(invoice(lines=[line(vat=TRAINING), line("l2", vat=other)]), ON)
    assert ["BR-E-01"] == [finding.rule for finding in found]


def test_figures_are_checked_in_the_currencys_own_minor_unit() -> None:
    euros = {"tax_currency": "EUR", "exchange": ExchangeRate(rate="0.3", source="BCE", on=ON)}
    cheap, fine = (line(quantity="1", unit_price=p, vat="10") for p in ("333.5", "333.3335"))
    yen = invoice(currency="JPY", lines=[cheap], **euros)
    dinar = invoice(currency="TND", lines=[fine], **euros)
    assert () == check(yen, ON) == check(dinar, ON)


def test_a_zero_quantity_and_a_free_line_are_legal() -> None:
    assert () == check(invoice(lines=[line(quantity=0), line("l2", unit_price=0)]), ON)
