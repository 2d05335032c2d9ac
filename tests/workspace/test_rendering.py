"""Renderings: the same bytes every time, archived once; altered bytes are refused; JSON says what is stored."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import delete, update

from multibill.codec import canonical
from multibill.documents import Brand
from multibill.errors import Tampered
from multibill.storage.memory import MemoryStorage
from multibill.testing import acme, studio
from multibill.workspace.rendering import blob_key, images
from tests.formats.pdf.samples import picture
from tests.workspace.agency import LINES, Agency


def spoil(agency: Agency, key: str, data: bytes | None) -> None:
    """Alter or delete archived bytes around the library."""
    storage: Any = agency.storage
    if isinstance(storage, MemoryStorage):
        blobs = storage._tenants[agency.tenant].blobs
        if data is None:
            del blobs[key]
        else:
            blobs[key] = data
        return
    table = storage.tables.blob
    wanted = (table.c.tenant == agency.tenant) & (table.c.key == key)
    statement = delete(table) if data is None else update(table).values(data=data)
    with storage._engine.begin() as connection:
        connection.execute(statement.where(wanted))


def test_an_issued_invoice_is_archived_once_and_always_the_same_bytes(
    agency: Agency, tmp_path: Path
) -> None:
    issued = agency.standing("issued", lines=LINES[:1])
    bob = agency("bob").invoices
    first = bob.pdf(issued)
    length = len(agency.journal())
    agency("ann").customers.save(acme(language="en"))
    bob.edit(issued.id, base=3, changes={"/tags/paid": True})
    agency.clock.advance(days=400)
    again = agency("ann").invoices.pdf(issued.id)
    assert first == again
    assert ("F2026-00001.pdf", "application/pdf") == (first.name, first.media_type)
    assert hashlib.sha256(first.data).hexdigest() == first.sha256
    assert first.data.startswith(b"%PDF-")
    entry = agency.journal()[length - 1]
    assert ("rendering", "render", issued.id, blob_key(issued.id, "pdf")) == (
        entry.kind, entry.action, entry.about, entry.record,
    )  # fmt: skip
    assert first.sha256 == entry.changes[0].after["sha256"]
    assert len(first.data) == entry.changes[0].after["size"]
    assert 1 == len([e for e in agency.journal() if e.action == "render"])
    assert [first.data] * 2 == [
        first.save(tmp_path).read_bytes(),
        (tmp_path / first.name).read_bytes(),
    ]
    assert tmp_path / "mine.pdf" == first.save(tmp_path / "mine.pdf")
    assert agency.verified()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 something else", None])
def test_archived_bytes_that_were_altered_or_lost_are_refused_and_found(
    agency: Agency, data: bytes | None
) -> None:
    issued = agency.standing("issued", lines=LINES[:1])
    first = agency("bob").invoices.pdf(issued)
    key = blob_key(issued.id, "pdf")
    spoil(agency, key, data)
    with pytest.raises(Tampered, match=f"the archived pdf of {issued.id} is not what was archived"):
        agency("bob").invoices.pdf(issued)
    report = agency.verify()
    assert ["blob"] == [fault.table for fault in report.faults]
    if data is not None:
        spoil(agency, key, first.data)
        assert first == agency("bob").invoices.pdf(issued)


def test_a_draft_is_a_preview_that_nobody_archives(agency: Agency) -> None:
    draft = agency.draft(lines=LINES[:1])
    before = agency.journal()
    preview = agency("ann").invoices.pdf(draft)
    assert f"draft-{draft.id}.pdf" == preview.name
    assert preview == agency("ann").invoices.pdf(draft)
    agency("ann").invoices.edit(draft.id, base=1, changes={"/lines/a/quantity": "9"})
    assert preview.sha256 != agency("ann").invoices.pdf(draft).sha256
    assert len(before) + 1 == len(agency.journal())


def test_a_renderer_gets_the_logo_that_a_document_names_and_no_other_bytes(agency: Agency) -> None:
    """Bytes are kept under their SHA-256; what is missing or is not what its name says is left out."""
    logo = picture(60, 20)
    name = hashlib.sha256(logo).hexdigest()
    plain = agency.draft(lines=LINES[:1])
    branded = attrs.evolve(plain, brand=Brand(template="b", logo=name))
    with agency.storage.unit(agency.tenant, write=True) as uow:
        assert {} == images(uow, branded)
        uow.blobs.put(agency.tenant, f"sha256:{name}", logo)
        assert {name: logo} == images(uow, branded)
        assert {} == images(uow, plain)
        assert {} == images(uow, attrs.evolve(plain, brand=Brand(template="b")))
    spoil(agency, f"sha256:{name}", picture(20, 60))
    with agency.storage.unit(agency.tenant, write=False) as uow:
        assert {} == images(uow, branded)


def test_json_is_canonical_and_says_what_the_document_says(agency: Agency) -> None:
    issued = agency.standing("issued", tags={"à relancer"})
    before = agency.journal()
    made = agency("ann").invoices.json(issued)
    tree = json.loads(bytes(made))
    assert canonical(tree).encode() == bytes(made) == made.data
    assert ("F2026-00001.json", "application/json") == (made.name, made.media_type)
    assert hashlib.sha256(made.data).hexdigest() == made.sha256
    said = ("F2026-00001", "2026-11-30", "issued", "issued", 3, "invoice", issued.id)
    assert said == tuple(
        tree[n] for n in ("number", "issue_date", "phase", "state", "version", "kind", "id")
    )
    assert "1742.4" == tree["totals"]["payable"]
    assert {"a", "b", "c"} == set(tree["lines"])
    assert {"à relancer": True} == tree["tags"]
    assert before == agency.journal()


def test_json_of_a_draft_holds_the_figures_too(agency: Agency) -> None:
    draft = agency.draft()
    tree = json.loads(bytes(agency("ann").invoices.json(draft.id)))
    assert ("draft", "1742.4") == (tree["phase"], tree["totals"]["payable"])
    assert f"draft-{draft.id}.json" == agency("ann").invoices.json(draft).name
    assert "number" not in tree


def test_a_number_with_slashes_makes_a_file_name_without(agency: Agency, tmp_path: Path) -> None:
    agency("root", "admin").sellers.save(studio(series={"invoice": "{year}/{n:03}"}))
    made = agency("bob").invoices.json(agency.standing("issued"))
    assert "2026-001.json" == made.name
    assert tmp_path / "2026-001.json" == made.save(tmp_path)
