"""What a notebook shows: tables in HTML, with everything that people wrote escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

Row = Sequence[Sequence[str]]
"""Cells of lines."""


def table(rows: Sequence[Row], head: Sequence[str] = ()) -> str:
    """Rows as an HTML table, below the names of the columns if there are any.

    >>> table([[["<b>"], ["one", "two"]]])
    '<table><tr><td>&lt;b&gt;</td><td>one<br>two</td></tr></table>'
    """
    shown = ["".join(f"<td>{'<br>'.join(map(escape, cell))}</td>" for cell in row) for row in rows]
    if head:
        shown.insert(0, "".join(f"<th>{escape(name)}</th>" for name in head))
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in shown)}</table>"
