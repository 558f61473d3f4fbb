"""Rules for addresses: by road (중앙로12길 34), by lot (행복동 123-4번지), and of a dwelling alone (101동 1203호)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from haedap.language.masking.compiled import Pattern
from haedap.language.masking.spans import Kind, Span
from haedap.language.masking.vocabulary import any_of, words_of

_KO = "[일이삼사오육륙칠팔구십백천]"
_NUMBER = r"(?:지하[ ]?)?[1-9][0-9]{0,3}(?:[ ]?(?:-|다시)[ ]?[0-9]{1,4})?"
_KO_NUMBER = rf"{_KO}{{1,7}}(?:[ ]?다시[ ]?{_KO}{{1,5}})?"
_NO_UNIT = (
    rf"(?![0-9.]|,[0-9]|인(?![데가-힣])|인이|"
    rf"[ ]?(?:{any_of('units_after_street')}|가(?![가-힣])|일(?![가-힣])|시(?!청)|분(?!당)|번(?![지길])))"
)

_ROAD = Pattern(
    r"(?P<name>[가-힣][가-힣0-9.]{0,9}?(?:대로|로|길))(?P<branch>[ ]?(?:[0-9]{1,4}[가-하]?|[동서남북중])(?:번길|"
    r"안길|길))?[ ]?"
    rf"(?P<number>{_NUMBER})(?P<lot>[ ]?번지)?{_NO_UNIT}"
)
_ROAD_SPOKEN = Pattern(
    rf"(?P<name>[가-힣]{{1,8}}(?:대로|로|길))(?P<branch>[ ]?{_KO}{{1,5}}(?:번길|안길|번안길|"
    rf"길))?[ ](?P<number>{_KO_NUMBER})(?P<lot>[ ]?번지)?"
    r"(?=[ ]?(?:번지|에|입|이[고구에라]|요|예|호|,|$)|[ ])"
)
_LOT = Pattern(
    rf"(?P<name>[가-힣]{{1,6}}[ ]?[0-9]{{0,2}}(?:동|리)|"
    rf"[가-힣]{{1,4}}(?:로)?[ ]?[1-9]가)[ ]?(?P<hill>산[ ]?)?(?P<number>{_NUMBER}|{_KO_NUMBER}(?=[ ]?번지))"
    rf"(?P<lot>[ ]?번지)?{_NO_UNIT}|"
    rf"(?P<said>[가-힣]{{1,6}}[ ]?[0-9]?(?:동|리))[ ](?:산[ ]?)?(?:{_KO}{{1,7}}|[0-9]{{1,4}})"
    rf"[ ]?(?:다시|-)[ -]{{0,3}}\x1f*[ ]?(?:{_KO}{{1,5}}|[0-9]{{1,3}})"
    rf"(?:[ ]?번지)?(?![십백천만])"
)
_BUILDING = any_of("buildings")
_HOUSE_NUMBER = r"(?:[0-9]{1,4}|[가-하]|[A-Za-z])"
_DWELLING = Pattern(
    rf"(?P<building>(?:[가-힣A-Za-z0-9]{{1,12}}{_BUILDING}(?:[ ]?[0-9]{{1,2}}(?:차|단지))?)[ ,]{{0,2}})?"
    rf"(?:(?P<house>(?<![0-9가-힣])[0-9]{{1,4}}동|(?<![A-Za-z])[A-Za-z]동|(?<![가-힣])[가나다라마바]동|"
    rf"(?<=[가-힣])[0-9]{{2,4}}동)[ ,]{{0,2}}(?:[0-9]{{1,2}}층[ ,]{{0,2}})?(?:제)?(?P<flat>[0-9]{{1,4}}호(?!선|기|"
    rf"점))?|"
    r"(?P<only>(?<![0-9가-힣])(?:[0-9]{1,2}층[ ]?)?(?:[BbＢ]?[0-9]{2,4}|지하[ ]?[0-9]{1,3})호(?!선|기|점|차))|"
    r"(?P<pair>(?<![0-9])[0-9]{2,4}-[0-9]{3,4}호?(?![0-9-])))"
)
_DIGIT = Pattern("[0-9]")
_DWELLING_SIGN = Pattern(rf"[0-9][동호]|{_BUILDING}[ ,]{{0,2}}[0-9]")
_DWELLING_SPOKEN = Pattern(
    r"(?<![가-힣])(?:[공영일이삼사오육칠팔구십백천]{1,6})[ ]?동[ ]?(?:[공영일이삼사오육칠팔구십백천]{1,7})"
    r"[ ]?호(?!선|기)"
)

_SIDO = (
    r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충청[남북]|충[남북]|전라[남북]|전[남북]|경상[남북]|"
    r"경[남북]|제주)"
    r"(?:특별자치시|특별자치도|특별시|광역시|시|도)?"
)
_REGIONS_BEFORE = Pattern(
    rf"(?<![가-힣])(?:{_SIDO}[ ]?)?(?:(?!다시|혹시|잠시|역시|친구|누구)[가-힣]{{1,5}}(?:시|군|"
    rf"구)[ ]?){{0,2}}(?:[가-힣]{{1,5}}(?:읍|면)[ ]?(?:[가-힣]{{1,5}}리[ ]?)?)?"
    r"(?:[가-힣]{1,5}[0-9]?동[ ]?)?$"
)
_DETAILS = Pattern(
    rf"(?:[ ,]{{0,2}}\((?:[가-힣0-9]{{1,8}}(?:동|가|리))?[, ]{{0,2}}[가-힣A-Za-z0-9 ]{{0,14}}\)|"
    rf"[ ,]{{1,2}}[가-힣A-Za-z0-9]{{0,12}}{_BUILDING}(?:[ ]?[0-9]{{1,2}}(?:차|단지))?(?![가-힣]*[을를은는])|"
    rf"[ ,]{{1,2}}(?!번지)[가-힣A-Za-z]{{2,12}}[ ]?(?=[0-9]{{1,4}}동[ ]?[0-9]{{1,4}}호|(?:지하[ ]?)?[0-9]{{1,2}}층|"
    rf"[0-9]{{2,4}}호)|"
    rf"[ ,]{{0,2}}{_HOUSE_NUMBER}동(?![가-힣 ]*(?:주민|행정))|[ ,]{{0,2}}(?:지하[ ]?)?[0-9]{{1,2}}층|"
    rf"[ ,]{{0,2}}(?:제|지하[ ]?)?[Bb]?[0-9]{{1,4}}호(?!선|기)|"
    r"[ ,]{0,2}(?:반지하|지하층|옥탑방?|지층)|[ ,]{1,2}[0-9]{2,4}-[0-9]{3,4}호?(?![0-9-])|[ ,]{0,2}"
    r"(?:[공영일이삼사오육칠팔구십백천]{1,6}[ ]?동[ ]?)?[공영일이삼사오육칠팔구십백천]{2,7}[ ]?호(?!선|기))+"
)
_WORD_BEFORE = Pattern(r"(?<![가-힣])(?P<word>[가-힣A-Za-z0-9]{2,12})[ ]$")
_BUILDING_BEFORE = Pattern(
    rf"(?<![가-힣A-Za-z0-9])(?:[가-힣A-Za-z0-9]{{2,8}}[ ])?[가-힣A-Za-z0-9]{{0,10}}{_BUILDING}[ ,]{{0,2}}$"
)
_TOWN_BEFORE = Pattern(r"(?<![가-힣])(?!이동|활동|자동|공동|운동)[가-힣]{1,5}[ ]?[0-9]?(?:동|읍|면|리)[ ,]{1,2}$")
_NO_BUILDING = Pattern(rf"(?:[은는이가에을를의로도서요고데며면만]|{any_of('no_buildings')})$")

_HOME = Pattern(rf"{any_of('home')}[^0-9]{{0,20}}$")
_HOME_AFTER = Pattern(
    r"^(?:[ ]?[가-힣]{0,3})[ ]?(?:살|사는|사시|거주|집|입주|주민|세대|로 (?:이사|전입|보내|발송|배송)|입니다|"
    r"이에요|예요|인데요?|이고|이요|이구)"
)
_OFFICE = any_of("buildings_of_offices")
_OFFICE_BEFORE = Pattern(
    rf"{_OFFICE}(?:[ ]?(?:본관|별관|민원동|신관))?(?:[ ]?(?:주소|위치|소재지))?(?:은|는|이|"
    rf"가)?[ :,(]{{0,3}}(?:도로명)?[ ]?$"
)
_OFFICE_AFTER = Pattern(
    rf"^[ ,(]{{0,3}}(?:에[ ]?(?:있는|위치한)[ ]?)?(?:[가-힣0-9]{{0,8}})?[ ]?{_OFFICE}(?![ ]?(?:옆|앞|근처|맞은편|"
    rf"건너|뒤|인근|부근|쪽))"
)
_OFFICE_ROOM = Pattern(
    rf"(?:{_OFFICE}|본관|별관|신관|회관|강당|센터|학교|병원|"
    rf"호텔)[ ,]{{0,2}}(?:[가-힣]{{0,4}}[ ]?)?(?:[0-9]{{1,2}}층[ ]?)?$"
)
_ROOM_AFTER = Pattern(rf"^[ ]?(?:{any_of('rooms')}|로[ ]?(?:오시|가시|방문))")

_NOT_ROADS = words_of("no_roads")
_NOT_PLACES = words_of("no_places")


def find_addresses(view: str) -> Iterator[Span]:
    """Addresses down to a house, a lot or a dwelling. What is said to be a public building is left alone."""
    yield from _streets(view)
    yield from _dwellings(view)


def _streets(view: str) -> Iterator[Span]:
    for pattern in (_ROAD, _LOT, _ROAD_SPOKEN) if _DIGIT.search(view) else (_LOT, _ROAD_SPOKEN):
        for found in pattern.finditer(view):
            start = _regions_start(view, found.start())
            end = _details_end(view, found.end())
            if _is_address(view, found, start, end) and not _is_office(view, start, end):
                yield Span(start, end, Kind.ADDRESS)


def _is_address(view: str, found: re.Match[str], start: int, end: int) -> bool:
    name = found["name"]
    if name is None:  # a lot as it is said
        return found["said"] not in _NOT_PLACES
    within = start < found.start() and view[start : found.start()].strip()[-1:] in set("시군구읍면동리도")
    if name.endswith(("동", "리", "가")):
        return _is_lot(found, name, within=bool(within)) or (
            name not in _NOT_PLACES and _at_home(view, start, end) and found["number"][0].isdigit()
        )
    if name.endswith("으로") or name[:-1] in _NOT_ROADS or len(name) < 2:
        return False
    spoken = not re.search("[0-9]", found["number"])
    if within or end > found.end() or found["branch"] or found["lot"]:
        return not spoken or bool(within or found["lot"] or found["branch"] or "호" in view[found.end() : end])
    if spoken:
        return _at_home(view, start, end)
    return len(name) > 2 or _at_home(view, start, end)


def _is_lot(found: re.Match[str], name: str, *, within: bool) -> bool:
    if name in _NOT_PLACES or (name.endswith("리") and not (within or found["lot"])):
        return False
    return bool(found["lot"] or found["hill"]) or within or "-" in found["number"]


def _at_home(view: str, start: int, end: int) -> bool:
    before = view[max(0, start - 30) : start].rpartition("\n")[2]
    return _HOME.search(before) is not None or _HOME_AFTER.search(view[end : end + 16]) is not None


def _is_office(view: str, start: int, end: int) -> bool:
    before = view[max(0, start - 30) : start]
    return _OFFICE_BEFORE.search(before) is not None or _OFFICE_AFTER.search(view[end : end + 30]) is not None


def _regions_start(view: str, at: int) -> int:
    """Where the names of the regions begin that stand before a street."""
    from_ = max(0, at - 34)
    found = _REGIONS_BEFORE.search(view[from_:at])
    return from_ + found.start() if found else at


def _details_end(view: str, at: int) -> int:
    """Where building, floor and flat end that stand after a street."""
    found = _DETAILS.match(view, at)
    return found.end() if found else at


def _dwellings(view: str) -> Iterator[Span]:
    for found in _DWELLING.finditer(view) if _DWELLING_SIGN.search(view) else ():
        if _is_dwelling(view, found):
            yield Span(_building_start(view, found), found.end(), Kind.ADDRESS)
    for found in _DWELLING_SPOKEN.finditer(view):
        yield Span(_town_start(view, _named_start(view, found.start())), found.end(), Kind.ADDRESS)


def _is_dwelling(view: str, found: re.Match[str]) -> bool:
    if _OFFICE_ROOM.search(view[max(0, found.start() - 20) : found.start()]) or _ROOM_AFTER.match(view, found.end()):
        return False
    if found["flat"] and found["house"]:
        return True
    if found["building"]:
        return bool(found["only"] or found["house"] or found["pair"])
    return bool(found["only"]) and _at_home(view, found.start(), found.end())


def _building_start(view: str, found: re.Match[str]) -> int:
    """A word before the dwelling is taken for its building unless its form says otherwise."""
    if found["building"]:
        return _town_start(view, _named_start(view, found.start()) if found[0][0].isdigit() else found.start())
    return _town_start(view, _named_start(view, found.start())) if found["flat"] else found.start()


def _named_start(view: str, at: int) -> int:
    """Where the name of the building begins, of one word or two, that stands before a dwelling."""
    from_ = max(0, at - 28)
    named = _BUILDING_BEFORE.search(view[from_:at])
    if named:
        return from_ + named.start()
    word = _WORD_BEFORE.search(view[from_:at])
    if word is None or _NO_BUILDING.search(word["word"]):
        return at
    return from_ + word.start("word")


def _town_start(view: str, at: int) -> int:
    """Where the town begins that stands before a building."""
    from_ = max(0, at - 34)
    found = _TOWN_BEFORE.search(view[from_:at])
    return _regions_start(view, from_ + found.start() if found else at)
