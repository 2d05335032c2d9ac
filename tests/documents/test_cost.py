"""Checks and mentions run at every keystroke of a draft: their cost is bounded by that of the totals.

On the machine where the bounds were set: totals 26, mentions 7, all checks 75 microseconds for twenty lines. Processor
time, the best of several runs, so that a busy machine does not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from timeit import repeat

import pytest

from multibill.documents.checks import check
from multibill.documents.computing import compute
from multibill.documents.mentions import mentions
from tests.documents.ordinary import ON, twenty_lines

DOCUMENT = twenty_lines()


def cost(work: Callable[[], object]) -> float:
    return min(repeat(work, number=300, repeat=11, timer=time.process_time))


def totals() -> object:
    return compute(DOCUMENT.lines, DOCUMENT.currency)


@pytest.mark.slow
def test_mentions_cost_less_than_half_of_the_totals() -> None:
    assert cost(lambda: mentions(DOCUMENT, ON)) < cost(totals) / 2


@pytest.mark.slow
def test_all_checks_cost_less_than_five_times_the_totals() -> None:
    assert cost(lambda: check(DOCUMENT, ON)) < cost(totals) * 5
