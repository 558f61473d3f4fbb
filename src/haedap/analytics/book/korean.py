"""Sentences of the book: particles that fit the word before them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from haedap.analytics.book.model import Line, Number, Part

_PAIRS = {"은": ("은", "는"), "이": ("이", "가"), "을": ("을", "를"), "과": ("과", "와"), "으로": ("으로", "로")}
_SILENT = re.compile(r"[\s\"'’”)\]}>.,·…]+\Z")
_SPOKEN_END = {
    "0": "영",
    "1": "일",
    "2": "이",
    "3": "삼",
    "4": "사",
    "5": "오",
    "6": "육",
    "7": "칠",
    "8": "팔",
    "9": "구",
    "%": "트",
    "–": "음",
    **dict(zip("abcdefghijklmnopqrstuvwxyz", "이비시디이프지치이이이엘엠엔오피큐알스티유이유스이트", strict=True)),
}
_RIEUL = 8


@dataclass(frozen=True, slots=True)
class Particle:
    """A particle whose form depends on the word before it, by the form after a consonant."""

    name: str


IS, SUBJECT, OBJECT, AND, BY = Particle("은"), Particle("이"), Particle("을"), Particle("과"), Particle("으로")


def particle(word: str, name: str) -> str:
    """은/는, 이/가, 을/를, 과/와 or 으로/로 after `word`, by the first of the pair."""
    closed, open_ = _PAIRS[name]
    final = _final(word)
    if name == "으로" and final == _RIEUL:
        return open_
    return closed if final else open_


def _final(word: str) -> int:
    """Which consonant the word's last syllable ends with, 0 for none."""
    heard = _SILENT.sub("", word)[-1:].lower()
    heard = _SPOKEN_END.get(heard, heard)
    return (ord(heard) - ord("가")) % 28 if "가" <= heard <= "힣" else 0


def line(*parts: Part | Particle) -> Line:
    """A sentence; each particle takes the form that fits what stands before it."""
    said: list[Part] = []
    for part in parts:
        if isinstance(part, Particle):
            before = said[-1]
            said.append(particle(before.spoken if isinstance(before, Number) else before, part.name))
        else:
            said.append(part)
    return Line(tuple(said))
