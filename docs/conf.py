"""How Sphinx builds the documentation. Needs no network; the version comes from pyproject.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

metadata = tomllib.loads(Path(__file__).parent.parent.joinpath("pyproject.toml").read_text("utf-8"))

project = "multibill"
author = "the multibill contributors"
copyright = f"2026, {author}"
release = version = metadata["project"]["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"

html_theme = "furo"
html_title = f"multibill {release}"
html_show_sourcelink = False
