"""The language process: it follows the table, answers, and loses nothing when it is killed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from haedap.apps.offices.models import Synonym
from haedap.apps.search import api
from haedap.apps.search.models import SearchEntry
from tests.support.language_process import LanguageProcess, a_language_process, wait_for

TODAY = date(2026, 11, 22)


def publish(key: str, title: str, **fields: Any) -> None:
    api.publish_all([api.entry("article", key, title=title, **fields)])


def found(text: str, **options: object) -> list[str]:
    answer = api.search(text, at=TODAY, **options)  # type: ignore[arg-type]
    assert not answer.simple
    return [hit.key for hit in answer.hits]


@pytest.fixture
def articles(orm_database: str) -> str:
    publish("bulky", "대형폐기물 배출 신고", questions=["소파 버리려면 어떻게 해요"], filters={"topic": [1, 2]})
    publish("water", "수도요금 이사 정산", questions=["이사 가는데 물값 정산해 주세요"], filters={"topic": [3]})
    publish("passport", "여권 재발급", questions=["여권을 잃어버렸어요"], valid_until=TODAY)
    return orm_database


def test_it_follows_what_is_published_changed_and_withdrawn(articles: str, tmp_path: Path) -> None:
    with a_language_process(articles, tmp_path) as process:
        log = tmp_path / "language.log"
        assert found("이사 물값")[0] == "water"
        assert found("ㄷㅎㅍㄱㅁ") == ["bulky"]
        assert "bulky" not in found("소파 버리기", filters={"topic": 3})
        assert found("여권")[0] == "passport"
        assert "passport" not in [hit.key for hit in api.search("여권", at=date(2026, 11, 23)).hits]

        publish("sticker", "음식물 납부필증", questions=["음식물 쓰레기 스티커는 어디서 사나요"])
        wait_for(lambda: "sticker" in found("음식물 납부필증"), log)
        Synonym.objects.create(said="딱지", means="납부필증")
        wait_for(lambda: found("딱지")[:1] == ["sticker"], log)
        publish("sticker", "음식물 납부필증", questions=["봉투는 어디서 사나요"], filters={"topic": [9]})
        wait_for(lambda: found("음식물 납부필증", filters={"topic": 9}) == ["sticker"], log)
        api.withdraw("article", "sticker")
        wait_for(lambda: "sticker" not in found("음식물 납부필증"), log)

        refuses_what_it_cannot_read(process)


def refuses_what_it_cannot_read(process: LanguageProcess) -> None:
    assert process.post("search", b"\xff") == 400
    assert process.post("search", b'{"text": 3}') == 400
    assert process.post("search", b" " * 1_000_001) == 413
    assert process.post("nothing", b"{}") == 404
    assert process.state() is not None


def test_killed_it_comes_back_with_what_was_changed_meanwhile_and_embeds_nothing_twice(
    articles: str, tmp_path: Path
) -> None:
    with a_language_process(articles, tmp_path) as process:
        log = tmp_path / "language.log"
        wait_for(lambda: not SearchEntry.objects.filter(embedded="").exists(), log)
        kept = {row.key: bytes(row.embedding or b"") for row in SearchEntry.objects.all()}
        process.kill()

        simple = api.search("대형폐기물", at=TODAY)
        assert simple.simple
        assert [hit.key for hit in simple.hits] == ["bulky"]
        api.withdraw("article", "bulky")
        publish("library", "도서관 회원증", questions=["도서관 회원 가입은 어떻게 하나요"])

        process.start()
        assert found("도서관 회원증")[0] == "library"
        assert "bulky" not in found("대형폐기물")
        wait_for(lambda: (process.state() or {}).get("embedded") == 3, log)
        rows = {row.key: bytes(row.embedding or b"") for row in SearchEntry.objects.exclude(key="library")}
        assert rows == {key: vectors for key, vectors in kept.items() if key != "bulky"}
