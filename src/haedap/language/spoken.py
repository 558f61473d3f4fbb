"""What people say without meaning anything by it. Pure."""

from __future__ import annotations

import re

_FILLERS = (
    "저기요|저기|여보세요|안녕하세요|안녕하십니까|수고하십니다|수고하세요|고생 많으십니다|그 뭐냐|그 뭐지"
    "|그게 뭐냐면|그 뭐더라|뭐더라|뭐냐|뭐지|그 있잖아요|있잖아요|거시기|다름이 아니라|다름이 아니고|다름 아니라"
    "|아니 그게|아니 근데|그러니까|그니까|그러니깐|근데요|좀 여쭤볼게요|뭐 좀 여쭤볼게요|여쭤볼게요|여쭤보려고요"
    "|뭐 좀 물어볼게요|물어볼게요|말 좀 물을게요|그런 거 있잖아요|그런 거요|그거요"
    "|어|음|아|에|저|막|뭐|그|네|예|혹시|이제"
)
_CLOSINGS = (
    "알려 주세요|알려 주실래요|가르쳐 주세요|궁금해서요|궁금해요|궁금합니다|알고 싶어요|알고 싶습니다"
    "|부탁드려요|부탁드립니다"
)
_LONGER_FIRST = sorted((*_FILLERS.split("|"), *_CLOSINGS.split("|")), key=len, reverse=True)
_ANY = "|".join(words.replace(" ", r"\s*") for words in _LONGER_FIRST)
_MEANINGLESS = re.compile(rf"(?<!\S)(?:{_ANY})[\s.,!?~…]*(?!\S)")


def without_fillers(text: str) -> str:
    """The text without fillers and courtesies, its blanks made one; the text itself when nothing else would be left."""
    meant = " ".join(_MEANINGLESS.sub(" ", text).split())
    return meant if any(character.isalnum() for character in meant) else " ".join(text.split())
