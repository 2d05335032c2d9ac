"""The journal's proof: salted digests of each value, a leaf for each changeset, one chain for each tenant.

Format 1, described in docs/explanation/format.md and held by golden bytes: rows already written are never
rewritten, so this module may gain a format but never change one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256, shake_256
from json.encoder import encode_basestring
from typing import Any

import attrs

from multibill.codec import canonical
from multibill.history.change import Change
from multibill.model.replace import copier

FORMAT = 1
SCHEMA = 1
GENESIS = bytes(32)
SALT = 16
REDACTED = "$redacted"
WHOLE = re.compile(".(/totals|/mentions/[^/]+)$")
"""Side and path of what counts as one value: nothing personal is in it, so nothing of it is ever erased alone."""

HEX = re.compile("[0-9a-f]{64}")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, as stored in BIGINT columns.

    >>> micros(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (at - EPOCH) // timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Entry:
    """What one write says about itself, before it has a place in the journal.

    ``record`` is what changed, ``about`` the document it belongs to (itself for a document); ``roles`` those the
    host asserted for this call; ``seed`` 16 random bytes that salt the digests of the values.
    """

    tenant: str
    kind: str
    record: str
    version: int
    about: str
    action: str
    actor: str
    on_behalf_of: str | None = None
    roles: tuple[str, ...] = ()
    reason: str | None = None
    origin: str | None = None
    recorded: int
    happened: int | None = None
    request_id: str | None = None
    fingerprint: str | None = None
    policy: str | None = None
    base: int | None = None
    changes: tuple[Change, ...]
    seed: bytes
    schema: int = SCHEMA
    format: int = FORMAT


@attrs.frozen(kw_only=True)
class Changeset(Entry):
    """An entry with its place: position in the tenant's journal and the chain hash up to it."""

    position: int
    chain: bytes

    @property
    def recorded_at(self) -> datetime:
        """When it was written, by the injected clock, in UTC."""
        return EPOCH + timedelta(microseconds=self.recorded)

    @property
    def persons(self) -> frozenset[str]:
        """Who stands behind it: the actor and whom the actor acted for."""
        return frozenset(person for person in (self.actor, self.on_behalf_of) if person is not None)


def sealed(entry: Entry, position: int, previous: bytes) -> Changeset:
    """The entry at its place in the journal, chained to the hash of the one before."""
    made: Changeset = _placed(entry)
    object.__setattr__(made, "position", position)
    object.__setattr__(made, "chain", link(previous, leaf(entry, position)))
    return made


_placed = copier(Entry, Changeset)


def link(previous: bytes, leaf: bytes) -> bytes:
    """The chain hash after a leaf."""
    return sha256(previous + leaf).digest()


def leaf(entry: Entry, position: int) -> bytes:
    """SHA-256 over the header and the digest of the changes; ``0x00`` tells leaves from inner nodes (RFC 6962)."""
    header = canonical(
        [
            entry.format,
            entry.schema,
            entry.tenant,
            position,
            entry.kind,
            entry.record,
            entry.version,
            entry.about,
            entry.action,
            entry.actor,
            entry.on_behalf_of,
            list(entry.roles),
            entry.reason,
            entry.origin,
            entry.recorded,
            entry.happened,
            entry.request_id,
            entry.fingerprint,
            entry.policy,
            entry.base,
        ]
    )
    return sha256(b"\x00" + header.encode() + b"\x00" + digest(entry)).digest()


def digest(entry: Entry) -> bytes:
    """SHA-256 over each change's path, and every single value's path, side and salted digest.

    A value can be erased and the proof stays; that a change was one at all, and at which path, is proved too.
    """
    changes = [(change.path, _atoms(change)) for change in entry.changes]
    salts = _salts(entry.seed, sum(len(atoms) for _, atoms in changes))
    parts: list[str] = []
    place = 0
    for path, atoms in changes:
        parts.append("=" + path)
        for below, value in atoms:
            salt = salts[place : place + SALT]
            place += SALT
            if type(value) is str:  # most are; a call for each would cost as much as the hash
                found = sha256(salt + encode_basestring(value).encode()).hexdigest()
            else:
                found = _value_digest(salt, value)
            parts += below, found
    return sha256("\x00".join(parts).encode()).digest()


def _value_digest(salt: bytes, value: Any) -> str:
    if type(value) is dict and erased(value):
        return _digest_text(value[REDACTED])
    return sha256(salt + canonical(value).encode()).hexdigest()


def erased(tree: dict[str, Any]) -> bool:
    """Whether a map stands for an erased value; what people call a tag holds ``true``."""
    return type(tree.get(REDACTED)) is str


def _digest_text(value: str) -> str:
    if HEX.fullmatch(value):
        return value
    raise ValueError("what stands for an erased value is not its digest")


def _salts(seed: bytes, count: int) -> bytes:
    """One salt for each value: drawn from the seed, or kept one by one since a redaction dropped the seed."""
    return seed if len(seed) != SALT else shake_256(seed).digest(SALT * count)


def _atoms(change: Change) -> list[tuple[str, Any]]:
    """Every single value with its side (``-`` before, ``+`` after) and path, in the order of paths."""
    atoms: list[tuple[str, Any]] = []
    if change.before is not None:
        _leaves("-" + change.path, change.before, atoms)
    if change.after is not None:
        _leaves("+" + change.path, change.after, atoms)
    return atoms


def _leaves(path: str, value: Any, atoms: list[tuple[str, Any]]) -> None:
    if type(value) is dict and value and not erased(value) and not WHOLE.match(path):
        for name in sorted(value):
            below = value[name]
            if type(below) is str:
                atoms.append((f"{path}/{name}", below))
            else:
                _leaves(f"{path}/{name}", below, atoms)
    elif value is not None:
        atoms.append((path, value))
