"""Reviews: verdicts bound to what was reviewed. A material change makes an approval stale; nothing deletes it."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from multibill.codec import canonical, sha256
from multibill.model import ModelMap

Tree = dict[str, Any]


@attrs.frozen(kw_only=True)
class Review:
    """One verdict on a document: by whom, on which version, on which material content, with what comment.

    ``person`` is whom the verdict counts for: the one acted for, when somebody reviews on behalf of another;
    ``by`` is who gave it.
    """

    document: str
    verdict: Literal["approve", "refuse"]
    person: str
    by: str
    version: int
    digest: str
    comment: str | None = None

    @property
    def persons(self) -> frozenset[str]:
        """Everybody who stands behind it."""
        return frozenset({self.person, self.by})


def material_digest(content: Tree, mapped: ModelMap) -> str:
    """SHA-256 over what an approval covers: the content without immaterial and derived paths.

    Custom fields of the content are material: the host declared that the law sees them.
    """
    own = {"custom": content["custom"]} if "custom" in content else {}
    return sha256(canonical(_material(content, "", mapped) | own))


def _material(tree: Tree, prefix: str, mapped: ModelMap) -> Tree:
    kept = {}
    for name, value in tree.items():
        pattern = mapped.step(prefix, name)
        if pattern in mapped.immaterial:
            continue
        whole = not isinstance(value, dict) or pattern not in mapped.mixed
        material = value if whole else _material(value, pattern, mapped)
        if material != {}:
            kept[name] = material
    return kept
