"""From business terms to a document of the model: the mirror of ``terms``. Totals stay those that were received."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from typing import Any

import attrs

from multibill.codec import WIRE, Tree
from multibill.documents import KINDS, Document
from multibill.documents.order import spread
from multibill.documents.types import TYPES
from multibill.errors import InvalidInput, InvalidValue
from multibill.formats.keys import spelt
from multibill.formats.reading import Unmapped
from multibill.formats.table import Terms
from multibill.formats.terms import Each, Plan, plan

SUMS = {"lines": "BT-106", "net": "BT-109", "vat": "BT-110", "gross": "BT-112", "payable": "BT-115"}
OPTIONAL = {"allowances": "BT-107", "charges": "BT-108", "prepaid": "BT-113", "rounding": "BT-114"}
ROW = {"category": "BT-118", "rate": "BT-119", "taxable": "BT-116", "tax": "BT-117"}
WHY = {"exemption": "BT-121", "reason": "BT-120"}
OTHERS = """
71 80 82 84 102 130 202 203 204 211 218 219 295 325 331 382 383 385 387 388 390 393 394 395 456 457 527 553 575 623 633
751 780 817 870 875 876 877 935
"""
INVOICES = frozenset(OTHERS.split())
CREDITS = frozenset(["81", "83", "262", "296", "308", "396", "420", "458", "502", "532"])
"""UNTDID 1001 as BT-3 uses it (BR-CL-01), beyond what multibill issues itself."""
ATTEMPTS = 20
ZEROS = re.compile(r"[+-]?[0-9]+\.[0-9]*0")


@attrs.frozen
class Received:
    """What was read: the document, the texts that have no home in it, the bytes of attached files by SHA-256."""

    document: Document
    unmapped: tuple[Unmapped, ...]
    files: Mapping[str, bytes] = attrs.field(factory=dict, repr=False)


def received(terms: Terms, lost: list[Unmapped]) -> Received:
    """The document that was written as these terms.

    Raises InvalidInput when what a document cannot do without is missing or is not what it should be.
    """
    lost = list(lost)
    cls = _class(terms, lost)
    files = _files(terms, lost)
    tree = _tree(terms, plan(cls))
    _placed(tree, terms, lost)
    for _ in range(ATTEMPTS):
        try:
            return Received(WIRE.value(tree, cls), tuple(lost), files)
        except InvalidInput as error:
            if not _dropped(tree, error, lost):
                raise
    raise InvalidValue("too much of this document cannot be read")


def _class(terms: Terms, lost: list[Unmapped]) -> type[Document]:
    """The class of a type of document; a type that we do not issue is read as the plain one of its kind."""
    code = terms.get("BT-3", "")
    for kind in ("invoice", "credit_note"):
        if code in TYPES[kind]:
            return KINDS[kind]
    if code not in INVOICES | CREDITS:
        raise InvalidValue(f"documents of type {code!r} (BT-3) are not read", path="/type_code")
    lost.append(Unmapped("/type_code", code))
    kind = "credit_note" if code in CREDITS else "invoice"
    terms["BT-3"] = next(iter(TYPES[kind]))
    return KINDS[kind]


def _tree(terms: Terms, plan: Plan) -> Tree:
    """The wire form of what the terms say."""
    found: Tree = {}
    for name, bt, below in plan:
        if bt is not None:
            if bt in terms:
                found[name] = terms[bt]
        elif type(below) is Each:
            if items := terms.get(below.name, ()):
                found[name] = {str(n): _tree(item, below.plan) for n, item in enumerate(items, 1)}
        elif inner := _tree(terms, below):
            found[name] = inner
    return found


def _placed(tree: Tree, terms: Terms, lost: list[Unmapped]) -> None:
    """What does not stand in the wire form where its term does: ids, order, totals, sizes, exemptions."""
    amounts: dict[str, str] = {}
    reasons = {
        (row.get("BT-118"), row.get("BT-119", "0")): {
            n: row[bt] for n, bt in WHY.items() if bt in row
        }
        for row in terms.get("totals.breakdown", ())
    }
    nets = _lines(tree, terms, amounts, reasons, lost)
    for name, items in _adjusted(tree):
        tree[name] = {f"{name[0]}{n}": item for n, item in items.items()}
        sizes = ("BT-92", "BT-93") if name == "allowances" else ("BT-99", "BT-100")
        _sized(tree[name], terms[name], sizes, amounts, lost)
        for item in tree[name].values():
            _explain(item, reasons)
    for name in ("notes", "preceding", "attachments"):
        if name in tree:
            tree[name] = {f"{name[0]}{int(n):04}": item for n, item in tree[name].items()}
    for field, bt in (("prepaid", "BT-113"), ("rounding_amount", "BT-114")):
        if bt in terms:
            tree[field] = terms[bt]
    tree["totals"] = _totals(terms, nets, amounts)
    tree |= {"id": "received", "version": 1, "phase": "issued", "state": "issued"}
    tree.setdefault("language", "fr")


def _adjusted(tree: Tree) -> list[tuple[str, Tree]]:
    return [(name, tree[name]) for name in ("allowances", "charges") if name in tree]


def _lines(
    tree: Tree, terms: Terms, amounts: dict[str, str], reasons: Any, lost: list[Unmapped]
) -> dict[str, str]:
    """Lines under their own ids, in order; what each of them comes to."""
    said, lines, nets = terms.get("lines", ()), {}, {}
    for n, (item, source, order) in enumerate(
        zip(tree.get("lines", {}).values(), said, spread(len(said)), strict=True), 1
    ):
        known = item.pop("id", "")
        id = spelt(known) if known else None
        if id is None or id in lines:
            id = f"l{n}"
            lost += [Unmapped(f"/lines/{id}/id", known)] if known else []
        lines[id] = item | {"order": order}
        if "BT-131" in source:
            nets[id] = source["BT-131"]
        _explain(lines[id], reasons)
        for name, sizes in (
            ("allowances", ("BT-136", "BT-137")),
            ("charges", ("BT-141", "BT-142")),
        ):
            if name in item:
                lines[id][name] = {f"l{n}.{name[0]}{m}": each for m, each in item[name].items()}
                _sized(lines[id][name], source[name], sizes, amounts, lost)
    if lines:
        tree["lines"] = lines
    return nets


def _sized(
    items: Tree,
    said: list[Terms],
    terms: tuple[str, str],
    amounts: dict[str, str],
    lost: list[Unmapped],
) -> None:
    """An amount beside a percentage is what it comes to; a base without a percentage has no home."""
    term, base = terms
    for (id, item), source in zip(items.items(), said, strict=True):
        if base in source and "percent" not in item:
            lost.append(Unmapped(f"{id}/base", item.pop("base")))
        if term in source:
            amounts[id] = source[term]
            if "percent" in item:
                item.pop("amount", None)


def _explain(item: Tree, reasons: Any) -> None:
    vat = item.get("vat")
    if vat:
        vat |= reasons.get((vat.get("category"), vat.get("rate", "0")), {})


def _totals(terms: Terms, nets: dict[str, str], amounts: dict[str, str]) -> Tree:
    known = {name: terms.get(bt, "0") for name, bt in SUMS.items()}
    known |= {name: terms[bt] for name, bt in OPTIONAL.items() if bt in terms}
    rows = [
        {name: row[bt] for name, bt in (ROW | WHY).items() if bt in row}
        for row in terms.get("totals.breakdown", ())
    ]
    made: Tree = known | {
        "currency": terms.get("BT-5", ""),
        "breakdown": {_key(r): r for r in rows},
    }
    if "BT-111" in terms and "BT-6" in terms:
        made["tax"] = {"amount": terms["BT-111"], "currency": terms["BT-6"]}
    return made | {name: said for name, said in (("nets", nets), ("amounts", amounts)) if said}


def _key(row: Tree) -> str:
    row.setdefault("rate", "0")
    said = [
        row.get("category"),
        row["rate"].rstrip("0").rstrip(".") if "." in row["rate"] else row["rate"],
    ]
    return "-".join(str(each) for each in [*said, row.get("exemption")] if each)


def _files(terms: Terms, lost: list[Unmapped]) -> dict[str, bytes]:
    """The bytes of attached files; in the terms stands their digest from here on."""
    found = {}
    for item in terms.get("attachments", ()):
        if "BT-125" in item:
            try:
                data = base64.b64decode("".join(item["BT-125"].split()), validate=True)
            except (binascii.Error, ValueError):
                lost.append(Unmapped("/attachments", item.pop("BT-125")))
                continue
            digest = hashlib.sha256(data).hexdigest()
            item["BT-125"], found[digest] = digest, data
    return found


def _dropped(tree: Tree, error: InvalidInput, lost: list[Unmapped]) -> bool:
    """Take out what no field can hold, and note it; whether there was any."""
    found = False
    for problem in error.problems:
        *above, name = (problem.path or "/").split("/")[1:]
        there: Any = tree
        for step in above:
            there = there.get(step) if isinstance(there, dict) else None
        if isinstance(there, dict) and name in there:
            found = True
            if (shorter := _shorter(there[name])) is not None:
                there[name] = shorter
            else:
                lost += _leaves(problem.path or "", there.pop(name))
    return found


def _shorter(text: Any) -> str | None:
    """A number without its closing zeros, when it has some."""
    return text.rstrip("0").rstrip(".") if isinstance(text, str) and ZEROS.fullmatch(text) else None


def _leaves(path: str, tree: Any) -> list[Unmapped]:
    """Every text in what is taken out."""
    if not isinstance(tree, dict):
        return [Unmapped(path, str(tree))]
    return [leaf for name, below in tree.items() for leaf in _leaves(f"{path}/{name}", below)]
