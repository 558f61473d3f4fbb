"""Telephone numbers as citizens key them in."""

import re

import phonenumbers

MOST_DIGITS = 12
_REGION = "KR"
_SHAPE = re.compile(
    r"010\d{8}|01[16-9]\d{7,8}|02\d{7,8}|0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])\d{7,8}|0[78]0\d{7,8}|(?:050|030)\d{8,9}",
    re.ASCII,
)
"""Mobile, area by area, internet, toll-free and personal numbers, whole: one digit too few or too many is a slip."""


def keyed_number(digits: str) -> str | None:
    """The number in E.164, seen from Korea; None when it is none that the centre may call: abroad, short, premium.

    Whoever slips at a key is to be asked again, and not promised a call that cannot reach them.
    """
    if not _SHAPE.fullmatch(digits):
        return None
    number = phonenumbers.parse(digits, _REGION)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
