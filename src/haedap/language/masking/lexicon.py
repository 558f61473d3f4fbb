"""Whether a group of syllables is a word of the language, so no name that stands by itself."""

from __future__ import annotations

from haedap.language.masking.compiled import Pattern
from haedap.language.masking.vocabulary import any_of, common_words, nouns, words_of

_LONGEST_END, _SHORT = 4, 2
_AFTER_WORDS = words_of("after_words")
_BEFORE_WORDS = words_of("before_words")
_INFLECTED = Pattern(
    r"(?:하|되|시키|당하|드리|받으|있|없|같|않|였|했|됐|갔|왔|겠|싶|주시|오시|계시)"
    r"(?:게|고|며|면|여|서|지|는|던|니|다|기|려|셔|세|십|심|신|셨|습|었|았|음|으|도|거|네|을|은|어|아)[가-힣]{0,3}$|"
    rf"{any_of('last_syllables')}$"
)
_ROLES = words_of("roles") | words_of("officials") | words_of("titles") | words_of("offices")
_CALLED = _ROLES | frozenset(
    word.replace("_", "")
    for section in (
        "roles", "officials", "titles", "offices", "telephone_words", "banks", "account_words", "card_words",
        "personal_numbers", "endings", "own", "home", "buildings_of_offices", "other_numbers", "birth_words",
    )
    for word in words_of(section)
    if len(word) > 1
) | {"이메일", "전자메일"}  # fmt: skip


def is_called(token: str) -> bool:
    """Whether people or things are called so for what they are: 신청인, 주무관, 연락처."""
    return (
        token in _CALLED
        or token.endswith("번호")
        or token[1:] in _ROLES
        or token + "님" in _ROLES
        or token + "씨" in _ROLES
    )


def is_frequent(token: str) -> bool:
    """Whether it is a word that everybody uses; a rarer one (채송화) may be a name where nothing else stands."""
    return (
        token in nouns()["frequent"] or token in common_words() or (token[0] in _BEFORE_WORDS and _is_noun(token[1:]))
    )


def is_word(token: str) -> bool:
    """Whether it is a word, or two of them joined."""
    if is_frequent(token) or _is_noun(token):
        return True
    return any(_is_noun(token[:cut]) and _is_noun(token[cut:]) for cut in range(2, len(token) - 1))


def is_verb(token: str) -> bool:
    """Whether it ends like a verb or a sentence."""
    return _INFLECTED.search(token) is not None


def is_inflected(token: str) -> bool:
    """Whether it is a common word with what may follow one at once."""
    if is_verb(token):
        return True
    cuts = range(max(_SHORT, len(token) - _LONGEST_END), len(token))
    return any(token[cut:] in _AFTER_WORDS and (is_frequent if cut == _SHORT else is_word)(token[:cut]) for cut in cuts)


def _is_noun(token: str) -> bool:
    return token in nouns()["frequent"] or token in nouns()["rare"]
