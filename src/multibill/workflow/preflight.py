"""The preflight: every finding that keeps a document from being issued, at once, before a number is taken."""

from __future__ import annotations

from datetime import date

from multibill.documents import Document
from multibill.documents.checks import Finding, check


def preflight(document: Document, on: date) -> tuple[Finding, ...]:
    """All findings on a completed document that would be issued on that day, errors first."""
    found = check(document, on)
    return tuple(sorted(found, key=lambda finding: finding.severity != "error"))
