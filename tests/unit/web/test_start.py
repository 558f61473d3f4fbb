"""The web process is quick to start: what only some pages need is loaded when such a page is asked for."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "duckdb",
    "hwpx",
    "kiwipiepy",
    "matplotlib",
    "pandas",
    "pyarrow",
    "scipy",
    "sklearn",
    "weasyprint",
    "xlsxwriter",
}

PROGRAM = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "haedap.web.settings"
import haedap.web.asgi
from django.urls import get_resolver
assert get_resolver().url_patterns
print(*sys.modules)
"""


def test_no_heavy_library_is_loaded_before_it_is_needed() -> None:
    done = subprocess.run((sys.executable, "-c", PROGRAM), capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & HEAVY == set()
