"""Records: what one write path, one journal and one permission check handle, whatever its kind."""

from __future__ import annotations

from multibill.records.actor import Actor
from multibill.records.custom import Custom, typed
from multibill.records.record import Record
from multibill.records.registers import REGISTERS, Customer, Register, Seller

__all__ = ["REGISTERS", "Actor", "Custom", "Customer", "Record", "Register", "Seller", "typed"]
