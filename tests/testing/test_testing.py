"""What hosts get for their own tests: reproducible, small, and without a database."""

from __future__ import annotations

import subprocess
import sys

import attrs
import pytest

from multibill import testing
from multibill.clock import FrozenClock
from multibill.documents import Line
from multibill.errors import Denied
from multibill.permissions import Policy, permit
from multibill.records import Actor, Custom
from multibill.testing import SeededBytes, journal_of, memory_billing, opened, rows_of, studio
from multibill.testing.oracles import four_eyes, frozen, numbers, positions
from multibill.workflow import Workflow

LINES = [Line(name="Logo", unit_price="450", vat="20")]


@pytest.mark.parametrize("name", testing.__all__)
def test_every_published_name_is_there(name: str) -> None:
    assert getattr(testing, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    unknown = "no_such_name"
    with pytest.raises(AttributeError, match=unknown):
        getattr(testing, unknown)


def test_a_host_needs_neither_pytest_nor_hypothesis_nor_a_database() -> None:
    program = (
        "import sys; from multibill.testing import memory_billing, opened; opened(memory_billing());"
        "print(*{'pytest', 'hypothesis', 'sqlalchemy', 'alembic'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "" == done.stdout.strip()


def test_two_runs_of_one_script_write_the_same_journal() -> None:
    """Ids, salts and hashes too, so that a host may compare them with a file."""

    def run() -> list[object]:
        billing = opened(memory_billing())
        ann = billing.workspace("t1", actor=Actor("ann", roles={"manager"}))
        ann.invoices.submit(ann.invoices.draft(seller="studio", buyer="acme", lines=LINES))
        return list(journal_of(billing))

    assert run() == run()


def test_the_clock_policy_fields_and_workflow_are_the_hosts() -> None:
    policy = Policy(
        permit("all", on={"read", "draft", "issue"}),
        permit("sellers", on="read", of="seller"),
        permit("customers", on="read", of="customer"),
    )
    billing = opened(
        memory_billing(
            policy,
            FrozenClock("2026-12-31T23:30:00Z"),
            [Custom("project", str, kind="invoice")],
            Workflow(approvals=0),
        )
    )
    ws = billing.workspace("t1", actor=Actor("ann"))
    draft = ws.invoices.draft(seller="studio", buyer="acme", lines=LINES, custom={"project": "P7"})
    assert "F2027-00001" == ws.invoices.issue(draft).number
    with pytest.raises(Denied):
        ws.invoices.submit(draft.id)


def test_a_tenant_opens_with_the_registers_that_are_named() -> None:
    billing = opened(memory_billing(), "t2", sellers=[studio(id="a"), studio(id="b")], customers=[])
    assert ["a", "b"] == sorted(
        r["id"] for r in rows_of(billing, "record", "t2") if r["kind"] == "seller"
    )
    assert [] == [r["id"] for r in rows_of(billing, "record", "t2") if r["kind"] == "customer"]


def test_seeded_bytes_are_as_many_as_asked_and_differ_by_seed_and_call() -> None:
    one, other = SeededBytes("one"), SeededBytes("other")
    drawn = [source(size) for source in (one, other) for size in (1, 16, 100)]
    assert [1, 16, 100, 1, 16, 100] == list(map(len, drawn))
    assert 6 == len(set(drawn))


def test_the_oracles_are_content_with_an_honest_journal() -> None:
    billing = opened(memory_billing())
    ann, bob = (billing.workspace("t1", actor=Actor(n, roles={"manager"})) for n in ("ann", "bob"))
    draft = ann.invoices.submit(ann.invoices.draft(seller="studio", buyer="acme", lines=LINES))
    issued = bob.invoices.issue(bob.invoices.approve(draft))
    bob.invoices.edit(issued.id, base=issued.version, changes={"/tags/sent": True})
    journal = journal_of(billing)
    assert [[], [], [], []] == [
        four_eyes(journal),
        numbers(journal),
        frozen(journal),
        positions(journal),
    ]


def test_the_oracles_see_what_they_are_for() -> None:
    """Each is shown a journal from which something is missing."""
    billing = opened(memory_billing())
    ann, bob = (billing.workspace("t1", actor=Actor(n, roles={"manager"})) for n in ("ann", "bob"))
    for _ in range(2):
        draft = ann.invoices.submit(ann.invoices.draft(seller="studio", buyer="acme", lines=LINES))
        bob.invoices.issue(bob.invoices.approve(draft))
    journal = journal_of(billing)
    without = {
        action: [entry for entry in journal if entry.action != action]
        for action in ("approve", "submit")
    }
    assert [] != four_eyes(without["approve"])
    assert [] != positions(without["submit"])
    assert [] != positions(journal[1:])
    assert [] != positions([*journal[:-1], attrs.evolve(journal[-1], version=9)])
    first = next(entry for entry in journal if entry.action == "issue")
    assert [] != numbers([entry for entry in journal if entry is not first])
    twice = [*journal, *(e for e in journal if e.record == first.record and e.action == "draft")]
    assert [] != frozen(twice)
