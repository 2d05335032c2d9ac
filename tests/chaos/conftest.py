"""A door to the terminal: figures that a storm printed are worth reading when it passed, too."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print whatever the capture holds back, also from a worker process of the test run."""

    def said(text: str) -> None:
        with capfd.disabled():
            sys.stderr.write(f"\n{text}\n")

    return said
