"""test_generated_tables.py - tables of constants are what their scripts print.

SPDX-License-Identifier: MIT
"""

import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["numpy_ziggurat_tables numpy_ziggurat", "numpy_log_factorial numpy_log_factorial"])
def test_table_is_what_its_script_prints(name):
    table, script = name.split()
    printed = subprocess.run([sys.executable, ROOT / "tests/gen" / (script + ".py")], capture_output=True, text=True, check=True)
    assert printed.stdout == (ROOT / "src/dialects" / (table + ".c")).read_text()
