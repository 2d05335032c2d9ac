"""The issue: preflight, number, freeze and journal entry in one transaction. A refused issue takes no number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from multibill.clock import day as plain, today
from multibill.codec import Tree
from multibill.documents import Document
from multibill.documents.checks import Finding
from multibill.documents.complete import completed
from multibill.errors import InvalidDefinition, InvalidValue, NotFound, PreflightFailed
from multibill.history import Change
from multibill.model import replaced
from multibill.numbering import Counter, Pattern, day_of_issue
from multibill.ports import Loaded, UnitOfWork
from multibill.records import Record
from multibill.settlement import standing
from multibill.workflow import preflight
from multibill.workspace.crediting import credited_by, locked, refitted_document
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.kinds import Kind
from multibill.workspace.revising import allowed, present, retold, revision, write
from multibill.workspace.settling import credit_issued
from multibill.workspace.steps import Seen, named, opened

SERIES = "main"


@attrs.frozen
class Refused:
    """A refused issue: its findings, to be raised once the refusal entry is written."""

    findings: tuple[Any, ...]


def issue(
    desk: Desk,
    kind: Kind,
    document: Seen,
    *,
    on: date | None,
    reason: str | None,
    request_id: str | None,
) -> Document:
    """The issued document, numbered and frozen.

    Raises PreflightFailed with every finding at once, Denied, WrongState, Stale, InvalidValue for the day.
    """
    on = None if on is None else _day(on)
    said = None if on is None else on.isoformat()
    request = Request.of(request_id, "issue", named(document), said)
    call = Call("issue", reason, request)
    needed = locked(desk, kind, document)

    def case(uow: UnitOfWork) -> Document | Refused:
        if done := answered(desk, uow, request):
            return retold(desk, uow, kind, done.record)
        for each in needed if len(needed) > 1 else ():
            uow.load(*each)
        loaded = opened(desk, uow, kind, document, "issue")
        allowed(desk, "issue", loaded)
        return _issued(desk, uow, loaded, on, call)

    result = desk.written(case)
    if isinstance(result, Refused):
        raise PreflightFailed(result.findings)
    return result


def _day(on: date) -> date:
    try:
        return plain(on)
    except InvalidValue as error:
        raise error.at("/issue_date") from None


def findings(desk: Desk, kind: Kind, id: str, format: str | None = None) -> tuple[Finding, ...]:
    """What an issue today would find on the document as it stands, and what a format cannot say of it.

    Takes no number and writes nothing.
    """

    def case(uow: UnitOfWork) -> tuple[Finding, ...]:
        loaded = readable(desk, uow, kind.name, id)
        shown = present(desk, loaded.record, loaded.row)
        unsaid = () if format is None else desk.renderers[format].findings(shown)
        if shown.phase == "issued":
            return unsaid
        day = office_of(desk, uow, shown.seller_ref or "").today
        found = [*preflight(_dated(shown, day), day), *unsaid]
        return tuple(sorted(found, key=lambda finding: finding.severity != "error"))

    return desk.read(case)


@attrs.frozen
class Office:
    """Where a document is issued: the seller's id and number patterns, and today in the seller's zone."""

    seller: str
    series: Mapping[str, str]
    today: date

    def pattern(self, kind: str) -> Pattern:
        """The number pattern for one kind of document; InvalidDefinition when the seller has none."""
        if kind not in self.series:
            raise InvalidDefinition(
                f"seller {self.seller!r} has no series for {kind}; add one to Seller(series={{...}})"
            )
        return Pattern(self.series[kind])


def _issued(
    desk: Desk, uow: UnitOfWork, loaded: Loaded, on: date | None, call: Call
) -> Document | Refused:
    draft: Document = desk.kinds[loaded.record.kind].stored(loaded.record, state="approved")
    office = office_of(desk, uow, draft.seller_ref or "")
    day = day_of_issue(on, office.today, None)
    original = credited_by(desk, uow, draft)
    dated = refitted_document(_dated(draft, day), original)
    findings = preflight(dated, day)
    if any(finding.severity == "error" for finding in findings):
        _refuse(desk, uow, loaded.record, findings)
        return Refused(findings)
    frozen = _numbered(uow, loaded.record, dated, office)
    stage: Tree = {"phase": "issued", "state": "issued", "since": frozen.version}
    made = revision(desk, uow, loaded, frozen, stage, before=draft)
    issued = write(desk, uow, made, call)
    return issued if original is None else credit_issued(desk, uow, issued, original)


def office_of(desk: Desk, uow: UnitOfWork, seller: str) -> Office:
    """What numbers a document, from the seller's register entry, whoever may read the register."""
    loaded = uow.load("seller", seller)
    if loaded is None:
        raise NotFound(f"no seller {seller!r} here")
    entry = loaded.record.content
    return Office(seller, entry["series"], today(desk.clock, ZoneInfo(entry["timezone"])))


def _dated(draft: Document, day: date) -> Document:
    """The draft as of its issue date: due date from the terms, totals and mentions of that day."""
    due = draft.due_date or (draft.terms.due(day) if draft.terms else None)
    return completed(replaced(draft, issue_date=day, due_date=due), day)


def _numbered(uow: UnitOfWork, stored: Record, dated: Document, office: Office) -> Document:
    """The issued document, with the next number of its series; the counter is locked from here on."""
    day = dated.issue_date or office.today
    pattern = office.pattern(dated.kind)
    counter = Counter(office.seller, dated.kind, SERIES, pattern.period(day))
    n, last = uow.next_number(counter)
    day_of_issue(day, office.today, last)
    uow.take(counter, n, day)
    number = pattern.number(n, day)
    version = stored.version + 1
    issued = replaced(dated, number=number, phase="issued", state="issued", version=version)
    settlement, due = standing(issued, None)
    return replaced(issued, settlement=settlement, due=due)


def _refuse(desk: Desk, uow: UnitOfWork, record: Record, findings: tuple[Any, ...]) -> None:
    """One refusal entry: which rules, on which version; nothing else is left behind."""
    body: Tree = {
        "document": record.id,
        "version": record.version,
        "findings": [{"rule": f.rule, "path": f.path, "severity": f.severity} for f in findings],
    }
    refusal = Record("refusal", desk.new_id(), 1, body, {})
    desk.append(uow, refusal, (Change("", None, body),), Call("refuse-issue"), about=record.id)
