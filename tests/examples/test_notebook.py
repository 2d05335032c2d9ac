"""The notebook runs from its first cell to its last, and shows what it says."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).parents[2] / "examples" / "notebook" / "history.ipynb"


def executed() -> list[Any]:
    """What each code cell shows: its last expression, as HTML where it has any."""
    names: dict[str, Any] = {}
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    sources = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return [value(source, names) for source in sources]


def value(source: str, names: dict[str, Any]) -> Any:
    """Run a cell as a notebook does; the value of its last line."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the notebook is ours
    if not isinstance(last, ast.Expr):
        return None
    found = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
    return found._repr_html_() if hasattr(found, "_repr_html_") else found


def test_it_shows_list_history_and_differences() -> None:
    _, merged, page, history, _, diff, blame, payable, rows = executed()
    assert (("/due_date",), ()) == merged
    assert "<th>buyer.name</th>" in page
    assert "<td>F" in page
    assert "quantity" in history
    assert "Logo design" in diff
    assert {"ann", "bob"} == {who for who in ("ann", "bob", "eve") if f"<td>{who}</td>" in blame}
    assert ["1620.00 EUR", "2160.00 EUR"] == [str(amount) for amount in payable]
    assert ["/due_date", "quantity"] == [
        row["path"] if "due" in row["path"] else row["path"].rsplit("/")[-1] for row in rows
    ]


def test_it_is_kept_without_outputs() -> None:
    """What a notebook showed once would grow old in it."""
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    assert [] == [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
