"""The front door: every exported name is there, in order, and is looked up at its first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

import multibill

ROOMS = "import multibill, sys; print(*(name for name in sys.modules if 'multibill.' in name))"


def test_exports_are_sorted_and_unique() -> None:
    assert sorted(set(multibill.__all__)) == list(multibill.__all__)


@pytest.mark.parametrize("name", multibill.__all__)
def test_an_exported_name_resolves(name: str) -> None:
    assert getattr(multibill, name) is not None


def test_importing_the_package_opens_no_room() -> None:
    done = subprocess.run([sys.executable, "-c", ROOMS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_dir_lists_every_export() -> None:
    assert set() == set(multibill.__all__) - set(dir(multibill))


def test_an_unknown_name_is_an_attribute_error_that_names_it() -> None:
    unknown = "no_such_name"
    with pytest.raises(AttributeError, match=unknown):
        getattr(multibill, unknown)
