"""Record: the neutral form in which anything is stored, journaled and checked."""

from __future__ import annotations

from typing import Any

import attrs

Tree = dict[str, Any]


@attrs.frozen
class Record:
    """One version of one thing: its content (hashed, frozen at issue) and its envelope, as wire trees."""

    kind: str
    id: str
    version: int
    content: Tree
    envelope: Tree

    @property
    def body(self) -> Tree:
        """Content and envelope as one tree, the form that paths and changes speak about."""
        joined = {**self.content, **self.envelope}
        if "custom" in self.content and "custom" in self.envelope:
            joined["custom"] = {**self.content["custom"], **self.envelope["custom"]}
        return joined
