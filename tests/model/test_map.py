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

OFFICIAL = {f"BT-{number}" for number in range(1, 166)} - {"BT-4"} | {"BT-30-1", "BT-47-1"}
"""EN 16931-1:2017+A1:2019: 164 terms, BT-4 was never given; and the two scheme identifiers that are used here."""

TERMS = {
    "BT-1": "/number",
    "BT-2": "/issue_date",
    "BT-3": "/type_code",
    "BT-5": "/currency",
    "BT-9": "/due_date",
    "BT-10": "/buyer_reference",
    "BT-13": "/purchase_order",
    "BT-20": "/terms/text",
    "BT-25": "/preceding/*/number",
    "BT-26": "/preceding/*/issue_date",
    "BT-27": "/seller/name",
    "BT-28": "/seller/trading_name",
    "BT-30": "/seller/registration/value",
    "BT-30-1": "/seller/registration/scheme",
    "BT-31": "/seller/vat_id",
    "BT-33": "/seller/legal",
    "BT-35": "/seller/address/line1",
    "BT-36": "/seller/address/line2",
    "BT-162": "/seller/address/line3",
    "BT-37": "/seller/address/city",
    "BT-38": "/seller/address/postcode",
    "BT-39": "/seller/address/subdivision",
    "BT-40": "/seller/address/country",
    "BT-44": "/buyer/name",
    "BT-45": "/buyer/trading_name",
    "BT-47": "/buyer/registration/value",
    "BT-47-1": "/buyer/registration/scheme",
    "BT-48": "/buyer/vat_id",
    "BT-50": "/buyer/address/line1",
    "BT-51": "/buyer/address/line2",
    "BT-163": "/buyer/address/line3",
    "BT-52": "/buyer/address/city",
    "BT-53": "/buyer/address/postcode",
    "BT-54": "/buyer/address/subdivision",
    "BT-55": "/buyer/address/country",
    "BT-72": "/delivery_date",
    "BT-73": "/period/start",
    "BT-74": "/period/end",
    "BT-106": "/totals/lines",
    "BT-109": "/totals/net",
    "BT-110": "/totals/vat",
    "BT-112": "/totals/gross",
    "BT-115": "/totals/payable",
    "BT-116": "/totals/breakdown/*/taxable",
    "BT-117": "/totals/breakdown/*/tax",
    "BT-118": "/totals/breakdown/*/category",
    "BT-119": "/totals/breakdown/*/rate",
    "BT-121": "/totals/breakdown/*/exemption",
    "BT-126": "/lines/*/id",
    "BT-129": "/lines/*/quantity",
    "BT-130": "/lines/*/unit",
    "BT-131": "/totals/nets/*",
    "BT-146": "/lines/*/unit_price",
    "BT-149": "/lines/*/base_quantity",
    "BT-151": "/lines/*/vat/category",
    "BT-152": "/lines/*/vat/rate",
    "BT-153": "/lines/*/name",
    "BT-154": "/lines/*/description",
}
"""Where each term lives, checked against the names of the standard; BT-21 and BT-22 apart."""

both = pytest.mark.parametrize("cls", KINDS.values(), ids=KINDS)


@both
def test_every_path_stands_once(cls: Any) -> None:
    paths = [entry.path for entry in model_map(cls)]
    assert [] == [path for path, count in Counter(paths).items() if count > 1]


@both
def test_terms_are_where_the_standard_means_them(cls: Any) -> None:
    found = {e.bt: e.path for e in model_map(cls) if e.bt not in {None, "BT-21", "BT-22"}}
    assert found.items() >= TERMS.items()


@both
def test_every_term_is_official_and_stands_once_but_for_those_that_notes_and_mentions_share(
    cls: Any,
) -> None:
    counts = Counter(entry.bt for entry in model_map(cls) if entry.bt)
    assert counts.keys() <= OFFICIAL
    assert {"BT-21", "BT-22"} == {bt for bt, count in counts.items() if count > 1}
    assert {2} == {counts[bt] for bt in ("BT-21", "BT-22")}


@both
def test_what_only_makes_sense_together_is_merged_together(cls: Any) -> None:
    units: dict[str, set[str]] = {}
    for entry in model_map(cls):
        units.setdefault(entry.unit, set()).add(entry.path)
    expected = {
        "#due": {"/due_date", "/terms/days", "/terms/end_of_month", "/terms/text"},
        "#period": {"/period/start", "/period/end"},
        "/lines/*#price": {"/lines/*/unit_price", "/lines/*/base_quantity"},
        "/lines/*#vat": {"/lines/*/vat/category", "/lines/*/vat/rate", "/lines/*/vat/exemption"},
    }
    assert expected == {unit: paths for unit, paths in units.items() if "#" in unit}
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
    assert {"/lines/*/vat/category", "/lines/*/vat/rate", "/lines/*/vat/exemption"} == {
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
