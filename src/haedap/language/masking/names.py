"""Rules for names: those that the record knows, and those beside a word that says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from haedap.language.masking.compiled import Pattern
from haedap.language.masking.lexicon import is_called, is_frequent, is_inflected, is_verb, is_word
from haedap.language.masking.places import SURNAMES, find_placed, has_word_within, is_whole_name
from haedap.language.masking.spans import Kind, Span
from haedap.language.masking.vocabulary import any_of, common_words

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원"
    "천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모태탁국어은편용예경봉사부나"
)
_COMPOUND = "남궁|황보|제갈|사공|선우|서문|독고|동방"
_GIVEN = (
    "가강건겸경계고관광교구국군권규균근금기길나남노누다단담대덕도동두라란람랑래량려련렬로록루류률름리린림마만말면명모목무문미민바방배백범별"
    "병보복봄봉부비빈빛사산삼상새샘생서석선설섭성세소솔송수숙순술슬승시식신심아안애양언엄여연열엽영예오옥온완요용우욱운웅원월위유윤율은을음의이익"
    "인일임자잔장재전정제조종주준중지직진집찬창채천철청초추춘충치칠태택평표필하학한할함해향허헌혁현협형혜호홍화환회효후훈휘흠희감룡곤낙녀령륭융응작흥행풍축견력슬갑늘막례분점돌쇠판벼롬늬슬겨울벽봉팔출꺽결탁숭엘쁨억택탄"
)
_WIDE = "".join(sorted(SURNAMES | set(_SURNAMES)))
_GIVEN += "본년걸곤난날락례매맥묵밀박암웅촌훤흠별끝롱뜰니달디실솜결꽃빛롬쥬윈싱콩잎든"
_NAME = rf"(?:(?:{_COMPOUND})[{_GIVEN}]{{1,2}}|[{_SURNAMES}][{_GIVEN}]{{1,2}})"
_SPACED = rf"(?:[{_SURNAMES}] [{_GIVEN}] [{_GIVEN}](?![가-힣])|[{_SURNAMES}] [{_GIVEN}]{{2}})"
_ANY = rf"(?:(?:{_COMPOUND})[ ]?[가-힣]{{1,2}}|[{_WIDE}][가-힣]{{1,2}})"
_FULL = rf"(?:(?:{_COMPOUND})[{_GIVEN}]{{1,2}}|[{_SURNAMES}][{_GIVEN}]{{2}})"

_PARTICLE = rf"(?=[^가-힣]|$|{any_of('endings')}|로[ ]|{any_of('particles')}[^가-힣])"
_TITLE = rf"(?:{any_of('titles')}|(?:(?<= )[군양]|[군양](?=[은의이에]))(?=[^가-힣]|$|[은의이에]))"
_TITLED = Pattern(
    rf"(?<![가-힣])(?P<value>{_FULL}|{_SPACED}|{_ANY}(?=[ ]?(?:씨|고객님|귀하(?![가-힣])|어르신)|[ ]?님)|"
    rf"[{_SURNAMES}] [{_GIVEN}](?=[ ](?:고객님|씨)|[ ]?님))[ (]{{0,2}}{_TITLE}"
)

_ROLE = any_of("roles")
_LINK = (
    r"(?:[ ]?(?:이름|성함|성명|명|되시는[ ]?분))?(?:님|분)?(?:(?:은요|는요|께서는|께서|은|는|이|가|도|"
    r"으로|로)[ ]?[:=,(\[/-]?[ ]?|[ ]?[:=,(\[/-][ ]?|[ ])"
)
_SURE_ROLE = Pattern(any_of("sure_roles"))
_AFTER_ROLE = Pattern(rf"{_ROLE}{_LINK}(?=(?P<value>{_NAME}|{_SPACED}){_PARTICLE})")
_LATIN = r"[A-Z](?=[A-Za-z' -]*[a-z]|[A-Z]+ [A-Z])[A-Za-z'-]+(?:[ ][A-Z][A-Za-z'-]*){0,3}"
_LATIN_AFTER_ROLE = Pattern(rf"(?:{_ROLE}|영문명|영문[ ]?이름|저는|제가){_LINK}(?P<value>{_LATIN})(?![A-Za-z0-9@])")
_LABELLED = Pattern(
    rf"{_ROLE}(?:[ ]?(?:성명|이름|성함|명))?(?:[ ]?[:=]|\()[ ]?(?P<value>[가-힣]{{2,4}}|{_COMPOUND}[ ][가-힣]{{1,2}}|"
    rf"[가-힣] [가-힣] [가-힣])"
    r"(?=[ ]?[,/)(|;\n]|$|[ ](?:님|씨|연락|전화|주민|생년|주소|번호|여권|외[ ][0-9]|[0-9]))",
    re.MULTILINE,
)
_SPELT = Pattern(
    rf"(?<![가-힣])(?P<value>[{_SURNAMES}] [가-힣] [가-힣])(?=[ ]?(?:입니다|이에요|예요|인데|이라고|"
    rf"라고|이고|님|씨|고객|드림|올림))"
)
_JOINED = Pattern(rf"(?:성명|이름|성함|예금주|명의자|신청인|민원인|세대주)(?P<value>{_FULL})(?=[^가-힣]|$|님|씨)")
_WHOLE = Pattern(rf"{_FULL}|{_SPACED}")
_SPEAKERS = ("고객", "민원인", "시민", "신고자", "신고인", "문의자", "상담", "통화자", "본인")
"""Who speaks, in a transcript: what follows the colon is mostly no name."""
_PERSON = Pattern(
    rf"(?<![가-힣])[가-힣]{{1,4}}(?:인|자|주|명의)(?:[ ]?(?:성명|이름)"
    rf")?[ :(]{{1,2}}(?P<value>[{_WIDE}][{_GIVEN}]{{2}}|{_FULL})"
    r"(?=[^가-힣]|$|님|씨|입니다|이에요|이고|의[ ]|이[ ]|은[ ])"
)
_TOLD = Pattern(
    r"(?:이름|성명|성함)(?:은|는|이|:)[ ]?(?P<value>[가-힣]{1,6}(?:[ ][가-힣]{1,5}){0,3}?)"
    r"(?=입니다|이에요|에요|예요|이고|이구요|구요|고요|인데|이라고|라고|이시고|이세요|세요|[ ]되[세시]|이요)"
)
_ASKED = Pattern(
    rf"(?:이름|성함|성명)[^\n?/:]{{0,24}}[?/:][ ]?(?:[^\n:]{{1,8}}:[ ]?)?(?:네|예|어|음|저는|저)?[ ,.]{{0,3}}"
    rf"(?P<value>{_ANY})(?=이?고요|이?구요|이?요|이?에요|예요|입니다|인데|이라고|라고|[ ,.]|$)",
    re.MULTILINE,
)
_SHORT = 2
_ENDS = Pattern(r"[ ]*(?:$|[^가-힣 ])|님|씨|[ ](?:님|씨)", re.MULTILINE)
_SURE_TITLE = Pattern("[ (]{0,2}(?:씨|님|고객|귀하|(?P<old>어르신|할머|할아버|여사|선생))")
_FOREIGN_FIRST = any_of("foreign_names")
_FOREIGN_SIGN = Pattern(rf"(?<![가-힣]){_FOREIGN_FIRST} ")
_FOREIGN = Pattern(
    rf"(?:{_ROLE}|외국인|저는|제가){_LINK}(?P<value>{_FOREIGN_FIRST}(?:[ ][가-힣]{{1,5}}){{1,3}})|"
    rf"(?<![가-힣])(?P<titled>{_FOREIGN_FIRST}(?:[ ][가-힣]{{1,5}}){{0,3}}|"
    rf"[가-힣]{{2,5}}[ ][가-힣]{{2,5}}|[가-힣]{{3,5}})"
    rf"[ ]?씨(?=[^가-힣]|$|가|는|의|께|한테|도|와|랑|로|라|본인|입)"
)
_COPULA = Pattern("(?:이고|이에요|예요|입니다|이라고|라고|인데|이요|님|씨)[가-힣]{0,2}$")
_COMMON_BEFORE_TITLE = Pattern(r"(?:아가|날|글|솜|말|불|마음|[은는이가을를의도로에고서요자인])$")
_CAPITAL = Pattern("[A-Z]")
_SELF = Pattern(
    rf"(?:(?<![가-힣]){any_of('greetings')}|^)[,.! ]{{0,3}}(?P<value>{_NAME}|{_SPACED})"
    r"(?=[ ]?입니다|이라고|라고|이고요?|이구요?|인데요?|인데용|이에요|이예요|에요|예요|이에용|이요|"
    r"이라[ ]|이라는|이올시다)",
    re.MULTILINE,
)
_SAID = Pattern(
    rf"(?<![가-힣])(?P<value>[{_WIDE}][{_GIVEN}]{{2}}|{_FULL})(?=이라고[ ]?(?:합니다|하는데|하고|해요|"
    rf"하시|하십|불)|라고[ ]?(?:합니다|"
    rf"하는데|해요)|"
    r"이라는[ ]?(?:분|사람)|라는[ ]?(?:분|사람)|입니다|이고요|인데요)"
)
_OWNED = Pattern(
    rf"(?<![가-힣])(?P<value>{_FULL})[ (]{{0,2}}(?=명의|이름으로|앞으로(?:[ ]된|[ ]?되어|[ ]등|[ ]나온|[ ]온|[ ]부과|"
    rf"[ ]발|[ ]고지)|본인[ ]?(?:확인|명의|입니다|이|\)))"
)
_BESIDE = Pattern(r"(?<![가-힣])(?P<value>[가-힣]{3,4})(?=[ ,(/:]{1,3}(?:[남여][ ,/]{1,2})?$)")
_DWELLER = Pattern(
    rf"[ ,]{{0,2}}(?:에[ ]?|에서[ ]?)?(?:거주|사는|사시는|살고[ ]있는|살던)(?:자|인|하는|하시는|"
    rf"하고 있는)?[ :]{{1,3}}(?P<value>{_ANY})"
    r"(?=[^가-힣]|$|님|씨|입니다|이에요|예요|이라고|라고|이고|인데)"
)
_BEHIND_ADDRESS = Pattern(r"[ ,/(]{1,3}(?P<value>[가-힣]{3})(?=[ ]*(?:$|[,/)\n0-9]))", re.MULTILINE)
_BESIDE_AFTER = Pattern(
    rf"(?:\([가-힣A-Z]{{2,7}}\)|[ ]{any_of('banks')}(?:은행)?)?[ ,(/]{{1,3}}(?P<value>[가-힣]{{3,4}}|"
    rf"[{_SURNAMES}][{_GIVEN}](?=[ ]?$|[ ]?[,/)\n]|[ ]?님|[ ]?씨))(?=[^가-힣]|$|[ ]?(?:님|씨)|입니다|이고|이에요|예요)"
)
_BRACKETED = Pattern(
    rf"(?<![가-힣])(?P<value>{_ANY}|{_SPACED}|[{_SURNAMES}] [가-힣] [가-힣])(?=\($)|(?:^|[\n,/:][ ]?)"
    rf"(?P<first>{_NAME})(?=[ /,:|]{{1,3}}$)"
)
_NUMBERED = {Kind.ACCOUNT, Kind.RRN, Kind.FRN, Kind.PHONE, Kind.BIRTH, Kind.PASSPORT, Kind.DRIVER, Kind.EMAIL}
_OFFICIAL_AFTER = Pattern(rf"[ ]?{any_of('officials')}")


def find_names(view: str, known: Collection[str], spans: Sequence[Span]) -> Iterator[Span]:
    """Names in the view. `known`: the record's; `spans`: what is found already: a name beside a number is told by it.

    A name that was found once is found wherever it stands again.
    """
    found = [*_known(view, known), *_cued(view), *_beside(view, spans), *find_placed(view)]
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
                rf"(?<![가-힣]){given}(?=이?[ ]?(?:씨|님)|이?(?:가|는|를|랑|네|한테|에게)?(?:[^가-힣]|$)|아[ ,!]|"
                rf"입니다|이라)"
            )
        )
    patterns.append(
        re.compile(rf"(?<![가-힣]){plain[:cut]}(?=[ ]?(?:씨|선생|어르신|고객|여사|사장|할머니|할아버지|민원인)|님)")
    )
    return tuple(patterns)


def _cued(view: str) -> Iterator[Span]:
    yield from _foreign(view)
    for pattern in (_TITLED, _AFTER_ROLE, _SELF, _SAID, _OWNED, _ASKED, _LABELLED, _PERSON, _SPELT, _JOINED):
        doubt = _DOUBTS.get(pattern)
        for found in pattern.finditer(view):
            if doubt is not None and doubt(found):
                continue
            if _is_name(found["value"]) and not _OFFICIAL_AFTER.match(view, found.end("value")):
                yield Span(*found.span("value"), Kind.NAME)
    for found in _TOLD.finditer(view):
        plain = found["value"].replace(" ", "")
        if len(plain) >= _SHORT and not is_frequent(plain):
            yield Span(*found.span("value"), Kind.NAME)
    if _CAPITAL.search(view):
        for found in _LATIN_AFTER_ROLE.finditer(view):
            yield Span(*found.span("value"), Kind.NAME)


def _is_compound(found: re.Match[str]) -> bool:
    """Whether the title belongs to a word: 성실상환자, 소아암 환자; a sure title is always one."""
    value, view, end = found["value"], found.string, found.end("value")
    if sure := _SURE_TITLE.match(view, end):
        said = is_inflected(value) and not _WHOLE.fullmatch(value)
        return said or (sure["old"] is not None and is_word(value))
    attached = view[end] not in " ("
    return is_word(value) or is_inflected(value) or (attached and is_word(value[:2]))


def _is_said_after_role(found: re.Match[str]) -> bool:
    """Whether any word may stand there: 환자가 장애나, 민원인 고성 및."""
    value = found["value"]
    if len(value) == _SHORT and (_SURE_ROLE.match(found[0]) is None or (found[0].endswith(" ") and is_word(value))):
        return True
    return _goes_on(found)


def _is_said_of_person(found: re.Match[str]) -> bool:
    return is_word(found["value"]) or _goes_on(found)


def _goes_on(found: re.Match[str]) -> bool:
    """Whether a word with its particle stands there, in the middle of a sentence."""
    return is_inflected(found["value"]) and not _ENDS.match(found.string, found.end("value"))


def _is_spoken(found: re.Match[str]) -> bool:
    """Whether it is what a speaker says, and no whole name."""
    return found[0].startswith(_SPEAKERS) and not _WHOLE.fullmatch(found["value"])


_DOUBTS = {
    _TITLED: _is_compound,
    _AFTER_ROLE: _is_said_after_role,
    _PERSON: _is_said_of_person,
    _LABELLED: _is_spoken,
}
"""Why a rule's finding may be no name after all."""


def _foreign(view: str) -> Iterator[Span]:
    """Names from abroad, told by their first word or by the title after them."""
    if "씨" not in view and not _FOREIGN_SIGN.search(view):
        return
    for found in _FOREIGN.finditer(view):
        if found["value"]:
            name = _without_words(found["value"])
            yield Span(found.start("value"), found.start("value") + len(name), Kind.NAME)
        elif not _COMMON_BEFORE_TITLE.search(found["titled"]) and not _is_said(found["titled"]):
            yield Span(*found.span("titled"), Kind.NAME)


def _is_said(value: str) -> bool:
    """Whether one of the parts, or the end of the last, is a word."""
    parts = value.split(" ")
    return any(is_word(part) or is_inflected(part) for part in parts) or has_word_within(parts[-1])


def _without_words(value: str) -> str:
    """A name from abroad of several parts ends where a word of the language begins."""
    first, *others = value.split(" ")
    parts = takewhile(lambda part: not (is_called(part) or is_word(part) or is_inflected(part)), others)
    return _COPULA.sub("", " ".join((first, *parts)))


def _beside(view: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Whole names just before or after a number that belongs to a person."""
    for span in spans:
        if span.type is Kind.ADDRESS:
            dweller = _DWELLER.match(view, span.end)
            if dweller and _is_name(dweller["value"]):
                yield Span(*dweller.span("value"), Kind.NAME)
            behind = _BEHIND_ADDRESS.match(view, span.end)
            if behind and is_whole_name(behind["value"]) and not is_word(behind["value"]):
                yield Span(*behind.span("value"), Kind.NAME)
        if span.type not in _NUMBERED:
            continue
        from_ = max(0, span.start - 12)
        before = _BESIDE.search(view[from_ : span.start])
        if before and _is_beside(before["value"]):
            yield Span(from_ + before.start("value"), from_ + before.end("value"), Kind.NAME)
        close = None if before else _BRACKETED.search(view[from_ : span.start])
        if close and _is_name(close["value"] or close["first"]) and (close["value"] or from_ == 0 or close.start() > 0):
            at = from_ + close.start("value" if close["value"] else "first")
            yield Span(at, at + len(close["value"] or close["first"]), Kind.NAME)
        after = _BESIDE_AFTER.match(view, span.end)
        if after and _is_beside(after["value"]) and not _OFFICIAL_AFTER.match(view, after.end("value")):
            yield Span(*after.span("value"), Kind.NAME)


def _is_beside(value: str) -> bool:
    """Whether a name stands beside a number: of usual syllables, or one that does not go on from a word (환급은)."""
    if is_word(value) or is_verb(value) or value[-1] in "요고":
        return False
    if re.fullmatch(f"{_FULL}|{_NAME}", value):
        return _is_name(value)
    return is_whole_name(value) and not is_word(value[:2])


def _is_name(value: str) -> bool:
    plain = value.replace(" ", "")
    if is_called(plain):
        return False
    if " " in value and is_word(value.partition(" ")[2]):
        return False
    if len(plain) == 2 and plain.endswith("모"):  # 김모 씨: somebody has left the name out
        return False
    return plain not in common_words() and not (
        len(plain) == 3 and (is_frequent(plain) or _is_word_with_particle(plain))
    )


def _is_word_with_particle(value: str) -> bool:
    """문제로, 신청은: a common word and the particle that fits its last sound."""
    word, last = value[:2], value[2]
    if word not in common_words():
        return False
    closed = (ord(word[-1]) - ord("가")) % 28 > 0
    return last in ("은을이과의도만로하해한할" if closed else "가의도만로하해한할")
