"""Which index SQLite takes for a list, and what stands in it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from multibill.ports import Query
from multibill.query import Expression
from multibill.query.doc import Doc
from multibill.storage.sql.selecting import Selection
from multibill.storage.sql.tables import Tables
from tests.worlds import careless, folder, migrated

START, END = date(2026, 11, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    "condition",
    [
        Doc.issue_date == START,
        Doc.issue_date >= START,
        (START <= Doc.issue_date) & (Doc.issue_date < END),
    ],
    ids=["day", "since", "month"],
)
def test_a_list_of_a_period_takes_the_index_of_issued_documents(condition: Expression) -> None:
    """It holds no draft: a condition on the issue date is never true of one."""
    page = Selection(Tables(), "studio", Query(where=condition, me={})).page()
    shown = str(page.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with careless(migrated(folder() / "plans.db")).connect() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {shown}")).all()
        (made,) = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'multibill_ix_document_issued'")
        ).one()
    assert "USING INDEX multibill_ix_document_issued (tenant=? AND issue_date" in plan[0][3]
    assert made.endswith("WHERE issue_date IS NOT NULL")
