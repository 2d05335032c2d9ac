"""The first part of the embedding contract: read by the type checkers, run by tests/design."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from multibill import Actor, Billing, Invoice


class Base(DeclarativeBase):
    """The host's tables."""


class MyProject(Base):
    """One of the host's own rows."""

    __tablename__ = "my_project"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def embed(engine: Engine, billing: Billing, me: Actor, draft: Invoice) -> None:
    """The snippet, as written."""
    # fmt: off
    with Session(engine) as session, session.begin():
        session.add(MyProject(name="Site"))
        billing.workspace("t42", actor=me, session=session).invoices.issue(draft)      # commits and rolls back with you
