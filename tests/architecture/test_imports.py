"""Importing multibill is cheap and brings no optional or heavy package along."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

import pytest

HEAVY = {"alembic", "babel", "fpdf", "lxml", "pikepdf", "sqlalchemy", "stdnum"}

WRITING = """
import sys
for extra in ("facturx", "lxml", "pikepdf", "saxonche"):
    sys.modules[extra] = None  # as where it is not installed: importing it fails
from multibill.formats import einvoice, official
from multibill.formats.facturx import FacturX
from multibill.formats.xml import XmlRenderer
from multibill.testing.factories import studio
from multibill.documents import Invoice, Line
party = studio().party
lines = [Line(name="Logo", unit_price="450", vat="20")]
invoice = Invoice(id="i", phase="issued", seller=party, buyer=party, lines=lines)
for renderer in (FacturX(), XmlRenderer("cii"), XmlRenderer("ubl")):
    print(len(renderer.render(invoice)) > 2000)
"""

LOADED = "import multibill, sys; print(*sys.modules)"

COST = """
import time, attrs, cattrs
start = time.process_time()
import multibill
print(time.process_time() - start)
"""


def python(program: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_importing_multibill_loads_nothing_heavy() -> None:
    assert set() == HEAVY & set(python(LOADED).split())


def test_writing_electronic_invoices_needs_no_extra() -> None:
    assert ["True"] * 3 == python(WRITING).split()


@pytest.mark.slow
def test_importing_multibill_costs_at_most_a_tenth_of_a_second_beyond_attrs_and_cattrs() -> None:
    """Processor time, the median of five processes, so that a busy machine does not count."""
    assert median(float(python(COST)) for _ in range(5)) <= 0.1
