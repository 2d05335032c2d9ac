"""The month at an agency runs as its reader would run it, and comes out as it says."""

from __future__ import annotations

import ast
import csv
import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest

import multibill
from multibill import Actor, Billing, Workspace, codec, presets
from multibill.i18n import LANGUAGES
from multibill.parties import is_siren, is_vat_id, vat_id_matches_siren

EXAMPLE = Path(__file__).parents[2] / "examples" / "agency_month"
NUMBERS = [f"F2026-{n:05}" for n in range(1, 8)]
LEFT_OUT = {
    "customers.csv:9": "'Belgique' is not an ISO 3166-1 country code such as 'FR'",
    "rates.csv:16": "'82,50' is not a decimal number such as '1234.50'",
    "timesheet.csv:16": "no valid customer 'Menuiserie Delvaux SRL' in customers.csv",
    "timesheet.csv:22": "no valid customer 'Menuiserie Delvaux SRL' in customers.csv",
    "timesheet.csv:31": "no valid rate for Lucie Garnier on 'Site des collections' in rates.csv",
    "timesheet.csv:53": "no valid rate for Tom Leroux on 'Refonte du catalogue' in rates.csv",
    "timesheet.csv:54": "'1h30' is not a duration such as 01:30:00",
    "timesheet.csv:55": "not billable",
    "timesheet.csv:56": "not billable",
    "timesheet.csv:59": "no valid customer 'Halden Read Ltd' in customers.csv",
    "timesheet.csv:65": "2026-12-01 is not in November",
}


class Month(NamedTuple):
    """What one run printed, by heading, and the folder that it filled."""

    printed: str
    sections: dict[str, list[str]]
    folder: Path


def run(folder: Path, example: Path = EXAMPLE) -> Month:
    """Run the example in a process of its own, where every warning is an error."""
    command = [sys.executable, "-W", "error", str(example / "run.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert "" == done.stderr
    assert 0 == done.returncode
    parts = [part.splitlines() for part in done.stdout.strip().split("\n\n")]
    return Month(done.stdout, {heading: lines for heading, *lines in parts}, folder)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    return run(tmp_path_factory.mktemp("agency") / "not" / "there yet")


@pytest.fixture
def desk(month: Month) -> Iterator[Workspace]:
    """An administrator's view of the database that the run left behind."""
    billing = Billing.open(f"sqlite:///{month.folder}/agency.db", policy=presets.agency())
    yield billing.workspace("agency", actor=Actor("ada", roles={"admin"}))
    billing.close()


def section(month: Month, start: str) -> list[str]:
    """The lines under the heading that starts so."""
    return next(lines for heading, lines in month.sections.items() if heading.startswith(start))


def sent(month: Month) -> list[dict]:
    """The invoices in wire form, by number."""
    files = sorted(month.folder.glob("F*.json"))
    return [json.loads(file.read_text("utf-8")) for file in files]


def test_it_leaves_a_database_the_invoices_and_a_page(month: Month) -> None:
    invoices = {f"{number}.{format}" for number in NUMBERS for format in ("pdf", "json")}
    sheets = {f"contact-sheet-{language}.pdf" for language in LANGUAGES}
    note = {"A2026-00001.pdf", "A2026-00001.json"}
    assert {"agency.db", "summary.html", *invoices, *note, *sheets} == {
        p.name for p in month.folder.iterdir()
    }
    heads = {path.read_bytes()[:5] for path in month.folder.glob("*.pdf")}
    assert {b"%PDF-"} == heads


def test_numbers_follow_each_other_although_an_issue_was_refused(month: Month) -> None:
    assert NUMBERS == [invoice["number"] for invoice in sent(month)]
    assert NUMBERS == [line.split()[0] for line in section(month, "Issued")[:-1]]


def test_json_is_canonical(month: Month) -> None:
    for path in month.folder.glob("*.json"):
        text = path.read_text("utf-8")
        tree = json.loads(text)
        same = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert same == text


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def expected_totals() -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Net, VAT and total by customer, worked out from the files without multibill."""
    rates = {(row["Project"], row["User"]): row for row in rows("rates.csv")}
    bases: dict[str, dict[Decimal, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows("timesheet.csv"):
        rate = rates[row["Project"], row["User"]]
        hours, minutes, _ = map(int, row["Duration"].split(":"))
        unit = {"HUR": 60, "DAY": 7 * 60}[rate["Unit"]]
        net = Decimal(60 * hours + minutes) / unit * Decimal(rate["Price"])
        bases[row["Client"]][Decimal(rate["VAT rate"])] += cents(net)
    found = {}
    for client, by_rate in bases.items():
        net = sum(by_rate.values(), Decimal())
        vat = sum((cents(base * rate / 100) for rate, base in by_rate.items()), Decimal())
        found[client] = (net, vat, net + vat)
    return found


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a file that make sense."""
    text = (EXAMPLE / file).read_text("utf-8").splitlines()
    kept = [line for n, line in enumerate(text, start=1) if f"{file}:{n}" not in LEFT_OUT]
    return list(csv.DictReader(kept))


def test_amounts_are_those_of_the_time_sheet_and_the_rate_card(month: Month) -> None:
    billed = {
        invoice["buyer"]["name"]: tuple(
            Decimal(invoice["totals"][name]) for name in ("net", "vat", "payable")
        )
        for invoice in sent(month)
    }
    assert expected_totals() == billed


def test_printed_amounts_are_those_of_the_invoices(month: Month) -> None:
    names = ("net", "vat", "payable")
    amounts = [[Decimal(one["totals"][name]) for name in names] for one in sent(month)]
    amounts.append([sum(column, Decimal()) for column in zip(*amounts, strict=True)])
    printed = [
        [Decimal(figure.replace(",", "")) for figure in line.split()[-3:]]
        for line in section(month, "Issued")
    ]
    assert amounts == printed


def test_a_malformed_row_is_reported_with_file_line_and_reason(month: Month) -> None:
    assert list(LEFT_OUT.items()) == [
        tuple(re.split("  +", line, maxsplit=1)) for line in section(month, "Left out")
    ]


def test_a_malformed_row_imports_nothing(month: Month, tmp_path: Path) -> None:
    """Without the bad rows, everything but their report comes out the same."""
    clean = Path(shutil.copytree(EXAMPLE, tmp_path / "clean"))
    for file in ("customers.csv", "rates.csv", "timesheet.csv"):
        lines = (EXAMPLE / file).read_text("utf-8").splitlines(keepends=True)
        kept = [line for n, line in enumerate(lines, start=1) if f"{file}:{n}" not in LEFT_OUT]
        (clean / file).write_text("".join(kept), "utf-8")
    without = run(tmp_path / "out", clean)
    expected = {
        heading: ["none"] if heading.startswith("Left out") else lines
        for heading, lines in month.sections.items()
    }
    assert expected == without.sections


def test_only_valid_customers_are_registered(desk: Workspace) -> None:
    known = [row["Id"] for row in rows("customers.csv")]
    assert sorted(known) == [customer.id for customer in desk.customers.list()]


def test_a_second_run_of_the_import_drafts_nothing_twice(month: Month, desk: Workspace) -> None:
    assert len(NUMBERS) == desk.invoices.list().count()
    assert "claire  draft         7 x" in section(month, "Who did what")


def test_nobody_approves_what_they_wrote_and_the_refusal_says_why(month: Month) -> None:
    first, *tree = section(month, "Refused by the policy")
    assert first.startswith("claire (roles asserted: sales) may not approve invoice … for ")
    assert first.endswith(": forbidden by floor:four-eyes")
    assert "  forbid 'floor:four-eyes'" in tree
    assert '    yes      Doc.authored_by(Me)   [authors: "claire"; mine: "claire"]' in tree


def test_the_law_refuses_an_issue_before_a_number_is_taken(month: Month) -> None:
    law, wrong, remedy = (line[19:] for line in section(month, "Refused by the law"))
    assert "FR-TERMS, C. com. art. L441-10, I" == law
    assert "payment is due on 2027-02-13, after the last lawful day 2027-01-29" == wrong
    assert "agree on 60 days at most, or on 45 days end of month in the terms" == remedy
    assert "F2026-00007  Maison Ostrel SAS" in section(month, "Issued")[6]


def issued(due: str, number: str) -> str:
    """What an issue sets."""
    return f"{due}; issue date nothing -> 30 November 2026; number nothing -> '{number}'"


def test_the_history_tells_who_did_what_and_why(month: Month) -> None:
    past = [line.split(maxsplit=3) for line in section(month, "How the two")]
    assert [
        ["F2026-00003", "09:00", "claire", "draft"],
        ["09:00", "claire", "edit", "8 changes"],
        ["09:00", "claire", "submit"],
        ["10:00", "marc", "refuse", "their order number is missing"],
        ["11:00", "claire", "edit", "purchase order nothing -> 'BC-2026-118'"],
        ["11:00", "claire", "submit"],
        ["14:00", "marc", "approve"],
        ["14:30", "anne", "issue", issued("due date nothing -> 30 December 2026", "F2026-00003")],
        ["14:30", "anne", "render"],
        ["17:00", "anne", "settle"],
    ] == past[:10]
    assert [
        ["F2026-00007", "09:00", "claire", "draft"],
        ["09:00", "claire", "edit", "7 changes"],
        ["09:00", "claire", "submit"],
        ["10:00", "marc", "approve"],
        ["14:30", "anne", "refuse-issue", "FR-TERMS /due_date"],
        ["15:00", "claire", "edit", "payment terms: days 75 -> 60"],
        ["16:00", "marc", "approve"],
        ["16:30", "anne", "issue", issued("due date nothing -> 29 January 2027", "F2026-00007")],
        ["16:30", "anne", "render"],
        ["17:00", "anne", "settle"],
    ] == past[10:]


def test_the_database_is_what_its_journal_says(month: Month, desk: Workspace) -> None:
    report = desk.audit.verify()
    assert ["all true"] == section(month, "The journal")
    assert report


def test_two_who_save_at_once_lose_nothing(month: Month, desk: Workspace) -> None:
    """One pair of changes is merged; of two order numbers the one that was decided for stands."""
    said = {row["buyer_ref"]: desk.invoices.get(row.id) for row in desk.invoices.list()}
    merged = said["grandchamp"]
    assert ("ATELIER-4", "C-2026-9") == (merged.buyer_reference, merged.contract)
    assert "BC-77" == said["montplaisir"].purchase_order
    assert [] == [each for one in said.values() for each in desk.invoices.conflicts(one)]
    assert ["Cyclerie Montplaisir SAS  BC-77  BC-78"] == section(month, "Claire and Paul")


def test_margins_are_nowhere_for_a_viewer(month: Month) -> None:
    marc, vera = section(month, "What is seen of the margins")
    assert 7 == marc.count(" EUR")
    assert "vera  nothing" == vera
    policy = presets.agency()
    with Billing.open(f"sqlite:///{month.folder}/agency.db", policy=policy) as billing:
        ws = billing.workspace("agency", actor=Actor("vera", roles={"viewer"}))
        for row in ws.invoices.list():
            told = [ws.invoices.get(row.id), *ws.invoices.history(row.id), ws.invoices.json(row.id)]
            assert {} == told[0].costs
            assert not any("cost" in str(event) for event in told[1:-1])
            assert b'"costs":' not in bytes(told[-1])
        assert not any("/costs/" in str(event) for event in ws.feed())


def test_whoever_follows_the_feed_sees_all_of_it(month: Month) -> None:
    assert ["all of it, in order"] == section(month, "The feed")


def test_payments_and_a_credit_leave_what_is_due(month: Month) -> None:
    found = [re.split("  +", line) for line in section(month, "Paid, credited")]
    assert ["part-paid", "part-paid", *["paid"] * 5] == [state for _, _, state, _ in found]
    assert ["3240.00 EUR due", "1886.25 EUR due"] == [due for *_, due in found[:2]]


def test_blame_names_who_set_the_order_number(month: Month) -> None:
    (line,) = section(month, "Who set the order number")
    assert "purchase order  'BC-2026-118'  claire  edited  version 4" in line


def test_running_it_again_prints_the_same(month: Month) -> None:
    assert month.printed == run(month.folder).printed


class Links(HTMLParser):
    """What a page links to, and the text of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets |= {value for name, value in attrs if name == "href" and value}
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data.strip()


def test_the_page_says_what_was_printed_and_leads_to_each_invoice(month: Month) -> None:
    page = Links()
    page.feed((month.folder / "summary.html").read_text("utf-8"))
    assert {p.name for p in month.folder.iterdir() if p.name[0] == "F"} == page.targets
    for start in ("Issued", "Who did what", "Refused by the law", "How the two", "Left out"):
        for line in section(month, start):
            for cell in re.split("  +", line.strip()):
                assert cell in " ".join(page.cells)


def test_a_reader_copies_less_than_250_lines_of_public_interface() -> None:
    text = (EXAMPLE / "run.py").read_text("utf-8")
    assert len(text.splitlines()) < 250
    tree = ast.parse(text)
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "mb"
    }
    assert set() == used - set(multibill.__all__)
    parts = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    taken = {(p.module, name.name) for p in parts for name in p.names if "multi" in str(p.module)}
    assert set() == {name for _, name in taken if name != "get_context"} - set(codec.__all__)


def test_the_invented_companies_have_numbers_that_check() -> None:
    for row in rows("customers.csv"):
        assert is_vat_id(row["VAT number"])
        assert row["SIREN"] == "" or is_siren(row["SIREN"])
        assert vat_id_matches_siren(row["VAT number"], row["SIREN"])
