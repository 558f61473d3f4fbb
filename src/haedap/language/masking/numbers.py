"""Rules for what is told by its digits: resident and foreigner numbers, cards, telephones, licences, accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from itertools import accumulate

from haedap.language.masking import cues
from haedap.language.masking.checks import begins_with_birth, luhn_holds, resident_sum_holds
from haedap.language.masking.runs import Number, runs_in
from haedap.language.masking.spans import Kind, Span
from haedap.language.masking.vocabulary import any_of

_AREAS = r"(?:02|0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4]))"
_MOBILE = re.compile(r"01[016-9]\d{7,8}", re.ASCII)
_OLD_SHAPES = {(3, 3, 4), (3, 4, 4), (10,), (11,), (1,) * 10, (1,) * 11}
_FIXED = re.compile(rf"{_AREAS}\d{{7,8}}|070\d{{7,8}}|050\d{{8,9}}", re.ASCII)
_ABROAD = re.compile(r"(?:00)?82(?:0?10\d{8}|0?1[16-9]\d{7,8}|0?2\d{7,8}|0?[3-6][1-5]\d{7,8}|0?70\d{8})", re.ASCII)
_FIXED_SHAPES = re.compile(r"(?:2|3|4)(?:34|44)|(?:2|3|4)(?:7|8)|9|10|11|12|(?:5|6|7)4|1+|(?:2|3)(?:1{7,8})", re.ASCII)
_NATIONWIDE = re.compile(r"1[568]\d\d\d{4}|080\d{7,8}", re.ASCII)
_CARD_SHAPES = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 12), (1,) * 16}
_ACCOUNT_SHAPES = {
    (3, 4, 4, 2), (3, 2, 6), (3, 3, 6), (4, 2, 7), (4, 3, 6), (6, 2, 6), (3, 6, 2, 3), (3, 6, 5), (4, 4, 4),
    (4, 4, 4, 1),    (3, 2, 5, 1), (3, 2, 6, 1), (6, 2, 5), (3, 7, 3), (3, 8, 2), (3, 6, 3), (4, 2, 6), (3, 2, 7),
}  # fmt: skip
_DATE_FIRST = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_LATIN_BEFORE = re.compile(r"[A-Za-z]-?$")
_LATIN_AFTER = re.compile(r"^-?[A-Za-z]")
_SHORTEST_ACCOUNT, _LONGEST_ACCOUNT = 10, 16
_CARD_PREFIXES = ("34", "36", "37", "4", "5", "6", "9")

_LEADS = {
    Kind.PHONE: re.compile(r"\+$"),
    Kind.DRIVER: re.compile(rf"{any_of('regions')}[ -]{0, 2}$"),
}

Rule = Callable[[Number], "Kind | None"]


def find_numbers(view: str, published: Set[str]) -> Iterator[Span]:
    """Spans of RRN, FRN, CARD, DRIVER, ACCOUNT and PHONE, disjoint and in order.

    `published`: the digits of numbers that everybody may know.
    """
    for run in runs_in(view):
        first = 0
        while first < len(run.places):
            found = _first_reading(run.numbers_from(first), published)
            if found is None:
                first += 1
                continue
            number, kind = found
            first += len(number.groups)
            if kind is not None:
                yield Span(_start(number, kind), number.end, kind)


def plain_number(text: str) -> str:
    """The digits of a telephone number as they are dialled inside the country."""
    digits = re.sub(r"\D", "", text)
    return "0" + digits[2:].lstrip("0") if text.lstrip().startswith("+82") else digits


def _first_reading(readings: Iterator[Number], published: Set[str]) -> tuple[Number, Kind | None] | None:
    """The longest reading that is something; with no kind if it is something that everybody may know."""
    for number in readings:
        if _LATIN_AFTER.match(number.after) or (_LATIN_BEFORE.search(number.before) and not _has_cue(number)):
            continue
        if _is_public(number, published):
            return number, None
        for rule in _RULES:
            kind = rule(number)
            if kind is not None:
                return number, kind
    return None


def _start(number: Number, kind: Kind) -> int:
    """With the plus sign of a telephone number, with the region of a licence."""
    lead = _LEADS[kind].search(number.before) if kind in _LEADS else None
    return number.start - len(lead[0]) if lead else number.start


def _has_cue(number: Number) -> bool:
    return bool(cues.PHONE.search(number.before) or cues.BANK_JUST_BEFORE.search(number.before))


def _ends_with_amount(number: Number) -> bool:
    """Its last group belongs to the words after it: 3만원."""
    return number.joints[-1:] == (" ",) and cues.UNIT.match(number.after) is not None


def _is_other(number: Number) -> bool:
    """It is said to be the number of something else."""
    return bool(cues.OTHER.search(number.before)) and not cues.RESIDENT.search(number.before)


def _resident(number: Number) -> Kind | None:
    digits = number.digits
    if len(digits) != 13:
        return None
    cued = cues.RESIDENT.search(number.before) is not None
    split = number.shape == (13,) or 6 in accumulate(number.shape)
    likely = begins_with_birth(digits) and split and (number.shape == (6, 7) or digits[6] in "12345678")
    if not (cued or likely or (number.shape == (6, 7) and number.joints == ("-",))):
        return None
    if not cued and _is_other(number):
        return None
    if not cued and cues.ACCOUNT.search(number.before) and not resident_sum_holds(digits) and number.shape != (6, 7):
        return None
    foreign = digits[6] in "5678" or (cues.FOREIGNER.search(number.before) is not None and digits[6] not in "1234")
    return Kind.FRN if foreign else Kind.RRN


def _card(number: Number) -> Kind | None:
    digits = number.digits
    plausible = len(digits) in {14, 15, 16} and digits.startswith(_CARD_PREFIXES)
    if not plausible and number.shape != (4, 4, 4, 4):
        return None
    if cues.CARD.search(number.before):
        return Kind.CARD
    if _is_other(number) or cues.ACCOUNT.search(number.before):
        return None
    shaped = number.shape in _CARD_SHAPES and len(digits) != 14
    return Kind.CARD if shaped or (len(digits) == 16 and luhn_holds(digits)) else None


def _driver(number: Number) -> Kind | None:
    digits = number.digits
    if cues.LICENCE.search(number.before) and len(digits) in {10, 12}:
        return Kind.DRIVER
    shaped = number.shape == (2, 2, 6, 2) and 11 <= int(digits[:2]) <= 28
    return Kind.DRIVER if shaped and not _is_other(number) else None


def _account(number: Number) -> Kind | None:
    if not _SHORTEST_ACCOUNT <= len(number.digits) <= _LONGEST_ACCOUNT or _DATE_FIRST.match(number.digits):
        return None
    if len(set(number.joints)) > 1 or _is_other(number) or _ends_with_amount(number):
        return None
    if _MOBILE.fullmatch(number.digits) and not cues.BANK_JUST_BEFORE.search(number.before):
        return None
    if _FIXED.fullmatch(number.digits) and not cues.BANK_JUST_BEFORE.search(number.before):
        return None
    if cues.ACCOUNT.search(number.before) or cues.ACCOUNT_AFTER.search(number.after):
        return Kind.ACCOUNT
    return Kind.ACCOUNT if number.shape in _ACCOUNT_SHAPES and set(number.joints) == {"-"} else None


def _phone(number: Number) -> Kind | None:
    digits = number.digits
    if number.before.endswith("+") and 8 <= len(digits) <= 15:
        return Kind.PHONE
    if _is_other(number) and set(number.joints) != {"-"}:
        return None
    if _MOBILE.fullmatch(digits) and (digits.startswith("010") or number.shape in _OLD_SHAPES):
        return Kind.PHONE
    if _ABROAD.fullmatch(digits) and number.groups[0] in {"82", "0082", digits}:
        return Kind.PHONE
    if _FIXED.fullmatch(digits) and _FIXED_SHAPES.fullmatch("".join(map(str, number.shape))):
        return None if _ends_with_amount(number) else Kind.PHONE
    local = number.shape in {(3, 4), (4, 4), (8,), (7,)} and digits[0] != "0"
    return Kind.PHONE if local and cues.PHONE.search(number.before) and not _is_other(number) else None


_RULES: tuple[Rule, ...] = (_resident, _driver, _card, _account, _phone)


def _is_public(number: Number, published: Set[str]) -> bool:
    """It is a telephone number of an office, of a company's service or of the emergency services."""
    digits = number.digits
    if digits in published or _NATIONWIDE.fullmatch(digits):
        return not cues.ACCOUNT.search(number.before)
    if not _FIXED.fullmatch(digits) and not (number.shape in {(3, 4), (4, 4)} and cues.PHONE.search(number.before)):
        return False
    office = cues.PUBLIC.search(number.before)
    if office is None:
        return cues.PUBLIC_AFTER.search(number.after) is not None
    return cues.OWN.search(office[0]) is None
