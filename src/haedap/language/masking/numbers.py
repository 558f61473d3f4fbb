"""Rules for what is told by its digits: resident and foreigner numbers, cards, telephones, licences, accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from itertools import accumulate

from haedap.language.masking import cues
from haedap.language.masking.checks import begins_with_birth, luhn_holds, resident_sum_holds
from haedap.language.masking.compiled import Pattern
from haedap.language.masking.runs import Number, runs_in
from haedap.language.masking.spans import Kind, Span
from haedap.language.masking.vocabulary import any_of

_AREAS = r"(?:02|0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4]))"
_MOBILE = Pattern(r"01[016-9]\d{7,8}", re.ASCII)
_OLD_SHAPES = {(3, 3, 4), (3, 4, 4), (10,), (11,), (1,) * 10, (1,) * 11}
_FIXED = Pattern(rf"{_AREAS}\d{{7,8}}|070\d{{7,8}}|050\d{{8,9}}", re.ASCII)
_ABROAD = Pattern(r"(?:00)?82(?:0?10\d{8}|0?1[16-9]\d{7,8}|0?2\d{7,8}|0?[3-6][1-5]\d{7,8}|0?70\d{8})", re.ASCII)
_FIXED_SHAPES = Pattern(r"(?:2|3|4)(?:34|44)|(?:2|3|4)(?:7|8)|9|10|11|12|(?:5|6|7)4|1+|(?:2|3)(?:1{7,8})", re.ASCII)
_NATIONWIDE = Pattern(r"1[568]\d\d\d{4}|080\d{7,8}", re.ASCII)
_CARD_SHAPES = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 12), (1,) * 16}
_ACCOUNT_SHAPES = {
    (3, 4, 4, 2), (3, 2, 6), (3, 3, 6), (4, 2, 7), (4, 3, 6), (6, 2, 6), (3, 6, 2, 3), (3, 6, 5), (4, 4, 4),
    (4, 4, 4, 1),    (3, 2, 5, 1), (3, 2, 6, 1), (6, 2, 5), (3, 7, 3), (3, 8, 2), (3, 6, 3), (4, 2, 6), (3, 2, 7),
}  # fmt: skip
_DATE_FIRST = Pattern(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_LATIN_BEFORE = Pattern(r"[A-Za-z]-?$")
_LATIN_AFTER = Pattern(r"^-?[A-Za-z]")
_SECOND = Pattern(r"[ ]?/[ ]?[0-9]{4}(?![0-9-])")
_LAST_OF_TELEPHONE = 4
_NEAR = 4
"""A number so close behind a public one is another of the same office."""
_SHORTEST_ACCOUNT, _LONGEST_ACCOUNT = 10, 16
_CARD_PREFIXES = ("34", "36", "37", "4", "5", "6", "9")

_LEADS = {
    Kind.PHONE: Pattern(r"\+$"),
    Kind.DRIVER: Pattern(rf"{any_of('regions')}[ -]{{0,2}}$"),
    Kind.ACCOUNT: Pattern(
        rf"(?:(?<![가-힣A-Za-z])(?:[A-Z]{{2,3}}|지역|단위)[ ]?)?{any_of('banks')}(?:은행|뱅크|중앙회)?[ ]{{0,2}}$",
        re.IGNORECASE,
    ),
}

Rule = Callable[[Number], "Kind | None"]


def find_numbers(view: str, published: Set[str]) -> Iterator[Span]:
    """Spans of RRN, FRN, CARD, DRIVER, ACCOUNT and PHONE, disjoint and in order.

    `published`: the digits of numbers that everybody may know.
    """
    public = -_NEAR
    for run in runs_in(view):
        first = 0
        while first < len(run.places):
            found = _first_reading(run.numbers_from(first), published)
            if found is None:
                first += 1
                continue
            number, kind = found
            first += len(number.groups)
            if kind is Kind.PHONE and number.start - public < _NEAR and _FIXED.fullmatch(number.digits):
                kind = None
            if kind is None:
                public = number.end
            if kind is not None:
                yield Span(_start(number, kind), _end(number, kind), kind)


def plain_number(text: str) -> str:
    """The digits of a telephone number as they are dialled inside the country."""
    digits = re.sub(r"\D", "", text)
    return "0" + digits[2:].lstrip("0") if text.lstrip().startswith("+82") else digits


def _first_reading(readings: Iterator[Number], published: Set[str]) -> tuple[Number, Kind | None] | None:
    """The longest reading that is something; with no kind if it is something that everybody may know."""
    for number in readings:
        if _is_public(number, published):
            return number, None
        kind = next(filter(None, (rule(number) for rule in _RULES)), None)
        if kind is not None and not _is_part_of_word(number):
            return number, kind
    return None


def _start(number: Number, kind: Kind) -> int:
    """With the plus sign of a telephone number, the region of a licence, the bank of an account."""
    lead = _LEADS[kind].search(number.before.text) if kind in _LEADS else None
    return number.start - len(lead[0]) if lead else number.start


def _end(number: Number, kind: Kind) -> int:
    """With the last group of a second telephone number: 010-0000-1234/1235."""
    second = _SECOND.match(number.after) if kind is Kind.PHONE else None
    return number.end + len(second[0]) if second else number.end


def _is_part_of_word(number: Number) -> bool:
    """Latin letters stand at it, as in the name of a model."""
    if _LATIN_AFTER.match(number.after):
        return True
    return bool(_LATIN_BEFORE.search(number.before.text)) and not (number.before.telephone or number.before.bank)


def _ends_with_amount(number: Number) -> bool:
    """Its last group belongs to the words after it: 3만원."""
    return number.joints[-1:] == (" ",) and cues.UNIT.match(number.after) is not None


def _resident(number: Number) -> Kind | None:
    digits = number.digits
    if len(digits) == 7 and digits[0] in "12345678" and number.before.last_half:
        return Kind.FRN if digits[0] in "5678" else Kind.RRN
    if number.shape == (6, 1) and number.joints == ("-",) and begins_with_birth(digits) and digits[6] in "12345678":
        told = number.before.resident or cues.SO_FAR.match(number.after)
        return (Kind.FRN if digits[6] in "5678" else Kind.RRN) if told else None
    if len(digits) != 13:
        return None
    cued = number.before.resident
    split = number.shape == (13,) or 6 in accumulate(number.shape)
    likely = begins_with_birth(digits) and split and (number.shape == (6, 7) or digits[6] in "12345678")
    if not (cued or likely or (number.shape == (6, 7) and number.joints == ("-",))):
        return None
    if not cued and number.before.other:
        return None
    if not cued and number.before.account and not resident_sum_holds(digits) and number.shape != (6, 7):
        return None
    foreign = digits[6] in "5678" or (number.before.foreigner and digits[6] not in "1234")
    return Kind.FRN if foreign else Kind.RRN


def _card(number: Number) -> Kind | None:
    digits = number.digits
    plausible = len(digits) in {14, 15, 16} and digits.startswith(_CARD_PREFIXES)
    told = len(digits) in {15, 16} and (number.before.card or cues.CARD_AFTER.search(number.after))
    if told or (plausible and number.before.card):
        return Kind.CARD
    if not plausible and number.shape != (4, 4, 4, 4):
        return None
    if number.before.other or number.before.named or number.before.account:
        return None
    if len(set(number.joints)) > 1:  # two telephone numbers of four digits and four
        return None
    shaped = number.shape in _CARD_SHAPES and (len(digits) != 14 or digits.startswith(("30", "36", "38")))
    whole = number.shape == (16,) and digits.startswith(_CARD_PREFIXES)
    return Kind.CARD if shaped or whole or (len(digits) == 16 and luhn_holds(digits)) else None


def _driver(number: Number) -> Kind | None:
    digits = number.digits
    if number.before.licence and len(digits) in {10, 12}:
        return Kind.DRIVER
    shaped = number.shape == (2, 2, 6, 2) and 11 <= int(digits[:2]) <= 28
    shaped |= number.shape == (2, 6, 2) and _LEADS[Kind.DRIVER].search(number.before.text) is not None
    return Kind.DRIVER if shaped and not number.before.other else None


def _account(number: Number) -> Kind | None:
    if not _SHORTEST_ACCOUNT <= len(number.digits) <= _LONGEST_ACCOUNT or _DATE_FIRST.match(number.digits):
        return None
    if len(set(number.joints)) > 1 or number.before.other or number.before.named or _ends_with_amount(number):
        return None
    if _MOBILE.fullmatch(number.digits) and not number.before.bank:
        return None
    if _FIXED.fullmatch(number.digits) and not number.before.bank:
        return None
    if number.before.account or cues.ACCOUNT_AFTER.search(number.after):
        return Kind.ACCOUNT
    return Kind.ACCOUNT if number.shape in _ACCOUNT_SHAPES and set(number.joints) == {"-"} else None


def _phone(number: Number) -> Kind | None:
    digits = number.digits
    if number.before.text.endswith("+") and 8 <= len(digits) <= 15:
        return Kind.PHONE
    if number.before.other and (set(number.joints) != {"-"} or number.shape[-1] != _LAST_OF_TELEPHONE):
        return None
    if _MOBILE.fullmatch(digits) and (digits.startswith("010") or number.shape in _OLD_SHAPES):
        return Kind.PHONE
    if _ABROAD.fullmatch(digits) and number.groups[0] in {"82", "0082", digits}:
        return Kind.PHONE
    if _FIXED.fullmatch(digits) and _FIXED_SHAPES.fullmatch("".join(map(str, number.shape))):
        return None if _ends_with_amount(number) or number.before.named else Kind.PHONE
    local = number.shape in {(3, 4), (4, 4), (8,), (7,)} and digits[0] != "0"
    return (
        Kind.PHONE
        if local and number.before.telephone and not number.before.other and not number.before.named
        else None
    )


_RULES: tuple[Rule, ...] = (_resident, _driver, _card, _account, _phone)


def _is_public(number: Number, published: Set[str]) -> bool:
    """It is a telephone number of an office, of a company's service or of the emergency services."""
    digits = number.digits
    if digits in published or _NATIONWIDE.fullmatch(digits):
        return not number.before.account
    if not _FIXED.fullmatch(digits) and not (number.shape in {(3, 4), (4, 4)} and number.before.telephone):
        return False
    if number.before.office or number.before.somebodys_office:
        return number.before.office
    return cues.PUBLIC_AFTER.search(number.after) is not None
