"""What a writer leaves behind however it dies: an intent before each call, the answer after it, a line each.

A line is one write(2) to a file opened to append: once that has returned, killing the process loses nothing of it.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

INTENT, ANSWER = "intent", "answer"

Call = tuple[str, str]
"""Verb and name."""


@attrs.frozen
class Note:
    """One line: an intent with the id that the call is about, or an answer with what was answered."""

    said: str
    verb: str
    name: str
    fact: str


class Notebook:
    """The file that one writer appends to."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, said: str, verb: str, name: str, fact: str) -> None:
        """One line; it is in the kernel's hands when this returns."""
        line = json.dumps([said, verb, name, fact]) + "\n"
        os.write(self._file, line.encode())


def notes(path: Path) -> Iterator[Note]:
    """The whole lines of a notebook. A torn last line was never written: its call or its user never was."""
    *whole, _ = path.read_text("utf-8").split("\n")
    return (Note(*json.loads(line)) for line in whole)


class Ledger:
    """All notebooks together: what was asked, how often, and what was answered."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.asked: dict[Call, str] = {}
        self.times: dict[Call, int] = defaultdict(int)
        self.answers: dict[Call, set[str]] = defaultdict(set)
        for path in paths:
            for note in notes(path):
                self._take(note)

    def _take(self, note: Note) -> None:
        call = (note.verb, note.name)
        if note.said == INTENT:
            self.asked[call] = note.fact
            self.times[call] += 1
        else:
            self.answers[call].add(note.fact)

    @property
    def doubtful(self) -> list[Call]:
        """Calls whose writer died before it wrote down an answer."""
        return [call for call in self.asked if call not in self.answers]

    def answer(self, verb: str, name: str) -> str | None:
        """What the call was answered; None when it never was."""
        found = self.answers.get((verb, name))
        return min(found) if found else None
