"""The text as the rules read it: as long as the original, so that every place in it is a place in the original.

Full-width letters and digits, look-alikes of hyphens and blanks are made plain, digits that were spoken (공일공) become
digits, and the labels of what is masked already become nothing.
"""

from __future__ import annotations

import re

from haedap.language.masking.compiled import Pattern
from haedap.language.masking.spans import LABELS
from haedap.language.masking.vocabulary import any_of

FILLER = "\x1f"
"""Stands where one digit was said in several syllables (하나, 다시): never a digit, never an end of one."""

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―−－ㅡ﹣ーᅳ‧⁃➖─━⎯﹘⸺⸻\xad"), ord("-"))
_PLAIN |= dict.fromkeys(map(ord, "·ㆍ・∙•˙⋅"), ord("."))
_PLAIN |= dict.fromkeys(map(ord, "、，"), ord(","))
_BLANKS = (
    "\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u202f\u2060\u3000"
    "\t\r\ufe0f\ufeff\u20e3"
)
_PLAIN |= dict.fromkeys(map(ord, _BLANKS), ord(" "))
_PLAIN |= dict.fromkeys(map(ord, "●＊✱∗"), ord("*"))
_PLAIN |= dict.fromkeys(map(ord, "〜～∼"), ord("~"))

_SPOKEN = dict(zip("공영빵일이삼사오육륙칠팔구", "0001234566789", strict=True))
_WORDS = {
    "하나": "1", "둘": "2", "셋": "3", "넷": "4", "다섯": "5", "여섯": "6", "일곱": "7",
    "여덟": "8", "아홉": "9", "제로": "0",
}  # fmt: skip
_UNIT = rf"(?:[0-9]|{'|'.join(_WORDS)}|[{''.join(_SPOKEN)}])"
_FILLED = (
    r"다시|대시|하이픈|빼기|작대기|짝대기|하고요|하고|그리고요|그리고|그[ ]?다음에?는?|국에|국의|이고요|이구요|에요|"
    r"이요|음|어|네|예|그|저기|바|국|에|의|점"
)
"""What is said between the groups of a number: joints, and the sounds of somebody who is looking it up."""
_JOINT = rf"(?:[ ,.]{{0,2}}(?:{_FILLED})(?:[ ,.]{{1,3}}(?:{_FILLED}))?[ ,.]{{0,3}}|[ ]?[-.,][ ]?|[ ]{{1,2}})"
_SPOKEN_RUN = Pattern(rf"{_UNIT}(?:{_JOINT}?{_UNIT}){{5,}}")
_SPOKEN_PART = Pattern(rf"{'|'.join(_WORDS)}|{_FILLED}|.", re.DOTALL)
_ANY_SPOKEN = Pattern(
    rf"[{''.join(_SPOKEN)}]|{'|'.join(_WORDS)}|[다대]시|[0-9][ ,.]{{0,2}}(?![바어국][ ]?[0-9])(?:{_FILLED})"
    rf"[ ,.]{{0,3}}(?:(?:{_FILLED})[ ,.]{{0,3}})?[0-9]"
)
_LONE_FIRST = Pattern(rf"(?:하나|(?![공영][1일][공영0])[{''.join(_SPOKEN)}]{{1,2}})[ ]?[-.,]?[ ]?(?=[0-9])")
_WORD_END = Pattern(rf"[{''.join(_SPOKEN)}]{{1,2}}(?:[ ]|(?=-?[0-9]))")
_HANGUL = Pattern("[가-힣]")
_LONE_BETWEEN = Pattern(rf"(?<=[0-9])[ ]?[{''.join(_SPOKEN)}][ ]?(?=[0-9])")
_LONE_LAST = Pattern(rf"(?<=[0-9])[ ]?[{''.join(_SPOKEN)}]$")
_PLATE_SAID = Pattern(
    rf"(?![공영][일1][공영])[{''.join(_SPOKEN)}]{{2,3}} [구오육어바국] [{''.join(_SPOKEN)}]{{4}}"
    rf"(?!(?:[ ,]|{_FILLED}){{0,4}}[{''.join(_SPOKEN)}]{{2}})"
)
_COPULA_AFTER = Pattern("에요|예요|요|고|구|라|거든|었|였|었|세|신|시|야")
_CLOSED = "공영빵일삼육륙칠팔"
"""Digits that end in a consonant: 이 after them is mostly no two, but the copula (팔이에요)."""
_ODD_END = Pattern("[-., \x1f][0-9]{5,6}$")
"""No telephone number ends in so many digits: there is one more."""
_MIXED = Pattern("[0공영빵][1일][0공영빵]")
"""The beginning of a telephone number, whatever is a digit of it and whatever a word."""
_NAME_BEGINS = Pattern("[ ][이오육사구공]{1,2}$")
_NAME_AFTER = Pattern("(?!입|이[고구에요라]|에[요서]?|예|요|로|번|네|인데|하고|거든|라고)[가-힣]{1,2}(?![가-힣]{3})")
_LETTER_O = Pattern(r"(?<![A-Za-z0-9])[Oo](?=1[0Oo16-9])|(?<=01)[Oo](?=[-. ]?[0-9])|(?<=[0-9])[Oo](?=[0-9])")
_NUMBER_WITH_LETTERS = Pattern(
    r"(?<![A-Za-z0-9가-힣])[0OoㅇlI1][0-9OoㅇlI]{1,3}(?:[ ]?[-. ]?[ ]?[0-9Ooㅇ]{3,4}){1,2}(?![A-Za-z0-9ㅇ])"
)
"""A telephone number in which letters stand for some digits: o1o-oooo-1234, 010ㅇㅇㅇㅇ1234."""
_LIKE_DIGITS = str.maketrans("OoㅇlI", "00011")
_LEAST_DIGITS = 4
_LABEL_LINE = Pattern(
    rf"^[ .*-]*(?:{any_of('roles', 'telephone_words', 'birth_words', 'account_words', 'personal_numbers')})"
    r"(?:등록)?(?:번호|명)?[ ]*:?[ ]*\n(?=[ ]*[^\s])",
    re.MULTILINE | re.IGNORECASE,
)
"""A line that only says what the next one holds."""
_JOINTS = Pattern(rf"[ ,.]*-[ ,.{FILLER}]*[-,.][-,. {FILLER}]*|[,.][ ]?-{FILLER}*")
_LETTER_L = Pattern(r"(?<![A-Za-z0-9])(?<=0)[lI](?=0)|(?<=\b0)[lI](?=[0Oo][-. ]?[0-9])")
_LABEL = Pattern("|".join(re.escape(label) for label in LABELS.values()))
_BORN = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_WHOLE = Pattern(
    rf"01[016-9]\d{{7,8}}|02\d{{7,8}}|0(?:[3-6]\d|70)\d{{7,8}}|050\d{{8,9}}|{_BORN}[1-8]\d{{6}}|{_BORN}|"
    rf"(?:1[1-9]|2[0-8])\d{{10}}|\d{{16}}|\d{{15}}|8210\d{{8}}",
    re.ASCII,
)


def view_of(text: str) -> str:
    """The view; always as long as `text`."""
    view = text.translate(_PLAIN)
    if "[" in view:
        view = _LABEL.sub(lambda found: "\x00" * len(found[0]), view)
    if "O" in view or "o" in view:
        view = _LETTER_O.sub("0", view)
    if "l" in view or "I" in view:
        view = _LETTER_L.sub("1", view)
    if "\n" in view:
        view = _LABEL_LINE.sub(lambda found: found[0][:-1] + " ", view)
    view = _NUMBER_WITH_LETTERS.sub(_with_digits, view)
    return _SPOKEN_RUN.sub(_spoken, view)


def _with_digits(found: re.Match[str]) -> str:
    return found[0].translate(_LIKE_DIGITS) if len(_digits(found[0])) >= _LEAST_DIGITS else found[0]


def _spoken(found: re.Match[str]) -> str:
    run = found[0]
    if found.string[found.start() - 1 : found.start()] in ("십", "백"):  # 삼십이 오 1234
        return run
    if _PLATE_SAID.match(run):
        return run
    if not _ANY_SPOKEN.search(run):
        return run
    if _LONE_BETWEEN.search(run) and not _MIXED.match(run):  # the letter of a plate: 87오 7007
        return run
    lone = (_WORD_END if _HANGUL.match(found.string[: found.start()][-1:]) else _LONE_FIRST).match(run)
    first = lone.end() if lone else 0
    lone = _LONE_LAST.search(run, first)
    if _NAME_AFTER.match(found.string, found.end()):
        lone = _NAME_BEGINS.search(run, first) or lone
    last = lone.start() if lone else len(run)
    view = "".join(_plain(part) for part in _SPOKEN_PART.findall(run, first, last))
    view = _JOINTS.sub(lambda joints: "-" + FILLER * (len(joints[0]) - 1), view)
    copula = (
        last == len(run) and run[-1] == "이" and run[-2] in _CLOSED and _COPULA_AFTER.match(found.string, found.end())
    )
    return run[:first] + _without_particles(run[first:last], view, copula=bool(copula)) + run[last:]


def _plain(part: str) -> str:
    if part in _SPOKEN:
        return _SPOKEN[part]
    if part in _WORDS:
        return _WORDS[part] + FILLER * (len(part) - 1)
    return part if part in " -.,0123456789" else "-" + FILLER * (len(part) - 1)


def _without_particles(run: str, view: str, *, copula: bool) -> str:
    """팔'이에요' is no two: a spoken digit at either end that breaks a shape is read as the word that it also is."""
    if _WHOLE.fullmatch(_digits(view)):
        return view
    for ending in ("이구", "이", "일"):
        cut = len(run) - len(ending)
        if run.endswith(ending) and _WHOLE.fullmatch(_digits(view[:cut])) and not _ODD_END.search(view[:cut]):
            return view[:cut] + ending
    if copula:
        return view[:-1] + "이"
    if run[0] in "이오" and _WHOLE.fullmatch(_digits(view[1:])):
        return run[0] + view[1:]
    return view


def _digits(view: str) -> str:
    return "".join(character for character in view if "0" <= character <= "9")
