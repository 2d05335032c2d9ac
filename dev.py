"""Work on multibill with nothing but Python 3.11 or newer: python3 dev.py VERB [arguments]

  demo             a month at an agency, from draft to payment; results in build/demo
  test [args]      style, types, layers and the fast tests; the arguments go to pytest
  slow [args]      the tests marked slow; the arguments go to pytest
  lint             style, types and layers alone
  docs             the documentation as HTML, in build/docs
  bench [names]    the benchmarks of tests/benchmarks

The first run builds .venv beside this file; later runs need no network.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit(f"multibill needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / ("Scripts" if os.name == "nt" else "bin") / "python")
PIP = ["-m", "pip", "--quiet", "--no-input"]
INSTALL = {"run": ["-e", "."], "dev": ["-e", ".", "--group", "dev"]}


def call(*command: str) -> None:
    """Run a command that everything after it depends on."""
    if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit(f"exit code {code} from: {' '.join(command)}")


def fingerprint() -> str:
    """Changes with whatever decides what .venv holds: the requirements, the Python, the place."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [project.get(table) for table in ("build-system", "project", "dependency-groups")]
    text = json.dumps([wanted, sys.version, sys.base_prefix, str(ROOT)])
    return hashlib.sha256(text.encode()).hexdigest()


def prepare(kind: str) -> None:
    """Fill .venv for the demo (run) or for everything (dev), unless it is ready."""
    stamp, key = VENV / "ready", fingerprint()
    ready = stamp.read_text("utf-8").split() if stamp.exists() else []
    if key not in ready:
        create()
        ready = [key]
    if kind not in ready and "dev" not in ready:
        print(f"installing multibill and what it needs into {VENV.name} ...", flush=True)
        call(PYTHON, *PIP, "install", *INSTALL[kind])
        stamp.write_text(" ".join([*ready, kind]), "utf-8")


def create() -> None:
    """An empty .venv with a pip that knows dependency groups, also where ensurepip is missing."""
    venv, pip = [sys.executable, "-m", "venv", "--clear", str(VENV)], [PYTHON, *PIP]
    if subprocess.run(venv, capture_output=True, check=False).returncode:
        call(*venv, "--without-pip")
        pip = [sys.executable, *PIP, "--python", PYTHON]
        if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
            sys.exit("this Python can make no environment; on Debian: apt install python3-venv")
    call(*pip, "install", "pip>=25.1")


def lint() -> dict[str, list[str]]:
    """The parts that read the code without running it."""
    layers = "from importlinter.cli import lint_imports_command as check; check()"
    parts = {
        "ruff check": ["-m", "ruff", "check"],
        "ruff format": ["-m", "ruff", "format", "--check"],
        "mypy": ["-m", "mypy"],
        "layers": ["-c", layers, "--no-logo"],
    }
    if (ROOT / "tests/typing").is_dir():
        parts["pyright"] = ["-m", "pyright", "--pythonpath", PYTHON]
    return parts


def run(parts: dict[str, list[str]]) -> int:
    """Run every part, whatever fails, and print the seconds each took; 1 if any failed."""
    env = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}  # without it, asks the network
    rows = []
    for name, command in parts.items():
        print(f"--- {name}", flush=True)
        start = time.perf_counter()
        code = subprocess.run([PYTHON, *command], cwd=ROOT, env=env, check=False).returncode
        rows.append((name, time.perf_counter() - start, f"FAILED ({code})" if code else "ok"))
    print("\n".join(f"{name:<16}{seconds:7.1f} s  {end}" for name, seconds, end in rows))
    return 1 if any(end != "ok" for _, _, end in rows) else 0


def main(verb: str = "", *arguments: str) -> int:
    """Do what the verb says: 0 is well, 1 a part that failed, 2 a command that makes no sense."""
    pytest = ["-m", "pytest", "-q", "-n", "2"]
    benchmarks = arguments or sorted(p.stem for p in ROOT.glob("tests/benchmarks/[!_]*.py"))
    sphinx = ["-m", "sphinx", "-q", "-W", "--keep-going", "-d", "build/doctrees"]
    verbs = {
        "demo": {"demo": ["examples/agency_month/run.py", "build/demo", *arguments]},
        "test": {**lint(), "pytest": [*pytest, "-m", "not slow", *arguments]},
        "slow": {"pytest": [*pytest, "-m", "slow", "--hypothesis-profile=slow", *arguments]},
        "lint": lint(),
        "docs": {"docs": [*sphinx, "docs", "build/docs"]},
        "bench": {name: [f"tests/benchmarks/{name}.py"] for name in benchmarks},
    }
    if verb not in verbs:
        print(__doc__)
        return 0 if verb in {"help", "--help", "-h"} else 2
    prepare("run" if verb == "demo" else "dev")
    return run(verbs[verb])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
