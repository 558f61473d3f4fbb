"""Which offices and numbers a note speaks of. Pure; notes come masked, and keep the numbers that everybody may know."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from haedap.analytics.directory.finding import Source
from haedap.analytics.directory.tree import Target, ToNumber, ToOffice, Tree
from haedap.language.words import compact, words_of

_SHORTEST_DUTY: Final = 4
_SHORTEST_WORD: Final = 2
_PHRASES = re.compile(r"\s및\s|[;,]|\([^)]*\)")
_PARTICLES = re.compile(
    r"(?:에서|에게|에|으로|로|가|의|는|은|이|와|과|도|를|을|만|쪽|측|담당|직원|소관|안내|연결|이관|문의|번호|전화)"
)
_NUMBER = re.compile(r"(?<![\d-])(?:0\d{1,2}\)?[-. ]?\d{3,4}[-. ]?\d{4}|1[568]\d\d[-. ]?\d{4})(?![\d-])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of an office as the tree has it. `words`: what citizens call it."""

    office: int
    text: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """What a note speaks of. `about`: the duty, when it was told by one."""

    source: Source
    target: Target
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word to be found. `whole`: it must end where a word ends, but for a particle."""

    text: str
    mention: Mention
    whole: bool


class NoteReader:
    """Finds what stands at the beginning of words; names and duties that several numbers share tell nothing.

    `to_e164` reads a written number, None for what is none.
    """

    def __init__(self, tree: Tree, duties: Iterable[Duty], to_e164: Callable[[str], str | None]) -> None:
        self._to_e164 = to_e164
        self._numbers: dict[str, str | None] = {}
        self._words: dict[str, list[_Word]] = {}
        for word in _words_of_tree(tree, duties):
            self._words.setdefault(word.text[:_SHORTEST_WORD], []).append(word)

    def read(self, text: str) -> set[Mention]:
        """What `text` speaks of, each once."""
        found = {Mention(Source.GIVEN, ToNumber(number)) for number in self._numbers_in(text)}
        words = words_of(text)
        whole, ends = "".join(words), list(accumulate(map(len, words)))
        for start in (0, *ends[:-1]):
            for sought in self._words.get(whole[start : start + _SHORTEST_WORD], ()):
                if whole.startswith(sought.text, start) and (
                    not sought.whole or _ends(whole, start + len(sought.text), ends)
                ):
                    found.add(sought.mention)
        return found

    def _numbers_in(self, text: str) -> Iterator[str]:
        for written in _NUMBER.findall(text):
            if written not in self._numbers:
                self._numbers[written] = self._to_e164(written)
            number = self._numbers[written]
            if number is not None:
                yield number


def _ends(whole: str, place: int, ends: list[int]) -> bool:
    """Whether a name that ends at `place` is all of its word, or all but a particle: 교통과 is not in 교통과태료."""
    end = ends[bisect_left(ends, place)]
    return end == place or _PARTICLES.match(whole, place, end) is not None


def phrases(duty: str) -> list[str]:
    """`여권 접수 및 교부 (평일)` to its parts, those of two letters and less left out."""
    parts = (part.strip(" ·") for part in _PHRASES.split(duty))
    return [part for part in parts if len(compact(part)) > _SHORTEST_WORD]


def _words_of_tree(tree: Tree, duties: Iterable[Duty]) -> Iterator[_Word]:
    names: dict[str, set[str]] = {}
    offices = tree.offices()
    active = {compact(office.name) for office in offices if office.active}
    meant: dict[str, Mention] = {}
    for office in offices:
        name = compact(office.name)
        if office.active or name not in active:
            _note(names, meant, name, tree, Mention(Source.NAMED, ToOffice(office.id)))
    for word in _sure(names, meant, _SHORTEST_WORD):
        yield _Word(word, meant[word], whole=True)
    texts: dict[str, set[str]] = {}
    about: dict[str, Mention] = {}
    for duty in duties:
        mention = Mention(Source.NAMED, ToOffice(duty.office), duty.text)
        long = [compact(phrase) for phrase in phrases(duty.text)]
        for text in (*(one for one in long if len(one) >= _SHORTEST_DUTY), *map(compact, duty.words)):
            _note(texts, about, text, tree, mention)
    for text in _sure(texts, about, _SHORTEST_WORD):
        if text not in names:
            yield _Word(text, about[text], whole=False)


def _note(keys: dict[str, set[str]], meant: dict[str, Mention], word: str, tree: Tree, mention: Mention) -> None:
    key = tree.key_of(mention.target)
    if key is not None:
        keys.setdefault(word, set()).add(key)
        meant.setdefault(word, mention)


def _sure(keys: Mapping[str, set[str]], meant: Mapping[str, Mention], shortest: int) -> list[str]:
    return [word for word in meant if len(word) >= shortest and len(keys[word]) == 1]
