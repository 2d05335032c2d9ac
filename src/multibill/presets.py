"""Policies to start from, as plain values: read them, print them, build your own from them."""

from __future__ import annotations

from multibill.permissions import Policy, permit
from multibill.query import Me
from multibill.query.doc import Doc

EVERYONE = frozenset(
    {"viewer", "freelancer", "sales", "project-manager", "lead", "manager", "accountant", "admin"}
)
WRITERS = frozenset({"sales", "project-manager", "lead", "manager", "accountant"})


def agency() -> Policy:
    """An agency's eight roles.

    viewer reads issued documents · freelancer drafts and sees her own · sales and project-manager draft, edit and
    submit in their teams · lead also approves in the team · manager reads all, approves, refuses, issues, credits,
    records payments · accountant reads all, issues, credits, records payments · admin reads all, keeps registers,
    verifies the journal. Nobody approves a change of their own.

    >>> len(agency().rules) > 10
    True
    """
    own, mine = Doc.owner == Me.id, Doc.team.in_(Me.teams)
    office = {"manager", "accountant", "admin"}
    return Policy(
        permit("viewer-read", to="viewer", on="read", when=Doc.phase == "issued"),
        permit("own-read", to=EVERYONE, on="read", when=own),
        permit("team-read", to={"sales", "project-manager", "lead"}, on="read", when=mine),
        permit("office-read", to=office, on="read"),
        permit("draft", to=WRITERS, on="draft"),
        permit("freelancer-draft", to="freelancer", on="draft", when=own),
        permit("own-edit", to=WRITERS | {"freelancer"}, on={"edit", "submit", "discard"}, when=own),
        permit(
            "team-edit", to={"sales", "project-manager", "lead"}, on={"edit", "submit"}, when=mine
        ),
        permit("office-edit", to={"manager", "accountant"}, on={"edit", "submit", "discard"}),
        permit("lead-approve", to="lead", on={"approve", "refuse"}, when=mine),
        permit("manager-approve", to="manager", on={"approve", "refuse"}),
        permit("issue", to={"manager", "accountant"}, on={"issue", "annotate", "credit", "pay"}),
        permit("customers-read", to=EVERYONE, on="read", of="customer"),
        permit("customers-save", to=WRITERS | {"admin"}, on="save", of="customer"),
        permit("sellers-read", to=EVERYONE, on="read", of="seller"),
        permit("sellers-save", to="admin", on="save", of="seller"),
        permit("verify", to={"manager", "accountant", "admin"}, on="verify", of="journal"),
    )
