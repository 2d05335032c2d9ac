"""Every rule finds what breaks it, says where and what to do, and leaves ordinary documents alone."""

from __future__ import annotations

import pytest

from multibill.documents import CreditNote, Document, Invoice, Quote
from multibill.documents.checks import CHECKS, Finding, check
from tests.conftest import Golden
from tests.documents.checks.broken import (
    BROKEN,
    ORDINARY,
    adjustments,
    items,
    paying,
    places,
    platforms,
    references,
)
from tests.documents.ordinary import (
    ON,
    credit_note,
    everything,
    invoice,
    lawful,
    twenty_lines,
)

IDS = [rule for rule, _, _ in BROKEN]


def of_rule(document: Document, rule: str) -> list[Finding]:
    return [finding for finding in check(document, ON) if finding.rule == rule]


@pytest.mark.parametrize(("rule", "document", "path"), BROKEN, ids=IDS)
def test_a_broken_rule_is_found_at_its_path(rule: str, document: Document, path: str) -> None:
    assert path in [finding.path for finding in of_rule(document, rule)]


@pytest.mark.parametrize(("rule", "document", "path"), BROKEN, ids=IDS)
def test_a_finding_says_what_is_wrong_what_to_do_and_whose_rule_it_is(
    rule: str, document: Document, path: str
) -> None:
    for finding in of_rule(document, rule):
        assert {"en", "fr"} == set(finding.message) == set(finding.remedy)
        for language in ("en", "fr"):
            said = finding.text(language)
            assert all(len(part) >= 10 for part in said.split("; ", 1))
            assert not {"{", "}"} & set(said)
            assert "None" not in said
        assert finding.text("en") != finding.text("fr")
        assert len(finding.law) > 5


def test_the_broken_documents_exercise_every_rule() -> None:
    assert {rule.id for rule in CHECKS} == set(IDS)


def test_rule_ids_are_unique_and_in_order() -> None:
    ids = [rule.id for rule in CHECKS]
    assert sorted(set(ids)) == ids


@pytest.mark.parametrize(
    "document",
    [invoice(), credit_note(), twenty_lines()],
    ids=["invoice", "credit note", "twenty lines"],
)
def test_an_ordinary_document_breaks_no_rule(document: Document) -> None:
    assert () == check(document, ON)


@pytest.mark.parametrize("cls", [Invoice, CreditNote, Quote])
def test_a_document_with_everything_set_breaks_no_rule(cls: type[Document]) -> None:
    """But for the export among supplies at home, which is only unusual."""
    found = check(lawful(everything(cls)), ON)
    assert [("TAX-CATEGORY", "warning")] == [(finding.rule, finding.severity) for finding in found]


@pytest.mark.parametrize("code", sorted(ORDINARY))
def test_an_ordinary_document_of_each_category_breaks_no_rule_of_its_category(code: str) -> None:
    """Outside the scope (O) the standard forbids the VAT number that French law wants; Paris is not in Spain."""
    said = {"O": ["FR-VAT-ID"], "L": ["TAX-CATEGORY"] * 2, "M": ["TAX-CATEGORY"] * 2}
    assert said.get(code, []) == [finding.rule for finding in check(ORDINARY[code], ON)]


COMPANIONS = {
    "BR-31": {"BR-CO-11", "BR-S-08"},
    "BR-32": {"BR-S-08"},
    "BR-36": {"BR-CO-12", "BR-S-08"},
    "BR-37": {"BR-S-08"},
    "BR-56": {"BR-CO-09"},
}
"""What else a document breaks that cannot break one rule alone."""

FURTHER = [*adjustments(), *items(), *paying(), *places(), *references(), *platforms()]


@pytest.mark.parametrize(
    ("rule", "document", "path"), FURTHER, ids=[rule for rule, _, _ in FURTHER]
)
def test_a_broken_term_breaks_its_own_rule_only(rule: str, document: Document, path: str) -> None:
    found = {finding.rule for finding in check(document, ON)}
    assert {rule} | COMPANIONS.get(rule, set()) == found


def test_what_every_rule_says_is_written_down(golden: Golden) -> None:
    """All texts in both languages, to be read by a person: `--update-golden`, then read the diff."""
    lines = []
    for rule, document, path in BROKEN:
        (finding, *_) = [found for found in of_rule(document, rule) if found.path == path]
        lines += [
            f"{finding.severity} {finding}",
            f"    {finding.text('fr')}",
            f"    {finding.law}",
        ]
    golden("checks/findings.txt", "\n".join(lines) + "\n")
