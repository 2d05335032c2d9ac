"""The door to documents: one verb a use case, values in and values out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Generic, TypeVar, cast

from multibill.documents import CreditNote, Document
from multibill.documents.checks import Finding
from multibill.errors import InvalidValue
from multibill.money import Money
from multibill.permissions import Decision
from multibill.query import Expression
from multibill.workspace import (
    accepting,
    attaching,
    crediting,
    drafting,
    editing,
    forgiving,
    issuing,
    listing,
    past,
    refreshing,
    rendering,
    steps,
    undoing,
)
from multibill.workspace.conflicts import KeptChange
from multibill.workspace.desk import Desk
from multibill.workspace.editing import OnConflict, Saved
from multibill.workspace.kinds import Kind
from multibill.workspace.listing import Page, SummaryRow
from multibill.workspace.past import History
from multibill.workspace.rendering import Rendering
from multibill.workspace.revising import retold

D = TypeVar("D", bound=Document)


class Documents(Generic[D]):
    """Documents of one kind, as one actor sees them: ``ws.invoices``.

    A verb that is given a document means "the version I saw": ``save`` merges a stale one, a step refuses it
    (``Stale``). So does a list's row; an id means whatever stands there. ``request_id`` makes a retry harmless.
    """

    def __init__(self, desk: Desk, kind: Kind) -> None:
        self._desk = desk
        self._kind = kind

    def draft(
        self,
        *,
        seller: str,
        buyer: str,
        team: str | None = None,
        key: str | None = None,
        reason: str | None = None,
        request_id: str | None = None,
        **fields: Any,
    ) -> D:
        """A new draft with snapshots of seller and buyer; the same ``key`` gives the same draft again.

        Args:
            seller: id of a seller.
            buyer: id of a customer.
            team: the team it belongs to; the actor's only one when left out.
            key: a business key such as ``"2026-11:acme"``, unique for this tenant.
            fields: attributes of the document, above all ``lines=[Line(...)]``.

        Raises NotFound, Denied, InvalidValue, and KeyReused when the key came with other input.
        """
        made = drafting.draft(
            self._desk,
            self._kind,
            seller=seller,
            buyer=buyer,
            team=team,
            key=key,
            reason=reason,
            request_id=request_id,
            fields=fields,
        )
        return cast("D", made)

    def get(self, document: steps.Seen) -> D:
        """The document of an id or a list's row as it stands; NotFound when there is none that the actor may see."""
        desk, kind = self._desk, self._kind
        return cast("D", desk.read(lambda uow: retold(desk, uow, kind, steps.named(document))))

    def list(
        self,
        *conditions: Expression,
        order: str = "-id",
        limit: int = 50,
        after: str | None = None,
        can: Collection[str] = (),
        mark: Collection[str] = (),
    ) -> Page:
        """A page of summary rows that the actor may read: ``list(Doc.phase == "issued", order="-issue_date")``.

        Args:
            order: indexed fields, ``-`` for descending: ``"-issue_date,number"``.
            after: ``page.next`` of the page before.
            can: only rows on which the actor may do all of these actions.
            mark: actions to test for each row; those allowed stand in ``row.can``.
        """
        return listing.page(
            self._desk,
            self._kind,
            *conditions,
            order=order,
            limit=limit,
            after=after,
            can=_actions(can),
            mark=_actions(mark),
        )

    def save(
        self,
        document: D,
        *,
        on_conflict: OnConflict = "raise",
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Saved[D]:
        """The differences of this value from the version it was loaded at, merged into what stands now.

        Args:
            on_conflict: what to do where somebody else changed the same thing: ``raise`` Conflict and change nothing,
                or ``keep`` what does not fit in ``saved.conflicts``, for ``accept`` or ``dismiss``, and apply the rest.

        Raises Conflict, Frozen for issued content, Denied, InvalidInput.
        """
        return editing.save(
            self._desk,
            self._kind,
            document,
            on_conflict=on_conflict,
            reason=reason,
            request_id=request_id,
        )

    def edit(
        self,
        document: D | SummaryRow | str,
        *,
        base: int,
        changes: Mapping[str, Any],
        on_conflict: OnConflict = "raise",
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Saved[D]:
        """Wire changes made on version ``base``, whatever stands: ``{"/due_date": "2026-12-31", "/lines/<id>": None}``.

        A path to a line that is not there adds it, None takes away, ``/lines/<id>/after`` moves a line.
        Raises like ``save``.
        """
        return editing.edit(
            self._desk,
            self._kind,
            steps.named(document),
            base=base,
            changes=changes,
            on_conflict=on_conflict,
            reason=reason,
            request_id=request_id,
        )

    def conflicts(self, document: D | SummaryRow | str) -> tuple[KeptChange, ...]:
        """What is kept about the document and still open, each beside what stands there now. Raises NotFound."""
        return accepting.conflicts(self._desk, self._kind, document)

    def accept(
        self,
        conflict: KeptChange | str,
        *,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Saved[D]:
        """The kept change made after all: an edit, by you and by the one whose change it was.

        A value of ``conflicts`` means "in place of what I saw there", an id "in place of what stood there when it was
        kept". Raises Conflict when it has changed since, WrongState when it was decided before, and like ``save``.
        """
        return accepting.accept(
            self._desk, self._kind, conflict, reason=reason, request_id=request_id
        )

    def dismiss(
        self,
        conflict: KeptChange | str,
        *,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> KeptChange:
        """Give the kept change up; whoever may edit the document may do so. Raises WrongState, Denied, NotFound."""
        return accepting.dismiss(
            self._desk, self._kind, conflict, reason=reason, request_id=request_id
        )

    def refresh(
        self,
        document: D | SummaryRow | str,
        *,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> D:
        """Take the snapshots of the registers again. What was set by hand stays, and so does the currency.

        Raises Stale, WrongState, Denied, NotFound.
        """
        made = refreshing.refresh(
            self._desk, self._kind, document, reason=reason, request_id=request_id
        )
        return cast("D", made)

    def attach(
        self,
        document: D | SummaryRow | str,
        data: bytes,
        *,
        filename: str,
        mime: str,
        reference: str | None = None,
        description: str | None = None,
        limit: int = attaching.LIMIT,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Saved[D]:
        """The draft with a file attached, beside whatever else was changed in it meanwhile.

        Args:
            filename: a plain name such as ``"timesheet.pdf"``.
            mime: the media type, such as ``"application/pdf"``.
            reference: what the document calls it (BT-122); the file name when left out.
            limit: bytes that are allowed, 10 MiB unless said otherwise.

        Raises InvalidValue, Frozen for an issued document, WrongState, Denied, NotFound.
        """
        return attaching.attach(
            self._desk,
            self._kind,
            document,
            data,
            limit=limit,
            reason=reason,
            request_id=request_id,
            filename=filename,
            mime=mime,
            reference=reference,
            description=description,
        )

    def attachment(self, document: D | SummaryRow | str, id: str) -> bytes:
        """The bytes of an attached file. Raises NotFound as for the document itself, Tampered for altered bytes."""
        return attaching.attachment(self._desk, self._kind, document, id)

    def submit(
        self,
        document: D | SummaryRow | str,
        *,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> D:
        """Hand a draft over for review. Raises Stale, WrongState, Denied."""
        made = steps.submit(self._desk, self._kind, document, reason=reason, request_id=request_id)
        return cast("D", made)

    def approve(
        self,
        document: D | SummaryRow | str,
        *,
        comment: str | None = None,
        request_id: str | None = None,
    ) -> D:
        """Approve the content of the version that was seen; nobody approves a change of their own.

        Raises Stale, WrongState, Denied.
        """
        return self._review(document, "approve", comment, request_id)

    def refuse(
        self, document: D | SummaryRow | str, *, comment: str, request_id: str | None = None
    ) -> D:
        """Send a submitted draft back with a comment. Raises Stale, WrongState, Denied."""
        return self._review(document, "refuse", comment, request_id)

    def issue(
        self,
        document: D | SummaryRow | str,
        *,
        on: date | None = None,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> D:
        """Number, freeze and journal the document, in one transaction.

        Args:
            on: the issue date, between the last date of the series and today in the seller's zone; today when None.

        Raises PreflightFailed with every finding at once, Stale, WrongState, Denied, InvalidValue.
        """
        made = issuing.issue(
            self._desk, self._kind, document, on=on, reason=reason, request_id=request_id
        )
        return cast("D", made)

    def credit(
        self,
        document: D | SummaryRow | str,
        *,
        lines: crediting.Quantities | None = None,
        amount: Money | crediting.Quantity | None = None,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> CreditNote:
        """A draft credit note on an issued invoice, for ``ws.credit_notes`` to submit, approve and issue.

        Args:
            lines: quantities by line: ``{invoice.lines[0].id: 1}``; document allowances and charges follow.
            amount: an amount with VAT, spread over the rates by what remains of each.
            reason: stands in the journal and as a note on the credit note.

        With neither, everything that remains. Credits are taken from what earlier ones left per line and rate, so that
        all of them together equal the invoice. Raises OverCredited, WrongState, Denied, NotFound, InvalidValue.
        """
        return crediting.credit(
            self._desk,
            self._kind,
            document,
            lines=lines,
            amount=amount,
            reason=reason,
            request_id=request_id,
        )

    def write_off(
        self, document: D | SummaryRow | str, *, reason: str, request_id: str | None = None
    ) -> D:
        """The invoice with all that is due of it given up, per VAT rate; it reads ``written-off``, and nothing is due.

        A credit note on it takes from what was given up. Raises WrongState when nothing is due, Denied, NotFound,
        InvalidValue without a reason.
        """
        made = forgiving.write_off(
            self._desk, self._kind, document, reason=reason, request_id=request_id
        )
        return cast("D", made)

    def reinstate(
        self, document: D | SummaryRow | str, *, reason: str, request_id: str | None = None
    ) -> D:
        """The invoice with its write-off taken back: what was given up is due again. Raises like ``write_off``."""
        made = forgiving.reinstate(
            self._desk, self._kind, document, reason=reason, request_id=request_id
        )
        return cast("D", made)

    def preflight(
        self, document: D | SummaryRow | str, *, format: str | None = None
    ) -> tuple[Finding, ...]:
        """Every finding that an issue today would meet, errors first; nothing is written. Raises NotFound.

        Args:
            format: also what this format (``facturx``, ``cii``, ``ubl``) cannot say of the document.
        """
        return issuing.findings(self._desk, self._kind, steps.named(document), format)

    def discard(
        self,
        document: D | SummaryRow | str,
        *,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> D:
        """Give a draft up for good; its history stays. Raises Stale, WrongState, Denied."""
        made = steps.discard(self._desk, self._kind, document, reason=reason, request_id=request_id)
        return cast("D", made)

    def undo(
        self,
        document: D | SummaryRow | str,
        *,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Saved[D]:
        """Take back the actor's last edit that still stands, as a new version; several undos walk back.

        An edit is whatever the actor changed (edit, save, refresh, attach), also on somebody's behalf; what a delegate
        changed for the actor is the delegate's. All of it or nothing: raises UndoConflict when somebody changed any of
        it since, Denied when the actor may no longer see or set it, WrongState when nothing is left or it was issued.
        """
        return undoing.undo(self._desk, self._kind, document, reason=reason, request_id=request_id)

    def redo(
        self,
        document: D | SummaryRow | str,
        *,
        reason: str | None = None,
        request_id: str | None = None,
    ) -> Saved[D]:
        """Make again what the actor's last undo took back; a new edit leaves nothing to redo. Raises like ``undo``."""
        return undoing.redo(self._desk, self._kind, document, reason=reason, request_id=request_id)

    def history(self, document: D | SummaryRow | str, path: str | None = None) -> History[D]:
        """Everything that happened to the document: who, what, when, why; blame, differences, old versions.

        Args:
            path: only what happened at this path or below it: ``"/lines/<id>"``.

        Raises NotFound, InvalidValue.
        """
        return past.history(self._desk, self._kind, steps.named(document), path)

    def pdf(self, document: D | SummaryRow | str) -> Rendering:
        """The document on A4 pages: the same bytes every time once it is issued, a marked preview before."""
        return rendering.render(self._desk, self._kind, steps.named(document), "pdf")

    def facturx(self, document: D | SummaryRow | str) -> Rendering:
        """The pages with the XML inside (Factur-X, profile EN 16931): the same bytes every time once it is issued.

        Raises PreflightFailed when there is something that the XML cannot say: ``preflight(format="facturx")``.
        """
        return rendering.render(self._desk, self._kind, steps.named(document), "facturx")

    def cii(self, document: D | SummaryRow | str) -> Rendering:
        """The document as a Cross Industry Invoice (EN 16931); see ``facturx``."""
        return rendering.render(self._desk, self._kind, steps.named(document), "cii")

    def ubl(self, document: D | SummaryRow | str) -> Rendering:
        """The document as a UBL 2.1 Invoice or CreditNote (EN 16931); see ``facturx``."""
        return rendering.render(self._desk, self._kind, steps.named(document), "ubl")

    def json(self, document: D | SummaryRow | str) -> Rendering:
        """The document in canonical JSON: decimals and dates as text, lines by id. Nothing is archived."""
        return rendering.wire(self._desk, self._kind, steps.named(document))

    def may(self, action: str, document: D | SummaryRow | str) -> Decision:
        """Whether the actor may do something to the document now; ``.explain()`` says why.

        True exactly when ``list(can={action})`` has the document: the workflow's guard counts as a rule.
        """
        return steps.may(self._desk, self._kind, action, steps.named(document))

    def _review(
        self,
        document: D | SummaryRow | str,
        verdict: steps.Verdict,
        comment: str | None,
        request_id: str | None,
    ) -> D:
        made = steps.review(
            self._desk, self._kind, document, verdict, comment=comment, request_id=request_id
        )
        return cast("D", made)


def _actions(names: Collection[str]) -> frozenset[str]:
    if isinstance(names, str):
        raise InvalidValue(f"give a set of actions: {{{names!r}}}")
    return frozenset(names)
