"""The model map: every path once, each business term where the standard means it, units, parts and flags derived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import pytest

from multibill.documents import KINDS, Invoice
from multibill.model import computed, envelope, fact, means, model_map, term
from multibill.model.map import unwrapped
from tests.conftest import Golden

SUBTERMS = (
    "BT-18-1 BT-29-1 BT-30-1 BT-34-1 BT-46-1 BT-47-1 BT-49-1 BT-60-1 BT-61-1 BT-71-1 BT-125-1 BT-125-2 BT-128-1 "
    "BT-157-1 BT-158-1 BT-158-2"
)
OFFICIAL = {f"BT-{number}" for number in range(1, 166)} - {"BT-4"} | set(SUBTERMS.split())
"""EN 16931-1:2017+A1:2019: 164 terms, BT-4 was never given; and the identifiers of schemes, files and versions."""

EXCLUDED = {"BT-24": "the profile is the choice of a written format, not of the document"}

VAT_PARTS = ("category", "rate", "exemption", "reason")
TERMS_PARTS = ("days", "end_of_month", "text", "discount_percent", "discount_days", "late_rate")

both = pytest.mark.parametrize("cls", KINDS.values(), ids=KINDS)


@both
def test_every_path_stands_once(cls: Any) -> None:
    paths = [entry.path for entry in model_map(cls)]
    assert [] == [path for path, count in Counter(paths).items() if count > 1]


def test_terms_are_where_the_standard_means_them(golden: Golden) -> None:
    """The list was compared with the names of the standard, term by term."""
    found = sorted((e.bt, e.path) for e in model_map(Invoice) if e.bt)
    golden("model/terms.txt", "".join(f"{bt} {path}\n" for bt, path in found))


@both
def test_every_term_of_the_standard_stands_once_but_for_those_that_notes_and_mentions_share(
    cls: Any,
) -> None:
    counts = Counter(entry.bt for entry in model_map(cls) if entry.bt)
    assert OFFICIAL - EXCLUDED.keys() == counts.keys()
    assert {"BT-21", "BT-22"} == {bt for bt, count in counts.items() if count > 1}
    assert {2} == {counts[bt] for bt in ("BT-21", "BT-22")}


@both
def test_what_only_makes_sense_together_is_merged_together(cls: Any) -> None:
    units: dict[str, set[str]] = {}
    for entry in model_map(cls):
        units.setdefault(entry.unit, set()).add(entry.path)
    together = {unit: paths for unit, paths in units.items() if "#" in unit}
    assert {"/due_date", *(f"/terms/{part}" for part in TERMS_PARTS)} == together.pop("#due")
    price = ("unit_price", "base_quantity", "base_unit", "gross_price", "price_discount")
    expected = {
        "#period": {"/period/start", "/period/end"},
        "#tax_point": {"/tax_point_date", "/tax_point_code"},
        "#tax_currency": {
            "/tax_currency",
            "/exchange/rate",
            "/exchange/source",
            "/exchange/on",
        },
        "#cash": {"/rounding_amount", "/cash_unit"},
        "/attachments/*#file": {
            f"/attachments/*/{name}" for name in ("filename", "mime", "sha256")
        },
        "/lines/*#price": {f"/lines/*/{name}" for name in price},
        "/lines/*#period": {"/lines/*/period/start", "/lines/*/period/end"},
    }
    for place in ("/lines/*", "/allowances/*", "/charges/*"):
        expected[f"{place}#vat"] = {f"{place}/vat/{part}" for part in VAT_PARTS}
    for place in ("/allowances/*", "/charges/*", "/lines/*/allowances/*", "/lines/*/charges/*"):
        expected[f"{place}#size"] = {f"{place}/{part}" for part in ("amount", "percent", "base")}
    assert expected == together
    assert all(paths == {unit} for unit, paths in units.items() if "#" not in unit)


@both
def test_content_is_legal_and_the_envelope_and_facts_are_not(cls: Any) -> None:
    by_part: dict[str, set[bool]] = {}
    for entry in model_map(cls):
        by_part.setdefault(entry.part, set()).add(entry.term.legal)
    assert {"content": {True}, "envelope": {False}, "fact": {False}} == by_part


def test_the_map_knows_derived_heads_parts_and_what_is_immaterial() -> None:
    found = model_map(Invoice)
    assert {"totals", "mentions", "rule_versions"} == found.derived
    assert ("fact", "envelope", "content") == tuple(found.parts[n] for n in ("id", "team", "lines"))
    assert {"/lines/*/order", "/language", "/template"} <= found.immaterial
    assert not {"/lines/*/quantity", "/notes/*/text", "/buyer/name", "/due_date"} & found.immaterial


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("/number", "/number"),
        ("/lines/l1/vat/rate", "/lines/*/vat/rate"),
        ("/lines/vat", "/lines/*"),
        ("/lines", "/lines"),
        ("/totals/breakdown/S-20/tax", "/totals/breakdown/*/tax"),
        ("/totals/nets/l1", "/totals/nets/*"),
        ("/custom/project", "/custom/*"),
        ("/tags/urgent", "/tags/*"),
        ("/lines/l1/nothing", None),
        ("/number/x", None),
        ("/nothing", None),
    ],
)
def test_a_concrete_path_follows_one_pattern(path: str, pattern: str | None) -> None:
    assert pattern == model_map(Invoice).pattern(path)


def test_a_group_has_no_entry_of_its_own_but_entries_below() -> None:
    found = model_map(Invoice)
    assert found.entry("/lines/l1") is None
    assert {f"/lines/*/vat/{part}" for part in VAT_PARTS} == {
        entry.path for entry in found.below("/lines/l1/vat")
    }
    assert ("/number",) == tuple(entry.path for entry in found.below("/number"))
    assert () == found.below("/nothing")


def test_an_entry_says_what_its_path_means() -> None:
    entry = model_map(Invoice).entry("/lines/l1/unit_price")
    assert entry is not None
    assert ("BT-146", "unit price", Decimal, "content") == (
        entry.bt,
        entry.label,
        entry.type,
        entry.part,
    )
    assert "item" == model_map(Invoice).by_pattern["/lines/*/name"].label


@attrs.frozen
class Inner:
    name: str = attrs.field(metadata=term("BT-1", material=False))
    place: str = attrs.field(metadata=term())


@attrs.frozen
class Atom:
    __atom__: ClassVar[bool] = True

    value: int = 0


@attrs.frozen
class Outer:
    inner: Inner = attrs.field(metadata=means({"name": "BT-44"}, sensitive="personal", unit="who"))
    many: tuple[Inner, ...] = attrs.field(metadata=envelope())
    atom: Atom = attrs.field(metadata=fact())
    sums: Mapping[str, Decimal] = attrs.field(factory=dict, metadata=computed("BT-131"))
    shown: int | None = attrs.field(default=None, init=False)


def test_what_is_embedded_is_as_strict_as_the_whole_it_stands_in() -> None:
    found = model_map(Outer).by_pattern
    inner, many = found["/inner/name"], found["/many/*/name"]
    assert ("BT-44", "personal", "#who", False) == (
        inner.bt,
        inner.term.sensitive,
        inner.unit,
        inner.term.material,
    )
    assert ("envelope", False, False) == (many.part, many.term.legal, many.term.material)
    assert found["/inner/place"].bt is None


def test_atoms_stand_whole_and_what_is_only_shown_has_no_path() -> None:
    found = model_map(Outer).by_pattern
    assert (Atom, Decimal, True) == (
        found["/atom"].type,
        found["/sums/*"].type,
        found["/sums/*"].term.derived,
    )
    assert not [path for path in found if path.startswith(("/atom/", "/shown"))]


def test_a_hint_is_unwrapped_to_its_plain_class() -> None:
    assert (Inner, False) == unwrapped(Inner | None)
    assert (Inner, True) == unwrapped(tuple[Inner, ...])
    assert (str, True) == unwrapped(frozenset[str])
    assert (Decimal, True) == unwrapped(Mapping[str, Decimal])


def test_a_map_is_made_once_for_a_class() -> None:
    assert model_map(Invoice) is model_map(Invoice)
