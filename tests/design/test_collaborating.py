"""The contract's blocks on one draft of several people, on its past and on rules run as written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from multibill import Actor, FrozenClock, Line, Policy, presets
from multibill.testing import acme, memory_billing, studio
from tests.typing import collaborating

NOW = "2026-11-30T10:00:00Z"


def desks(policy: Policy | None = None) -> list[Any]:
    """Ann of sales and Bob the manager, in a tenant of their own."""
    clock = FrozenClock(NOW)
    billing = memory_billing(policy=policy or presets.agency(), clock=clock)
    billing.provision("t42", by=Actor.service("setup"), sellers=[studio()])
    actors = Actor("ann", roles={"sales"}, teams={"web"}), Actor("bob", roles={"manager"})
    ann, bob = (billing.workspace("t42", actor=actor) for actor in actors)
    ann.customers.save(acme())
    return [ann, bob, clock]


def drafted(ann: Any) -> Any:
    lines = [Line(id=id, name=id, quantity=3, unit_price="450", vat="20") for id in ("a", "b")]
    return ann.invoices.draft(seller="studio", buyer="acme", lines=lines)


def edited(ann: Any, draft: Any, version: int) -> Any:
    """The draft after single edits up to a version."""
    while draft.version < version:
        changes = {"/lines/a/unit_price": f"{500 + draft.version}"}
        draft = ann.invoices.edit(draft.id, base=draft.version, changes=changes).document
    return draft


def test_both_edits_stand() -> None:
    ann, bob, _ = desks()
    saved = collaborating.together(ann, bob, drafted(ann))
    assert ("/due_date",) == saved.merged
    assert ("2026-12-31", "4") == (
        str(saved.document.due_date),
        str(saved.document.lines[0].quantity),
    )


def test_a_web_client_sends_what_changed_and_a_retry_is_harmless() -> None:
    ann, *_ = desks()
    draft = edited(ann, drafted(ann), 7)
    saved = collaborating.sent(ann, draft, "new", "b")
    assert ["a", "new"] == [line.id for line in saved.document.lines]
    assert saved.document == collaborating.sent(ann, draft, "new", "b").document


def test_the_past_is_told_and_an_own_edit_taken_back() -> None:
    ann, *_ = desks()
    draft = drafted(ann)
    cursor = ann.cursor()
    draft = edited(ann, draft, 41)
    then = datetime(2026, 11, 30, 10, tzinfo=UTC)
    told, blame, diff, earlier, _, *feed = collaborating.past(ann, draft, "a", then, cursor)
    assert 41 <= told.count("ann:")
    assert "ann" in blame
    assert "509 -> 539" in diff
    assert "3506.40 EUR" == earlier  # (3 x 524 + 3 x 450) with VAT
    assert ["edit"] * 40 + ["undo"] == feed
    assert "539" == str(ann.invoices.get(draft.id).lines[0].unit_price)


def test_rules_explain_themselves() -> None:
    ann, *_ = desks()
    explained, why_not, page = collaborating.ruled(ann, drafted(ann))
    assert "four-eyes" in explained
    assert why_not
    assert 0 == len(page)


@pytest.mark.parametrize("veil", ["hide:margin:sales,viewer", "mask:bank:viewer"])
def test_the_policy_of_the_contract_has_its_veils(veil: str) -> None:
    assert veil in {each.name for each in collaborating.policy.veils}
    assert collaborating.policy == Policy.from_wire(collaborating.policy.text)
