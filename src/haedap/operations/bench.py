"""`haedap bench NAME …`: runs a measurement of the checkout's `bench/` folder."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

from haedap.config import get_settings
from haedap.operations import OperationsError


def run_bench(arguments: Sequence[str]) -> None:
    """Run `bench/NAME.py` as a program with the arguments after the name."""
    folder = get_settings().checkout / "bench"
    programs = [path for path in folder.glob("[a-z]*.py") if "__main__" in path.read_text(encoding="utf-8")]
    names = sorted(path.stem for path in programs)
    if not arguments or arguments[0] not in names:
        raise OperationsError(f"잴 것의 이름을 주십시오: haedap bench {' | '.join(names) or '(없음)'} …")
    program = folder / f"{arguments[0]}.py"
    sys.argv = [str(program), *arguments[1:]]
    sys.path.insert(0, str(Path(folder).parent))
    runpy.run_path(str(program), run_name="__main__")
