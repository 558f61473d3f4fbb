"""Telephone numbers as citizens key them in."""

import phonenumbers

MOST_DIGITS = 12
_REGION = "KR"
_PREMIUM = "60"


def keyed_number(digits: str) -> str | None:
    """The number in E.164, seen from Korea; None when it is none that the centre may call: abroad, short, premium."""
    if not digits.startswith("0") or digits.startswith("00") or len(digits) > MOST_DIGITS:
        return None
    try:
        number = phonenumbers.parse(digits, _REGION)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not possible or str(number.national_number).startswith(_PREMIUM):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
