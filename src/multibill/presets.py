"""Policies to start from, as plain values: read them, print them, build your own from them."""

from __future__ import annotations

from multibill.permissions import Policy, hide, permit
from multibill.query import Me
from multibill.query.doc import Doc

EVERYONE = frozenset(
    {"viewer", "freelancer", "sales", "project-manager", "lead", "manager", "accountant", "admin"}
)
WORK = frozenset({"edit", "submit", "discard"})


def agency() -> Policy:
    """An agency's eight roles.

    viewer reads issued documents · freelancer drafts, edits and submits her own · sales and project-manager draft, edit
    and submit in their teams · lead also approves and refuses there · manager works on all documents, approves,
    refuses, issues, credits, records payments · accountant the same without approving · admin reads all and keeps the
    registers; services that consume the feed have this role. manager, accountant and admin verify the journal, read
    bank accounts and confirm what another proposed; project-manager keeps items too. Nobody approves a change of
    their own. What lines cost, and the margin, is hidden from viewers and freelancers.

    >>> len(agency().rules) > 10
    True
    """
    own, mine = Doc.owner == Me.id, Doc.team.in_(Me.teams)
    office, team = {"manager", "accountant", "admin"}, {"sales", "project-manager", "lead"}
    books = {"manager", "accountant"}
    return Policy(
        permit("viewer-read", to="viewer", on="read", when=Doc.phase == "issued"),
        permit("own-read", to=EVERYONE, on="read", when=own),
        permit("team-read", to=team, on="read", when=mine),
        permit("office-read", to=office, on="read"),
        permit("own-draft", to=team | {"freelancer"}, on="draft", when=own & Doc.team.is_null()),
        permit("freelancer-draft", to="freelancer", on="draft", when=own & mine),
        permit("team-draft", to=team, on="draft", when=mine),
        permit("office-draft", to=books, on="draft"),
        permit("own-edit", to=team | {"freelancer"}, on=WORK, when=own),
        permit("team-edit", to=team, on={"edit", "submit"}, when=mine),
        permit("office-edit", to=books, on=WORK),
        permit("lead-approve", to="lead", on={"approve", "refuse"}, when=mine),
        permit("manager-approve", to="manager", on={"approve", "refuse"}),
        permit("issue", to=books, on={"issue", "annotate", "credit", "pay"}),
        permit("payments-read", to=office, on="read", of="payment"),
        permit("payments", to=books, on="pay", of="payment"),
        permit("customers-read", to=EVERYONE, on="read", of="customer"),
        permit("customers-save", to=team | office, on="save", of="customer"),
        permit("sellers-read", to=EVERYONE, on="read", of="seller"),
        permit("sellers-save", to="admin", on="save", of="seller"),
        permit("accounts-read", to=office, on="read", of="account"),
        permit("accounts-save", to="admin", on="save", of="account"),
        permit("accounts-confirm", to=office, on="confirm", of="account"),
        permit("items-read", to=EVERYONE, on="read", of="item"),
        permit("items-save", to=office | {"project-manager"}, on="save", of="item"),
        permit("templates-read", to=EVERYONE, on="read", of="template"),
        permit("templates-save", to="admin", on="save", of="template"),
        permit("members-read", to=EVERYONE, on="read", of="member"),
        permit("members-save", to="admin", on="save", of="member"),
        permit("verify", to=office, on="verify", of="journal"),
        permit("consume", to="admin", on="consume", of="journal"),
        hide("margin", to={"viewer", "freelancer"}),
    )
