"""The preflight: every finding that keeps a document from being issued, at once, before a number is taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from multibill.documents import Document
from multibill.documents.checks import Finding, check
from multibill.records import BankAccount
from multibill.workflow.accounts import confirmed_only, names_accounts


def preflight(document: Document, on: date, accounts: Sequence[BankAccount]) -> tuple[Finding, ...]:
    """All findings on a completed document that would be issued on that day, errors first.

    Args:
        accounts: every confirmed account of the house; not read for a document that names none.
    """
    found = [*check(document, on)]
    if names_accounts(document):
        rule = confirmed_only(accounts)
        found += [rule.finding(path, said) for path, said in rule.find(document, on)]
    return tuple(sorted(found, key=lambda f: (f.severity != "error", f.rule, f.path)))
