"""Respells Korean as it is pronounced (표준 발음법, the regular rules), for a voice that reads letter by letter.

Each pair of neighbouring syllables of a word is changed once, from left to right: first what ㅎ does, then
palatalisation and liaison, then the seven finals, and what those do to the next initial. Sounds that only a
dictionary knows (tense sounds after ㄹ, inserted ㄴ) stay as they are written, except for the words in `_WORDS`.
"""

from itertools import groupby

from haedap.channels.voice.prompts.hangul import Syllable, is_syllable, put_together, take_apart

_WORDS = {
    "의견란": "의견난",
    "맛있": "마싣",
    "밟": "밥",
    "십육": "심뉵",
    "백육": "뱅뉵",
    "천육": "천뉵",
    "만육": "만뉵",
}
_ASPIRATED = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅂ": "ㅍ", "ㅈ": "ㅊ"}
_TENSE = {"ㄱ": "ㄲ", "ㄷ": "ㄸ", "ㅂ": "ㅃ", "ㅅ": "ㅆ", "ㅈ": "ㅉ"}
_NASAL = {"ㄱ": "ㅇ", "ㄷ": "ㄴ", "ㅂ": "ㅁ"}
_CLUSTERS = {
    "ㄳ": ("ㄱ", "ㅅ"),
    "ㄵ": ("ㄴ", "ㅈ"),
    "ㄶ": ("ㄴ", "ㅎ"),
    "ㄺ": ("ㄹ", "ㄱ"),
    "ㄻ": ("ㄹ", "ㅁ"),
    "ㄼ": ("ㄹ", "ㅂ"),
    "ㄽ": ("ㄹ", "ㅅ"),
    "ㄾ": ("ㄹ", "ㅌ"),
    "ㄿ": ("ㄹ", "ㅍ"),
    "ㅀ": ("ㄹ", "ㅎ"),
    "ㅄ": ("ㅂ", "ㅅ"),
}
_NEUTRAL = {
    **dict.fromkeys(("ㄲ", "ㅋ", "ㄳ", "ㄺ"), "ㄱ"),
    **dict.fromkeys(("ㅅ", "ㅆ", "ㅈ", "ㅊ", "ㅌ", "ㅎ"), "ㄷ"),
    **dict.fromkeys(("ㅍ", "ㅄ", "ㄿ"), "ㅂ"),
    **dict.fromkeys(("ㄼ", "ㄽ", "ㄾ", "ㅀ"), "ㄹ"),
    **dict.fromkeys(("ㄵ", "ㄶ"), "ㄴ"),
    "ㄻ": "ㅁ",
}
_TENSING_CLUSTERS = frozenset("ㄵㄼㄽㄾㄻ")


def respell(text: str) -> str:
    """The text as it sounds; whatever is not Hangul stays. `입니다` becomes `임니다`."""
    for written, spoken in _WORDS.items():
        text = text.replace(written, spoken)
    groups = groupby(text, key=is_syllable)
    return "".join(_respell_word(list(group)) if hangul else "".join(group) for hangul, group in groups)


def _respell_word(characters: list[str]) -> str:
    syllables = [take_apart(character) for character in characters]
    for place in range(len(syllables) - 1):
        syllables[place], syllables[place + 1] = _meet(syllables[place], syllables[place + 1])
    last = syllables[-1]
    syllables[-1] = last._replace(final=_NEUTRAL.get(last.final, last.final))
    return "".join(put_together(_plain_vowel(syllable)) for syllable in syllables)


def _meet(one: Syllable, two: Syllable) -> tuple[Syllable, Syllable]:
    """Two neighbours as they sound together; `two` keeps its final for its own next neighbour."""
    one, two = _join_h(one, two)
    if two.initial == "ㅇ":
        return _link(one, two)
    if not one.final:
        return one, two
    if one.final == "ㄺ" and two.initial == "ㄱ":
        final = "ㄹ"
        two = two._replace(initial="ㄲ")
    else:
        if one.final in _TENSING_CLUSTERS:
            two = two._replace(initial=_TENSE.get(two.initial, two.initial))
        final = _NEUTRAL.get(one.final, one.final)
    final, initial = _assimilate(final, two.initial)
    return one._replace(final=final), two._replace(initial=initial)


def _join_h(one: Syllable, two: Syllable) -> tuple[Syllable, Syllable]:
    """ㅎ joins with its neighbour or falls away."""
    rest, last = _CLUSTERS.get(one.final, ("", one.final))
    if last == "ㅎ":
        if two.initial in _ASPIRATED:
            return one._replace(final=rest), two._replace(initial=_ASPIRATED[two.initial])
        if two.initial == "ㅅ":
            return one._replace(final=rest), two._replace(initial="ㅆ")
        if two.initial == "ㅇ" or rest:
            return one._replace(final=rest), two
        return one, two
    if two.initial != "ㅎ" or not last:
        return one, two
    if last == "ㄷ" and two.medial in "ㅣㅕ":
        return one._replace(final=rest), two._replace(initial="ㅊ")
    joined = _ASPIRATED.get(last) or _ASPIRATED.get(_NEUTRAL.get(last, last))
    return (one._replace(final=rest), two._replace(initial=joined)) if joined else (one, two)


def _link(one: Syllable, two: Syllable) -> tuple[Syllable, Syllable]:
    """A final moves over to a syllable that begins with its vowel."""
    rest, last = _CLUSTERS.get(one.final, ("", one.final))
    if last in ("", "ㅇ"):
        return one, two
    if two.medial == "ㅣ" and last in ("ㄷ", "ㅌ"):
        return one._replace(final=rest), two._replace(initial="ㅈ" if last == "ㄷ" else "ㅊ")
    initial = "ㅆ" if rest and last == "ㅅ" else last
    return one._replace(final=rest), two._replace(initial=initial)


def _assimilate(final: str, initial: str) -> tuple[str, str]:
    """A final out of ㄱㄴㄷㄹㅁㅂㅇ and the next initial, as they sound together."""
    if (final, initial) in (("ㄴ", "ㄹ"), ("ㄹ", "ㄴ")):
        return "ㄹ", "ㄹ"
    if initial == "ㄹ" and final in "ㄱㄷㅂㅁㅇ":
        initial = "ㄴ"
    if initial in "ㄴㅁ":
        return _NASAL.get(final, final), initial
    if final in "ㄱㄷㅂ":
        return final, _TENSE.get(initial, initial)
    return final, initial


def _plain_vowel(syllable: Syllable) -> Syllable:
    """희 sounds 히; 져, 쪄, 쳐 sound 저, 쩌, 처."""
    if syllable.medial == "ㅢ" and syllable.initial != "ㅇ":
        return syllable._replace(medial="ㅣ")
    if syllable.medial == "ㅕ" and syllable.initial in "ㅈㅉㅊ":
        return syllable._replace(medial="ㅓ")
    return syllable
