"""The issue: preflight, number, freeze and journal entry in one transaction. A refused issue takes no number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

import attrs

from multibill.clock import day as plain, today
from multibill.codec import Tree
from multibill.documents import Document
from multibill.documents.checks import Finding
from multibill.documents.complete import completed
from multibill.errors import (
    InvalidDefinition,
    InvalidValue,
    MultibillError,
    NotFound,
    PreflightFailed,
)
from multibill.history import Change
from multibill.model import replaced
from multibill.numbering import Counter, Pattern, day_of_issue
from multibill.ports import Loaded, UnitOfWork
from multibill.records import Record
from multibill.settlement import issued_standing
from multibill.workflow import names_accounts, preflight
from multibill.workspace.accounts import confirmed
from multibill.workspace.desk import Call, Desk, Request, answered, readable
from multibill.workspace.kinds import Kind
from multibill.workspace.preceding import (
    REFUSING,
    credited_by,
    finding_of,
    linked,
    locked,
    previewed,
    refitted_document,
)
from multibill.workspace.revising import allowed, handed, retold, revision, whole, written
from multibill.workspace.seeing import seen_findings
from multibill.workspace.settling import credit_issued
from multibill.workspace.steps import Seen, named, opened

SERIES = "main"

NO_SERIES = Finding(
    rule="MB-SERIES",
    severity="error",
    path="/number",
    message={
        "en": "the seller has no number series for this kind of document",
        "fr": "le vendeur n'a pas de série de numéros pour ce type de document",
    },
    remedy={
        "en": 'add one to Seller(series={...}), such as "credit_note": "A{year}-{n:05}"',
        "fr": 'ajoutez-en une à Seller(series={...}), par exemple "credit_note": "A{year}-{n:05}"',
    },
    law="CGI ann. II art. 242 nonies A, I, 7°",
)
"""What the preflight says where an issue would raise InvalidDefinition."""


@attrs.frozen
class Refused:
    """A refused issue: what is raised once the refusal entry is written."""

    error: MultibillError


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

    Raises PreflightFailed with every finding at once, OverCredited, Denied, WrongState, Stale, InvalidValue.
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
        raise result.error
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
        draft = whole(desk, loaded.record, loaded.row)

        def judged(shown: Document) -> tuple[Finding, ...]:
            unsaid = () if format is None else desk.renderers[format].findings(shown)
            if shown.phase == "issued":
                return unsaid
            office = office_of(desk, uow, draft.seller_ref or "")
            unnumbered = () if kind.name in office.series else (NO_SERIES,)
            found = [*_previewed(desk, uow, shown, office.today), *unnumbered, *unsaid]
            return tuple(sorted(found, key=lambda finding: finding.severity != "error"))

        return seen_findings(desk, loaded, judged(draft), judged)

    return desk.read(case)


def _previewed(desk: Desk, uow: UnitOfWork, shown: Document, day: date) -> tuple[Finding, ...]:
    dated = _dated(shown, day)
    try:
        return _checked(desk, uow, linked(dated, previewed(desk, uow, dated)), day)
    except REFUSING as error:
        return (finding_of(error), *_checked(desk, uow, dated, day))


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
    dated = _dated(draft, day)
    try:
        original = credited_by(desk, uow, draft)
        dated = linked(dated, original)
    except REFUSING as error:
        _refuse(desk, uow, loaded.record, (finding_of(error), *_checked(desk, uow, dated, day)))
        return Refused(error)
    found = _checked(desk, uow, dated, day)
    if any(finding.severity == "error" for finding in found):
        _refuse(desk, uow, loaded.record, found)

        def judged(seen: Document) -> tuple[Finding, ...]:
            return _checked(desk, uow, refitted_document(_dated(seen, day), original), day)

        return Refused(PreflightFailed(seen_findings(desk, loaded, found, judged)))
    frozen = _numbered(uow, loaded.record, dated, office)
    stage: Tree = {"phase": "issued", "state": "issued", "since": frozen.version}
    made = revision(desk, uow, loaded, frozen, stage, before=draft)
    issued = written(desk, uow, made, call)
    if original is not None:
        issued = credit_issued(desk, uow, issued, original)
    return handed(desk, uow, issued)


def _checked(desk: Desk, uow: UnitOfWork, dated: Document, day: date) -> tuple[Finding, ...]:
    """The preflight, with the accounts as they stand in this unit: at issue what was confirmed up to now."""
    accounts = confirmed(desk, uow) if names_accounts(dated) else ()
    return preflight(dated, day, accounts)


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
    return completed(draft, day, issue_date=day, due_date=due)


def _numbered(uow: UnitOfWork, stored: Record, dated: Document, office: Office) -> Document:
    """The issued document, with the next number of its series; the counter is locked from here on."""
    day = dated.issue_date or office.today
    pattern = office.pattern(dated.kind)
    counter = Counter(office.seller, dated.kind, SERIES, pattern.period(day))
    n, last = uow.next_number(counter)
    day_of_issue(day, office.today, last)
    uow.take(counter, n, day)
    settlement, due = issued_standing(dated, None)
    return replaced(
        dated,
        number=pattern.number(n, day),
        phase="issued",
        state="issued",
        version=stored.version + 1,
        settlement=settlement,
        due=due,
    )


def _refuse(desk: Desk, uow: UnitOfWork, record: Record, findings: tuple[Finding, ...]) -> None:
    """One refusal entry: which rules, on which version; nothing else is left behind."""
    body: Tree = {
        "document": record.id,
        "version": record.version,
        "findings": [{"rule": f.rule, "path": f.path, "severity": f.severity} for f in findings],
    }
    refusal = Record("refusal", desk.new_id(), 1, body, {})
    desk.append(uow, refusal, (Change("", None, body),), Call("refuse-issue"), about=record.id)
