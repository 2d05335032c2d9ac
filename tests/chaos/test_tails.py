"""Invariant 10 between processes: writers, readers and consumers are killed, and nobody misses or repeats an event.

``MULTIBILL_CHAOS_KILLS`` and ``MULTIBILL_CHAOS_SEED`` ask for another run, as does ``python3 -m tests.chaos.tails``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.chaos.test_kills import MINUTES, ROOT, SEED

KILLS = int(os.environ.get("MULTIBILL_CHAOS_KILLS", "60"))


@pytest.mark.slow
def test_invariant_10_every_reader_sees_all_once_in_order_while_processes_are_killed(
    say: Callable[[str], None],
) -> None:
    """Polling, live with lost hints, and a consumer of two processes that may be killed before it acknowledges."""
    command = [sys.executable, "-m", "tests.chaos.tails", "--kills", str(KILLS)]
    if SEED is not None:
        command += ["--seed", SEED]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60 * MINUTES, check=False
    )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    say(f"tails: {found}")
    assert [] == found["problems"]
    assert found["events"] > KILLS
