"""Rules for what is told by its form: e-mail, plates, passports, dates of birth, and numbers half masked already."""

from __future__ import annotations

import re
from collections.abc import Iterator

from haedap.language.masking.compiled import Pattern
from haedap.language.masking.counted import THOUSANDS
from haedap.language.masking.places import is_usual_name
from haedap.language.masking.spans import Kind, Span
from haedap.language.masking.vocabulary import any_of

_S = r"[ \x1f]{0,2}"

_DIGITS = Pattern("[0-9][ ]?[0-9][ ]?[0-9]")

_LETTER = (
    r"(?:더블유|에이치|에이|에프|아이|제이|케이|에스|브이|엑스|와이|제트|비|씨|시|디|이|지|엘|엠|엔|오|피|큐|알|티|유|"
    r"언더바|점|하이픈|[A-Za-z0-9])"
)
_DOT = r"(?:\.|점|닷|쩜|쩝|dot)"
_EMAIL = Pattern(
    rf"(?:[A-Za-z0-9가-힣][A-Za-z0-9._%+-]*|(?:(?:{_LETTER}|[공영일이삼사오육칠팔구])[ ]?){{2,20}}[0-9 ]{{0,9}}|"
    rf"[가-힣]{{2,12}}[0-9]{{0,8}})"
    rf"(?:{_S}(?:@|골뱅이|[(\[]at[)\]]){_S}|[ ](?:at|앳|엣)[ ])"
    rf"(?:[가-힣]{{2,8}}\.(?:kr|com|net|한국)|[A-Za-z0-9-]+(?:{_S}{_DOT}{_S}(?:[A-Za-z]{{2,}}|컴|넷|케이알|씨오))+|"
    rf"(?:네이버|다음|한메일|지메일|구글|카카오|네이트|한매일|핫메일|야후|아웃룩|"
    rf"(?:{_LETTER}[ ]?){{2,9}}(?=[ ]?{_DOT}))"
    rf"(?:[ ]?{_DOT}[ ]?(?:컴|넷|com|net|co|kr|씨오|케이알|오알|알지))*)"
)
_OFFICIAL_MAIL = Pattern(r"(?:\.go\.kr|@korea\.kr)$")

_REGION = any_of("regions")
_USE = r"[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자허하호배육해공국합]"
_NO_PLATE = rf"(?![0-9]|[ ]?(?:{any_of('units_after_plate')}|여[ ])|[-./][0-9](?![0-9]{{1,2}}[ ]?[가-힣])|,[0-9]{{3}})"
_PLATE = Pattern(
    rf"{_REGION}[ ]?[0-9][ ]?[0-9][ ]?{_USE}[ ]?[0-9]{{4}}(?=호(?![0-9가-힣]))|"
    rf"(?:{_REGION}[ ]?)?(?<![0-9.,-])(?<!제)(?<!제 )"
    rf"[0-9][ ]?[0-9](?:[ ]?[0-9])?[ -]?{_USE}[ .-]?[0-9][ ]?[0-9][ ]?[0-9][ ]?[0-9]{_NO_PLATE}"
)
_PLATE_OTHER = Pattern(
    rf"(?<![가-힣]){_REGION}[ ]?(?:[가-힣]{{2,3}}[ ]?|[0-9][ ]?)?{_USE}[ ]?[0-9]{{4}}{_NO_PLATE}|"
    rf"임시[ ]?(?:운행[ ]?)?[0-9]{{4,6}}(?=[ ]?(?:차량|번호판|번[^0-9]))|"
    rf"(?:외교|영사|준외|준영|국기|협정|대표|임시?)[ ]?[0-9]{{3,4}}-[0-9]{{3,4}}(?![0-9-])"
)
_PLATE_CUED = Pattern(
    rf"(?:차량|차|오토바이|이륜차|번호판|차번호|차량번호)[ ]?(?:번호)?[ ]?(?:은|는|이|"
    rf"가)?[ :]{{0,2}}(?P<value>(?:{_USE}|[0-9]{{2,3}}[569])[ -]?[0-9]{{4}}){_NO_PLATE}"
)
_PLATE_OF_CITY = Pattern(
    rf"(?<![가-힣])(?P<value>[가-힣]{{2,3}}[ ]?{_USE}[ ]?[0-9]{{4}})(?=[ ]?(?:번[ ]?)?(?:오토바이|이륜차|스쿠터|"
    rf"원동기))|"
    rf"(?:오토바이|이륜차|스쿠터|원동기)[ ]?(?:번호)?(?:는|"
    rf"가)?[ :]{{0,2}}(?P<behind>[가-힣]{{2,3}}[ ]?{_USE}[ ]?[0-9]{{4}}){_NO_PLATE}"
)
_SINO = r"[일이삼사오육칠팔구]"
_SAID = r"[공영일이삼사오육륙칠팔구]"
_FOUR_SAID = rf"(?:{_SAID}[ ]?){{3}}{_SAID}(?![십백천만원])"
_PLATE_SPOKEN = Pattern(
    rf"(?<![가-힣0-9])(?:(?:{_SINO}?백[ ]?)?{_SINO}?십{_SINO}?|"
    rf"{_SAID}[ ]?{_SAID}(?:[ ]?{_SAID})?)[ ]?"
    rf"{_USE}(?:에|요|,)?[ ]{{0,2}}(?:{_FOUR_SAID}|{THOUSANDS}(?![만원명])|[0-9]{{4}}{_NO_PLATE})|"
    rf"(?<![0-9.,-])[0-9]{{2,3}}[ ]?{_USE}(?:에|요|,)?[ ]{{0,2}}{_FOUR_SAID}"
)

_PASSPORT = Pattern(
    r"(?<![A-Za-z0-9-])(?:[MSRGDO][ -]?(?:[0-9]{8}|[0-9]{4}[ -][0-9]{4}|[0-9]{3}[ -]?[A-Z][ -]?[0-9]{4})|"
    r"[A-Z]{2}[ -]?[0-9]{7})"
    r"(?![A-Za-z0-9]|-[A-Za-z0-9])",
    re.IGNORECASE,
)
_PASSPORT_CUED = Pattern(
    r"(?:여권|passport)[^0-9A-Za-z\n]{0,16}(?:no\.?[ :]{0,2})?"
    r"(?P<value>[A-Za-z]{1,2}[ -]?[0-9](?:[ -]?[0-9A-Za-z]){6,8}(?![A-Za-z0-9])|"
    r"[엠에스알지디피]{1,4}[- \x1f]{0,2}[0-9](?:[- \x1f]{0,3}[0-9]){7}|"
    r"[엠에스알][- ]{0,2}[0-9공일이삼사오육칠팔구]{3}[- ]{0,2}(?:에이|비|씨|시|디|[A-Za-z])"
    r"[- ]{0,2}[0-9공일이삼사오육칠팔구]{4})",
    re.IGNORECASE,
)
_NOT_PASSPORT = Pattern(rf"{any_of('other_codes')}[^0-9\n]{{0,12}}$", re.IGNORECASE)

_YEAR4 = r"(?:19|20)[0-9]{2}"
_YEAR = rf"(?:{_YEAR4}|[0-9]{{2}})"
_M = r"(?:1[0-2]|0?[1-9])"
_D = r"(?:[12][0-9]|3[01]|0?[1-9])"
_KO_NUMBER = r"[일이삼사오육유륙칠팔구십시]"
_KO_YEAR = (
    rf"(?:(?:천구백|이천)[일이삼사오육칠팔구십 ]{{0,5}}|(?:일구|이공)?[공영]?(?:{_SINO}십{_SINO}?|"
    rf"[공영일이삼사오육칠팔구]{{2}}))"
)
_DATE = (
    rf"(?:{_YEAR}{_S}년{_S}{_M}{_S}월{_S}{_D}(?:{_S}일)?|"
    rf"{_YEAR}{_S}[-./]{_S}{_M}{_S}[-./]{_S}{_D}(?![0-9-])(?:{_S}일)?|"
    rf"(?:{_YEAR4}|[0-9]{{2}})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9-])|"
    rf"{_YEAR}[ ](?:0[1-9]|1[0-2])[ ](?:0[1-9]|[12][0-9]|3[01])(?![0-9-])|"
    rf"{_KO_YEAR}[ ]?년[ ]?{_KO_NUMBER}{{1,2}}[ ]?월[ ]?{_KO_NUMBER}{{1,3}}[ ]?일)"
)
_OLD_DATE = rf"(?!20[12]|20년|2[0-9][ ]?년){_DATE}"
"""A date that an agent hardly writes for anything else than a birth."""
_DAY = rf"(?:{_M}{_S}월{_S}{_D}{_S}일|{_KO_NUMBER}{{1,2}}월[ ]?{_KO_NUMBER}{{1,3}}일)"
_BORN = (
    r"(?:[.]?[ ]?생(?![가-힣]*[활산계긴겨각수태존명물업육])|[.]?[ ]?출생(?!신고|[ ]신고)|에?[ ]?태어[나났난남]|"
    r"에[ ]?출생(?!신고|[ ]신고))"
)
_BIRTH_CUED = Pattern(
    rf"{any_of('birth_words')}"
    r"[ ]?(?:이|은|는|가|을|를)?[ :=(-]{0,3}(?:(?:음력|양력)으로)?[ :(]{0,2}"
    rf"(?P<value>(?:(?:음력|양력)[ ]?)?{_DATE}(?:[ ]?생(?![활산계]))?|{_DAY}|"
    rf"{_YEAR}[ ]?년(?:[ ]?생)?(?![ ]?[0-9])|[0-9]{{6}}(?![0-9-])|"
    rf"(?:음력|양력)[ ]?{_DAY}|{_YEAR4}(?=[^0-9가-힣.-]|$))|"
    rf"(?:음력|양력)[ ]?(?P<moon>{_DATE})"
)
_LAST_HALF_AFTER = Pattern("[^0-9]{0,8}뒷?[ ]?자리")
_BIRTH_OF_NAME = Pattern(
    rf"(?<![가-힣])(?:[가-힣][ ]?[가-힣]{{1,2}}|[가-힣] [가-힣] [가-힣])(?<![일날기짜월시])[ ]?"
    rf"\((?:[남여][,/ ]{{1,2}})?(?P<value>(?!20[12][0-9]){_DATE})(?=[),/.]|생|[ ](?![0-9]))"
)
_YEAR_OF_NAME = Pattern(
    rf"(?<![가-힣])(?P<name>[가-힣]{{3}})[ ,(]{{1,2}}(?:[남여][, ]{{1,2}})?(?P<value>{_YEAR}{_S}년{_S}생)"
)
_BIRTH_IN_ROW = Pattern(
    rf"(?:^(?:\[?[0-9]{{1,2}}:[0-9]{{2}}\]?[ ])?|[:,/|>][ ]?)[가-힣]{{2,4}}(?<![일날기짜월시])(?:님|씨)?"
    rf"[ ]?[,/|][ ]?(?:[남여][ ]?[,/|][ ]?)?"
    rf"(?P<value>(?!20[12][0-9]|2[0-9][01][0-9][0-3][0-9](?![0-9])|[012][0-9][.]){_DATE})(?=[.]?[ ]?(?:[,/|)]|$|생))",
    re.MULTILINE,
)
_COHORT = (
    r"[ ]?(?:대상|부터|까지|이상|이하|이후|이전|미만|~|-|만[ ]|이면[ ]?(?:누구|모두)|자녀[ ]?지원|"
    r"중[ ]|들|아동|영유아|청년|접종|무료)"
)
"""After the year of birth of many, which is nobody's."""
_BIRTH_FAR = Pattern(rf"{any_of('birth_words')}[^0-9\n]{{0,28}}?(?<![0-9-])(?P<value>{_OLD_DATE}|{_DATE}{_BORN})")
_MONTH_NAME = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\\.?"
_LATIN_DATE = rf"(?:{_MONTH_NAME} [0-9]{{1,2}},? {_YEAR4}|[0-9]{{1,2}} {_MONTH_NAME},? {_YEAR4})"
_BIRTH_LATIN = Pattern(
    rf"(?:DOB|born|birth|b\.|생년월일|생일)[^0-9\n]{{0,8}}?(?P<value>{_LATIN_DATE})|"
    rf"(?P<behind>{_LATIN_DATE})(?= ?(?:birth|born|생))",
    re.IGNORECASE,
)
_BIRTH_SAID = Pattern(
    rf"(?:단기|소화|대정)[ ]?[0-9]{{1,4}}{_S}년{_S}(?:{_M}{_S}월{_S})?(?:{_D}{_S}일)?생|"
    rf"(?<![0-9-])(?:{_DATE}{_BORN}|"
    rf"{_YEAR}{_S}년{_S}(?:{_M}{_S}월{_S})?생(?![가-힣]*[활산계긴겨각수태존명물업육])(?!{_COHORT})|"
    rf"(?<![가-힣])(?:(?:천구백|이천)[일이삼사오육칠팔구십 ]{{0,5}}|{_SINO}[십]?{_SINO}|"
    rf"(?:{_SINO})?십{_SINO}?|[공영]{_SINO})"
    rf"년[ ]?생(?![활산계긴]))"
)

_STARRED = (
    (
        Kind.RRN,
        Pattern(
            r"(?<![0-9-])[0-9]{6}[ ]?[-~./]?[ ]?(?:[0-9][*xX○]{5,6}|[*xX○]{7}|[0-9]{2,4}[*xX○]{3,5})"
            r"(?![*0-9])"
        ),
    ),
    (
        Kind.PHONE,
        Pattern(
            r"(?<![0-9-])01[016-9][-. ]?(?:[*xX○]{3,4}[-. ]?[0-9]{4}|[0-9]{3,4}[-. ]?[*xX○]{4}|"
            r"[0-9]{2}[*xX○]{2}[-. ]?(?:[0-9]{2}[*xX○]{2}|[*xX○]{2}[0-9]{2}|[0-9]{4}))(?![*0-9])"
        ),
    ),
    (
        Kind.CARD,
        Pattern(r"(?<![0-9-])[0-9]{4}[-. ]?[0-9*xX]{4}[-. ]?[0-9*xX]{4}[-. ]?[0-9*xX]{4}(?<=[*xX0-9])(?![*0-9-])"),
    ),
)
_FOREIGN_HALF = Pattern(r"[0-9]{6}[ ]?[-~./]?[ ]?[5-8]")


def find_emails(view: str) -> Iterator[Span]:
    """Addresses of electronic mail, also as they are said (골뱅이, 점). Those of governments are no person's."""
    if not any(sign in view for sign in ("@", "골뱅이", "at", "앳", "엣")):
        return
    for found in _EMAIL.finditer(view):
        if not _OFFICIAL_MAIL.search(found[0]):
            yield Span(found.start(), found.end(), Kind.EMAIL)


def find_plates(view: str) -> Iterator[Span]:
    """Registration plates of cars and motorcycles, with or without their region, also as they are said."""
    for found in _PLATE_SPOKEN.finditer(view):
        yield Span(found.start(), found.end(), Kind.PLATE)
    if not _DIGITS.search(view):
        return
    for pattern in (_PLATE, _PLATE_OTHER):
        for found in pattern.finditer(view):
            yield Span(found.start(), found.end(), Kind.PLATE)
    for found in _PLATE_OF_CITY.finditer(view):
        yield Span(*found.span("value" if found["value"] else "behind"), Kind.PLATE)
    for found in _PLATE_CUED.finditer(view):
        yield Span(*found.span("value"), Kind.PLATE)


def find_passports(view: str) -> Iterator[Span]:
    """Passport numbers, of before 2021 (M12345678) and since (M123A4567)."""
    if not _DIGITS.search(view) and "여권" not in view:
        return
    for found in _PASSPORT_CUED.finditer(view):
        yield Span(*found.span("value"), Kind.PASSPORT)
    for found in _PASSPORT.finditer(view):
        if not _NOT_PASSPORT.search(view, max(0, found.start() - 24), found.start()):
            yield Span(found.start(), found.end(), Kind.PASSPORT)


def find_births(view: str) -> Iterator[Span]:
    """Dates of birth: a date is one only beside a word that says so."""
    if not any(sign in view for sign in ("생", "력", "앞", "태어", "(", "출", "나신", "DOB", "b", "B", "/", ",", "|")):
        return
    for found in _BIRTH_CUED.finditer(view):
        kind = Kind.RRN if _LAST_HALF_AFTER.match(view, found.end()) else Kind.BIRTH
        yield Span(*found.span("value" if found["value"] else "moon"), kind)
    for found in _YEAR_OF_NAME.finditer(view):
        if is_usual_name(found["name"]):
            yield Span(*found.span("value"), Kind.BIRTH)
    for found in _BIRTH_LATIN.finditer(view):
        yield Span(*found.span("value" if found["value"] else "behind"), Kind.BIRTH)
    for pattern in (_BIRTH_OF_NAME, _BIRTH_IN_ROW):
        for found in pattern.finditer(view):
            yield Span(*found.span("value"), Kind.BIRTH)
    for found in _BIRTH_FAR.finditer(view):
        yield Span(*found.span("value"), Kind.BIRTH)
    for found in _BIRTH_SAID.finditer(view):
        yield Span(found.start(), found.end(), Kind.BIRTH)


def find_starred(view: str) -> Iterator[Span]:
    """Numbers that somebody has masked in part: what is left still tells much."""
    if not any(star in view for star in "*xX○"):
        return
    for kind, pattern in _STARRED:
        for found in pattern.finditer(view):
            if any(star in found[0] for star in "*xX○"):
                foreign = kind is Kind.RRN and _FOREIGN_HALF.match(found[0])
                yield Span(found.start(), found.end(), Kind.FRN if foreign else kind)
