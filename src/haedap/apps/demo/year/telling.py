"""The words and names of a synthetic year: notes, people, numbers. None of them belongs to anybody."""

from __future__ import annotations

import numpy as np

from haedap.apps.demo.year.arrivals import NONE, Arrivals, Ints
from haedap.apps.demo.year.outcomes import BLOCK, Outcomes, Passed
from haedap.apps.demo.year.profile import Catalogue, Profile

_AREAS = ("+822", "+8270")
"""Beside mobile telephones and the city's own area: of relatives elsewhere, and of the internet."""
_SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
_GIVEN = (
    "가람", "나래", "다온", "라온", "마루", "미르", "바다", "보람", "새봄", "새롬", "소담", "솔빛", "슬기", "아름",
    "예솔", "우람", "은별", "이슬", "찬솔", "초롱", "하늘", "한결", "한별", "해솔",
)  # fmt: skip
_PLACES = ("{district} 거주", "{district} 쪽", "{district} 주민", "{district} 상가")
_HELP = {
    (True, True): ("상담 지식과 조회 결과로 설명함", "조회하여 금액과 절차 설명함"),
    (True, False): ("상담 지식 보고 절차와 서류 설명함", "상담 지식의 안내문 읽어 드림", "준비물과 기한 설명함"),
    (False, True): ("조회하여 내역 설명함", "조회 결과 불러 드림"),
    (False, False): ("아는 범위에서 설명함", "누리집 안내 경로 알려 드림", "절차 설명함"),
}
"""By whether an article was read and whether something was looked up."""
_ENDS = {
    Passed.NOBODY: ("상담 완료", "추가 문의 없음", "이해하셨다고 함", "문자로도 안내함", "고맙다고 하심"),
    Passed.TRANSFER: ("{team} 전화 연결함", "{team}에 상황 알리고 연결함", "자세한 내용은 {team} 연결"),
    Passed.PROMISE: ("{team}에서 회신하기로 함", "담당자 부재로 {team} 회신 요청"),
    Passed.CASE: ("{team}으로 민원 이관함", "현장 확인이 필요하여 {team}에 민원 접수"),
}
_AGAIN = "지난 문의와 같은 내용"


def numbers(citizens: Ints, area: str) -> list[str]:
    """The telephone of each citizen, E.164: numbers that cannot exist (0x0-0000-xxxx), a block for each prefix."""
    prefixes = ("+8210", f"+82{area.removeprefix('0')}", *_AREAS)
    return [f"{prefixes[citizen // BLOCK]}0000{citizen % BLOCK:04d}" for citizen in citizens.tolist()]


def office_number(area: str, office: int, team: int) -> str:
    """The number of an office (`team` 0) or of one of its teams."""
    return f"+82{area.removeprefix('0')}0000{1000 + 50 * office + team:04d}"


def people(number: int, rng: np.random.Generator) -> list[str]:
    """Names of invented people, each once."""
    names = [surname + given for given in _GIVEN for surname in _SURNAMES]
    return [names[place] for place in rng.permutation(len(names))[:number]]


def notes(
    profile: Profile, catalogue: Catalogue, arrivals: Arrivals, outcomes: Outcomes, rng: np.random.Generator
) -> list[str]:
    """What the agents wrote, without anything about a person."""
    leaves = list(catalogue.leaves.values())
    teams = [catalogue.team(code) for code in catalogue.leaves]
    districts = [district.name for district in profile.districts]
    draws = rng.integers(0, 1 << 30, (len(arrivals.at), 4)).tolist()
    columns = (arrivals.topic, arrivals.surge, outcomes.passed, outcomes.district, outcomes.again_of)
    helped = zip(outcomes.article.tolist(), outcomes.looked_up.tolist(), strict=True)
    rows = zip(*(column.tolist() for column in columns), helped, draws, strict=True)
    found = []
    for topic, surge, passed, district, again_of, help_of, draw in rows:
        issues = profile.surges[surge].issues if surge != NONE else leaves[topic].issues
        parts = [issues[draw[0] % len(issues)].replace("{n}", str(1 + draw[0] % 9))]
        if district != NONE and draw[1] % 5 < 2:
            parts.append(_PLACES[draw[1] % len(_PLACES)].replace("{district}", districts[district]))
        if again_of != NONE and draw[1] % 2:
            parts.append(_AGAIN)
        help_words = _HELP[help_of]
        parts.append(help_words[draw[2] % len(help_words)])
        ends = _ENDS[Passed(passed)]
        parts.append(ends[draw[3] % len(ends)].replace("{team}", teams[topic]))
        found.append(". ".join(parts) + ".")
    return found
