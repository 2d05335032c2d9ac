"""Canonical bytes and the wire form. Everything that is stored, hashed or sent goes through here."""

from __future__ import annotations

from multibill.codec.canonical import Tree, canonical, decimal_text, sha256
from multibill.codec.converter import Hook, Wire, unknown_field
from multibill.codec.documents import WIRE

__all__ = [
    "WIRE",
    "Hook",
    "Tree",
    "Wire",
    "canonical",
    "decimal_text",
    "sha256",
    "unknown_field",
]
