"""Telephone numbers for people: read in any written form, shown as dialled, masked where not entitled."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext_lazy as _

SEVERAL = _("These are several telephone numbers. Write one of them.")
ALONE = _("Write the number alone, %(number)s. An extension or a note behind it would be lost.")
_REGION, _KOREA = "KR", 82
_SEPARATORS = re.compile(
    r"[\s().\-/~\u2010-\u2015\u2212∼〜（）．－／～·•‧・･ㆍ\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)
"""Those of full width, the dashes of word processors and the dots of newspapers, too; and the invisible marks of
copied numbers."""
_DOTS = re.compile(r"[·•‧・･ㆍ~∼〜～]")
_BETWEEN = re.compile(rf"(?:{_SEPARATORS.pattern}|[,;|、，]|또는|및|\bor\b)+(?=\+?\d)")
_WHOLE = re.compile(r"0[1-9]\d{7,}|1\d{7}|1\d\d")
"""What would be a number if nothing came behind it, however it is grouped: 02-000-0000, 1588-0000, 120."""
_EXTENSION = re.compile(
    r"""[\s()\[（,;:/·\-]*
    (?:(?:내선|구내|교환)\s*(?:번호|전화)?|(?<![^\W\d_])(?:extension|extn?|x)|;ext=|[#*])
    [\s:.=)）]*(?P<digits>\d{1,8})\s*번?[\s)\]）]*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands behind a number: (내선 12), 교환 12, 내선번호: 12, ext. 12, x12, #12."""
_ALONE = re.compile(rf"\D{{0,20}}?\+?(?>(?:\d|{_SEPARATORS.pattern})+)(?<![0-9](?=[A-Za-z]))")
"""The number that a text begins with; one with a letter in it is a slip."""
_AT_HOME = re.compile(r"\+820?")
_LEAD = re.compile(r"^\D+")
_ENOUGH = 200
_ONLY_NUMBERS = re.compile(r"\+?\d+\Z")
_LONGEST = 11
"""Digits of a Korean number behind its zero or its country: 0507-0000-1234 has so many."""
_AROUND = re.compile(r"^(?:[\s☎☏✆📞📱<\[\"']|tel[:.]?)+|[\s>\]\"',;]+$", re.IGNORECASE)
"""What is copied along with a number: the sign of a telephone, the scheme of a link, brackets, a comma."""
_DIGITS = re.compile(r"\+?\d{3,20}\Z")
_WITHOUT_AREA = re.compile(r"[2-9]\d{7}\Z")
_SHORTEST_PART = 3
_PERSONAL = re.compile(r"(50\d|303)(\d{3,4})(\d{4})")
"""0507-0000-1234 and the like, which the library groups as nobody here does, or not at all."""


@dataclass(frozen=True, slots=True)
class NumberSought:
    """What somebody typed as a number: `exact` in E.164 when it is a whole one, else `parts` to look for."""

    exact: str | None
    parts: tuple[str, ...]


def read_sought(text: str) -> NumberSought | None:
    """The number or part of one in `text`; None when it is something else. Full-width digits are digits, too.

    Of several, as in 02-000-1234~5, it is the first; an extension is not looked for.
    """
    text, _extension = _divided(text)
    digits = _bare(_AROUND.sub("", text))
    if _ONLY_NUMBERS.match(_BETWEEN.sub("", digits)):
        digits = _bare(_first_of_several(text) or digits)
    if not _DIGITS.match(digits):
        return None
    plain = digits.lstrip("+")
    parts = (digits, f"+82{plain[1:]}") if plain.startswith("0") and len(plain) > _SHORTEST_PART else (digits,)
    return NumberSought(to_e164(digits), parts)


def to_e164(text: str) -> str | None:
    """E.164 when `text` is a possible whole number, else None. No number of Korea begins with two zeros.

    2133-4567 without its area code is none: its first digit would be taken for one, and 02-133-4567 is somebody else.
    Nor is 02-133-4567/8, which would be 02-1334-5678, nor are letters, which the library takes for keys of a telephone.
    Nor is one with an extension, which would be lost: see `with_extension`.
    """
    if "*" in text or _WITHOUT_AREA.match(_bare(text)) or is_several(text):
        return None
    try:
        number = phonenumbers.parse(_DOTS.sub("-", text), _REGION)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    if number.country_code == _KOREA and (number.italian_leading_zero or len(str(number.national_number)) > _LONGEST):
        return None
    if number.extension or any(map(str.isalpha, _LEAD.sub("", text))):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def with_extension(text: str) -> tuple[str, str] | None:
    """What `to_e164` reads, and the extension behind it, empty without one; for where both are kept."""
    alone, extension = _divided(text)
    number = to_e164(alone)
    return None if number is None else (number, extension)


def is_several(text: str) -> bool:
    """Whether it is more than one number, or a range of them: 02-000-1234/1235, 02-000-1234~5, 02-000-1234, 1235."""
    return _first_of_several(text) is not None


def why_none(text: str, otherwise: str) -> str:
    """What whoever typed `text` is told: `otherwise`, unless several are in it, or one and something behind it."""
    if is_several(text):
        return str(SEVERAL)
    if to_e164(text) is not None:
        return otherwise
    begun = _ALONE.match(_plain(text[:_ENOUGH]))
    number = to_e164(begun[0]) if begun else None
    return ALONE % {"number": dialled(number)} if number else otherwise


def _divided(text: str) -> tuple[str, str]:
    """What stands before an extension, and the extension."""
    plain = _plain(unicodedata.normalize("NFC", text))
    mark = _EXTENSION.search(plain) if len(text) <= _ENOUGH else None
    return (plain[: mark.start()], mark["digits"]) if mark else (text, "")


def _first_of_several(text: str) -> str | None:
    plain = _plain(_AROUND.sub("", text[:_ENOUGH]))
    for mark in _BETWEEN.finditer(plain):
        digits = _SEPARATORS.sub("", plain[: mark.start()])
        if _WHOLE.fullmatch(_AT_HOME.sub("0", digits)):
            return plain[: mark.start()]
    return None


def _bare(text: str) -> str:
    return _SEPARATORS.sub("", _plain(text))


def _plain(text: str) -> str:
    return phonenumbers.normalize_digits_only(text, keep_non_digits=True).replace("＋", "+")


def dialled(number: str) -> str:
    """As people here write it: `010-0000-1234`; a foreign one with its country. What cannot be read stays as it is."""
    try:
        parsed = phonenumbers.parse(number, _REGION)
    except phonenumbers.NumberParseException:
        return number
    domestic = parsed.country_code == _KOREA
    personal = _PERSONAL.fullmatch(str(parsed.national_number)) if domestic else None
    if personal is not None:
        return f"0{personal[1]}-{personal[2]}-{personal[3]}"
    style = phonenumbers.PhoneNumberFormat.NATIONAL if domestic else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def masked(number: str) -> str:
    """The middle hidden: `010-****-1234`. Short numbers are hidden but for their last two digits."""
    shown = dialled(number)
    groups = shown.split("-")
    if len(groups) >= 3:
        groups[1:-1] = ["*" * len(group) for group in groups[1:-1]]
        return "-".join(groups)
    return "*" * max(0, len(shown) - 2) + shown[-2:]
