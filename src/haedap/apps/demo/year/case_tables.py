"""The rows of cases: each with its term by the law, its history and its answer; some are late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from haedap.apps.demo.year.columns import table
from haedap.apps.demo.year.contact_tables import Ids, uuids
from haedap.apps.demo.year.outcomes import Passed
from haedap.apps.demo.year.parts import Parts, Team
from haedap.apps.demo.year.profile import Profile, catalogue
from haedap.apps.demo.year.telling import numbers
from haedap.apps.demo.year.year import SpanYear
from haedap.flows import terms
from haedap.flows.terms import Term

_KINDS = {
    Term.QUESTION: 0.44,
    Term.GRIEVANCE: 0.28,
    Term.PROPOSAL: 0.1,
    Term.LAW_QUESTION: 0.08,
    Term.IMMEDIATE: 0.1,
}
_LATE = 0.07
_ANSWERS = (
    "현장을 확인하고 조치하였습니다.",
    "담당자가 전화로 설명하고 처리하였습니다.",
    "관련 규정에 따라 처리할 수 있는 범위를 안내하였습니다.",
    "정비 계획에 넣어 순서대로 처리하겠습니다.",
)
_ZONE = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class _Case:
    """A case and what happened to it."""

    row: dict[str, Any]
    events: list[dict[str, Any]]


def case_tables(
    profile: Profile, year: SpanYear, parts: Parts, ids: Ids, rng: np.random.Generator
) -> dict[str, list[pa.Table]]:
    """`case_file` and `case_event`; the numbers of the cases count up within each year."""
    cases = list(_cases(profile, year, parts, ids, rng))
    rows = {name: [case.row[name] for case in cases] for name in cases[0].row} if cases else {}
    events = [event for case in cases for event in case.events]
    history = {name: [event[name] for event in events] for name in events[0]} if events else {}
    return {
        "case_file": [table(len(cases), rows)] if cases else [],
        "case_event": [table(len(events), history)] if events else [],
    }


def _cases(profile: Profile, year: SpanYear, parts: Parts, ids: Ids, rng: np.random.Generator) -> Iterator[_Case]:
    places = np.flatnonzero(year.outcomes.passed == Passed.CASE)
    leaves = list(catalogue().leaves.values())
    kinds = rng.choice(len(_KINDS), len(places), p=list(_KINDS.values()))
    citizens = numbers(year.citizens[places], profile.area)
    draws = rng.random((len(places), 5))
    last: dict[int, int] = {}
    keys = uuids(year.roster.service.ended[places], rng)
    for place, kind, citizen, draw, key in zip(
        places.tolist(), kinds.tolist(), citizens, draws.tolist(), keys, strict=True
    ):
        received = _at(year.roster.service.ended[place])
        local_year = (received + _ZONE).year
        last[local_year] = last.get(local_year, 0) + 1
        topic = int(year.arrivals.topic[place])
        surge = int(year.arrivals.surge[place])
        issues = profile.surges[surge].issues if surge >= 0 else leaves[topic].issues
        yield _case(
            number=f"{local_year}-{last[local_year]:06}",
            key=key,
            contact=ids.answered[place].as_py(),
            citizen=citizen,
            topic=(parts.topics[topic], parts.topic_paths[topic]),
            term=list(_KINDS)[kind],
            issue=issues[int(draw[3] * len(issues))].replace("{n}", "3"),
            team=parts.teams[topic],
            agent=parts.agents[int(year.roster.service.agent[place])],
            received=received,
            draw=draw,
        )


def _case(
    *,
    number: str,
    key: str,
    contact: str,
    citizen: str,
    topic: tuple[int, str],
    term: Term,
    issue: str,
    team: Team,
    agent: int,
    received: datetime,
    draw: list[float],
) -> _Case:
    due = _due(term, received.replace(second=0, microsecond=0))
    late = draw[0] < _LATE
    length = due - received
    answered = due + timedelta(days=0.1 + 5 * draw[1]) if late else received + length * (0.1 + 0.85 * draw[1])
    accepted = received + (answered - received) * 0.3 * draw[2]
    told = answered + timedelta(minutes=3)
    answer = _ANSWERS[int(draw[4] * len(_ANSWERS))]
    who = f"{team.place.rpartition(' > ')[2]} {team.officer_name}"
    row = {
        "id": key,
        "number": number,
        "contact": contact,
        "citizen_name": "",
        "citizen_number": citizen,
        "topic": topic[0],
        "topic_path": topic[1][:200],
        "kind": term.value,
        "term": str(terms.LENGTHS[term]),
        "text": f"{issue}. 확인하고 조치한 뒤 알려 달라고 하심.",
        "department": team.department,
        "office": team.place[:200],
        "officer": team.officer,
        "officer_name": team.officer_name,
        "reply": "message",
        "opened_by": agent,
        "received_at": received,
        "due_at": due,
        "state": "closed",
        "extensions": "[]",
        "answer": answer,
        "answered_at": answered,
        "ended_at": told,
        "earlier_alike": 0,
        "link": 1,
    }
    steps = [("opened", received, team.place, "", agent), ("accepted", accepted, who, "", None)]
    if late:
        steps.append(("reminded", due, "", "", None))
    steps += [("answered", answered, who, answer, None), ("told", told, "", "", None)]
    events = [
        {"case_id": key, "at": at, "kind": kind, "account": account, "who": by[:100], "text": text, "data": "{}"}
        for kind, at, by, text, account in steps
    ]
    return _Case(row, events)


@cache
def _due(term: Term, received: datetime) -> datetime:
    return terms.count(terms.LENGTHS[term], received, calendar=terms.OFFICE_HOURS).due.astimezone(UTC)


def _at(micro: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micro))
