"""Files: logos and attachments are kept once, read by whoever may read, and missed when they are gone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from multibill.documents import Attachment
from multibill.errors import Denied, Frozen, InvalidValue, NotFound, Tampered, WrongState
from multibill.ports import Storage
from multibill.query.doc import Doc
from multibill.records import Actor, Template
from multibill.storage.memory import MemoryStorage
from multibill.storage.sql import SqlStorage
from multibill.testing import studio
from multibill.workspace.files import LOGO, blob_of
from tests.office import Office
from tests.worlds import billing_on, tenant

PNG, JPEG = b"\x89PNG\r\n\x1a\n...", b"\xff\xd8\xff\xe0..."
PDF: dict[str, Any] = {"filename": "sheet.pdf", "mime": "application/pdf"}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def blobs(office: Office) -> dict[str, bytes | None]:
    """What is kept under the digests that may be there."""
    desk = office.ann._desk
    keys = [blob_of(sha(data)) for data in (b"one", b"two", PNG, JPEG)]
    found = desk.read(lambda uow: {key: uow.blobs.get(office.tenant, key) for key in keys})
    return {key: data for key, data in found.items() if data is not None}


def test_a_file_is_attached_and_read_again(office: Office) -> None:
    draft = office.draft()
    saved = office.ann.invoices.attach(
        draft, b"one", **PDF, reference="TS-11", description="Time", request_id="r"
    ).document
    (item,) = saved.attachments
    expected = Attachment(
        id=item.id, reference="TS-11", description="Time", sha256=sha(b"one"), **PDF
    )
    assert (expected, 2) == (item, saved.version)
    assert saved == office.ann.invoices.get(draft.id)
    again = office.ann.invoices.attach(
        draft, b"one", **PDF, reference="TS-11", description="Time", request_id="r"
    ).document
    assert saved == again
    assert b"one" == office.bob.invoices.attachment(draft, item.id or "")
    assert "attach" == office.ann.invoices.history(draft).events[-1].action
    assert office.verify()


def test_two_people_attach_to_the_draft_that_both_saw(office: Office) -> None:
    draft = office.draft()
    office.ann.invoices.attach(draft, b"one", **PDF)
    both = office.bob.invoices.attach(draft, b"two", **PDF).document
    assert [sha(b"one"), sha(b"two")] == sorted(
        (item.sha256 or "" for item in both.attachments), key=[sha(b"one"), sha(b"two")].index
    )
    assert ["sheet.pdf"] * 2 == [item.reference for item in both.attachments]
    issued = office.bob.invoices.issue(
        office.cat.invoices.approve(office.ann.invoices.submit(both))
    )
    for item in issued.attachments:
        assert sha(office.ann.invoices.attachment(issued, item.id or "")) == item.sha256
    with pytest.raises(Frozen):
        office.ann.invoices.attach(issued, b"three", **PDF)
    assert office.verify()


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        " ",
        "../x",
        "a/b",
        "a\\b",
        "C:x",
        "a\0b",
        "a\nb",
        "a\u202eb",
        "x" * 256,
        " x",
        5,
        None,
    ],
)
def test_a_hostile_name_is_refused(office: Office, name: Any) -> None:
    draft, before = office.draft(), office.journal()
    with pytest.raises(InvalidValue) as caught:
        office.ann.invoices.attach(draft, b"one", filename=name, mime="text/csv")
    assert "/filename" == caught.value.path
    assert ({}, before) == (blobs(office), office.journal())


def test_a_hostile_name_does_not_come_in_by_an_edit(office: Office) -> None:
    draft = office.ann.invoices.attach(office.draft(), b"one", **PDF).document
    (item,) = draft.attachments
    with pytest.raises(InvalidValue) as caught:
        office.ann.invoices.edit(
            draft.id, base=2, changes={f"/attachments/{item.id}/filename": "../sheet.pdf"}
        )
    assert f"/attachments/{item.id}/filename" == caught.value.path


@pytest.mark.parametrize(
    ("data", "said", "path"),
    [
        (b"", {}, "/data"),
        ("text", {}, "/data"),
        (b"four", {"limit": 3}, "/data"),
        (b"x" * (10 * 2**20 + 1), {}, "/data"),
        (b"one", {"mime": "pdf"}, "/mime"),
        (b"one", {"mime": "text/x; y"}, "/mime"),
        (b"one", {"mime": None}, "/mime"),
    ],
)
def test_a_file_that_cannot_be_is_refused(
    office: Office, data: Any, said: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        office.ann.invoices.attach(office.draft(), data, **{**PDF, **said})
    assert path == caught.value.path


def test_a_digest_alone_brings_no_bytes(office: Office) -> None:
    """Nobody gets at the file of a document they may not read by naming its digest in one of their own."""
    secret = office.ann.invoices.attach(office.draft(), b"one", **PDF).document.attachments[0]
    mine = office.draft()
    wire = {"reference": "x", "filename": "x", "mime": "text/csv", "sha256": sha(b"one")}
    for call in (
        lambda: office.draft(attachments=[secret]),
        lambda: office.ann.invoices.save(mine.evolve(attachments=[secret])),
        lambda: office.ann.invoices.edit(mine.id, base=1, changes={"/attachments/x": wire}),
    ):
        with pytest.raises(InvalidValue) as caught:
            call()
        assert str(caught.value.path).endswith("/sha256")
    with pytest.raises(NotFound):
        office.ann.invoices.attachment(mine, secret.id or "")


def test_a_place_on_the_web_is_no_file(office: Office) -> None:
    web = Attachment(reference="Terms", url="https://studio.example/terms")
    (item,) = office.draft(attachments=[web]).attachments
    assert item.id
    draft = office.draft(attachments=[web])
    with pytest.raises(NotFound, match="no file"):
        office.ann.invoices.attachment(draft, draft.attachments[0].id or "")


def test_who_may_not_edit_attaches_nothing_and_keeps_nothing(office: Office) -> None:
    draft = office.draft()
    with pytest.raises(Denied):
        office.as_("adm", "admin").invoices.attach(draft, b"one", **PDF)
    with pytest.raises(WrongState):
        office.ann.invoices.attach(office.ann.invoices.discard(draft), b"one", **PDF)
    assert {} == blobs(office)


@pytest.mark.parametrize("data", [PNG, JPEG])
def test_a_logo_is_kept_with_its_template(office: Office, data: bytes) -> None:
    door = office.as_("root", "admin").templates
    saved = door.save(Template("blue", colour="#1f4e79"), logo=data)
    assert sha(data) == saved.logo
    assert data == door.logo("blue")
    again = door.save(saved.evolve(colour="#000000"))
    assert (saved.logo, 2) == (again.logo, again.version)
    copy = door.save(again.evolve(id="copy", version=0))
    assert data == office.as_("vic", "viewer").templates.logo(copy.id)
    assert (None, None) == (door.save(again.evolve(logo=None)).logo, door.logo("blue"))
    assert office.verify()


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"<svg/>", b" \x89PNG\r\n\x1a\n", PNG + b"x" * LOGO, "PNG"]
)
def test_what_is_no_logo_is_refused(office: Office, data: Any) -> None:
    door = office.as_("root", "admin").templates
    with pytest.raises(InvalidValue) as caught:
        door.save(Template("blue"), logo=data)
    assert "/logo" == caught.value.path
    with pytest.raises(InvalidValue, match="give the bytes"):
        door.save(Template("blue", logo=sha(PNG)))
    assert () == door.list()


def test_set_up_brings_templates_with_their_logos(anywhere: Storage) -> None:
    name, billing = tenant(), billing_on(anywhere)
    setup: dict[str, Any] = {"by": Actor.service("setup"), "sellers": [studio(template="blue")]}
    for _ in range(2):
        billing.provision(name, **setup, templates=[Template("blue")], logos={"blue": PNG})
    found = billing.workspace(name, actor=Actor("vic", roles={"viewer"})).templates.get("blue")
    assert (1, sha(PNG)) == (found.version, found.logo)
    with pytest.raises(InvalidValue, match="no template 'red'"):
        billing.provision(name, **setup, logos={"red": PNG})


def spoil(office: Office, data: bytes, now: bytes | None) -> None:
    """Put other bytes where these are kept, or none, around the library: in memory, or by raw SQL."""
    key = blob_of(sha(data))
    if isinstance(office.storage, MemoryStorage):
        kept = office.storage._tenants[office.tenant].blobs
        kept.pop(key)
        kept.update({} if now is None else {key: now})
        return
    assert isinstance(office.storage, SqlStorage)
    change = (
        "DELETE FROM multibill_blob" if now is None else "UPDATE multibill_blob SET data = :now"
    )
    said = {"now": now, "tenant": office.tenant, "key": key}
    with office.storage._engine.begin() as connection:
        where = "WHERE tenant = :tenant AND key = :key"
        assert connection.execute(text(f"{change} {where}"), said).rowcount == 1


def flipped(data: bytes, at: int) -> bytes:
    """The same bytes with one bit of one of them turned."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def kept_files(office: Office) -> dict[str, bytes]:
    """Files of a draft and of an issued invoice, the logo of a template, and one that only documents name."""
    door = office.as_("root", "admin")
    door.templates.save(Template("blue"), logo=PNG)
    door.sellers.save(studio(template="blue"))
    office.ann.invoices.attach(office.draft(), b"one", **PDF)
    attached = office.ann.invoices.attach(office.draft(), b"two", **PDF).document
    office.bob.invoices.issue(office.bob.invoices.approve(office.ann.invoices.submit(attached)))
    door.templates.save(Template("blue"), logo=JPEG)
    return {"attachment": b"one", "issued attachment": b"two", "logo": JPEG, "old logo": PNG}


@pytest.mark.parametrize("which", ["attachment", "issued attachment", "logo", "old logo"])
@pytest.mark.parametrize("at", [0, 1, -1, None], ids=["first", "second", "last", "missing"])
def test_the_audit_names_bytes_of_which_one_was_flipped_or_that_are_missing(
    office: Office, which: str, at: int | None
) -> None:
    data = kept_files(office)[which]
    assert office.verify()
    spoil(office, data, None if at is None else flipped(data, at % len(data)))
    (fault,) = office.verify().faults
    said = "are missing" if at is None else "were altered"
    assert ("blob", blob_of(sha(data))) == (fault.table, fault.row)
    assert fault.message == f"the archived bytes {said}"
    if which != "old logo":
        with pytest.raises(Tampered):
            reader(office, which)()
    if at is not None:
        spoil(office, data, data)
        assert office.verify()


def reader(office: Office, which: str) -> Callable[[], object]:
    """What a person calls to get the bytes."""
    if which == "logo":
        return lambda: office.ann.templates.logo("blue")
    issued = which == "issued attachment"
    rows = office.ann.invoices.list(Doc.phase == ("issued" if issued else "draft"))
    (row,) = (row for row in rows if office.ann.invoices.get(row).attachments)
    (item,) = office.ann.invoices.get(row).attachments
    return lambda: office.ann.invoices.attachment(row, item.id or "")


def test_bytes_that_were_altered_are_not_kept_a_second_time(office: Office) -> None:
    door = office.as_("root", "admin").templates
    door.save(Template("blue"), logo=PNG)
    spoil(office, PNG, flipped(PNG, 3))
    before = office.journal()
    with pytest.raises(Tampered):
        door.save(Template("green"), logo=PNG)
    assert before == office.journal()
