"""Check digits and dates. A number that fails may still be a real one; one that holds is so more surely."""

from __future__ import annotations

_RRN_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_day(month: str, day: str) -> bool:
    """Whether the calendar has it in some year."""
    return 1 <= int(month) <= 12 and 1 <= int(day) <= _DAYS[int(month) - 1]


def begins_with_birth(digits: str) -> bool:
    """Whether the first six digits are a date as YYMMDD."""
    return is_day(digits[2:4], digits[4:6])


def resident_sum_holds(digits: str) -> bool:
    """The checksum of 13-digit resident (and foreigner) numbers that were issued before October 2020."""
    total = sum(weight * int(digit) for weight, digit in zip(_RRN_WEIGHTS, digits, strict=False))
    residue = (11 - total % 11) % 10
    return int(digits[12]) in {residue, (residue + 2) % 10}


def luhn_holds(digits: str) -> bool:
    """The checksum of payment cards."""
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
