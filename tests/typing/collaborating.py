"""One draft of several people, its past, and the rules on it: read by the type checkers, run by tests/design."""

from __future__ import annotations

from datetime import date, datetime

from multibill import (
    Doc,
    Invoice,
    Me,
    Money,
    Page,
    Policy,
    Saved,
    Workspace,
    forbid,
    hide,
    mask,
    permit,
)


def together(ann: Workspace, bob: Workspace, draft: Invoice) -> Saved[Invoice]:
    """Two people, one draft: values in, values out; the differences are merged, nobody's edit is lost."""
    mine, yours = ann.invoices.get(draft.id), bob.invoices.get(draft.id)
    ann.invoices.save(mine.evolve(due_date=date(2026, 12, 31)))
    saved = bob.invoices.save(yours.with_line(yours.lines[0].id, quantity=4))  # both edits stand
    assert isinstance(saved.document.version, int)
    assert saved.conflicts == ()
    return saved


def sent(ann: Workspace, draft: Invoice, new_id: str, gone: str) -> Saved[Invoice]:
    """A web client sends what changed, in wire form; a retry is harmless."""
    return ann.invoices.edit(
        draft.id,
        base=7,
        request_id="c1-42",
        changes={
            "/due_date": "2026-12-31",
            f"/lines/{new_id}": {
                "name": "Hosting",
                "quantity": "1",
                "unit_price": "90",
                "vat": "20",
            },
            f"/lines/{gone}": None,
        },
    )


def past(ann: Workspace, draft: Invoice, line: str, then: datetime, cursor: str) -> list[str]:
    """Who did what, when, why; blame, differences, earlier versions, undo, the feed."""
    h = ann.invoices.history(draft)
    told = [str(h), str(h.blame(f"/lines/{line}/unit_price")), str(h.diff(10, 40))]
    earlier, before = h.at(version=25), h.at(then)
    told += [str(earlier.totals.payable), str(before.totals.payable)]
    ann.invoices.undo(draft)  # mine only, never over someone else's later change
    return told + [event.action for event in ann.feed(after=cursor)]


policy = Policy(  # rules are data; one definition for a check, a list, an explanation
    forbid("four-eyes", on="approve", when=Doc.authored_by(Me)),
    permit("sales-read", to="sales", on="read", when=Doc.team.in_(Me.teams)),
    permit("small-approvals", to="lead", on="approve", when=Doc.value <= Money("10000", "EUR")),
    hide("margin", to={"viewer", "sales"}),
    mask("bank", last=4, to={"viewer"}),
)


def ruled(ann: Workspace, draft: Invoice) -> tuple[str, str, Page]:
    """Why not, and a page of what is allowed."""
    decision = ann.invoices.may("approve", draft)
    page = ann.invoices.list(Doc.phase == "issued", order="-issue_date", limit=50, can={"credit"})
    return decision.explain(), str(decision.why_not()), page
