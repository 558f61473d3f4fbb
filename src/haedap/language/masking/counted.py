"""Rules for numbers that are said as amounts: 공일공 이천삼백에 사천오백육, 칠십년 삼월 이일 다시 이공공공공공공.

The view turns digits that are said one by one into digits. An amount (이천삼백) has no digit for each of its
syllables, so it stays as it is said, and is looked for here.
"""

from __future__ import annotations

from collections.abc import Iterator

from haedap.language.masking.compiled import Pattern
from haedap.language.masking.spans import Kind, Span

_ONE = "(?:[일이삼사오육륙칠팔구1-9])"
_ANY_DIGIT = "(?:[공영빵일이삼사오육륙칠팔구0-9]|하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|제로)\x1f*"
THOUSANDS = rf"(?:{_ONE}?천(?:[ ]?{_ONE}?백)?(?:[ ]?{_ONE}?십)?(?:[ ]?{_ONE})?)"
"""What a group of four digits may be said as."""
_HUNDREDS = rf"(?:{_ONE}?백(?:[ ]?{_ONE}?십)?(?:[ ]?{_ONE})?)"
_TENS = f"(?:{_ONE}?십{_ONE}?)"
_GROUP = rf"(?:{THOUSANDS}|{_HUNDREDS}|{_TENS}|(?:{_ANY_DIGIT}[ ]?){{2,3}}{_ANY_DIGIT})"
_SAID_BETWEEN = "국번?에|다시|대시|하이픈|빼기|그리고|하고|이고요?|이요|에|의|국|음|어|네|예|그"
_BETWEEN = rf"(?:[ ,.\x1f-]|{_SAID_BETWEEN}){{0,6}}?"
_ZERO = "[공영빵0]"
_FIRST = (
    rf"(?<![가-힣0-9])(?:{_ZERO}[ ]?(?:[일1]|하나)\x1f*[ ]?{_ZERO}|{_ZERO}[ ]?[칠7][ ]?{_ZERO}|"
    rf"{_ZERO}[ ]?(?:[삼사오육3-6][ ]?[일이삼사오1-5]|[이2]))"
)
_TELEPHONE = Pattern(
    rf"(?=(?P<whole>{_FIRST}{_BETWEEN}(?P<middle>{_GROUP}){_BETWEEN}(?P<last>{_GROUP})(?![십백천만억원])))"
)
"""Looked for at every place: what seems to begin one may be the citizen saying its beginning twice."""
_AMOUNT = Pattern("[천백]")
_BORN = (
    rf"(?:(?:천구백|이천)?{_ONE}?십?{_ONE}?|{_ANY_DIGIT}{_ANY_DIGIT})년[ ]?"
    rf"(?:십[일이]?|{_ONE}|시|유)월[ ]?(?:{_ONE}?십?{_ONE}?일|[0-9]{{1,2}}일?)"
)
_RESIDENT = Pattern(
    rf"(?<![가-힣0-9]){_BORN}{_BETWEEN}(?P<seventh>{_ANY_DIGIT}[ ]?)(?:{_ANY_DIGIT}[ ]?){{5}}{_ANY_DIGIT}"
)
_FOREIGN = Pattern("[오육륙칠팔5-8]|다섯|여섯|일곱|여덟")


def find_counted(view: str) -> Iterator[Span]:
    """Telephone numbers with a group said as an amount, resident numbers with the birth said as a date."""
    if not _AMOUNT.search(view) and "년" not in view:
        return
    for found in _TELEPHONE.finditer(view):
        if _AMOUNT.search(found["middle"]) or _AMOUNT.search(found["last"]):
            yield Span(*found.span("whole"), Kind.PHONE)
    for found in _RESIDENT.finditer(view):
        foreign = _FOREIGN.match(found["seventh"])
        yield Span(found.start(), found.end(), Kind.FRN if foreign else Kind.RRN)
