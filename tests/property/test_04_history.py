"""Invariant 4, for the past: two pasts that differ only in what a reader may not see look the same in every form.

That a change happened, by whom and when, is seen; what it was is not, not even by its size, its digest or its blame.
"""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from multibill import presets
from multibill.errors import Conflict, InvalidInput, InvalidValue, WrongState
from multibill.permissions import Policy, hide
from multibill.ports import Storage
from multibill.storage.memory import MemoryStorage
from multibill.testing.machine import LINE, edits
from tests.office import LOGO, Office
from tests.worlds import sqlite_storage

VEILS = ("/buyer_reference", "/lines/*/note", "/contract", "/delivery/name", "/owner")
OPEN = "/tags/seen"
secret = st.sampled_from(
    [
        lambda s: {"/buyer_reference": s},
        lambda s: {"/lines/a/note": s},
        lambda s: {"/contract": s},
        lambda s: {"/delivery": {"name": s}},
        lambda s: {"/owner": f"z-{s}"},
        lambda s: {"/lines/c": {**LINE, "note": s}, "/buyer_reference": s},
        lambda s: {"/lines/a/note": s, OPEN: True},
    ]
)
steps = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]), st.one_of(secret, edits().map(lambda e: lambda _: e))
    ),
    min_size=1,
    max_size=6,
)


def lived(storage: Storage, word: str, told: Any, undo: bool) -> tuple[Any, ...]:
    """Everything that an intern reads of a past, with this word in what she does not see."""
    policy = Policy(*presets.agency().rules, *(hide(path, to="intern") for path in VEILS))
    office = Office(storage, policy=policy)
    draft = office.draft(lines=[LOGO.evolve(note=f"{word}0")], buyer_reference=f"{word}0")
    for n, (who, make) in enumerate(told, 1):
        door = office.as_(who, "manager").invoices
        office.clock.advance(minutes=5)
        try:
            version = door.get(draft.id).version
            door.edit(draft.id, base=version, changes=make(f"{word}{n}"))
            if undo:
                door.undo(draft.id)
        except (Conflict, InvalidInput, InvalidValue, WrongState):
            continue
    history = office.as_("ida", "manager", "intern").invoices.history(draft.id)
    last = office.ann.invoices.get(draft.id).version
    documents = [history.at(version=n) for n in range(1, last + 1)]
    rows = [*history.to_dicts(), *history.blame().to_dicts(), *history.diff(1).to_dicts()]
    return (
        [{**row, "position": 0} for row in rows],
        [history.as_text("fr"), history.as_html(), history.blame().as_html(), str(history.diff(1))],
        [history.path(path).events for path in ("/buyer_reference", "/contract", "/owner")],
        [attrs.evolve(document, id="x", owner=None) for document in documents],
    )


def check(storage: Storage, told: Any, undo: bool) -> None:
    one, other = (lived(storage, word, told, undo) for word in ("abc", "xyz"))
    assert str(one) == str(other)
    assert "abc" not in str(one)


@given(steps, st.booleans())
def test_what_is_hidden_leaves_no_trace_in_a_past(told: Any, undo: bool) -> None:
    check(MemoryStorage(), told, undo)


@settings(max_examples=15)
@given(steps, st.booleans())
def test_what_is_hidden_leaves_no_trace_in_a_stored_past(told: Any, undo: bool) -> None:
    check(sqlite_storage(), told, undo)


@pytest.mark.parametrize("path", VEILS)
def test_the_secrets_are_seen_by_those_who_may(path: str) -> None:
    """A word that were nowhere would make the properties above pass."""
    told = [("ann", lambda s: {"/contract": s, "/delivery": {"name": s}, "/owner": s})]
    office = Office(MemoryStorage())
    draft = office.draft(lines=[LOGO.evolve(note="abc")], buyer_reference="abc")
    office.ann.invoices.edit(draft.id, base=1, changes=told[0][1]("abc"))
    paths = {
        origin.path
        for origin in office.ann.invoices.history(draft).blame()
        if origin.value == "abc"
    }
    assert any(p.startswith(path.replace("*", "a")) for p in paths)
