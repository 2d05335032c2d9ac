"""The journal's proof, format 1: golden vectors, what a leaf covers, and erasure that keeps the proof."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256, shake_256
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

from multibill.codec import canonical
from multibill.history import GENESIS, Change, Entry, diff, link, sealed
from multibill.history.chain import SALT, digest, leaf, micros
from tests.conftest import Golden
from tests.history.trees import trees

FIRST = Entry(
    tenant="t42",
    kind="invoice",
    record="0192-a",
    version=1,
    about="0192-a",
    action="draft",
    actor="ann",
    roles=("sales",),
    recorded=1795953600000000,
    request_id="c1-42",
    fingerprint="00112233aabbccdd",
    policy="aabbccdd00112233",
    changes=(
        Change(
            "",
            None,
            {
                "buyer": {"name": "Élodie & Söhne « 🧾 »", "vat_id": "FR11123456782"},
                "lines": {
                    "a": {"name": "Logo", "quantity": "3", "vat": {"category": "S", "rate": "20"}}
                },
                "tags": {"urgent": True},
                "since": 1,
            },
        ),
    ),
    seed=bytes(range(16)),
)
SECOND = attrs.evolve(
    FIRST,
    version=2,
    action="edit",
    actor="cat",
    on_behalf_of="dan",
    roles=("lead", "sales"),
    reason="asked by phone",
    origin="mail:17",
    recorded=1795953600000001,
    happened=1795950000000000,
    request_id=None,
    fingerprint=None,
    base=1,
    changes=(
        Change("/buyer/name", "Élodie & Söhne « 🧾 »", "Élodie SAS"),
        Change("/lines/a", {"name": "Logo", "quantity": "3"}, None),
        Change("/tags/urgent", True, None),
        Change("/totals", None, {"payable": "1620", "currency": "EUR", "nets": {"a": "1350"}}),
    ),
    seed=bytes(range(16, 32)),
)


def test_golden_vectors_of_two_entries(golden: Golden) -> None:
    """An implementation in another language can be held to these; they never change."""
    first = sealed(FIRST, 1, GENESIS)
    second = sealed(SECOND, 2, first.chain)
    lines = []
    for entry, changeset in ((FIRST, first), (SECOND, second)):
        lines += [
            f"position {changeset.position}",
            f"digest   {digest(entry).hex()}",
            f"leaf     {leaf(entry, changeset.position).hex()}",
            f"chain    {changeset.chain.hex()}",
        ]
    golden("history/chain.txt", "\n".join([*lines, ""]))


def test_the_chain_as_the_page_on_stored_shapes_describes_it() -> None:
    """Computed once more, by the words of docs/explanation/format.md alone."""
    salts = shake_256(SECOND.seed).digest(16 * 6)
    sides: list[tuple[str, list[tuple[str, Any]]]] = [
        ("=/buyer/name", []),
        ("", [("-/buyer/name", "Élodie & Söhne « 🧾 »"), ("+/buyer/name", "Élodie SAS")]),
        ("=/lines/a", [("-/lines/a/name", "Logo"), ("-/lines/a/quantity", "3")]),
        ("=/tags/urgent", [("-/tags/urgent", True)]),
        ("=/totals", [("+/totals", SECOND.changes[3].after)]),
    ]
    parts: list[str] = []
    place = 0
    for head, values in sides:
        parts += [head] if head else []
        for path, value in values:
            salted = salts[place : place + 16] + canonical(value).encode()
            parts += [path, sha256(salted).hexdigest()]
            place += 16
    assert sha256("\0".join(parts).encode()).digest() == digest(SECOND)
    header = [
        *[
            1,
            1,
            "t42",
            2,
            "invoice",
            "0192-a",
            2,
            "0192-a",
            "edit",
            "cat",
            "dan",
            ["lead", "sales"],
        ],
        *["asked by phone", "mail:17", 1795953600000001, 1795950000000000, None, None],
        *["aabbccdd00112233", 1],
    ]
    expected = sha256(b"\0" + canonical(header).encode() + b"\0" + digest(SECOND)).digest()
    assert expected == leaf(SECOND, 2)
    assert sha256(GENESIS + expected).digest() == link(GENESIS, expected)


def explicit(entry: Entry) -> Entry:
    """The same entry with its salts kept one by one."""
    return attrs.evolve(entry, seed=shake_256(entry.seed).digest(SALT * len(salted(entry))))


def salted(entry: Entry) -> dict[str, tuple[int, str]]:
    """Side and path of each single value -> its place and the digest that may stand for it."""
    found: dict[str, tuple[int, str]] = {}
    for change in entry.changes:
        for side, value in (("-", change.before), ("+", change.after)):
            _walk(side + change.path, value, found)
    salts = shake_256(entry.seed).digest(SALT * len(found))
    return {
        path: (n, sha256(salts[n * SALT : (n + 1) * SALT] + text.encode()).hexdigest())
        for n, (path, (_, text)) in enumerate(found.items())
    }


def _walk(path: str, value: Any, found: dict[str, tuple[int, str]]) -> None:
    if isinstance(value, dict) and value and path[1:] != "/totals":
        for name in sorted(value):
            _walk(f"{path}/{name}", value[name], found)
    elif value is not None:
        found[path] = (0, canonical(value))


def erased(entry: Entry, path: str) -> Entry:
    """The entry with one value erased: its digest stands for it, and its salt is gone."""
    place, shown = salted(entry)[path]
    whole = explicit(entry)
    salts = whole.seed[: place * SALT] + bytes(SALT) + whole.seed[(place + 1) * SALT :]
    changes = tuple(_without(change, path, {"$redacted": shown}) for change in entry.changes)
    return attrs.evolve(whole, changes=changes, seed=salts)


def _without(change: Change, path: str, mark: Any) -> Change:
    side, place = path[0], path[1:]
    if place != change.path and not place.startswith(change.path + "/"):
        return change
    below = place[len(change.path) :].split("/")[1:]
    if side == "-":
        return attrs.evolve(change, before=_put(change.before, below, mark))
    return attrs.evolve(change, after=_put(change.after, below, mark))


def _put(value: Any, names: list[str], mark: Any) -> Any:
    return mark if not names else {**value, names[0]: _put(value[names[0]], names[1:], mark)}


def test_salts_one_by_one_say_the_same_as_their_seed() -> None:
    for entry in (FIRST, SECOND):
        assert len(explicit(entry).seed) > SALT
        assert leaf(entry, 1) == leaf(explicit(entry), 1)


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        *((FIRST, path) for path in salted(FIRST)),
        *((SECOND, path) for path in salted(SECOND)),
    ],
)
def test_erasing_any_single_value_keeps_the_leaf(entry: Entry, path: str) -> None:
    """A redaction drops one value and its salt; what stays is proved as before, and what went cannot be guessed."""
    after = erased(entry, path)
    assert entry.changes != after.changes
    assert leaf(entry, 1) == leaf(after, 1)
    _, shown = salted(entry)[path]
    assert shown in canonical([[c.path, c.before, c.after] for c in after.changes])


def test_golden_vector_of_an_entry_with_an_erased_value(golden: Golden) -> None:
    after = erased(SECOND, "-/buyer/name")
    changes = canonical([[c.path, c.before, c.after] for c in after.changes])
    golden("history/redacted.txt", f"{changes}\n{after.seed.hex()}\n{leaf(after, 2).hex()}\n")
    assert leaf(SECOND, 2) == leaf(after, 2)


@pytest.mark.parametrize("stands", ["00" * 31, "zz" * 32, "AA" * 32, ""])
def test_what_stands_for_an_erased_value_must_be_a_digest(stands: str) -> None:
    broken = attrs.evolve(FIRST, changes=(Change("/buyer/name", {"$redacted": stands}, None),))
    with pytest.raises(ValueError, match="is not its digest"):
        leaf(broken, 1)


def test_a_tag_called_like_the_mark_is_a_value_like_any_other() -> None:
    tagged = attrs.evolve(FIRST, changes=(Change("", None, {"tags": {"$redacted": True}}),))
    other = attrs.evolve(FIRST, changes=(Change("", None, {"tags": {"$other": True}}),))
    assert leaf(tagged, 1) != leaf(other, 1)


OTHERS: dict[str, Any] = {
    "tenant": "t43",
    "kind": "credit_note",
    "record": "0192-b",
    "version": 3,
    "about": "0192-b",
    "action": "issue",
    "actor": "eve",
    "on_behalf_of": None,
    "roles": ("leadsales",),
    "reason": None,
    "origin": "mail:18",
    "recorded": 5,
    "happened": None,
    "request_id": "r",
    "fingerprint": "f",
    "policy": None,
    "base": None,
    "changes": (),
    "seed": bytes(16),
    "schema": 2,
    "format": 2,
}


@pytest.mark.parametrize("name", [attribute.name for attribute in attrs.fields(Entry)])
def test_the_leaf_covers_every_field_of_an_entry(name: str) -> None:
    assert leaf(SECOND, 2) != leaf(attrs.evolve(SECOND, **{name: OTHERS[name]}), 2)


def test_the_leaf_covers_the_position_and_the_chain_everything_before() -> None:
    assert leaf(FIRST, 1) != leaf(FIRST, 2)
    assert sealed(FIRST, 1, GENESIS).chain != sealed(FIRST, 1, bytes(31) + b"\1").chain


@given(
    st.lists(st.tuples(trees, trees), min_size=1, max_size=3),
    st.lists(st.tuples(trees, trees), min_size=1, max_size=3),
)
def test_other_changes_have_another_digest(one: Any, other: Any) -> None:
    """What was one change and what were two, before and after, a value and a map: none can stand for another."""
    changes = [tuple(c for a, b in pairs for c in diff(a, b)) for pairs in (one, other)]
    try:
        first, second = (digest(attrs.evolve(FIRST, changes=made)) for made in changes)
    except ValueError:  # a random text at a name that marks erased values
        return
    assert (first == second) is (canonical(_plain(changes[0])) == canonical(_plain(changes[1])))


def _plain(changes: tuple[Change, ...]) -> list[Any]:
    return [[change.path, change.before, change.after] for change in changes]


def test_instants_are_whole_microseconds() -> None:
    at = datetime(2026, 11, 30, 12, 0, 0, 1, tzinfo=UTC)
    assert 1796040000000001 == micros(at)
    assert at == sealed(attrs.evolve(FIRST, recorded=micros(at)), 1, GENESIS).recorded_at


def test_the_persons_behind_an_entry_are_the_actor_and_whom_the_actor_acted_for() -> None:
    assert {"ann"} == sealed(FIRST, 1, GENESIS).persons
    assert {"cat", "dan"} == sealed(SECOND, 1, GENESIS).persons
