"""What a measurement is asked for, and in one Korean sentence what of it cannot be."""

from __future__ import annotations

import argparse
import math
import re
from typing import NoReturn

from haedap.operations.usage import WrongUsageError

_VALUE = re.compile(r"argument ([^:]+): ")
_MISSING = re.compile(r"the following arguments are required: (.+)")
_LONGEST = 100


class Options(argparse.ArgumentParser):
    """Refuses as the rest of `haedap` does: argparse's own sentences are English."""

    def error(self, message: str) -> NoReturn:
        """Raises WrongUsageError; of argparse's `message` it keeps which option is meant."""
        if found := _VALUE.match(message):
            self.refuse(f"{found[1]} 값을 알아들을 수 없습니다.")
        if found := _MISSING.match(message):
            self.refuse(f"{found[1]} 값이 빠졌습니다.")
        self.refuse(f"{self.prog}에서 {message.rpartition(': ')[2][:_LONGEST]}을(를) 그렇게 쓸 수 없습니다.")

    def refuse(self, sentence: str) -> NoReturn:
        """Raises WrongUsageError with the sentence, and where to read more."""
        raise WrongUsageError(f"{sentence} 쓰는 법은 {self.prog} --help로 볼 수 있습니다.")


def positive(text: str) -> int:
    """A whole number of at least one. Raises ValueError."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def above_zero(text: str) -> float:
    """A number above nothing. Raises ValueError."""
    number = float(text)
    if not (number > 0 and math.isfinite(number)):
        raise ValueError(text)
    return number
