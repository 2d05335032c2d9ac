"""Invoices of others: read, written again, compared value by value, judged again. For a folder that you name:

``MULTIBILL_CORPUS=folder python3 dev.py slow tests/formats/einvoice/test_corpus.py``. Every XML and PDF below it that
the official rules call valid as it is counts.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from multibill.errors import InvalidValue
from multibill.formats import cii, ubl
from multibill.formats.einvoice import inside, read
from multibill.formats.official import Validator
from multibill.formats.reading import Node, parsed
from multibill.formats.received import Received

CORPUS = Path(os.environ["MULTIBILL_CORPUS"])
KEPT = 0.99
"""Of the values of files without extensions; with an extension every loss is listed, which is what counts."""
STANDARD = "urn:cen.eu:en16931:2017"
WITHOUT_LINES = ("minimum", "basicwl")
LISTED = {"Indicator", "ChargeIndicator", "TypeCode", "Percent", "RateApplicablePercent"}
"""What may change without a loss: rates of zero outside the scope of VAT, and what goes with a lost amount."""


@pytest.fixture(scope="module")
def official() -> Iterator[Validator]:
    with Validator() as validator:
        yield validator


def plain(text: str) -> str:
    """A value as it counts: numbers as numbers, account numbers without spaces."""
    text = " ".join(text.split())
    try:
        return f"{Decimal(text).normalize():f}" if len(text) < 40 else text
    except InvalidOperation:
        return text.replace(" ", "") if text[:2].isalpha() and text[2:4].isdigit() else text


def values(root: Node) -> Counter[tuple[str, str]]:
    """Every text of an element that has no children, with its tag."""
    leaves = (node for node in root.iter() if not len(node) and (node.text or "").strip())
    return Counter((tag_of(node), plain(node.text)) for node in leaves)


def tag_of(node: Node) -> str:
    """The tag; an account number may stand in either of two, by what it looks like."""
    tag = str(node.tag.rpartition("}")[2])
    return "IBANID" if tag == "ProprietaryID" else tag


def specification(root: Node) -> str:
    """BT-24."""
    for path in (".//{*}GuidelineSpecifiedDocumentContextParameter/{*}ID", "./{*}CustomizationID"):
        if (found := root.find(path)) is not None:
            return str(found.text).strip()
    return STANDARD


def valid(official: Validator) -> Iterator[tuple[str, bytes]]:
    """The invoices among the files."""
    for path in sorted(CORPUS.rglob("*")):
        if path.suffix.lower() in {".xml", ".pdf"}:
            try:
                xml = inside(path.read_bytes())
                if official.check(xml):
                    yield str(path.relative_to(CORPUS)), xml
            except InvalidValue:
                continue


@pytest.mark.slow
def test_valid_invoices_of_others_are_read_written_again_and_valid_again(
    official: Validator,
) -> None:
    known, lost, faults = 0, 0, []
    for name, xml in valid(official):
        root = parsed(xml)
        said = specification(root)
        if said.endswith(WITHOUT_LINES):
            continue
        found = read(xml)
        again = written(found, root.tag, said)
        missing = values(root) - values(parsed(again))
        faults += [f"{name}: {tag} {text} is gone" for tag, text in silent(missing, found)]
        if "extended" not in said and "extension" not in said:
            known, lost = known + sum(values(root).values()), lost + sum(missing.values())
        verdict = official.check(again)
        if not verdict:
            faults.append(f"{name}: {verdict}")
    assert [] == faults
    assert known > 1000
    assert 1 - lost / known >= KEPT


def written(found: Received, tag: str, said: str) -> bytes:
    """The same document in the same syntax, after the same specification."""
    write = cii.write if tag.endswith(cii.ROOT) else ubl.write
    return write(found.document, found.files, specification=said)


def silent(missing: Counter[tuple[str, str]], found: Received) -> list[tuple[str, str]]:
    """What is neither written again nor listed."""
    listed = Counter(plain(each.text) for each in found.unmapped)
    return [
        (tag, text)
        for (tag, text), count in missing.items()
        if listed[text] < count and tag not in LISTED
    ]
