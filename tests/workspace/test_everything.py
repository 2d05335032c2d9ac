"""A document with every term of the standard set, through every door: draft, save, approve, issue, history, page."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from multibill.codec import WIRE
from multibill.documents import Invoice
from multibill.model import model_map
from tests.documents.ordinary import everything
from tests.workspace.agency import Agency

FACTS = {"id", "version", "phase", "state", "hidden", "settlement", "due"}
NOT_SAID = FACTS | {"totals", "mentions", "rule_versions"}
SET_BY_VERBS = {
    "number",
    "issue_date",
    "seller",
    "seller_ref",
    "buyer_ref",
    "base_currency",
    "key",
    "template",
    "attachments",
    "brand",
    "vat_adjustments",
    "custom",
    "team",
    "owner",
}
SAID = {
    field.name: getattr(everything(Invoice), field.name)
    for field in attrs.fields(Invoice)
    if field.name not in NOT_SAID | SET_BY_VERBS
}


def heads(cls: type) -> set[str]:
    """The first names of what the law sees."""
    return {e.path.split("/")[1] for e in model_map(cls) if e.part == "content"}


def test_nothing_that_people_can_say_is_left_out() -> None:
    computed = {"totals", "mentions", "rule_versions"}
    assert heads(Invoice) - SAID.keys() - SET_BY_VERBS == computed


def test_a_draft_with_everything_is_stored_read_and_replayed_as_it_was_said(agency: Agency) -> None:
    draft = agency.draft(**{name: said for name, said in SAID.items() if name != "buyer"})
    read = agency("ann").invoices.get(draft.id)
    assert draft == read
    assert [] == [n for n, said in SAID.items() if n != "buyer" and said != getattr(read, n)]
    assert agency.verified()


@pytest.mark.parametrize("name", sorted(SAID))
def test_each_part_can_be_said_later_and_its_history_tells_it(agency: Agency, name: str) -> None:
    ann = agency("ann").invoices
    draft = agency.draft()
    changed = draft.evolve(**{name: SAID[name]})
    saved = ann.save(changed).document
    assert SAID[name] == getattr(ann.get(draft.id), name)
    if changed != draft:
        paths = [change.path for change in ann.history(draft.id).events[-1].changes]
        assert paths
        assert {name} == {path.split("/")[1] for path in paths}
    back = ann.save(saved.evolve(**{name: getattr(draft, name)})).document
    assert WIRE.tree(attrs.evolve(draft, version=back.version)) == WIRE.tree(back)
    assert agency.verified()


def test_everything_is_frozen_at_issue_and_printed(agency: Agency) -> None:
    """But for the day VAT is due, which BR-CO-3 wants said in one way."""
    left_out = {"buyer", "tax_point_date"}
    issuable: dict[str, Any] = {n: said for n, said in SAID.items() if n not in left_out}
    issued = agency.standing("issued", **issuable)
    ann = agency("ann").invoices
    assert issued == ann.get(issued.id)
    assert b"%PDF" == bytes(ann.pdf(issued))[:4]
    assert bytes(ann.pdf(issued)) == bytes(ann.pdf(issued.id))
    assert agency.verified()
