"""Regular rules of Korean pronunciation, by the examples of the standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haedap.channels.voice.prompts.hangul import is_syllable, put_together, take_apart
from haedap.channels.voice.prompts.pronunciation import respell

EXAMPLES = {
    "nasals": "입니다 임니다 국물 궁물 닫는 단는 앞문 암문 없는 엄는 긁는 긍는 백만 뱅만 읊는 음는",
    "r becomes n": "담력 담녁 대통령 대통녕 독립 동닙 협력 혐녁 법률 범뉼 확률 황뉼",
    "l": "신라 실라 연락 열락 실내 실래 칼날 칼랄 뚫는 뚤른 닳는 달른 의견란 의견난",
    "h joins": "놓고 노코 많고 만코 좋지 조치 입학 이팍 축하 추카 못하다 모타다 닫히다 다치다 닫혀 다처 밝혀 발켜",
    "h falls away": "좋아 조아 싫어 시러 않아 아나 놓는 논는 않는 안는 많소 만쏘 닿소 다쏘",
    "liaison": "옷이 오시 깎아 까까 값을 갑쓸 앉아 안자 읽어 일거 젊어 절머 있어 이써 강아지 강아지",
    "palatals": "굳이 구지 같이 가치 벼훑이 벼훌치 받이 바지",
    "seven finals": "부엌 부억 옷 옫 꽃 꼳 앞 압 값 갑 닭 닥 삶 삼 여덟 여덜",
    "tense": "국밥 국빱 접수 접쑤 낮잠 낟짬 복지 복찌 읽고 일꼬 닭장 닥짱 앉고 안꼬 젊다 점따 넓다 널따",
    "vowels": "희망 히망 가져 가저 의사 의사",
    "listed": "십육 심뉵 맛있다 마싣따 밟는 밤는",
}


@pytest.mark.parametrize("rule", EXAMPLES)
def test_rule(rule: str) -> None:
    words = EXAMPLES[rule].split()
    assert [respell(word) for word in words[::2]] == words[1::2]


def test_other_text_stays_as_it_is() -> None:
    assert respell("Hello, ㅋㅋ 3 漢字 🙂") == "Hello, ㅋㅋ 3 漢字 🙂"
    assert respell("") == ""


def test_a_sentence() -> None:
    assert respell("통화 내용이 녹음됩니다.") == "통화 내용이 노금됨니다."


@given(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")))
def test_a_syllable_apart_and_together(character: str) -> None:
    assert put_together(take_apart(character)) == character


@given(st.text(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), max_size=12))
def test_any_word_keeps_its_syllables_and_its_finals_are_the_seven(word: str) -> None:
    spoken = respell(word)
    assert len(spoken) == len(word)
    assert all(is_syllable(character) for character in spoken)
    assert {take_apart(character).final for character in spoken} <= {"", *"ㄱㄴㄷㄹㅁㅂㅇㄲㅆㅋㅍㅊㅌㅎㅈㅅ"}
    if spoken:
        assert take_apart(spoken[-1]).final in {"", *"ㄱㄴㄷㄹㅁㅂㅇ"}


@given(st.text(max_size=30))
def test_any_text_can_be_respelt(text: str) -> None:
    assert len(respell(text)) == len(text)
