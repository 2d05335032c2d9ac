"""Eight processes issue in one series while they are killed: nothing missing, doubled, lost, half-written or in doubt.

``MULTIBILL_CHAOS_KILLS`` and ``MULTIBILL_CHAOS_SEED`` ask for another storm; outside pytest the same is
``python3 -m tests.chaos.run --kills 1000 --seed 7``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("MULTIBILL_CHAOS_KILLS", "300"))
SEED = os.environ.get("MULTIBILL_CHAOS_SEED")
MINUTES = 10


def storm(say: Callable[[str], None], kills: int, *options: str) -> Any:
    """The figures of one storm. It runs in a process of its own: a fork wants a parent without threads."""
    command = [sys.executable, "-m", "tests.chaos.run", "--json", "--kills", str(kills), *options]
    if SEED is not None:
        command += ["--seed", SEED]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60 * MINUTES, check=False
    )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    say(found["text"])
    return found


@pytest.mark.slow
def test_killed_writers_leave_no_gap_duplicate_loss_or_half_written_document(
    say: Callable[[str], None],
) -> None:
    found = storm(say, KILLS)
    assert [] == found["problems"]
    assert [] == found["missed"], "these points of the write were never hit"
    assert found["kills"] >= KILLS
    assert found["open"] / found["kills"] >= 0.05
    assert found["open_by_chance"] > 0


@pytest.mark.slow
def test_a_killed_host_leaves_its_row_and_our_invoice_or_neither(
    say: Callable[[str], None],
) -> None:
    found = storm(say, KILLS // 3, "--host")
    assert [] == found["problems"]
    assert [] == found["missed"], "these points of the write were never hit"
    assert found["open"] / found["kills"] >= 0.05
