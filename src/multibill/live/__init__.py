"""Wake-ups for live feeds: within the process, and between processes on a SQLite file. Hints only, never the truth."""

from __future__ import annotations

from multibill.live.file import FileWaker
from multibill.live.process import PollingWaker, ProcessWaker

__all__ = ["FileWaker", "PollingWaker", "ProcessWaker"]
