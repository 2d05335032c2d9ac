"""The desk: every use case, one subject a file. No SQL, no I/O, no clock and no randomness of its own."""

from __future__ import annotations

from multibill.workspace.audit import Fault, Report
from multibill.workspace.conflicts import KeptChange
from multibill.workspace.consumers import Consumer
from multibill.workspace.desk import Desk
from multibill.workspace.documents import Documents
from multibill.workspace.editing import Saved
from multibill.workspace.events import Event
from multibill.workspace.feed import Feed
from multibill.workspace.kinds import Kind, kinds
from multibill.workspace.listing import Page, SummaryRow
from multibill.workspace.past import History
from multibill.workspace.rendering import Rendering
from multibill.workspace.sifting import FeedEvent
from multibill.workspace.workspace import Workspace

__all__ = [
    "Consumer",
    "Desk",
    "Documents",
    "Event",
    "Fault",
    "Feed",
    "FeedEvent",
    "History",
    "KeptChange",
    "Kind",
    "Page",
    "Rendering",
    "Report",
    "Saved",
    "SummaryRow",
    "Workspace",
    "kinds",
]
