"""``python -m multibill``: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from multibill.__main__ import main
from multibill.formats import cii, extras
from multibill.storage import migrations
from tests.formats.einvoice.matrix import matrix

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'agency.db'}"
    with create_engine(url, poolclass=NullPool).begin() as connection:
        migrations.migrate(connection)
    return url


def python_m(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "multibill", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class TestSql:
    @pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mariadb"])
    def test_it_prints_the_script(self, dialect: str, capsys: Captured) -> None:
        assert 0 == main(["sql", "--dialect", dialect])
        assert migrations.script(dialect) == capsys.readouterr().out

    def test_prefix_and_schema_are_heeded(self, capsys: Captured) -> None:
        options = ["--prefix", "billing_", "--schema", "finance"]
        assert 0 == main(["sql", "--dialect", "postgresql", *options])
        expected = migrations.script("postgresql", prefix="billing_", schema="finance")
        assert expected == capsys.readouterr().out

    def test_standard_output_holds_nothing_but_sql(self) -> None:
        done = python_m("sql", "--dialect", "mariadb")
        assert (0, migrations.script("mariadb"), "") == (done.returncode, done.stdout, done.stderr)


class TestDoctor:
    def test_a_healthy_database_is_0(self, url: str, capsys: Captured) -> None:
        assert 0 == main(["doctor", url])
        lines = [line.split() for line in capsys.readouterr().out.splitlines()]
        assert ["revision", "found", migrations.HEAD] in lines
        assert ["tables", "head", "0"] in lines
        assert ["tenants", "0"] in lines

    def test_problems_are_1_and_stand_last(self, tmp_path: Path, capsys: Captured) -> None:
        assert 1 == main(["doctor", f"sqlite:///{tmp_path / 'none.db'}"])
        last = capsys.readouterr().out.splitlines()[-1]
        assert last.startswith("problem ")
        assert "no such database file" in last

    def test_json_is_for_programs(self, url: str, capsys: Captured) -> None:
        assert 0 == main(["doctor", url, "--json"])
        report = json.loads(capsys.readouterr().out)
        assert (migrations.HEAD, 0, []) == (
            report["revision_wanted"],
            report["tenants"],
            report["problems"],
        )

    def test_another_prefix_is_another_set_of_tables(self, url: str, capsys: Captured) -> None:
        assert 1 == main(["doctor", url, "--prefix", "other_"])
        assert "'other_'" in capsys.readouterr().out

    def test_no_password_is_shown(self, capsys: Captured) -> None:
        assert 1 == main(["doctor", "postgresql+pg8000://ann:hunter2@localhost/x"])
        assert "hunter2" not in "".join(capsys.readouterr())


class TestUsage:
    def test_what_is_no_url_is_2_and_one_sentence_on_standard_error(self, capsys: Captured) -> None:
        assert 2 == main(["doctor", "nonsense"])
        captured = capsys.readouterr()
        assert "" == captured.out
        assert "multibill: a database URL looks like sqlite:///agency.db\n" == captured.err

    @pytest.mark.parametrize(
        "arguments", [[], ["sql"], ["sql", "--dialect", "oracle"], ["doctor"], ["heal"]]
    )
    def test_other_nonsense_is_2(self, arguments: list[str], capsys: Captured) -> None:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert 2 == ended.value.code
        assert "usage: python -m multibill" in capsys.readouterr().err

    def test_help_names_the_commands(self) -> None:
        done = python_m("--help")
        assert 0 == done.returncode
        assert {"sql", "doctor"} <= set(done.stdout.split())

    def test_the_exit_code_reaches_the_shell(self) -> None:
        assert 2 == python_m("doctor", "nonsense").returncode


@pytest.fixture
def xml(tmp_path: Path) -> Path:
    """A lawful French invoice in CII."""
    path = tmp_path / "invoice.xml"
    path.write_bytes(cii.write(dict(matrix())["380 / S / plain"]))
    return path


class TestValidate:
    def test_a_file_that_is_no_invoice_is_1(self, tmp_path: Path, capsys: Captured) -> None:
        (tmp_path / "a.xml").write_text("{}")
        assert 1 == main(["validate", str(tmp_path / "a.xml")])
        assert "not well-formed" in capsys.readouterr().out

    @pytest.mark.parametrize("options", [["none.xml"], ["a.xml", "--rules", "none"]])
    def test_a_file_or_folder_that_is_not_there_is_2(
        self, options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "a.xml").write_text("<a/>")
        assert 2 == main(["validate", *options])
        assert "none" in capsys.readouterr().err

    def test_missing_rules_are_3(self, xml: Path, tmp_path: Path, capsys: Captured) -> None:
        assert 3 == main(["validate", str(xml), "--rules", str(tmp_path)])
        assert capsys.readouterr().out.startswith("rules-not-available")

    def test_a_missing_engine_is_3(
        self, xml: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
    ) -> None:
        monkeypatch.setattr(extras, "find_spec", lambda _: None)
        assert 3 == main(["validate", str(xml)])
        assert "pip install 'multibill[validate]'" in capsys.readouterr().err

    @pytest.mark.slow
    def test_a_valid_file_is_0_and_an_invalid_one_1(self, xml: Path, capsys: Captured) -> None:
        assert 0 == main(["validate", str(xml)])
        assert capsys.readouterr().out.startswith("valid\n  Factur-X EN 16931 1.09.2 (")
        xml.write_bytes(xml.read_bytes().replace(b">F2026-00001<", b"><"))
        assert 1 == main(["validate", str(xml), "--json"])
        report = json.loads(capsys.readouterr().out)
        assert (str(xml), "invalid") == (report["file"], report["outcome"])
        broken = {f["rule"] for ran in report["ran"] for f in ran["failures"] if f["fatal"]}
        assert "BR-02" in broken
