"""Rules for names: those that the record knows, and those beside a word that says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from importlib import resources

from haedap.language.masking.spans import Kind, Span

_SURNAMES = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용예경봉사부나"
_COMPOUND = "남궁|황보|제갈|사공|선우|서문|독고|동방"
_GIVEN = (
    "가강건겸경계고관광교구국군권규균근금기길나남노누다단담대덕도동두라란람랑래량려련렬로록루류률름리린림마만말면명모목무문미민바방배백범별"
    "병보복봄봉부비빈빛사산삼상새샘생서석선설섭성세소솔송수숙순술슬승시식신심아안애양언엄여연열엽영예오옥온완요용우욱운웅원월위유윤율은을음의이익"
    "인일임자잔장재전정제조종주준중지직진집찬창채천철청초추춘충치칠태택평표필하학한할함해향허헌혁현협형혜호홍화환회효후훈휘흠희갑늘막례분점돌쇠판벼롬늬슬겨울벽봉팔출꺽결탁숭엘쁨억택탄"
)
_NAME = rf"(?:(?:{_COMPOUND})[{_GIVEN}]{{1,2}}|[{_SURNAMES}][{_GIVEN}]{{1,2}})"
_SPACED = rf"(?:[{_SURNAMES}] [{_GIVEN}] [{_GIVEN}](?![가-힣])|[{_SURNAMES}] [{_GIVEN}]{{2}})"
_FULL = rf"(?:(?:{_COMPOUND})[{_GIVEN}]{{1,2}}|[{_SURNAMES}][{_GIVEN}]{{2}})"

_PARTICLE = (
    r"(?=[^가-힣]|$|입니다|입니당|이에요|이예요|에요|예요|이여요|이고|이구|고요|구요|인데|이라|라고|라는|이요|이며|이신|이셔|이세|세요|이십|십니다|으로|로[ ]|님|씨|"
    r"은[^가-힣]|는[^가-힣]|이[^가-힣]|가[^가-힣]|을[^가-힣]|를[^가-힣]|께|에게|한테|도[^가-힣]|의[^가-힣]|와[^가-힣]|과[^가-힣]|이랑|랑[^가-힣]|하고|명의|앞|본인|고객|어르신|이가|이는|이도|이를)"
)
_TITLE = r"(?:씨|님|고객님?|선생님?|어르신|할머[니님]|할아버[지님]|민원인|시민님?|어머[니님]|아버[지님]|여사님?|사장님?|회원님?|학생|환자|아동|어린이|군(?=[^가-힣]|$|[은의이])|양(?=[^가-힣]|$|[은의이])|세대주|대표님?|사모님|부부|모녀|모자|부자|남매|형제|자매)"
_TITLED = re.compile(rf"(?<![가-힣])(?P<value>{_FULL}|{_SPACED}|{_NAME}(?=[ ]?씨|님))[ ]?{_TITLE}")

_ROLE = (
    r"성명|이름|성함|존함|민원인|신청인|신청자|신고인|신고자|제보자|청구인|세대주|세대원|납세자|납세의무자|예금주|명의자|명의인|명의|소유자|소유주|차주|대표자|대표|"
    r"대리인|위임인|위임자|수임인|보호자|남편|아내|배우자|와이프|아들|큰아들|작은아들|딸|큰딸|작은딸|어머니|아버지|어머님|아버님|엄마|아빠|모친|부친|시어머니|시아버지|장모님?|장인|할머니|할아버지|"
    r"누나|언니|오빠|동생|여동생|남동생|자녀|손자|손녀|며느리|사위|조카|삼촌|이모|고모|환자|대상자|임차인|임대인|세입자|집주인|건물주|계약자|가입자|수신인|받는[ ]?분|수령인|"
    r"통화자|전화하신[ ]?분|문의자|고객|고객명|시민|피상속인|상속인|상속자|고인|망인|사망자|동거인|동거자|학생|원생|사용자|수용가|체납자|운전자|본인|입금자|입금자명|송금인|받는[ ]?사람|보내는[ ]?사람|"
    r"당사자|피해자|가해자|참가자|참여자|수강생|회원|회원명|당첨자|수급자|수급권자|이용자|담당[ ]?어르신|전입자|전출자|방문자|방문인|요청자|작성자|사업주|점주|건축주|토지주|땅주인|이웃|친구|지인|외국인|아이|아기|어르신|독거노인|성명\(한글\)"
)
_LINK = r"(?:[ ]?(?:이름|성함|성명|명|되시는[ ]?분))?(?:은요|는요|께서는|께서|은|는|이|가|도|으로|로)?[ ]?[:=,(\[/-]?[ ]?(?:은|는)?"
_AFTER_ROLE = re.compile(rf"(?:{_ROLE}){_LINK}(?=(?P<value>{_NAME}|{_SPACED}){_PARTICLE})")
_LATIN = r"[A-Z][A-Za-z'-]+(?:[ ][A-Z][A-Za-z'-]*){0,3}"
_FOREIGN_AFTER_ROLE = re.compile(
    rf"(?:{_ROLE}|영문명|영문[ ]?이름|외국인|저는|제가){_LINK}(?P<value>{_LATIN})(?![A-Za-z0-9@])|"
    r"(?:이름|성명|성함)(?:은|는|이|:)[ ]?(?P<hangul>[가-힣]{1,6}(?:[ ][가-힣]{1,5}){0,3}?)(?=입니다|이에요|예요|이고요|이구요|인데요|이라고|라고)"
)
_SELF = re.compile(
    rf"(?:저는|제가|전|나는|난|여기는?|안녕하세요|안녕하십니까|수고하십니다|수고하세요|본인은|^)[,.! ]{{0,3}}(?P<value>{_NAME}|{_SPACED})"
    r"(?=입니다|이라고|라고|이고요?|이구요?|인데요?|이에요|예요|이라[ ]|이라는|이올시다)",
    re.MULTILINE,
)
_SAID = re.compile(
    rf"(?<![가-힣])(?P<value>{_FULL})(?=이라고[ ]?(?:합니다|하는데|하고|해요|하시|불)|라고[ ]?(?:합니다|하는데|해요)|이라는[ ]?(?:분|사람)|라는[ ]?(?:분|사람))"
)
_OWNED = re.compile(
    rf"(?<![가-힣])(?P<value>{_FULL})[ ]?(?=명의|이름으로|앞으로(?:[ ]된|[ ]?되어|[ ]등|[ ]나온|[ ]온|[ ]부과|[ ]발|[ ]고지)|본인[ ]?(?:확인|명의|입니다|이))"
)
_BESIDE = re.compile(rf"(?<![가-힣])(?P<value>{_FULL})(?=[ ,(/:]{{1,3}}(?:[남여][ ,/]{{1,2}})?$)")
_BESIDE_AFTER = re.compile(rf"[ ,(/]{{1,3}}(?P<value>{_FULL})(?=[^가-힣]|$|[ ]?(?:님|씨)|입니다|이고|이에요|예요)")
_NUMBERED = {Kind.RRN, Kind.FRN, Kind.PHONE, Kind.BIRTH, Kind.PASSPORT, Kind.DRIVER, Kind.EMAIL}
_OFFICIAL_AFTER = re.compile(
    r"[ ]?(?:주무관|팀장|과장|국장|계장|실장|서기|주사|사무관|서기관|시장|의원|상담사|상담원|담당자|담당[ ]?주무관|소장|센터장|동장|통장|이장|원장|교수|판사|기자|대통령)"
)


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Words that look like names and are none."""
    text = resources.files(__package__).joinpath("not_names.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def find_names(view: str, known: Collection[str], spans: Sequence[Span]) -> Iterator[Span]:
    """Names in the view. `known`: the record's; `spans`: what is found already: a name beside a number is told by it.

    A name that was found once is found wherever it stands again.
    """
    found = [*_known(view, known), *_cued(view), *_beside(view, spans)]
    yield from found
    for value in {view[span.start : span.end] for span in found}:
        if len(value) > 2:
            for again in re.finditer(rf"(?<![가-힣A-Za-z]){re.escape(value)}", view):
                yield Span(again.start(), again.end(), Kind.NAME)


def _known(view: str, names: Collection[str]) -> Iterator[Span]:
    for name in names:
        for pattern in _known_patterns(name):
            for found in pattern.finditer(view):
                yield Span(found.start(), found.end(), Kind.NAME)


@lru_cache(maxsize=256)
def _known_patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """The whole name, with blanks or without, the given name, and the surname with a title."""
    plain = re.sub(r"\s+", "", name)
    if len(plain) < 2:
        return ()
    if not re.fullmatch("[가-힣]+", plain):
        return (re.compile(r"\s*".join(map(re.escape, plain)), re.IGNORECASE),)
    patterns = [re.compile("[ ]?".join(plain))]
    surname = re.match(_COMPOUND, plain)
    cut = surname.end() if surname and len(plain) > 2 else 1
    given = plain[cut:]
    if len(given) > 1:
        patterns.append(
            re.compile(
                rf"(?<![가-힣]){given}(?=이?[ ]?(?:씨|님)|이?(?:가|는|를|랑|네|한테|에게)?(?:[^가-힣]|$)|아[ ,!]|입니다|이라)"
            )
        )
    patterns.append(
        re.compile(rf"(?<![가-힣]){plain[:cut]}(?=[ ]?(?:씨|선생|어르신|고객|여사|사장|할머니|할아버지|민원인)|님)")
    )
    return tuple(patterns)


def _cued(view: str) -> Iterator[Span]:
    for pattern in (_TITLED, _AFTER_ROLE, _SELF, _SAID, _OWNED):
        for found in pattern.finditer(view):
            if _is_name(found["value"]) and not _OFFICIAL_AFTER.match(view, found.end("value")):
                yield Span(*found.span("value"), Kind.NAME)
    for found in _FOREIGN_AFTER_ROLE.finditer(view):
        group = "value" if found["value"] else "hangul"
        if found[group].replace(" ", "") not in _common_words():
            yield Span(*found.span(group), Kind.NAME)


def _beside(view: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Whole names just before or after a number that belongs to a person."""
    for span in spans:
        if span.type not in _NUMBERED:
            continue
        from_ = max(0, span.start - 12)
        before = _BESIDE.search(view[from_ : span.start])
        if before and _is_name(before["value"]):
            yield Span(from_ + before.start("value"), from_ + before.end("value"), Kind.NAME)
        after = _BESIDE_AFTER.match(view, span.end)
        if after and _is_name(after["value"]) and not _OFFICIAL_AFTER.match(view, after.end("value")):
            yield Span(*after.span("value"), Kind.NAME)


def _is_name(value: str) -> bool:
    plain = value.replace(" ", "")
    if " " in value and value.partition(" ")[2] in _common_words():
        return False
    return plain not in _common_words() and not (len(plain) == 3 and _is_word_with_particle(plain))


def _is_word_with_particle(value: str) -> bool:
    """문제로, 신청은: a common word and the particle that fits its last sound."""
    word, last = value[:2], value[2]
    if word not in _common_words():
        return False
    closed = (ord(word[-1]) - ord("가")) % 28 > 0
    return last in ("은을이과의도만로하해한할" if closed else "가의도만로하해한할")
