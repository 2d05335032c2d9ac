"""What every benchmark here shares: rounds of CPU time, a table, ``--json``.

A row is a value with its floor, measured in the same run by turns; the ratio is what counts. Exit code 1 when a ratio
is more than twice its target: machines are noisy, so a near miss is printed and no more.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 7


def by_turns(*works: Callable[[], int], rounds: int = ROUNDS) -> list[float]:
    """Median CPU microseconds per unit of each work, run by turns; a work returns how many units it did."""
    times: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for index, work in enumerate(works):
            gc.collect()
            start = time.process_time()
            units = work()
            spent = (time.process_time() - start) / units * 1e6
            if turn:
                times[index].append(spent)
    return [statistics.median(found) for found in times]


class Table:
    """Rows of one benchmark; ``close()`` prints them and writes them where ``--json`` says."""

    def __init__(self, title: str) -> None:
        parser = argparse.ArgumentParser(description=title)
        parser.add_argument("--json", type=Path, help="write the rows to this file")
        self._json: Path | None = parser.parse_args().json
        self._title = title
        self._rows: list[dict[str, object]] = []

    def row(self, name: str, value: float, floor: float, target: float | None) -> None:
        """One measured value beside its floor, in microseconds; without a target it is only shown."""
        ratio = value / floor
        ok = target is None or ratio <= target
        self._rows.append(
            {
                "name": name,
                "value": value,
                "floor": floor,
                "ratio": ratio,
                "target": target,
                "ok": ok,
            }
        )

    def close(self) -> None:
        """Print the table; leave with 1 when a ratio is more than twice its target."""
        print(self._title)
        print(f"{'':44}{'us':>10}{'floor':>10}{'ratio':>8}{'target':>8}")
        for row in self._rows:
            target = "" if row["target"] is None else f"{row['target']:.1f}"
            verdict = "" if row["ok"] else "  missed"
            figures = f"{row['value']:>10.1f}{row['floor']:>10.1f}{row['ratio']:>8.2f}{target:>8}"
            print(f"{row['name']:44}{figures}{verdict}")
        if self._json is not None:
            self._json.write_text(json.dumps({"rows": self._rows}, indent=1))
        sys.exit(int(any(_far(row) for row in self._rows)))


def _far(row: dict[str, object]) -> bool:
    ratio, target = row["ratio"], row["target"]
    return isinstance(ratio, float) and isinstance(target, float | int) and ratio > 2 * target
