"""Attaching: a file becomes part of a draft, and is read by whoever may read the document."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from multibill.codec import WIRE
from multibill.documents import Attachment, Document
from multibill.errors import InvalidValue, NotFound
from multibill.ports import UnitOfWork
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.editing import Saved, revised
from multibill.workspace.files import file_name, keep, kept, octets
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import present, write
from multibill.workspace.steps import Seen, named

LIMIT = 10 * 2**20
"""Bytes that an attachment may have when the caller says nothing else."""


def attach(
    desk: Desk,
    kind: Kind,
    document: Seen,
    data: bytes,
    *,
    limit: int,
    reason: str | None,
    request_id: str | None,
    **said: str | None,
) -> Saved[Any]:
    """The draft with one more attachment, whatever else was changed in it meanwhile.

    Raises InvalidValue for a name, type or size that cannot be, NotFound, Denied, WrongState, Frozen.
    """
    data = octets(data, limit, "/data")
    digest = hashlib.sha256(data).hexdigest()
    item = _attachment(said, digest)
    request = Request.of(request_id, "attach", named(document), WIRE.tree(item))
    call = Call("attach", reason, request)

    def case(uow: UnitOfWork) -> Saved[Any]:
        loaded = readable(desk, uow, kind.name, named(document), "edit", "annotate")
        if answered(desk, uow, request):
            return Saved(present(desk, loaded.record, loaded.row))
        body = loaded.record.body
        files = {**body.get("attachments", {}), desk.new_id(): WIRE.tree(item)}
        made = revised(desk, uow, loaded, {**body, "attachments": files}, files={digest})
        keep(uow, data)
        return Saved(write(desk, uow, made, call))

    return desk.written(case)


def attachment(desk: Desk, kind: Kind, document: Seen, id: str) -> bytes:
    """The bytes of an attachment of a document that the actor may read.

    Raises NotFound, also for an attachment that is only a place on the web; Tampered when the bytes were altered.
    """

    def case(uow: UnitOfWork) -> bytes:
        loaded = readable(desk, uow, kind.name, named(document))
        shown: Document = present(desk, loaded.record, loaded.row)
        digests = [item.sha256 for item in shown.attachments if item.id == id and item.sha256]
        if not digests:
            raise NotFound(f"no file {id!r} is attached here")
        return kept(uow, digests[0])

    return desk.read(case)


def _attachment(said: dict[str, Any], digest: str) -> Attachment:
    file_name(said["filename"], "/filename")
    mime = said["mime"]
    if not isinstance(mime, str) or not re.fullmatch(r"[a-z]+/[A-Za-z0-9.+-]{1,100}", mime):
        raise InvalidValue(f"{mime!r} is no media type such as 'application/pdf'", path="/mime")
    return Attachment(**{**said, "reference": said["reference"] or said["filename"]}, sha256=digest)
