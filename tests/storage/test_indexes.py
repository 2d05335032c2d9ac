"""Which index SQLite takes for a list, and what stands in it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
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
    plan, made = planned("issued", Query(where=condition, me={}))
    assert "USING INDEX multibill_ix_document_issued (tenant=? AND issue_date" in plan
    assert made.endswith("WHERE issue_date IS NOT NULL")


OWING = Doc.settlement.in_({"open", "part-paid"})


@pytest.mark.parametrize(
    ("condition", "order", "taken"),
    [
        (OWING, (("due_date", False), ("id", False)), "settlement=?"),
        (OWING & (Doc.due_date < END), (("due_date", False), ("id", False)), "due_date<?"),
        (OWING & (Doc.buyer_ref == "acme"), (), "settlement=?"),
    ],
    ids=["by due date", "overdue", "a customer's"],
)
def test_a_list_of_what_is_owed_takes_the_index_of_settlements(
    condition: Expression, order: Any, taken: str
) -> None:
    """It holds no draft, and lists by the day on which they are due; SQL that binds its values takes it too."""
    query = Query(where=condition & (Doc.kind == "invoice"), me={}, order=order, limit=51)
    plan, made = planned("settlement", query)
    assert "USING INDEX multibill_ix_document_settlement (tenant=? AND settlement=?" in plan
    assert taken in plan
    assert made.endswith("WHERE settlement IS NOT NULL")


def planned(index: str, query: Query) -> tuple[str, str]:
    """The plan of a list with its values bound, and the index as it was made."""
    page = Selection(Tables(), "studio", query).page()
    shown = page.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
    with careless(migrated(folder() / "plans.db")).connect() as connection:
        cursor = connection.connection.cursor()
        values = [shown.params[name] for name in shown.positiontup or ()]
        values = [str(each) if isinstance(each, date) else each for each in values]
        plan = cursor.execute(f"EXPLAIN QUERY PLAN {shown}", values).fetchall()
        name = f"multibill_ix_document_{index}"
        (made,) = cursor.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
    return plan[0][3], made
