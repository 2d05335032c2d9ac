"""The corpus is no part of the project: its test is collected where a folder is named, and nowhere else."""

from __future__ import annotations

import os

collect_ignore = [] if "MULTIBILL_CORPUS" in os.environ else ["test_corpus.py"]
