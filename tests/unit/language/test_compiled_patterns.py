"""Patterns cost nothing before they are used, and are then what `re` makes of them."""

from __future__ import annotations

import re
import subprocess
import sys

from haedap.language.masking.compiled import Pattern


def test_same_answers_as_re() -> None:
    text, own, theirs = "가1나22다", Pattern("(?P<n>[0-9])", re.ASCII), re.compile("(?P<n>[0-9])", re.ASCII)
    assert [found.span() for found in own.finditer(text, 2)] == [found.span() for found in theirs.finditer(text, 2)]
    assert own.findall(text, 0, 4) == theirs.findall(text, 0, 4)
    assert own.sub(lambda found: f"<{found['n']}>", text) == theirs.sub(lambda found: f"<{found['n']}>", text)
    for name in ("search", "match", "fullmatch"):
        for start, end in ((0, 6), (1, 2), (2, 3)):
            mine, other = getattr(own, name)(text, start, end), getattr(theirs, name)(text, start, end)
            assert (mine and mine.span()) == (other and other.span())


def test_masking_that_is_only_imported_compiles_nothing() -> None:
    program = (
        "from haedap.language.masking import compiled, mask\n"
        "made = lambda: sum('compiled' in vars(one) for one in compiled._all)\n"
        "before = made(); mask('김민원 010-0000-1234'); between = made(); compiled.compile_all()\n"
        "print(before, 0 < between < made(), made() == len(compiled._all))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", "True", "True"]
