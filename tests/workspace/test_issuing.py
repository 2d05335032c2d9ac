"""Issuing: numbers, dates in the seller's zone, and the refusal that is all a failed preflight leaves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from multibill.documents import Terms
from multibill.errors import InvalidDefinition, InvalidValue, KeyReused, PreflightFailed
from multibill.money import Money
from multibill.parties import Party
from multibill.testing import acme, studio
from tests.workspace.agency import LINES, Agency


def test_an_issued_invoice_is_numbered_dated_and_complete(agency: Agency) -> None:
    issued = agency.standing("issued")
    assert ("F2026-00001", date(2026, 11, 30), date(2026, 12, 30)) == (
        issued.number,
        issued.issue_date,
        issued.due_date,
    )
    assert ("issued", "issued", 3) == (issued.phase, issued.state, issued.version)
    assert Money("1742.40", "EUR") == issued.totals.payable
    assert issued.mentions
    assert issued == agency("ann").invoices.get(issued.id)
    (vat,) = agency.rows("vat")
    assert ("S", 145200, 29040) == (vat["category"], vat["taxable"], vat["tax"])
    assert agency.verified()


def test_numbers_follow_each_other_and_start_again_with_the_year(agency: Agency) -> None:
    numbers = [agency.standing("issued").number]
    agency.clock.advance(days=3)
    numbers.append(agency.standing("issued").number)
    agency.clock.advance(days=60)
    numbers.append(agency.standing("issued").number)
    assert ["F2026-00001", "F2026-00002", "F2027-00001"] == numbers
    assert {("2026", 3), ("2027", 2)} == {
        (row["period"], row["next"]) for row in agency.rows("counter")
    }


def test_days_begin_in_the_sellers_zone(agency: Agency) -> None:
    """23:30 in London is already the next year in Paris."""
    agency.clock.advance(days=31, hours=11, minutes=30)
    assert "2026-12-31T23:30" == agency.clock.now().isoformat()[:16]
    issued = agency.standing("issued")
    assert ("F2027-00001", date(2027, 1, 1)) == (issued.number, issued.issue_date)


def test_a_day_in_the_past_is_taken_while_no_later_number_stands(agency: Agency) -> None:
    early = agency.standing("approved")
    issued = agency("bob").invoices.issue(early, on=date(2026, 11, 2))
    assert (date(2026, 11, 2), date(2026, 12, 2)) == (issued.issue_date, issued.due_date)
    second = agency.standing("approved")
    before = agency.journal()
    for day, said in (
        (date(2026, 11, 1), "is before 2026-11-02, the last date of this series"),
        (date(2026, 12, 1), "lies after 2026-11-30, today at the seller's"),
        (datetime(2026, 11, 30), "is not a plain date"),  # noqa: DTZ001 - a datetime is what is refused
        ("yesterday", "is not a date"),
    ):
        with pytest.raises(InvalidValue, match=said) as caught:
            agency("bob").invoices.issue(second, on=day)  # type: ignore[arg-type]
        assert "/issue_date" == caught.value.path
    assert before == agency.journal()
    assert "F2026-00002" == agency("bob").invoices.issue(second, on=date(2026, 11, 2)).number


def test_what_was_said_on_the_draft_goes_before_the_terms(agency: Agency) -> None:
    issued = agency.standing("issued", due_date=date(2026, 12, 15))
    assert date(2026, 12, 15) == issued.due_date
    agency("root", "admin").customers.save(acme(terms=Terms(days=0)))
    assert date(2026, 11, 30) == agency.standing("issued").due_date


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no line": ({"lines": ()}, "BR-16"),
    "a line without a name": ({"lines": [LINES[0].evolve(name=" ")]}, "BR-25"),
    "a price below zero": ({"lines": [LINES[0].evolve(unit_price="-1")]}, "BR-27"),
}


@pytest.mark.parametrize("what", sorted(BAD))
def test_a_failed_preflight_leaves_one_refusal_and_takes_no_number(
    agency: Agency, what: str
) -> None:
    fields, rule = BAD[what]
    broken = agency.standing("approved", **fields)
    before, counters = agency.journal(), agency.rows("counter")
    with pytest.raises(PreflightFailed, match=rule) as caught:
        agency("bob").invoices.issue(broken, reason="month end", request_id="r1")
    assert caught.value.findings
    assert "error" == caught.value.findings[0].severity
    (entry,) = agency.journal()[len(before) :]
    assert ("refusal", "refuse-issue", broken.id, "bob") == (
        entry.kind,
        entry.action,
        entry.about,
        entry.actor,
    )
    assert {
        "document": broken.id,
        "version": broken.version,
        "findings": [
            {"rule": found.rule, "path": found.path, "severity": found.severity}
            for found in caught.value.findings
        ],
    } == entry.changes[0].after
    assert counters == agency.rows("counter") == []
    assert broken == agency("bob").invoices.get(broken.id)
    assert ["refuse-issue"] == [event.action for event in agency("ann").invoices.history(broken)][
        -1:
    ]
    assert "F2026-00001" == agency.standing("issued").number
    assert agency.verified()


@pytest.mark.parametrize("what", [*sorted(BAD), "nothing"])
def test_the_preflight_alone_says_what_an_issue_would_and_writes_nothing(
    agency: Agency, what: str
) -> None:
    fields, _ = BAD.get(what, ({}, ""))
    approved = agency.standing("approved", **fields)
    before = agency.journal()
    findings = agency("bob").invoices.preflight(approved)
    assert before == agency.journal()
    if what == "nothing":
        assert "issued" == agency("bob").invoices.issue(approved).phase
        assert not [found for found in findings if found.severity == "error"]
        return
    with pytest.raises(PreflightFailed) as caught:
        agency("bob").invoices.issue(approved)
    assert caught.value.findings == findings


def test_all_findings_come_at_once_errors_first(agency: Agency) -> None:
    broken = agency.standing(
        "approved", lines=[LINES[0].evolve(unit_price="-1"), LINES[1].evolve(name=" ")]
    )
    with pytest.raises(PreflightFailed) as caught:
        agency("bob").invoices.issue(broken)
    rules = [found.rule for found in caught.value.findings]
    severities = [found.severity for found in caught.value.findings]
    assert {"BR-25", "BR-27"} <= set(rules)
    assert sorted(severities) == severities
    assert all(rule in str(caught.value) for rule in rules)


def test_after_the_mistake_was_mended_the_same_request_issues(agency: Agency) -> None:
    """A refusal is no answer to the request: the retry is decided anew."""
    broken = agency.standing("approved", lines=())
    with pytest.raises(PreflightFailed):
        agency("bob").invoices.issue(broken.id, request_id="r1")
    line = {"name": "Logo", "unit_price": "450", "vat": "20"}
    agency("ann").invoices.edit(broken.id, base=2, changes={"/lines/a": line})
    agency("bob").invoices.approve(broken.id)
    issued = agency("bob").invoices.issue(broken.id, request_id="r1")
    assert "F2026-00001" == issued.number
    assert issued == agency("bob").invoices.issue(broken.id, request_id="r1")
    with pytest.raises(KeyReused):
        agency("bob").invoices.issue(broken.id, on=date(2026, 11, 30), request_id="r1")


def test_a_seller_without_a_series_for_the_kind_is_named(agency: Agency) -> None:
    agency("root", "admin").sellers.save(studio(series={"credit_note": "A{n}"}))
    approved = agency.standing("approved")
    before = agency.journal()
    with pytest.raises(InvalidDefinition, match="'studio' has no series for invoice"):
        agency("bob").invoices.issue(approved)
    assert before == agency.journal()
    (found,) = [f for f in agency("bob").invoices.preflight(approved) if f.rule == "MB-SERIES"]
    assert ("error", "/number") == (found.severity, found.path)
    assert "Seller(series=" in found.remedy["en"]
    assert found.remedy["fr"] != found.remedy["en"]


def test_a_new_pattern_goes_on_with_the_counter_of_its_period(agency: Agency) -> None:
    first = agency.standing("issued").number
    agency("root", "admin").sellers.save(studio(series={"invoice": "{year}/{month}/{n:03}"}))
    monthly = agency.standing("issued").number
    agency("root", "admin").sellers.save(studio(series={"invoice": "G{year}-{n}"}))
    assert ["F2026-00001", "2026/11/001", "G2026-2"] == [
        first,
        monthly,
        agency.standing("issued").number,
    ]
    assert agency.verified()


def test_a_pattern_that_repeats_a_number_is_refused_and_nothing_is_left(agency: Agency) -> None:
    issued = agency.standing("issued")
    agency("root", "admin").sellers.save(studio(series={"invoice": "F2026-{n:05}"}))
    approved = agency.standing("approved")
    before = agency.journal()
    with pytest.raises(InvalidDefinition, match="F2026-00001 is taken") as caught:
        agency("bob").invoices.issue(approved)
    assert "/number" == caught.value.path
    assert before == agency.journal()
    assert "F2026-00001" == issued.number
    assert agency.verified()


def test_numbers_belong_to_their_seller(agency: Agency) -> None:
    agency("root", "admin").sellers.save(studio(id="other"))
    assert "F2026-00001" == agency.standing("issued").number
    draft = agency("ann").invoices.draft(seller="other", buyer="acme", lines=LINES)
    agency("ann").invoices.submit(draft)
    agency("bob").invoices.approve(draft.id)
    assert "F2026-00001" == agency("bob").invoices.issue(draft.id).number


def test_issuing_needs_sight_of_no_register(agency: Agency) -> None:
    """The series is the seller's, whoever may read the register; the answer is the frozen snapshot."""
    approved = agency.standing("approved")
    agency("root", "admin").sellers.save(studio(party=Party(name="Studio renamed")))
    issued = agency("bob").invoices.issue(approved)
    assert "Studio SARL" == issued.seller.name
