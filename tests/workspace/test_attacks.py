"""What a hostile caller tried once and must never manage again."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from multibill.documents import Invoice, Note
from multibill.documents.order import ordered
from multibill.errors import (
    Denied,
    InvalidDefinition,
    InvalidValue,
    KeyReused,
    MultibillError,
    WrongState,
)
from multibill.query.doc import Doc
from multibill.storage.memory import MemoryStorage
from multibill.testing import acme
from multibill.workflow import Workflow
from multibill.workflow.approvals import Review
from tests.office import Office
from tests.workspace.agency import Agency


def evil(agency: Agency, draft: Invoice, **changes: Any) -> Invoice:
    """The draft after bob approved it and ann changed it."""
    ann, bob = agency("ann").invoices, agency("bob").invoices
    approved = bob.approve(ann.submit(draft))
    assert "approved" == approved.state
    saved: Invoice = ann.save(approved.evolve(**changes)).document
    return saved


@pytest.mark.parametrize(
    "changes",
    [
        {"custom": {"law_text": "C-EVIL"}},
        {"notes": [Note(text="Please pay to IBAN XX00", subject="PMT")]},
    ],
    ids=["custom content", "a note"],
)
def test_what_the_document_will_say_is_what_was_approved(
    agency: Agency, changes: dict[str, Any]
) -> None:
    saved = evil(agency, agency.draft(custom={"law_text": "C-1"}), **changes)
    assert "submitted" == saved.state
    with pytest.raises(WrongState):
        agency("bob").invoices.issue(saved)


def test_totals_are_computed_whatever_a_value_claims(agency: Agency) -> None:
    big = agency.draft()
    small = agency.draft(lines=[attrs.evolve(big.lines[2], unit_price="1")])
    forged = big.evolve(phase="issued", totals=small.totals, purchase_order="x")
    assert big.totals == agency("ann").invoices.save(forged).document.totals
    (row,) = agency("ann").invoices.list(Doc.id == big.id)
    assert (big.totals.gross, big.totals.payable) == (row["value"], row["payable"])


def test_a_customer_under_a_drafts_id_changes_nothing_of_its_past(agency: Agency) -> None:
    ann, bob = agency("ann"), agency("bob")
    draft = agency.draft(language="fr")
    bob.invoices.edit(draft.id, base=1, changes={"/language": "en"})
    for language in ("de", "fr"):
        poison = attrs.evolve(acme(), id=draft.id, language=language, version=0)
        known = agency("eve", "admin").customers
        known.save(poison if language == "de" else known.get(draft.id).evolve(language="fr"))
    saved = ann.invoices.save(draft.evolve(purchase_order="PO-1")).document
    assert ("en", "PO-1") == (saved.language, saved.purchase_order)
    assert ["draft", "edit", "edit"] == [e.action for e in ann.invoices.history(draft.id)]


@pytest.mark.parametrize("version", [1.0, True, "1", None])
def test_a_version_is_a_whole_number(agency: Agency, version: Any) -> None:
    draft = agency.draft()
    with pytest.raises(InvalidValue, match="/version"):
        agency("ann").invoices.save(draft.evolve(version=version))
    assert () == agency.verify().faults


def test_a_business_key_tells_nothing_to_who_may_not_read(agency: Agency) -> None:
    draft = agency.draft(key="k1")
    with pytest.raises(Denied):
        agency("eve", "viewer").invoices.draft(seller="studio", buyer="acme", key="k1")
    with pytest.raises(KeyReused) as caught:
        agency("ann").invoices.draft(seller="studio", buyer="acme", key="k1")
    assert draft.id not in str(caught.value)


def test_a_request_id_of_one_key_does_not_answer_for_another(agency: Agency) -> None:
    agency.draft(key="k1", request_id="r")
    with pytest.raises(KeyReused):
        agency.draft(key="k2", request_id="r")


def review(person: str, by: str) -> Review:
    return Review(document="d", verdict="approve", person=person, by=by, version=1, digest="x")


@pytest.mark.parametrize(
    ("approvals", "given", "state"),
    [
        (2, ["carol/bob", "bob/eve"], "submitted"),
        (2, ["carol/bob", "dan/eve"], "approved"),
        (2, ["bob/bob", "carol/bob"], "submitted"),
        (3, ["x/a", "y/a", "z/a", "x/b", "x/c"], "submitted"),
        (3, ["x/a", "y/b", "z/c", "x/b"], "approved"),
        (2, ["x/y", "x/a", "y/b"], "approved"),
    ],
)
def test_one_person_stands_behind_one_approval(
    approvals: int, given: list[str], state: str
) -> None:
    reviews = [review(*pair.split("/")) for pair in given]
    workflow = Workflow(approvals=approvals)
    assert state == workflow.state("submitted", 1, "x", reviews, frozenset())


def test_the_year_that_has_ended_is_closed() -> None:
    office = Office(MemoryStorage())
    one, two = office.approved(), office.approved()
    office.clock.advance(days=40)
    assert "F2027-00001" == office.bob.invoices.issue(one).number
    with pytest.raises(InvalidValue, match="numbers follow dates"):
        office.bob.invoices.issue(two, on=date(2026, 12, 31))


def test_a_document_in_a_language_without_catalogue_is_printed_in_english(agency: Agency) -> None:
    draft = agency("ann").invoices.submit(agency.draft(language="de"))
    issued = agency("bob").invoices.issue(agency("bob").invoices.approve(draft))
    assert b"%PDF" == bytes(agency("ann").invoices.pdf(issued))[:4]
    with pytest.raises(InvalidValue):
        agency.draft(template="tpl")


@pytest.mark.parametrize("document", [None, 3, b"x", object()])
@pytest.mark.parametrize("verb", ["submit", "approve", "issue", "discard", "save"])
def test_no_verb_takes_what_is_no_document(agency: Agency, verb: str, document: Any) -> None:
    with pytest.raises(MultibillError):
        getattr(agency("ann").invoices, verb)(document)


def test_ten_thousand_lines_find_their_places() -> None:
    """Looking ahead from each line made this quadratic: 24 seconds for 30,000."""
    keys = ordered([(None, None)] * 10_000)
    assert sorted(set(keys)) == keys
    mixed = ordered([(key if place % 7 else None, "x") for place, key in enumerate(keys)])
    assert sorted(set(mixed)) == mixed


def test_decomposed_text_is_found_as_it_is_stored(agency: Agency) -> None:
    agency.draft(purchase_order="x")
    assert repr(Doc.buyer.name == "Café") == repr(Doc.buyer.name == "Cafe\u0301")


def test_two_series_with_one_pattern_are_refused(agency: Agency) -> None:
    admin = agency("adm", "admin").sellers
    same = attrs.evolve(admin.get("studio"), series={"invoice": "X{n}", "credit_note": "X{n}"})
    with pytest.raises(InvalidDefinition, match="each number twice"):
        admin.save(same)


def test_can_takes_a_set(agency: Agency) -> None:
    with pytest.raises(InvalidValue, match="a set of actions"):
        agency("ann").invoices.list(can="issue")
