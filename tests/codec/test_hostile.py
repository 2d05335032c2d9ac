"""Whatever stands at whatever node of a tree: it is read, or InvalidInput says where it is wrong; nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, strategies as st

from multibill.codec import WIRE, canonical, sha256
from multibill.documents import CreditNote, Invoice
from multibill.errors import InvalidInput, InvalidValue
from multibill.money import Money
from multibill.parties import Party
from tests.documents.ordinary import everything, invoice

TREE = WIRE.tree(everything(Invoice))

HOSTILE: list[Any] = [
    None,
    True,
    0,
    -1,
    10**400,
    1.5,
    float("nan"),
    "",
    "x",
    "/",
    "\x00",
    "\ud800",
    "NaN",
    "1e9",
    "١٢",
    "9" * 50,
    "2026-13-01",
    "é" * 20_001,
    [],
    [1],
    [{}],
    {},
    {"a": 1},
    {"a": None},
    {"id": "x"},
    {"\ud800": True},
    {"a/b": {}},
    {1: 2},
    b"bytes",
    ...,
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def nodes(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every node of a tree, as the names that lead to it. Below /custom the records know the types, not the codec."""
    yield path
    if isinstance(tree, dict) and path != ("custom",):
        for name, value in tree.items():
            yield from nodes(value, (*path, name))


NODES = list(nodes(TREE))


def put(tree: Any, path: tuple[str, ...], value: Any) -> Any:
    """The tree with another value at a node."""
    if not path:
        return value
    return {**tree, path[0]: put(tree[path[0]], path[1:], value)}


def related(path: str | None, where: str) -> bool:
    """Whether a problem was found at the node, below it, or in what it is a part of."""
    return (path is None and not where) or (
        path is not None and (path.startswith(where) or where.startswith(path))
    )


def read(tree: Any, cls: Any = Invoice) -> InvalidInput | None:
    """The problems of a tree, or None when it was read; what was read can be written and hashed."""
    try:
        value = WIRE.value(tree, cls)
    except InvalidInput as problems:
        return problems
    sha256(canonical(WIRE.tree(value)))
    return None


@pytest.mark.parametrize("path", NODES, ids="/".join)
def test_any_value_at_any_node_is_read_or_refused_with_its_path(path: tuple[str, ...]) -> None:
    where = "".join(f"/{name}" for name in path)
    for value in HOSTILE:
        found = read(put(TREE, path, value))
        if found is not None:
            assert found.problems
            assert [] == [p for p in found.problems if not related(p.path, where)], value
            assert all(isinstance(problem, InvalidValue) for problem in found.problems)


@pytest.mark.parametrize("path", NODES, ids="/".join)
def test_any_value_at_any_node_of_a_stored_tree_is_read_or_refused(path: tuple[str, ...]) -> None:
    """The quick reader checks nothing; what it cannot read, the careful one judges."""
    for value in HOSTILE:
        with suppress(InvalidInput):
            WIRE.stored(put(TREE, path, value), Invoice)


def test_a_field_that_no_class_has_is_refused_in_a_stored_tree_too() -> None:
    with pytest.raises(InvalidInput):
        WIRE.stored({**TREE, "colour": "red"}, Invoice)


def test_stored_lines_stand_by_their_order_key_whatever_their_ids() -> None:
    line = {"name": "Logo", "unit_price": "1", "vat": "20"}
    lines = {"a": {**line, "order": "W"}, "b": {**line, "order": "V"}}
    for read in (WIRE.stored, WIRE.value):
        found = read({**TREE, "lines": lines}, Invoice)
        assert ["b", "a"] == [sold.id for sold in found.lines]


@given(st.sampled_from(NODES), JSON)
def test_any_json_at_any_node_is_read_or_refused(path: tuple[str, ...], value: Any) -> None:
    read(put(TREE, path, value))


@given(JSON, st.sampled_from([Invoice, CreditNote, Party, Money]))
def test_any_json_as_a_whole_is_read_or_refused(value: Any, cls: Any) -> None:
    read(value, cls)


def test_all_problems_of_a_tree_come_together_each_with_its_path() -> None:
    tree = put(TREE, ("lines", "l2", "quantity"), "many")
    tree = put(tree, ("lines", "l3", "vat"), {"category": "Q"})
    tree = put(tree, ("due_date",), "2026-13-01")
    tree = put(tree, ("buyer",), {"nmae": "Acme"})
    found = read(tree)
    assert found is not None
    expected = {
        "/buyer/name",
        "/buyer/nmae",
        "/due_date",
        "/lines/l2/quantity",
        "/lines/l3/vat",
    }
    assert expected == {problem.path for problem in found.problems}


def test_an_unknown_field_alone_is_refused_with_the_nearest_that_exists() -> None:
    found = read({**WIRE.tree(invoice()), "due_dat": "2026-12-30"})
    assert found is not None
    assert "/due_dat: there is no field 'due_dat'; did you mean 'due_date'?" == str(found)


@pytest.mark.parametrize(
    "path",
    [
        ("totals",),
        ("totals", "breakdown", "S-20"),
        ("lines", "l1"),
        ("lines", "l1", "vat"),
        ("seller", "address"),
        ("mentions", "fr-early-discount"),
    ],
    ids="/".join,
)
def test_an_unknown_field_is_refused_wherever_it_stands(path: tuple[str, ...]) -> None:
    """Dropped in silence it would be missed: by the reader who sent it, and by the hash of what was stored."""
    inner: Any = TREE
    for name in path:
        inner = inner[name]
    found = read(put(TREE, path, {**inner, "extra": "1"}))
    assert found is not None
    assert {"".join(f"/{name}" for name in (*path, "extra"))} == {p.path for p in found.problems}


@pytest.mark.parametrize("name", ["seller", "buyer", "id"])
def test_a_missing_field_is_named(name: str) -> None:
    tree = WIRE.tree(invoice())
    del tree[name]
    assert f"/{name}: is missing; give it a value" == str(read(tree))


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("totals", "breakdown", "S-20", "rate"), "x", "/totals/breakdown/S-20"),
        (("totals", "breakdown", "S-20", "tax"), "0.001", "/totals/breakdown/S-20/tax"),
        (("totals", "breakdown", "S-20", "rate"), "21", "/totals/breakdown/S-20"),
        (("totals", "payable"), "1.234", "/totals/payable"),
        (("totals", "currency"), "XXX", "/totals/currency"),
        (("totals", "nets", "l1"), "NaN", "/totals/nets/l1"),
        (("tags",), {"urgent": False}, "/tags"),
        (("lines",), [], "/lines"),
        (("version",), True, "/version"),
        (("terms", "days"), 400, "/terms/days"),
        (("lines", "l1", "vat"), "20%", "/lines/l1/vat"),
        (("lines", "l1", "vat", "rate"), 0.2, "/lines/l1/vat"),
    ],
    ids=lambda value: "/".join(value) if isinstance(value, tuple) else None,
)
def test_what_is_wrong_is_told_where_it_stands(
    path: tuple[str, ...], value: Any, problem: str
) -> None:
    found = read(put(TREE, path, value))
    assert found is not None
    assert {problem} == {wrong.path for wrong in found.problems}


def test_a_key_that_could_not_stand_in_a_path_is_refused() -> None:
    for name in ("a/b", "", "é", "\ud800", "x" * 65):
        found = read(put(TREE, ("lines",), {name: TREE["lines"]["l1"]}))
        assert found is not None, name


def test_an_item_cannot_be_smuggled_in_under_another_id() -> None:
    """The key is the id: what stands inside is overruled."""
    tree = put(TREE, ("lines", "l1"), {**TREE["lines"]["l1"], "id": "l2"})
    ids = [sold.id for sold in WIRE.value(tree, Invoice).lines]
    assert ["l1", "l2", "l3", "l4"] == ids
