"""Names that are told by their place alone, whatever their syllables: after a label, before a title, in a row.

A surname that few bear, a name of two or of four syllables, a name that has none of the usual syllables: what stands
where only a name stands, and is no word of the language, is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from haedap.language.masking.compiled import Pattern
from haedap.language.masking.lexicon import is_called, is_frequent, is_inflected, is_word
from haedap.language.masking.spans import Kind, Span
from haedap.language.masking.vocabulary import any_of, words_of

SURNAMES = words_of("surnames")
_COMPOUND = "(?:남궁|황보|제갈|사공|선우|서문|독고|동방|망절|어금|소봉|강전|장곡|무본)"
_SYLLABLES = "[가-힣]{2,7}"
_FEW = "김이박최정강조윤장임한신오서권황안송홍유"
"""Surnames so frequent that a lone syllable of them, with a blank in the name, is one."""
_SPACED = (
    rf"(?<![가-힣])(?:[가-힣] [가-힣] [가-힣]|{_COMPOUND} [가-힣]{{1,2}}|[가-힣] [가-힣]{{2}}|[{_FEW}][가-힣] [가-힣])"
)
_ROLE = any_of("roles")
_SAID = (
    "(?:입니다|이라고|라고|이고|이구|인데|이에요|이예요|에요|예요|이요|이여|이세요|세요|"
    "이십|이신|이래|래요|이었|였|이시|님|씨)"
)
_LABEL = any_of("roles", "telephone_words", "birth_words", "account_words", "card_words", "personal_numbers")
_END = r"(?=[ ]*(?:$|[,./|;:(){}\[\]\n0-9+=~<>\"'「」-]))"
_SPEAKERS = ("고객", "민원인", "시민", "신고자", "신고인", "문의자", "상담", "통화자", "본인")
"""Who speaks, in a transcript: what follows the colon is mostly no name."""
_LABELLED = Pattern(
    rf"(?<![가-힣])(?!(?:{'|'.join(_SPEAKERS)})[ ]?:){_ROLE}(?:[ ]?(?:성명|이름|성함|명))?"
    rf"[ ]?(?:[:=>】-]|\(|(?<=성명|이름|성함)[)\]])[ ]*(?P<value>{_SPACED}|{_SYLLABLES}?)"
    rf"(?:{_END}|(?=님|씨|[군양](?![가-힣]))|(?=[ ]))",
    re.MULTILINE,
)
_LATIN = Pattern(
    r"(?:name|이름|성명|성함)[ :=]{1,3}(?P<value>[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]*){1,3})|"
    r"(?<![A-Za-z])(?P<titled>[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]*){1,3})(?=[ ]?(?:님|씨|고객))"
)
_HANJA = Pattern(
    rf"{_ROLE}(?:은|는|이|가)?[ :(=]{{1,3}}(?P<value>[一-龥]{{2,4}})|"
    r"(?<![一-龥])(?P<titled>[一-龥]{2,4})(?=[ ]?(?:님|씨))"
)
_TOLD = Pattern(
    r"(?:이름|성함|성명|존함|명의|명의자|본명|실명)(?:은요|은|는요|는|이요|이|가|:)?[ ,]*(?:(?:네|예|어|음|저는)[ ,]+)?"
    rf"(?P<value>{_SPACED}|[가-힣]{{1,7}}?)(?={_SAID}|[ ](?:맞으|맞나|맞습|맞죠|되시|확인))"
)
_TITLED = Pattern(
    rf"(?<![가-힣])(?P<value>{_SYLLABLES}?|{_SPACED})(?=[ ]?(?:씨|고객님)(?![가-힣]{{2}})|님|[ ]님(?![가-힣]))"
)
_YOUNG = Pattern(rf"(?<![가-힣])(?P<value>{_SYLLABLES}?)(?=[ ]?[군양](?=[^가-힣]|$|[은의이][ ])|[ ]?귀하(?![가-힣]))")
_ROW = Pattern(
    rf"(?<![가-힣]){_ROLE}(?:명|님|분)?(?:(?:은|는|이|가|께서)[ ](?=[가-힣]{{3}})|[ ])"
    rf"(?P<value>{_SYLLABLES}?|{_SPACED}|[{_FEW}] [가-힣])"
    rf"(?:{_END}|(?=[ ]{_LABEL})|(?={_SAID}))",
    re.MULTILINE,
)
_BEFORE_WORDS = Pattern(rf"(?<![가-힣]){_ROLE}(?:명|님|분)?[ ](?P<value>[가-힣]{{3,4}})(?=[ ])")
_OF_PERSON = Pattern(rf"(?<![가-힣])[가-힣]{{1,4}}(?:인|자|주|명의)[ ](?P<value>[가-힣]{{3,4}}){_END}", re.MULTILINE)
_FIRST_IN_ROW = Pattern(
    r"^(?:\[?[0-9]{1,2}:[0-9]{2}\]?[ ])?(?P<value>[가-힣]{3,4})"
    r"(?=[ ]?/|[ ](?:민원인|재전화|재통화|전화|통화|콜백|회신|연락|부재|방문|문의|요청|신고|내방|접수|01[0-9]))",
    re.MULTILINE,
)
_AGED = Pattern(
    rf"(?<![가-힣])(?P<value>{_SYLLABLES})"
    r"[ ]?(?=\((?:남|여|남자|여자|남성|여성|만[ ]?\d|\d{{1,3}}[ ]?세|[MF][,)])|만?[ ]?[1-9]\d[ ]?세(?![가-힣]))"
)
_OWNED = Pattern(
    rf"(?<![가-힣])(?P<value>{_SYLLABLES}?)"
    r"[ ]?(?=명의(?:로|의|인|이|입|예|$|[ ,)])|이름으로|앞으로[ ](?:된|되어|등|나온|온|부과|발|고지|청구))"
)
_SELF = Pattern(
    rf"(?:(?<![가-힣]){any_of('greetings')}[^가-힣A-Za-z0-9]{{1,3}}|^|[^가-힣A-Za-z0-9 ][ ]*)(?P<value>{_SYLLABLES}?)"
    r"(?=입니다|이라고|라고|이고요|고요|이구요|구요|인데요|이에요|이예요|예요|이요)",
    re.MULTILINE,
)
_OFFICIAL_AFTER = Pattern(rf"[ ]?{any_of('officials')}")
_USUAL, _LONG, _SHORTEST = 3, 4, 2
_PARTICLES = "에의는을를만든면"
"""Syllables that hardly any name ends in."""


def find_placed(view: str) -> Iterator[Span]:
    """Names by their place, none of them a word."""
    for pattern, may_be in _RULES:
        for found in pattern.finditer(view):
            if may_be(found["value"]) and not _OFFICIAL_AFTER.match(view, found.end("value")):
                yield Span(*found.span("value"), Kind.NAME)
    for pattern in (_HANJA, _LATIN):
        for found in pattern.finditer(view):
            yield Span(*found.span("value" if found["value"] else "titled"), Kind.NAME)


def is_whole_name(value: str) -> bool:
    """A surname and two syllables, or one that is of two with them, and no word, whatever follows it."""
    usual = len(value) == _USUAL or re.match(_COMPOUND, value) is not None
    whole = usual or (len(value) == _LONG and not has_word_within(value))
    return whole and value[0] in SURNAMES and _is_titled_name(value)


def has_word_within(value: str) -> bool:
    """Whether two neighbouring syllables of a longer one are a frequent word: 새희망홀."""
    return len(value) > _USUAL and any(is_frequent(value[at : at + 2]) for at in range(len(value) - 1))


def _is_post(word: str) -> bool:
    """Whether it says what somebody is: 장관, 구청장, 학부모."""
    return is_called(word) or (is_word(word) and word[-1] in "장관사원자인생모")


def _is_any_name(value: str) -> bool:
    """Where nothing but a name stands."""
    plain = value.replace(" ", "")
    whole = len(plain) == _USUAL and plain[0] in SURNAMES
    if len(plain) < _SHORTEST or is_called(plain) or (is_frequent if whole else is_word)(plain):
        return False
    if " " in value and (plain[0] not in SURNAMES or any(len(part) > 1 and is_word(part) for part in value.split(" "))):
        return False
    return plain[0] in SURNAMES or not is_inflected(plain)


def _is_titled_name(value: str) -> bool:
    if value[1:] == "모":  # 김모 씨: somebody has left the name out
        return False
    if len(value) > _USUAL and any(map(_is_post, (value[-2:], value[-3:]))):
        return False
    if value[0] not in SURNAMES and has_word_within(value):
        return False
    return _is_any_name(value) and not is_inflected(value.replace(" ", ""))


def _is_name_in_row(value: str) -> bool:
    """A whole name, a short one, or a longer one from abroad of which nothing is a word."""
    if len(value) == _USUAL and " " not in value:
        return is_whole_name(value) and not is_word(value)
    plain = value.replace(" ", "")
    if plain[0] not in SURNAMES or not _is_titled_name(value) or (len(value) == _SHORTEST and value[1] in _PARTICLES):
        return False
    return not any(is_word(plain[:cut]) or is_word(plain[cut:]) for cut in range(2, len(plain) - 1))


def is_usual_name(value: str) -> bool:
    """A whole name that has no word in it: where other things than names stand as well."""
    return is_whole_name(value) and not any(map(is_word, (value, value[1:], value[:2])))


_RULES = (
    (_LABELLED, _is_any_name),
    (_TOLD, _is_any_name),
    (_TITLED, _is_titled_name),
    (_YOUNG, is_usual_name),
    (_ROW, _is_name_in_row),
    (_FIRST_IN_ROW, is_usual_name),
    (_BEFORE_WORDS, is_usual_name),
    (_OF_PERSON, is_usual_name),
    (_AGED, is_usual_name),
    (_OWNED, is_usual_name),
    (_SELF, is_usual_name),
)
