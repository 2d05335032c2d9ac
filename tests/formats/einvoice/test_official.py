"""The official rules: every way in which they can fail is a typed outcome, and the host lives on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from multibill.errors import InvalidValue, MissingExtra
from multibill.formats import cii, extras, ubl
from multibill.formats.facturx import FacturX
from multibill.formats.official import Failure, Validator, Verdict, available
from multibill.formats.official.verdict import Ran, verdict
from tests.formats.einvoice.matrix import matrix

VALID = dict(matrix())["380 / S / plain"]
SYNTAXES: dict[str, Any] = {"cii": cii.write, "ubl": ubl.write}
XSLT = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">{}</xsl:stylesheet>"""
LONG = "1 to 2000000000"
ENDLESS = XSLT.format(
    '<xsl:template match="/"><x><xsl:value-of select="'
    f"sum(for $i in {LONG} return sum(for $j in {LONG} return $i * $j))"
    '"/></x></xsl:template>'
)


@pytest.fixture(scope="module")
def official() -> Iterator[Validator]:
    """One engine for all that leave it as it was."""
    with Validator() as validator:
        yield validator


class TestVerdict:
    """What several sets of rules come to."""

    FATAL = Ran("a", "1", "0", (Failure("BR-1", fatal=True, text="no", location="/"),))
    WARNED = Ran("b", "1", "0", (Failure("BR-2", fatal=False, text="hm", location="/"),))
    BROKEN = Ran("c", "1", "0", error="it died")

    @pytest.mark.parametrize(
        ("ran", "outcome"),
        [
            ((), "rules-not-available"),
            ((WARNED,), "valid"),
            ((WARNED, FATAL), "invalid"),
            ((WARNED, BROKEN), "engine-error"),
            ((FATAL, BROKEN), "engine-error"),
        ],
    )
    def test_only_rules_that_ran_can_say_valid(self, ran: tuple[Ran, ...], outcome: str) -> None:
        found = verdict(ran)
        assert outcome == found.outcome
        assert (outcome == "valid") is bool(found)

    def test_it_reads_well(self) -> None:
        text = str(verdict((self.FATAL, self.WARNED)))
        assert text.startswith("invalid\n  a 1 (0): 1 broken rules\n    BR-1 fatal: no\n")
        assert "it died" in str(verdict((self.BROKEN,)))


def test_rules_have_a_version_and_a_hash() -> None:
    found = {rules.name: rules for rules in available()}
    assert {"Factur-X EN 16931", "EN 16931 UBL", "BR-FR CII", "BR-FR UBL"} <= found.keys()
    assert ("1.3.16", 64) == (found["EN 16931 UBL"].version, len(found["EN 16931 UBL"].sha256))


def test_a_missing_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"pip install 'multibill\[validate\]'"):
        Validator()


def test_without_rules_nothing_is_valid(tmp_path: Path) -> None:
    with Validator(tmp_path) as official:
        found = official.check(cii.write(VALID))
    assert ("rules-not-available", False) == (found.outcome, bool(found))


def test_what_is_no_xml_is_no_matter_for_rules() -> None:
    with Validator() as official:
        with pytest.raises(InvalidValue):
            official.check(b"%PDF-")
        found = official.verdict(b"{}")
    assert "invalid" == found.outcome
    assert "not well-formed" in found.message


def folder(path: Path, text: str) -> Path:
    """A folder with one set of rules for UBL."""
    (path / "ubl-2.1").mkdir()
    (path / "ubl-2.1" / "EN16931-UBL.xslt").write_text(text)
    return path


@pytest.mark.slow
class TestEngine:
    """Against the real engine, in its own process."""

    @pytest.mark.parametrize("syntax", SYNTAXES)
    def test_a_valid_file_is_valid_in_every_encoding(
        self, syntax: str, official: Validator
    ) -> None:
        data = SYNTAXES[syntax](VALID)
        text = data.decode()
        latin = text.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode(
            "latin-1", errors="xmlcharrefreplace"
        )
        wide = text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
        for each in (data, latin, wide):
            found = official.check(each)
            assert "valid" == found.outcome, str(found)
            assert 2 == len(found.ran)

    def test_a_factur_x_is_what_its_xml_is(self, official: Validator) -> None:
        assert official.verdict(FacturX().render(VALID))

    @pytest.mark.parametrize("syntax", SYNTAXES)
    def test_a_broken_rule_is_named(self, syntax: str, official: Validator) -> None:
        found = official.check(SYNTAXES[syntax](VALID.evolve(number=None)))
        assert "invalid" == found.outcome
        assert "BR-02" in {failure.rule for failure in found.failures if failure.fatal}

    @pytest.mark.parametrize("syntax", SYNTAXES)
    @pytest.mark.parametrize("amount", ["", "1,5", "NaN", "1e5", "9" * 400])
    def test_a_malformed_amount_is_never_valid(
        self, syntax: str, amount: str, official: Validator
    ) -> None:
        data = SYNTAXES[syntax](VALID).replace(b">1350.00<", f">{amount}<".encode())
        found = official.check(data)
        assert found.outcome in {"invalid", "engine-error"}
        assert official.check(SYNTAXES[syntax](VALID))

    def test_eight_threads_share_one(self, official: Validator) -> None:
        data = [write(VALID) for write in SYNTAXES.values()] * 8
        with ThreadPoolExecutor(8) as threads:
            assert ["valid"] * 16 == [v.outcome for v in threads.map(official.check, data)]

    def test_a_killed_child_is_an_engine_error_and_the_next_call_starts_another(self) -> None:
        data = cii.write(VALID)
        with Validator() as official:
            assert official.check(data)
            child = official._child
            assert child is not None
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            assert official.check(data)

    def test_a_child_killed_at_work_is_an_engine_error(self, tmp_path: Path) -> None:
        with Validator(folder(tmp_path, ENDLESS)) as official:
            found: list[Verdict] = []
            work = threading.Thread(target=lambda: found.append(official.check(ubl.write(VALID))))
            work.start()
            while official._child is None:
                time.sleep(0.05)
            time.sleep(1)
            os.kill(official._child.pid, signal.SIGKILL)
            work.join(30)
        assert ["engine-error"] == [each.outcome for each in found]
        assert "ended with code -9" in found[0].message

    def test_rules_that_take_too_long_are_ended(self, tmp_path: Path) -> None:
        start = time.monotonic()
        with Validator(folder(tmp_path, ENDLESS), seconds=2) as official:
            found = official.check(ubl.write(VALID))
        assert "engine-error" == found.outcome
        assert "took longer than 2 seconds" in found.message
        assert time.monotonic() - start < 30

    @pytest.mark.parametrize("text", ["no XML", XSLT.format("<xsl:nonsense/>"), XSLT.format("")])
    def test_rules_that_are_none_are_an_engine_error(self, tmp_path: Path, text: str) -> None:
        with Validator(folder(tmp_path, text)) as official:
            assert "engine-error" == official.check(ubl.write(VALID)).outcome

    def test_a_host_with_little_memory_lives(self) -> None:
        """Two GiB of address space: the engine would abort in this process, and works in its own."""
        program = """
import resource, sys
_, hard = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3, hard))
from multibill.formats.official import Validator
with Validator() as official:
    print(official.check(sys.stdin.buffer.read()).outcome)
"""
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=ubl.write(VALID),
            capture_output=True,
            check=False,
        )
        assert (0, b"valid\n") == (done.returncode, done.stdout), done.stderr
