"""Thousands of broken files: each is read, or refused with an error that is ours, and soon.

``MUTATIONS=100000 python3 dev.py slow tests/formats/einvoice/test_mutations.py`` tries as many.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import Any

import pytest

from multibill.documents import CreditNote, Invoice
from multibill.errors import InvalidInput, InvalidValue, PreflightFailed
from multibill.formats import cii, ubl
from multibill.formats.einvoice import read
from multibill.formats.facturx import FacturX
from tests.documents.ordinary import everything, lawful
from tests.formats.einvoice.mutations import mutated

COUNT = int(os.environ.get("MUTATIONS", "5000"))
SEED = 20261130
SECONDS = 5.0
"""More than any of them needs, on a busy machine too."""
FULL = lawful(everything(Invoice)).evolve(attachments=())
FILES: dict[str, Any] = {
    "cii": cii.write(FULL),
    "ubl": ubl.write(FULL),
    "ubl credit note": ubl.write(lawful(everything(CreditNote)).evolve(attachments=())),
    "pdf": FacturX().render(FULL.evolve(phase="issued", totals=FULL.totals)),
}


def outcome(data: bytes) -> str:
    """What became of a file; any other error is a failure of the test, also when what was read is written again."""
    try:
        found = read(data)
    except (InvalidInput, InvalidValue):
        return "refused"
    for write in (cii.write, ubl.write):
        with suppress(InvalidValue, PreflightFailed):
            assert write(found.document, found.files)
    return "read"


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_read_or_refused(name: str) -> None:
    found = {"read": 0, "refused": 0}
    for number, data in enumerate(mutated(FILES[name], COUNT // len(FILES), SEED)):
        start = time.process_time()
        found[outcome(data)] += 1
        assert time.process_time() - start < SECONDS, f"mutation {number} of seed {SEED} is slow"
    assert min(found.values()) > 0
