"""Random trees as bodies are: maps by name, no null, no empty map below the root."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = ["a", "ab", "b", "lines", "tags", "totals", "é", "$redacted"]

scalars = st.one_of(
    st.sampled_from(["", "1", "1.5", "é", "\0", "/"]), st.integers(-3, 3), st.booleans()
)
names = st.sampled_from(NAMES)
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda below: st.dictionaries(names, below, min_size=1, max_size=4), max_leaves=8
)
trees = st.dictionaries(names, values, max_size=5)
ITEMS = frozenset({"lines", "tags"})
"""What holds items by id where it is there at all."""

bodies = trees.map(
    lambda tree: {n: v for n, v in tree.items() if n not in ITEMS or isinstance(v, dict)}
)
