"""What a call leaves in the journal, and what the history of a document shows of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from multibill import presets
from multibill.errors import InvalidValue, NotFound, PreflightFailed
from multibill.permissions import Policy, permit
from multibill.ports import Storage
from multibill.testing import acme
from tests.workspace.agency import Agency


def adopted(agency: Agency) -> list[str]:
    """The fingerprints that were journaled, in order."""
    return [entry.record for entry in agency.journal() if entry.action == "adopt"]


def test_a_policy_is_journaled_once_per_tenant_and_fingerprint_before_what_it_decides(
    anywhere: Storage,
) -> None:
    """Switched back and forth, on several billings over one storage, and by several people."""
    agency = Agency(anywhere)
    one, other = (
        presets.agency(),
        Policy(*presets.agency().rules, permit("more", to="viewer", on="read")),
    )
    agency.draft()
    agency.draft()
    first = adopted(agency)
    assert one.fingerprint == first[-1]
    agency.billing._policy = lambda _: other
    agency.draft()
    agency("bob").customers.save(acme(language="en"))
    agency.billing._policy = one
    agency.draft()
    assert [*first, other.fingerprint] == adopted(agency)
    second = Agency(anywhere)
    second.tenant, second.billing._policy = agency.tenant, other
    assert second.draft().id != ""
    assert [*first, other.fingerprint] == adopted(agency)
    decided = [entry.policy for entry in agency.journal() if entry.action != "adopt"]
    assert {*adopted(agency)} == {*decided}
    for position, entry in enumerate(agency.journal()):
        before = {e.record for e in agency.journal()[: position + 1] if e.action == "adopt"}
        assert entry.policy in before
    texts = {row["id"]: row["content"] for row in agency.rows("record") if row["kind"] == "policy"}
    assert other == Policy.from_wire(texts[other.fingerprint])
    assert agency.verified()


def test_a_call_that_is_refused_adopts_nothing(anywhere: Storage) -> None:
    agency = Agency(anywhere)
    before = agency.journal()
    with pytest.raises(NotFound):
        agency("ann").invoices.draft(seller="nobody", buyer="acme")
    assert before == agency.journal()


def test_an_entry_says_who_for_whom_with_which_roles_when_and_why(anywhere: Storage) -> None:
    agency = Agency(anywhere)
    agency.clock.advance(microseconds=1)
    ws = agency("cat", "lead", "manager", on_behalf_of="dan", reason="month end")
    draft = ws.invoices.draft(seller="studio", buyer="acme", request_id="r1")
    ws.invoices.edit(draft.id, base=1, changes={"/assignee": "zoe"}, reason="her client")
    made, edited = agency.journal()[-2:]
    assert ("cat", "dan", ("lead", "manager")) == (made.actor, made.on_behalf_of, made.roles)
    assert {"cat", "dan"} == made.persons
    assert ("month end", "her client") == (made.reason, edited.reason)
    assert datetime(2026, 11, 30, 12, 0, 0, 1, UTC) == made.recorded_at
    assert ("r1", None) == (made.request_id, edited.request_id)
    assert ("invoice", draft.id, draft.id, 1, "draft") == (
        made.kind,
        made.record,
        made.about,
        made.version,
        made.action,
    )
    assert presets.agency().fingerprint == made.policy
    assert 16 == len(made.seed)
    assert made.seed != edited.seed


@pytest.mark.parametrize("reason", ["\ud800", "a\0b", 5])
def test_a_reason_that_cannot_be_written_down_is_refused(agency: Agency, reason: str) -> None:
    draft = agency.draft()
    before = agency.journal()
    for call in (
        lambda: agency("ann").invoices.submit(draft, reason=reason),
        lambda: agency("ann").customers.save(acme(language="en"), reason=reason),
        lambda: agency("ann", reason=reason).invoices.submit(draft),
    ):
        with pytest.raises(InvalidValue) as caught:
            call()
        assert "/reason" == caught.value.path
    assert before == agency.journal()


def test_an_empty_reason_is_none_and_text_is_composed(agency: Agency) -> None:
    agency("ann", reason="").invoices.draft(seller="studio", buyer="acme", reason="")
    agency("ann").invoices.draft(seller="studio", buyer="acme", reason="e\u0301te\u0301")
    assert [None, "été"] == [entry.reason for entry in agency.journal()[-2:]]


def test_a_history_reads_as_text(agency: Agency) -> None:
    draft = agency.draft(key="k")
    ann, bob = agency("ann").invoices, agency("bob").invoices
    ann.edit(
        draft.id,
        base=1,
        changes={
            "/lines/a/quantity": "4",
            "/lines/b": None,
            "/notes/n": {"text": "Thank you"},
            "/terms": {"days": 10, "end_of_month": True},
        },
        reason="as agreed",
    )
    agency.clock.advance(hours=1)
    agency("cat", on_behalf_of="dan").invoices.submit(draft.id)
    bob.refuse(draft.id, comment="too dear")
    history = ann.history(draft)
    assert [
        "30 Nov 2026, 12:00 UTC ann: drafted",
        "30 Nov 2026, 12:00 UTC ann: edited (as agreed)",
        "    line 'Logo design': quantity 3 -> 4",
        "    line 'Hosting': removed",
        "    note 'Thank you': added",
        "    payment terms: days 30 -> 10",
        "    payment terms: end of month no -> yes",
        "30 Nov 2026, 13:00 UTC cat for dan: submitted",
        "30 Nov 2026, 13:00 UTC bob: refused (too dear)",
    ] == str(history).splitlines()
    assert 4 == len(history)
    assert [1, 2, 3, 1] == [event.version for event in history]
    assert ["invoice", "invoice", "invoice", "review"] == [event.kind for event in history]
    assert sorted(event.position for event in history) == [event.position for event in history]


def test_a_refused_issue_shows_which_rules_and_where(agency: Agency) -> None:
    broken = agency.standing("approved", lines=())
    with pytest.raises(PreflightFailed):
        agency("bob").invoices.issue(broken)
    last = list(agency("ann").invoices.history(broken))[-1]
    assert "refuse-issue" == last.action
    assert "\n    BR-16 /lines" in str(last)


def test_a_history_holds_all_that_is_about_the_document_and_nothing_else(agency: Agency) -> None:
    agency.standing("issued")
    issued = agency.standing("issued")
    agency("bob").invoices.pdf(issued)
    found = agency("ann").invoices.history(issued)
    assert ["draft", "submit", "approve", "issue", "render"] == [event.action for event in found]
    assert [entry.position for entry in agency.journal() if entry.about == issued.id] == [
        e.position for e in found
    ]
    assert found == agency("ann").invoices.history(issued.id)
