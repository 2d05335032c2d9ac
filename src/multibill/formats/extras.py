"""Packages that only some hosts install: imported when first needed, missed with a word on where to get them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from multibill.errors import MissingExtra


def extra(name: str, package: str, module: str | None = None) -> Any:
    """A module of a package that an extra brings. Raises MissingExtra when it is not installed.

    >>> extra("einvoice", "no_such_package")
    Traceback (most recent call last):
    multibill.errors.MissingExtra: this needs the package no_such_package: pip install 'multibill[einvoice]'
    """
    wanted(name, package)
    return import_module(module or package)


def wanted(name: str, package: str) -> None:
    """Raise MissingExtra when a package is not installed; nothing is imported."""
    if find_spec(package) is None:
        raise MissingExtra(f"this needs the package {package}: pip install 'multibill[{name}]'")
