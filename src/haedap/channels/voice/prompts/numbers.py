"""Reads figures aloud in Korean: Sino-Korean or native by the counter, digit by digit for telephone numbers."""

import re

_DIGITS = "영일이삼사오육칠팔구"
_TELEPHONE_DIGITS = "공일이삼사오육칠팔구"
_SMALL = ("", "십", "백", "천")
_LARGE = ("", "만", "억", "조")
_LONGEST = 16
_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_NATIVE_COUNTERS = ("시간", "시", "명", "개", "건", "가지", "군데", "살", "마리", "번째")
"""Only those that are not the beginning of many other words."""
_MONTHS = {6: "유월", 10: "시월"}
_NOON = 12

_TELEPHONE = re.compile(r"(?<![\d-])(?:\d{2,4}-)?\d{3,4}-\d{4}(?![\d-])|(?<![\d.,-])0\d{1,2}-?\d{3,4}-?\d{4}(?!\d)")
_SHORT = re.compile(
    r"(?<![\d.,:~-])1\d{2,3}(?=번?(?:(?:으로|로|에)\s?(?:전화|연락|신고|문의|걸|거)|[을를]\s?이용))"
    r"|(?<=국번 없이 )1\d{2,3}(?!\d)|(?<=국번없이 )1\d{2,3}(?!\d)"
)
"""119로 전화, 국번 없이 120: a number to be called, and no amount."""
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-4]):([0-5]\d)(?!\d)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)")
_COUNTED = re.compile(r"(\d+)(?:\.(\d+))?(?:\s?(" + "|".join(_NATIVE_COUNTERS).replace("개", "개(?!월)") + r"|월))?")
_SIGNS = {"%": " 퍼센트", "*": "별표", "#": "우물 정자", "~": "에서 ", "℃": " 도", "㎡": " 제곱미터", "&": " 앤드 "}


def read_figures(text: str) -> str:
    """The text with every figure and common sign in Korean words."""
    text = _TELEPHONE.sub(lambda found: read_telephone(found[0]), text)
    text = _SHORT.sub(lambda found: read_telephone(found[0]), text)
    text = _CLOCK.sub(lambda found: f"{int(found[1])}시" + (f" {int(found[2])}분" if int(found[2]) else ""), text)
    text = _GROUPED.sub(lambda found: found[0].replace(",", ""), text)
    text = _COUNTED.sub(_read_counted, text)
    return "".join(_SIGNS.get(character, character) for character in text)


def read_telephone(number: str) -> str:
    """Digit by digit, with a pause between the groups: `02-0000-0120` → `공이, 공공공공, 공일이공`."""
    return ", ".join("".join(_TELEPHONE_DIGITS[int(digit)] for digit in group) for group in number.split("-"))


def read_sino(number: int) -> str:
    """일, 이, 삼 … up to 16 digits; longer ones digit by digit."""
    if number == 0:
        return "영"
    digits = str(number)
    if len(digits) > _LONGEST:
        return "".join(_DIGITS[int(digit)] for digit in digits)
    spoken = ""
    for power in reversed(range((len(digits) + 3) // 4)):
        part = number // 10 ** (4 * power) % 10_000
        if part:
            spoken += "만" if (part, power) == (1, 1) and not spoken else _four(part) + _LARGE[power]
    return spoken


def read_native(number: int) -> str:
    """한, 두, 세 … as they stand before a counter; outside 1-99 as Sino-Korean."""
    if not 1 <= number <= 99:
        return read_sino(number)
    return "스무" if number == 20 else _TENS[number // 10] + _ONES[number % 10]


def _four(number: int) -> str:
    spoken = ""
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            spoken += ("" if digit == 1 and power else _DIGITS[digit]) + _SMALL[power]
    return spoken


def _read_counted(found: re.Match[str]) -> str:
    digits, fraction, counter = found[1], found[2], found[3] or ""
    if len(digits) > _LONGEST or (digits.startswith("0") and len(digits) > 1):
        return "".join(_TELEPHONE_DIGITS[int(digit)] for digit in digits) + counter
    number = int(digits)
    if fraction:
        return f"{read_sino(number)} 점 {''.join(_DIGITS[int(digit)] for digit in fraction)}{counter}"
    if counter == "월" and number in _MONTHS:
        return _MONTHS[number]
    if counter == "번째":
        return "첫 번째" if number == 1 else f"{read_native(number)} 번째"
    if counter in ("시", "시간"):
        return f"{read_native(number) if number <= _NOON else read_sino(number)} {counter}"
    if counter in _NATIVE_COUNTERS:
        return f"{read_native(number)} {counter}"
    return read_sino(number) + counter
