"""Invariant 6: replaying the journal gives the stored state; backwards it equals the forward state at every version."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis.stateful import invariant

from multibill.history import revert
from multibill.testing import rows_of
from multibill.testing.machine import AUDITOR, InvoicingMachine
from multibill.testing.oracles import put
from multibill.workspace.kinds import STAGE, kinds
from tests.worlds import case, on_sqlite

KIND = kinds([])["invoice"]


class Replay(InvoicingMachine):
    """The random month; every record's whole past is rebuilt after each step, in both directions."""

    @invariant()
    def invariant_6_stored_is_replayed_and_back(self) -> None:
        forward: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        changes = defaultdict(list)
        for entry in self.journal():
            states = forward[entry.kind, entry.record]
            body = states[-1] if states else {}
            for change in entry.changes:
                body = put(body, change.path, change.after)
            states.append(body)
            changes[entry.kind, entry.record].append(entry.changes)
        stored = {
            (row["kind"], row["id"]): row for row in rows_of(self.opened, "record", self.tenant)
        }
        assert stored.keys() == forward.keys()
        for key, row in stored.items():
            body = joined(row["content"], row["envelope"])
            assert len(forward[key]) == row["version"]
            for made, state in zip(reversed(changes[key]), reversed(forward[key]), strict=True):
                assert state == body
                body = revert(body, made) or {}
            assert {} == body

    @invariant()
    def invariant_6_every_version_comes_back(self) -> None:
        """Read forward from the first or back from the present one, a version is the same document."""
        journal = self.journal()
        for id in self.seen:
            history = self.workspace(AUDITOR).invoices.history(id)
            body: dict[str, Any] = {}
            for entry in journal:
                if (entry.kind, entry.record) == ("invoice", id):
                    for change in entry.changes:
                        body = put(body, change.path, change.after)
                    said = {name: value for name, value in body.items() if name not in STAGE}
                    found = history.at(version=entry.version)
                    assert said == KIND.body(found)
                    assert body["phase"] == found.phase
            assert self.workspace(AUDITOR).invoices.get(id) == found


def joined(content: dict[str, Any], envelope: dict[str, Any]) -> dict[str, Any]:
    """Both parts of a stored record as the one tree that changes speak about."""
    assert set() == content.keys() & envelope.keys()
    return {**content, **envelope}


TestInvariant06OnMemory = case(Replay, 25)
TestInvariant06OnSqlite = case(on_sqlite(Replay), 8)


@pytest.mark.slow
class TestInvariant06AtLength(case(on_sqlite(Replay), 100, 50)):  # type: ignore[misc]
    """The same, for longer."""
