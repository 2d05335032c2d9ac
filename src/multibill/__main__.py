"""The command line, ``python -m multibill``: sql, doctor, validate. Reads arguments and prints; decides nothing."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import attrs

from multibill.errors import InvalidValue, MissingExtra, MultibillError

OK, PROBLEMS, USAGE, UNKNOWN = 0, 1, 2, 3
"""``UNKNOWN``: nobody could say, because a package, the rules or their engine failed; never to be read as valid."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say: 0 all is well, 1 there are problems, 2 the arguments make no sense, 3 nobody knows.

    >>> main(["doctor", "no URL"])
    2
    """
    options = _parser().parse_args(arguments)
    try:
        answer: int = options.run(options)
    except MultibillError as error:
        print(f"multibill: {error}", file=sys.stderr)
        if isinstance(error, MissingExtra):
            return UNKNOWN
        return USAGE if isinstance(error, InvalidValue) else PROBLEMS
    return answer


def _sql(options: argparse.Namespace) -> int:
    from multibill.storage import migrations

    print(migrations.script(options.dialect, prefix=options.prefix, schema=options.schema), end="")
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from multibill.storage.doctor import examine

    checkup = examine(options.url, prefix=options.prefix, schema=options.schema)
    report = attrs.asdict(checkup)
    print(json.dumps(report, indent=2) if options.json else _readable(report))
    return PROBLEMS if checkup.problems else OK


def _validate(options: argparse.Namespace) -> int:
    from multibill.formats.official import Validator

    try:
        data = options.file.read_bytes()
        if options.rules is not None and not options.rules.is_dir():
            raise NotADirectoryError(f"{options.rules} is no folder")
    except OSError as error:
        raise InvalidValue(str(error)) from None
    with Validator(options.rules, seconds=options.seconds) as official:
        found = official.verdict(data)
    report = {"file": str(options.file), **attrs.asdict(found)}
    print(json.dumps(report, indent=2, ensure_ascii=False) if options.json else found)
    return VERDICTS[found.outcome]


VERDICTS = {"valid": OK, "invalid": PROBLEMS}
VERDICTS |= {"engine-error": UNKNOWN, "rules-not-available": UNKNOWN}


def _readable(report: dict[str, object]) -> str:
    """A line for each figure; what one has to act upon comes last, where the eye ends up."""
    lines: list[tuple[str, object]] = []
    for name, value in report.items():
        if isinstance(value, dict):
            lines += [(f"{name} {part}", figure) for part, figure in value.items()]
        elif isinstance(value, list):
            lines += [(name.removesuffix("s"), sentence) for sentence in value]
        else:
            lines.append((name.replace("_", " "), value))
    return "\n".join(f"{name:<24}{'-' if value is None else value}" for name, value in lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m multibill", description="multibill's tools")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    tables = argparse.ArgumentParser(add_help=False)
    tables.add_argument("--prefix", default="multibill_", help="before each table name")
    tables.add_argument("--schema", help="database schema of the tables")

    sql = commands.add_parser("sql", parents=[tables], help="print the SQL that makes the tables")
    sql.add_argument("--dialect", required=True, choices=["sqlite", "postgresql", "mariadb"])
    sql.set_defaults(run=_sql)

    doctor = commands.add_parser("doctor", parents=[tables], help="look at a database and report")
    doctor.add_argument("url", help="for instance sqlite:///agency.db")
    doctor.add_argument("--json", action="store_true", help="the report as JSON")
    doctor.set_defaults(run=_doctor)

    validate = commands.add_parser(
        "validate",
        help="ask the official rules about an invoice",
        epilog="Exit codes: 0 valid, 1 invalid, 2 wrong usage, 3 nobody can say.",
    )
    validate.add_argument("file", type=Path, help="UBL or CII, or a Factur-X PDF")
    validate.add_argument("--json", action="store_true", help="the verdict as JSON")
    validate.add_argument("--rules", type=Path, metavar="DIR", help="a folder with other rules")
    validate.add_argument("--seconds", type=float, default=60, help="for one set of rules")
    validate.set_defaults(run=_validate)
    return parser


if __name__ == "__main__":
    sys.exit(main())
