"""Golden cases of totals: how a file is read, and where totals differ from what it expects."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from multibill.documents import (
    Allowance,
    Basis,
    Charge,
    DocumentAllowance,
    DocumentCharge,
    ExchangeRate,
    Line,
)
from multibill.documents.computing import compute
from multibill.money import decimal, exponent
from multibill.tax import VAT
from tests.documents.reckoning import Figures, nearest, ratio, shown, times

FOLDER = Path(__file__).parent.parent / "golden" / "totals"

Case = Mapping[str, Any]
Way = Callable[[Sequence[Line], str, Basis], Figures]


def cases() -> dict[str, Case]:
    """Every case by the name of its file."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*.json"))
    }


def vat(key: str) -> VAT:
    """A VAT written like a row's key: ``S-20``, ``E-0-VATEX-FR-FRANCHISE``."""
    category, rate, *exemption = key.split("-", 2)
    return VAT(category, rate, *exemption)


def line(said: Mapping[str, Any]) -> Line:
    """A line of a case."""
    parts: dict[str, Any] = {"name": "item", **said, "vat": vat(said["vat"])}
    for name, cls in (("allowances", Allowance), ("charges", Charge)):
        parts[name] = [cls(**item) for item in said.get(name, ())]
    return Line(**parts)


def case_input(case: Case) -> tuple[list[Line], str, Basis]:
    """Lines, currency and basis of a case."""
    said = dict(case["input"])
    lines, code = [line(one) for one in said.pop("lines")], said.pop("currency")
    rate = said.pop("exchange", None)
    basis: dict[str, Any] = {"rule": said.pop("rounding", "currency")}
    for name, cls in (("allowances", DocumentAllowance), ("charges", DocumentCharge)):
        basis[name] = [cls(**{**item, "vat": vat(item["vat"])}) for item in said.pop(name, ())]
    for name in ("prepaid", "rounding_amount", "cash_unit"):
        basis[name] = decimal(said.pop(name)) if name in said else None
    basis["tax_currency"] = said.pop("tax_currency", None)
    if rate is not None:
        basis["exchange"] = ExchangeRate(rate=rate, source="ECB", on=date(2026, 11, 27))
    adjusted = said.pop("vat_adjustments", {})
    basis["vat_adjustments"] = {row: decimal(amount) for row, amount in adjusted.items()}
    assert not said, f"nobody reads {sorted(said)}"
    return lines, code, Basis(**basis)


def engine(lines: Sequence[Line], code: str, basis: Basis) -> Figures:
    """The figures as the engine computes them."""
    return shown(compute(lines, code, basis))


def differences(case: Case, way: Way = engine) -> dict[str, tuple[object, object]]:
    """What is expected and what is found, where these differ; what a case does not state is not compared."""
    lines, code, basis = case_input(case)
    found = way(lines, code, basis)
    wanted = expected(case["expected"], code, basis)
    pairs = {name: (value, _some(value, found[name])) for name, value in wanted.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _some(wanted: object, found: Any) -> object:
    """Of a map what is asked for; of rows always all."""
    if isinstance(wanted, dict) and not any(isinstance(value, tuple) for value in wanted.values()):
        return {name: found.get(name) for name in wanted}
    return found


def expected(said: Mapping[str, Any], code: str, basis: Basis) -> Figures:
    """The figures of a case in minor units."""
    return {
        name: _minor(value, (basis.tax_currency or code) if name == "tax" else code)
        for name, value in said.items()
    }


def _minor(value: Any, code: str) -> Any:
    if isinstance(value, dict):
        return {name: _minor(item, code) for name, item in value.items()}
    if isinstance(value, list):
        return tuple(_minor(item, code) for item in value)
    scaled = times(ratio(decimal(value)), (10 ** exponent(code), 1))
    assert scaled[0] % scaled[1] == 0, f"{value} is no amount of {code}"
    return nearest(scaled)
