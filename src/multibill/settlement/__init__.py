"""Settlement: what is paid, credited and still due of a document, per VAT rate. Pure arithmetic; writes nothing."""

from __future__ import annotations

from multibill.settlement.balance import Balance, Credited, balance, credited
from multibill.settlement.crediting import by_amount, by_lines, in_full
from multibill.settlement.fitting import fitted
from multibill.settlement.ledger import Settlement, WriteOff, issued_standing, standing
from multibill.settlement.payment import Payment, Refund, Surplus

__all__ = [
    "Balance",
    "Credited",
    "Payment",
    "Refund",
    "Settlement",
    "Surplus",
    "WriteOff",
    "balance",
    "by_amount",
    "by_lines",
    "credited",
    "fitted",
    "in_full",
    "issued_standing",
    "standing",
]
