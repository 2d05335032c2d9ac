"""The child process: one SaxonC processor, compiled rules kept, one question a line. It may die; its host may not.

SaxonC aborts its process under a limit of memory and in threads with small stacks; so it lives here, alone.
"""

from __future__ import annotations

import json
import sys
from typing import Any

KEPT = 8


def main() -> None:
    """Answer each line of the input, a question in JSON, with a line of JSON."""
    _unlimited()
    from saxonche import PySaxonProcessor

    answers = sys.stdout
    sys.stdout = sys.stderr
    with PySaxonProcessor(license=False) as processor:
        compiled: dict[str, Any] = {}
        for line in sys.stdin:
            answers.write(json.dumps(_answer(processor, compiled, json.loads(line))) + "\n")
            answers.flush()


def _unlimited() -> None:
    """Lift the soft limit of memory that the host may run under: SaxonC reserves more than it uses."""
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _answer(processor: Any, compiled: dict[str, Any], question: dict[str, str]) -> dict[str, str]:
    try:
        path = question["rules"]
        rules = compiled.pop(path, None)
        if rules is None:
            rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=path)
        compiled[path] = rules
        while len(compiled) > KEPT:
            compiled.pop(next(iter(compiled)))
        node = processor.parse_xml(xml_text=question["xml"])
        return {"report": rules.transform_to_string(xdm_node=node)}
    except Exception as error:  # noqa: BLE001 - whatever the engine says is the answer
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
