"""Learning labels of short texts: from much and from next to nothing, and the same after being kept in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.classify import macro_f1, read_examples
from bench.tables import TableError
from haedap.language.classification import ClassificationError, Classifier, Example, learn, load, save
from tests.unit.language.fakes import PlainWords

WATER = [
    "이사 가는데 수도요금 정산",
    "수도요금 자동이체 바꾸고 싶어요",
    "물값이 너무 많이 나왔어요",
    "수도 요금 명의 변경",
]
CARS = ["자동차 등록증 재발급", "자동차세 언제 내나요", "차를 팔았는데 명의 이전", "자동차 검사 기간"]
BULK = ["소파 버리려면 스티커", "냉장고 수거 신청", "대형폐기물 배출 신고", "장롱 버리는 방법"]
EXAMPLES = [
    Example(text, label) for label, texts in (("water", WATER), ("car", CARS), ("bulk", BULK)) for text in texts
]


def classifier(examples: list[Example]) -> Classifier:
    return Classifier(learn(examples, PlainWords()), PlainWords())


def test_it_guesses_what_it_has_learnt_the_best_first() -> None:
    learnt = classifier(EXAMPLES)
    guesses = learnt.guess("수도요금 이사 정산이요")
    assert guesses[0].label == "water"
    assert [guess.probability for guess in guesses] == sorted((one.probability for one in guesses), reverse=True)
    assert learnt.guess("대형폐기물 스티커", most=1)[0].label == "bulk"
    assert learnt.guess("qqqq") == learnt.guess("") == learnt.guess(" ?! ") == []


labels = st.sampled_from(["가", "나", "다", "라 \n 마"])
texts = st.text(alphabet="가나다라마바사 ab1?!\n", max_size=12)


@settings(max_examples=25)
@given(st.lists(st.builds(Example, texts, labels), max_size=12), st.lists(texts, min_size=1, max_size=4))
def test_whatever_it_learnt_from_the_probabilities_are_some(examples: list[Example], asked: list[str]) -> None:
    try:
        learnt = classifier(examples)
    except ClassificationError:
        assert not any(any(letter.isalnum() for letter in example.text) for example in examples)
        return
    rows = learnt.probabilities(asked)
    assert rows.shape == (len(asked), len(learnt.model.labels))
    assert np.allclose(rows.sum(axis=1), 1)
    assert (rows >= 0).all()


def test_one_label_and_labels_with_one_example_are_enough() -> None:
    assert classifier(EXAMPLES[:4]).guess("수도요금")[0] == ("water", 1.0)
    assert classifier([EXAMPLES[0], EXAMPLES[8]]).guess("소파 스티커")[0].label == "bulk"
    assert classifier([EXAMPLES[0], EXAMPLES[4], EXAMPLES[8]]).guess("자동차")[0].label == "car"
    with pytest.raises(ClassificationError):
        learn([Example("?!", "water")], PlainWords())


def test_held_out_examples_tell_how_sure_to_be() -> None:
    model = learn(EXAMPLES * 20, PlainWords())
    assert model.accuracy == 1.0
    assert model.examples == 240
    assert learn(EXAMPLES, PlainWords()).accuracy is None
    doubtful = learn([Example(one.text, str(place // 12 % 3)) for place, one in enumerate(EXAMPLES * 20)], PlainWords())
    sure, unsure = (max(Classifier(one, PlainWords()).probabilities(WATER)[0]) for one in (model, doubtful))
    assert unsure < 0.6 < sure


def test_a_kept_model_guesses_the_same_and_a_broken_file_is_no_model(tmp_path: Path) -> None:
    learnt = classifier([*EXAMPLES, Example("두 줄", "이름에\n줄바꿈")])
    path = tmp_path / "topics.npz"
    save(learnt.model, path)
    again = Classifier(load(path), PlainWords())
    assert (again.probabilities(WATER) == learnt.probabilities(WATER)).all()
    assert [entry.name for entry in tmp_path.iterdir()] == ["topics.npz"]
    for broken in (b"", b"nothing", path.read_bytes()[:-40], b"\x80\x04."):
        path.write_bytes(broken)
        with pytest.raises(ClassificationError):
            load(path)


def test_the_tables_of_the_measurement(tmp_path: Path) -> None:
    table = tmp_path / "titles.csv"
    table.write_text('\ufeffid,category,title\n1, 수도 ,"요금, 정산"\n2,,없음\n3,기타,뭐\n4,차\n', encoding="utf-8")
    assert read_examples(table, ["기타"]) == [Example("요금, 정산", "수도")]
    for content in (b"", b"title\nx\n", b"category,title\n", b"category,title\n\xb0\xa1,\xb0\xa1\n"):
        table.write_bytes(content)
        with pytest.raises(TableError, match=r"titles\.csv"):
            read_examples(table)
    with pytest.raises(TableError, match="열 수 없습니다"):
        read_examples(tmp_path / "missing.csv")
    assert macro_f1(np.array(["a", "a", "b"]), np.array(["a", "b", "b"])) == pytest.approx(2 / 3)
