"""What takes changes back, and which entries stand, on logs made by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from multibill.history import Change, Changeset, apply, diff
from multibill.history.standing import inverse, taken_back, to_redo, to_undo
from tests.history.trees import trees


@given(trees, trees)
def test_the_inverse_takes_a_difference_back(one: dict[str, Any], other: dict[str, Any]) -> None:
    changes = diff(one, other)
    assert one == apply(other, inverse(changes))
    assert changes == inverse(inverse(changes))


def test_the_inverse_takes_changes_of_one_path_back_last_to_first() -> None:
    changes = (
        Change("/a", None, {"x": "1"}),
        Change("/a/x", "1", "2"),
        Change("/a", {"x": "2"}, None),
    )
    assert {} == apply({}, inverse(changes))
    assert {"b": "1"} == apply(apply({"b": "1"}, changes), inverse(changes))
    assert {"a": {"x": "1"}} == apply({}, inverse(changes[1:]))


def log(*said: tuple[str, str, int | None]) -> list[Changeset]:
    """A log of (actor, action, base)."""
    known: dict[str, Any] = {"tenant": "t", "kind": "invoice", "record": "i", "about": "i"}
    known |= {"recorded": 0, "changes": (), "seed": b"", "chain": b""}
    return [
        Changeset(**known, version=n, position=n, actor=actor, action=action, base=base)
        for n, (actor, action, base) in enumerate(said, 1)
    ]


def edits(entries: list[Changeset], actor: str) -> list[Changeset]:
    return [entry for entry in entries if entry.action == "edit" and entry.actor == actor]


def test_a_redo_takes_an_undo_back_and_the_edit_stands_again() -> None:
    entries = log(("ann", "edit", None), ("ann", "undo", 1), ("ann", "redo", 2))
    assert [set(), {1}, {2}] == [set(taken_back(entries[:n])) for n in (1, 2, 3)]
    again = [*entries, *log(*[("ann", "undo", 1)] * 4)[3:]]
    assert {1, 2} == taken_back(again)


def test_a_base_of_an_ordinary_edit_takes_nothing_back() -> None:
    assert frozenset() == taken_back(log(("ann", "edit", None), ("bob", "edit", 1)))


def test_undo_goes_back_redo_forward() -> None:
    entries = log(("ann", "edit", None), ("bob", "edit", None), ("ann", "edit", None))
    assert entries[2] == to_undo(edits(entries, "ann"), entries)
    entries += log(*[("ann", "undo", 3)] * 4)[3:]
    assert entries[0] == to_undo(edits(entries, "ann"), entries)
    assert entries[3] == to_redo(edits(entries, "ann"), entries, "ann")
    assert to_redo(edits(entries, "bob"), entries, "bob") is None
    assert to_undo((), entries) is None
