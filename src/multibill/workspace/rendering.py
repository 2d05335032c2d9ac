"""Renderings: the first one of an issued document is archived, and every later call returns those bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import attrs

from multibill.codec import canonical
from multibill.documents import Document
from multibill.errors import Denied, Tampered
from multibill.history import Change
from multibill.ports import Row, UnitOfWork
from multibill.records import Record
from multibill.workspace.desk import Call, Desk, readable
from multibill.workspace.files import kept
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import present, retold


@attrs.frozen
class Rendering:
    """The bytes of a document in one format, with a file name and their SHA-256."""

    data: bytes = attrs.field(repr=False)
    name: str
    media_type: str
    sha256: str

    def save(self, path: str | Path) -> Path:
        """Write the bytes to a file, or into a folder under their own name; the path written to."""
        target = Path(path)
        target = target / self.name if target.is_dir() else target
        target.write_bytes(self.data)
        return target

    def __bytes__(self) -> bytes:
        return self.data


def render(desk: Desk, kind: Kind, id: str, format: str) -> Rendering:
    """The document in a format: archived bytes when it is issued, a marked preview while it is a draft.

    Raises NotFound, Denied for whoever does not see all that the law sees, and Tampered when archived bytes, or those
    of an attached file, are not what was kept. Raises PreflightFailed when the format cannot say all of the document.
    """
    shown, archived, images = desk.read(lambda uow: _shown(desk, uow, kind, id, format))
    if archived is not None:
        return _named(desk, shown, format, archived)
    data = desk.renderers[format].render(shown, images)
    if shown.phase == "issued":
        data = desk.written(lambda uow: _archive(desk, uow, shown, format, data))
    return _named(desk, shown, format, data)


def wire(desk: Desk, kind: Kind, id: str) -> Rendering:
    """The document in canonical JSON, as its stored form and its facts; nothing is archived.

    ``hidden`` lists the patterns of what this actor does not see of it.
    """
    shown = desk.read(lambda uow: retold(desk, uow, kind, id))
    facts = {"id": shown.id, "version": shown.version, "kind": kind.name}
    stage = {"phase": shown.phase, "state": shown.state}
    gaps = {"hidden": sorted(shown.hidden)} if shown.hidden else {}
    data = canonical({**kind.written(shown), **facts, **stage, **gaps}).encode()
    digest = hashlib.sha256(data).hexdigest()
    return Rendering(data, _name(shown, "json"), "application/json", digest)


def blob_key(document: str, format: str) -> str:
    """Where the first rendering of a document in a format is kept."""
    return f"{document}.{format}"


def _shown(
    desk: Desk, uow: UnitOfWork, kind: Kind, id: str, format: str
) -> tuple[Document, bytes | None, dict[str, bytes]]:
    loaded = readable(desk, uow, kind.name, id)
    _whole(desk, kind, loaded.row)
    document = present(desk, loaded.record, loaded.row)
    archived = _kept(desk, uow, id, format)
    if archived is not None:
        return document, archived, {}
    found = images(uow, document)
    if desk.renderers[format].attaches:
        digests = {item.sha256 for item in document.attachments if item.sha256}
        found |= {digest: kept(uow, digest) for digest in sorted(digests)}
    return document, archived, found


def _whole(desk: Desk, kind: Kind, row: Row) -> None:
    """Raise Denied, naming the rule, where something that the law sees is covered: a page with gaps is no invoice."""
    sight = desk.sight(kind, row)
    if sight.clear:
        return
    for entry in kind.fields:
        if entry.term.legal and sight.covers(entry.path):
            raise Denied(
                f"a page shows all that the law sees, and this is covered ({sight.rule(entry.path)})",
                path=entry.path,
            )


def images(uow: UnitOfWork, document: Document) -> dict[str, bytes]:
    """The logo's bytes by their SHA-256, if the document has one and they are what it names."""
    logo = document.brand.logo if document.brand else None
    data = uow.blobs.get(uow.tenant, f"sha256:{logo}") if logo else None
    known = data is not None and hashlib.sha256(data).hexdigest() == logo
    return {logo: data} if logo and data and known else {}


def _kept(desk: Desk, uow: UnitOfWork, id: str, format: str) -> bytes | None:
    """The archived bytes, None when there are none yet; Tampered when they are not what was archived."""
    known = uow.load("rendering", blob_key(id, format))
    if known is None:
        return None
    data = uow.blobs.get(desk.tenant, blob_key(id, format))
    if data is None or hashlib.sha256(data).hexdigest() != known.record.content["sha256"]:
        raise Tampered(f"the archived {format} of {id} is not what was archived; run the audit")
    return data


def _archive(desk: Desk, uow: UnitOfWork, document: Document, format: str, data: bytes) -> bytes:
    """Keep the bytes unless another call was first; what is kept counts."""
    kept = _kept(desk, uow, document.id, format)
    if kept is not None:
        return kept
    key = blob_key(document.id, format)
    data = uow.blobs.put(desk.tenant, key, data)
    body = {
        "document": document.id,
        "format": format,
        "renderer": desk.renderers[format].version,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
    }
    record = Record("rendering", key, 1, body, {})
    desk.append(uow, record, (Change("", None, body),), Call("render"), about=document.id)
    return data


def _named(desk: Desk, document: Document, format: str, data: bytes) -> Rendering:
    digest = hashlib.sha256(data).hexdigest()
    media_type = desk.renderers[format].media_type
    return Rendering(data, _name(document, media_type.rpartition("/")[2]), media_type, digest)


def _name(document: Document, ending: str) -> str:
    name = document.number or f"draft-{document.id}"
    return f"{name.replace('/', '-')}.{ending}"
