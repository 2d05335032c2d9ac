"""The issue: preflight, number, freeze and journal entry in one transaction. A refused issue takes no number."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from multibill.clock import today
from multibill.codec import Tree
from multibill.documents import Document
from multibill.documents.complete import completed
from multibill.errors import InvalidDefinition, NotFound, PreflightFailed
from multibill.history import Change
from multibill.model import replaced
from multibill.numbering import Counter, Pattern, day_of_issue
from multibill.ports import Loaded, UnitOfWork
from multibill.records import Record, Seller
from multibill.workflow import preflight
from multibill.workspace.desk import Desk, Request, answered
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import allowed, present, retold, revision, write
from multibill.workspace.steps import opened

SERIES = "main"


@attrs.frozen
class Refused:
    """A refused issue: its findings, to be raised once the refusal entry is written."""

    findings: tuple[Any, ...]


def issue(
    desk: Desk,
    kind: Kind,
    document: Document | str,
    *,
    on: date | None,
    reason: str | None,
    request_id: str | None,
) -> Document:
    """The issued document, numbered and frozen.

    Raises PreflightFailed with every finding at once, Denied, WrongState, Stale, InvalidValue for the day.
    """
    said = None if on is None else on.isoformat()
    request = Request.of(request_id, "issue", getattr(document, "id", document), said)

    def case(uow: UnitOfWork) -> Document | Refused:
        if done := answered(desk, uow, request):
            return retold(desk, uow, kind, done.record)
        loaded = opened(desk, uow, kind, document)
        allowed(desk, "issue", loaded)
        return _issued(desk, uow, kind, loaded, on, reason, request)

    result = desk.written(case)
    if isinstance(result, Refused):
        raise PreflightFailed(result.findings)
    return result


def _issued(
    desk: Desk,
    uow: UnitOfWork,
    kind: Kind,
    loaded: Loaded,
    on: date | None,
    reason: str | None,
    request: Request | None,
) -> Document | Refused:
    draft = present(desk, loaded.record, loaded.row["state"])
    seller = seller_of(desk, uow, draft)
    local = today(desk.clock, seller.zone)
    dated = _dated(draft, day_of_issue(on, local, None))
    findings = preflight(dated, dated.issue_date or local)
    if any(finding.severity == "error" for finding in findings):
        _refuse(desk, uow, loaded.record, findings)
        return Refused(findings)
    return _numbered(desk, uow, kind, loaded, seller, dated, local, reason, request)


def seller_of(desk: Desk, uow: UnitOfWork, document: Document) -> Seller:
    """The seller's register entry: its zone and series number the document, whoever may read the register."""
    loaded = uow.load("seller", document.seller_ref or "")
    if loaded is None:
        raise NotFound(f"no seller {document.seller_ref!r} here")
    seller: Seller = desk.kinds["seller"].value(loaded.record)
    return seller


def _dated(draft: Document, day: date) -> Document:
    """The draft as of its issue date: due date from the terms, totals and mentions of that day."""
    due = draft.due_date or (draft.terms.due(day) if draft.terms else None)
    return completed(replaced(draft, issue_date=day, due_date=due), day)


def _numbered(
    desk: Desk,
    uow: UnitOfWork,
    kind: Kind,
    loaded: Loaded,
    seller: Seller,
    dated: Document,
    local: date,
    reason: str | None,
    request: Request | None,
) -> Document:
    assert dated.issue_date is not None
    pattern = series_pattern(seller, kind.name)
    counter = Counter(seller.id, kind.name, SERIES, pattern.period(dated.issue_date))
    n, last = uow.next_number(counter)
    day = day_of_issue(dated.issue_date, local, last)
    number = pattern.number(n, day)
    uow.take(counter, n, day)
    version = loaded.record.version + 1
    frozen = replaced(dated, number=number, phase="issued", state="issued", version=version)
    stage: Tree = {"phase": "issued", "state": "issued", "since": version}
    record = kind.record(frozen.id, version, kind.body(frozen) | stage)
    made = revision(desk, uow, loaded, record)
    return write(desk, uow, made, "issue", reason=reason, request=request)


def series_pattern(seller: Seller, kind: str) -> Pattern:
    """The number pattern of a seller for one kind of document; InvalidDefinition when there is none."""
    if kind not in seller.series:
        raise InvalidDefinition(f"seller {seller.id!r} has no series for {kind}; add one to Seller(series={{...}})")
    return Pattern(seller.series[kind])


def _refuse(desk: Desk, uow: UnitOfWork, record: Record, findings: tuple[Any, ...]) -> None:
    """One refusal entry: which rules, on which version; nothing else is left behind."""
    body: Tree = {
        "document": record.id,
        "version": record.version,
        "findings": [{"rule": f.rule, "path": f.path, "severity": f.severity} for f in findings],
    }
    refusal = Record("refusal", desk.new_id(), 1, body, {})
    desk.append(uow, refusal, (Change("", None, body),), "refuse-issue", about=record.id)
