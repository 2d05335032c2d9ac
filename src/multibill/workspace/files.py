"""Files: bytes kept once under their SHA-256. What names them keeps only that: bytes cannot change under a name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from multibill.codec import Tree
from multibill.documents import Document
from multibill.errors import InvalidValue, Tampered
from multibill.ports import UnitOfWork

IMAGES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
LOGO = 2**20
"""Bytes that a logo may have."""


def blob_of(sha256: str) -> str:
    """The key of the bytes with this digest.

    >>> blob_of("00")
    'sha256:00'
    """
    return f"sha256:{sha256}"


def keep(uow: UnitOfWork, data: bytes) -> str:
    """Keep the bytes in this unit; their SHA-256. The same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    if uow.blobs.put(uow.tenant, blob_of(digest), data) != data:
        raise Tampered(f"the bytes kept as {blob_of(digest)} were altered; run the audit")
    return digest


def kept(uow: UnitOfWork, sha256: str) -> bytes:
    """The bytes with this digest; Tampered when they are missing or others."""
    data = uow.blobs.get(uow.tenant, blob_of(sha256))
    if data is None or hashlib.sha256(data).hexdigest() != sha256:
        raise Tampered(f"the bytes kept as {blob_of(sha256)} are not what was kept; run the audit")
    return data


def octets(data: bytes, limit: int, path: str) -> bytes:
    """The bytes of a file, neither none nor more than the limit."""
    if not isinstance(data, bytes | bytearray | memoryview):
        raise InvalidValue(f"give the file's bytes, not {type(data).__name__}", path=path)
    if not 0 < len(data := bytes(data)) <= limit:
        raise InvalidValue(f"the file has {len(data)} bytes; 1 to {limit} are allowed", path=path)
    return data


def logo(data: bytes) -> bytes:
    """The bytes of a PNG or JPEG image of at most 1 MiB, told by how they begin."""
    data = octets(data, LOGO, "/logo")
    if not data.startswith(tuple(IMAGES)):
        raise InvalidValue("a logo is a PNG or JPEG image; this is neither", path="/logo")
    return data


def file_name(name: str, path: str) -> str:
    """A plain file name: it names no folder, hides nothing and fits a file system.

    >>> file_name("timesheet.pdf", "/filename")
    'timesheet.pdf'
    """
    plain = isinstance(name, str) and name.isprintable() and not re.search(r'[/\\:*?"<>|]', name)
    if plain and 0 < len(name.encode()) <= 255 and name.strip(" .") and name == name.strip():
        return name
    raise InvalidValue(f"{name!r:.60} is no plain file name such as 'timesheet.pdf'", path=path)


def check_files(document: Document, stored: Tree, new: Collection[str] = ()) -> None:
    """Refuse an attachment whose bytes were never given to this document, and one with a hostile name.

    Args:
        stored: the stored form of the document as it was, whose files are its own.
        new: digests of bytes that are being attached.
    """
    known = stored.get("attachments", {})
    own = {item.get("sha256") for item in known.values()} | {None, *new}
    for item in document.attachments:
        if item.sha256 not in own:
            raise InvalidValue(
                "attach the file itself with attach(); its digest alone brings no bytes",
                path=f"/attachments/{item.id}/sha256",
            )
        if item.filename is not None:
            file_name(item.filename, f"/attachments/{item.id}/filename")
