"""Makes of a well written question one as it is really typed or said. Seeded: the same seed gives the same noise.

Four kinds, each for a quarter of the questions: without blanks; with typing errors (one in eight syllables: a
neighbouring vowel, a lost final, a doubled initial, a lost syllable); with half of the words dropped; and as it is
spoken, with fillers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

_SYLLABLES = ("가", "힣")
_VOWELS = dict(
    zip(
        (0, 1, 3, 4, 5, 7, 8, 9, 11, 13, 18, 19, 20),
        (4, 5, 7, 8, 1, 5, 13, 0, 1, 8, 13, 20, 16),
        strict=True,
    )
)
"""By number in Unicode's order: ㅏ ㅓ, ㅐ ㅔ, ㅖ ㅔ, ㅗ ㅜ … one is written for the other."""
_DOUBLED = (0, 3, 7, 9, 12)
_LETTERS_AN_ERROR = 8
_BEGINNINGS = ("저기요 ", "그 뭐냐 ", "어 그러니까 ", "아니 그게 ", "저 뭐 좀 여쭤볼게요 ", "음 ")
_MIDDLES = (" 그 뭐지 ", " 어 ", " 막 ", " 그 ", " 음 ")
_ENDS = (" 그거요", " 그런 거 있잖아요", " 좀 알려 주세요", " 그게 궁금해서요", " 네")


def noisy(questions: Sequence[str], seed: int) -> list[str]:
    """Each question with the noise of its turn."""
    random = Random(seed)
    return [_KINDS[turn % len(_KINDS)](question, random) for turn, question in enumerate(questions)]


def without_blanks(question: str, _random: Random) -> str:
    return "".join(question.split())


def with_errors(question: str, random: Random) -> str:
    letters = list(question)
    places = [place for place, letter in enumerate(letters) if _SYLLABLES[0] <= letter <= _SYLLABLES[1]]
    for place in random.sample(places, min(len(places), max(1, len(places) // _LETTERS_AN_ERROR))):
        letters[place] = _mistyped(letters[place], random)
    return "".join(letters)


def with_half_the_words(question: str, random: Random) -> str:
    words = question.split()
    kept = sorted(random.sample(range(len(words)), (len(words) + 1) // 2))
    return " ".join(words[place] for place in kept)


def as_spoken(question: str, random: Random) -> str:
    words = question.split()
    place = random.randrange(1, len(words)) if len(words) > 1 else len(words)
    said = " ".join(words[:place]) + random.choice(_MIDDLES) + " ".join(words[place:])
    return random.choice(_BEGINNINGS) + said + random.choice(_ENDS)


def _mistyped(syllable: str, random: Random) -> str:
    """Another syllable, or none: of four kinds of errors the first in a random order that changes it."""
    initial, rest = divmod(ord(syllable) - ord(_SYLLABLES[0]), 588)
    vowel, final = divmod(rest, 28)
    wrong = [
        _syllable(initial, _VOWELS.get(vowel, vowel), final),
        _syllable(initial, vowel, 0),
        _syllable(initial + (initial in _DOUBLED), vowel, final),
        "",
    ]
    random.shuffle(wrong)
    return next(one for one in wrong if one != syllable)


def _syllable(initial: int, vowel: int, final: int) -> str:
    return chr(ord(_SYLLABLES[0]) + initial * 588 + vowel * 28 + final)


_KINDS: tuple[Callable[[str, Random], str], ...] = (without_blanks, with_errors, with_half_the_words, as_spoken)
