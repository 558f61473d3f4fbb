"""The text as the rules read it: as long as the original, so that every place in it is a place in the original.

Full-width letters and digits, look-alikes of hyphens and blanks are made plain, digits that were spoken (공일공) become
digits, and the labels of what is masked already become nothing.
"""

from __future__ import annotations

import re

from haedap.language.masking.spans import LABELS

FILLER = "\x1f"
"""Stands where one digit was said in several syllables (하나, 다시): never a digit, never an end of one."""

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―−－ㅡ﹣ーᅳ‧⁃"), ord("-"))
_PLAIN |= dict.fromkeys(map(ord, "·ㆍ・∙•"), ord("."))
_PLAIN |= dict.fromkeys(map(ord, "\u3000\xa0\u200b\u200c\u200d\u2060\ufeff\t"), ord(" "))
_PLAIN |= dict.fromkeys(map(ord, "●＊✱∗"), ord("*"))
_PLAIN |= dict.fromkeys(map(ord, "〜～∼"), ord("~"))

_SPOKEN = dict(zip("공영빵일이삼사오육륙칠팔구", "0001234566789", strict=True))
_WORDS = {
    "하나": "1", "둘": "2", "셋": "3", "넷": "4", "다섯": "5", "여섯": "6", "일곱": "7",
    "여덟": "8", "아홉": "9", "제로": "0",
}  # fmt: skip
_UNIT = rf"(?:[0-9]|{'|'.join(_WORDS)}|[{''.join(_SPOKEN)}])"
_FILLED = (
    r"다시|대시|하고요|하고|그리고요|그리고|그[ ]?다음에?는?|국에|국의|이고요|이구요|에요|이요|음|어|"
    r"네|예|그|저기|바|국|에|의|점"
)
"""What is said between the groups of a number: joints, and the sounds of somebody who is looking it up."""
_JOINT = rf"(?:[ ,.]{{0,2}}(?:{_FILLED})(?:[ ,.]{{1,3}}(?:{_FILLED}))?[ ,.]{{0,3}}|[ ]?[-.,][ ]?|[ ]{{1,2}})"
_SPOKEN_RUN = re.compile(rf"{_UNIT}(?:{_JOINT}?{_UNIT}){{5,}}")
_SPOKEN_PART = re.compile(rf"{'|'.join(_WORDS)}|{_FILLED}|.", re.DOTALL)
_ANY_SPOKEN = re.compile(
    rf"[{''.join(_SPOKEN)}]|{'|'.join(_WORDS)}|[다대]시|[0-9][ ,.]{{0,2}}(?![바어국][ ]?[0-9])(?:{_FILLED})"
    rf"[ ,.]{{0,3}}(?:(?:{_FILLED})[ ,.]{{0,3}})?[0-9]"
)
_LONE_FIRST = re.compile(rf"[{''.join(_SPOKEN)}]{{1,2}}[ ]?[-.,]?[ ]?(?=[0-9])")
_WORD_END = re.compile(rf"[{''.join(_SPOKEN)}]{{1,2}}(?:[ ]|(?=[0-9]))")
_HANGUL = re.compile("[가-힣]")
_LONE_BETWEEN = re.compile(rf"(?<=[0-9])[ ]?[{''.join(_SPOKEN)}][ ]?(?=[0-9])")
_LONE_LAST = re.compile(rf"(?<=[0-9])[ ]?[{''.join(_SPOKEN)}]$")
_PLATE_SAID = re.compile(
    rf"[{''.join(_SPOKEN)}]{{2,3}} [구오육] [{''.join(_SPOKEN)}]{{4}}(?![ ]?[{''.join(_SPOKEN)}]{{2}})"
)
_NAME_BEGINS = re.compile("[ ][이오육사구공]{1,2}$")
_NAME_AFTER = re.compile("(?!입|이[고구에요라]|에[요서]?|예|요|로|번|네|인데|하고|거든|라고)[가-힣]{1,2}(?![가-힣]{3})")
_LETTER_O = re.compile(r"(?<![A-Za-z0-9])[Oo](?=1[0Oo16-9])|(?<=01)[Oo](?=[-. ]?[0-9])|(?<=[0-9])[Oo](?=[0-9])")
_JOINTS = re.compile(rf"[ ,.]*-[ ,.{FILLER}]*[-,.][-,. {FILLER}]*|[,.][ ]?-{FILLER}*")
_LETTER_L = re.compile(r"(?<![A-Za-z0-9])(?<=0)[lI](?=0)|(?<=\b0)[lI](?=[0Oo][-. ]?[0-9])")
_LABEL = re.compile("|".join(re.escape(label) for label in LABELS.values()))
_BORN = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_WHOLE = re.compile(
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
    return _SPOKEN_RUN.sub(_spoken, view)


def _spoken(found: re.Match[str]) -> str:
    run = found[0]
    if found.string[found.start() - 1 : found.start()] in ("십", "백"):  # 삼십이 오 1234
        return run
    if _PLATE_SAID.match(run):
        return run
    if not _ANY_SPOKEN.search(run) or _LONE_BETWEEN.search(run):  # the letter of a plate: 87오 7007
        return run
    lone = (_WORD_END if _HANGUL.match(found.string[: found.start()][-1:]) else _LONE_FIRST).match(run)
    first = lone.end() if lone else 0
    lone = _LONE_LAST.search(run, first)
    if _NAME_AFTER.match(found.string, found.end()):
        lone = _NAME_BEGINS.search(run, first) or lone
    last = lone.start() if lone else len(run)
    view = "".join(_plain(part) for part in _SPOKEN_PART.findall(run, first, last))
    view = _JOINTS.sub(lambda joints: "-" + FILLER * (len(joints[0]) - 1), view)
    return run[:first] + _without_particles(run[first:last], view) + run[last:]


def _plain(part: str) -> str:
    if part in _SPOKEN:
        return _SPOKEN[part]
    if part in _WORDS:
        return _WORDS[part] + FILLER * (len(part) - 1)
    return part if part in " -.,0123456789" else "-" + FILLER * (len(part) - 1)


def _without_particles(run: str, view: str) -> str:
    """팔'이에요' is no two: a spoken digit at either end that breaks a shape is read as the word that it also is."""
    if _WHOLE.fullmatch(_digits(view)):
        return view
    for ending in ("이구", "이", "일"):
        cut = len(run) - len(ending)
        if run.endswith(ending) and _WHOLE.fullmatch(_digits(view[:cut])):
            return view[:cut] + ending
    if run[0] in "이오" and _WHOLE.fullmatch(_digits(view[1:])):
        return run[0] + view[1:]
    return view


def _digits(view: str) -> str:
    return "".join(character for character in view if "0" <= character <= "9")
