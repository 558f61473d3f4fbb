"""Varied records: three months of a small centre in which nearly everything happens, and nothing twice alike."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from haedap.analytics.figures import Row
from haedap.analytics.tables import SEOUL

FIRST = datetime(2025, 12, 30, tzinfo=SEOUL)
"""Over a turn of the year and of months."""
DAYS = 64
NAMES = ("가람찬솔", "나래빛솔", "다온누리솔")
"""Of invented citizens: they must not be found in any file."""
NUMBERS = tuple(f"+8210000{number:05}" for number in range(40))
TEXT = "서랍장 수거를 물어봄 가람찬솔"
_TOPICS: tuple[tuple[int, int | None, str, str, int | None], ...] = (
    (1, None, "water", "상하수도", 1),
    (2, 1, "bill", "요금", None),
    (3, 2, "move", "이사정산", 2),
    (4, None, "waste", "청소", None),
    (5, 4, "bulky", "대형폐기물", 3),
)
_OFFICES = ((1, None, "상하수도과"), (2, 1, "요금팀"), (3, None, "청소'과"))
_DISTRICTS = ("", "가온동", "누리읍", "다솜면")
_ENDED = ("answered", "abandoned", "promised", "left_in_flow", "closed_by_flow", "open", "out", "out_missed")


@dataclass
class Varied:
    """Writes the records with a chance of its own, so that they are always the same."""

    connection: psycopg.Connection[Row]
    chance: random.Random = field(default_factory=lambda: random.Random(5))

    def write(self, contacts: int = 400) -> None:
        """All of them, in one transaction."""
        with self.connection.pipeline(), self.connection.transaction():
            self._centre()
            for number in range(contacts):
                self._contact(number)
            for number in range(40):
                self._loose(number)

    def insert(self, table: str, **values: Any) -> None:
        """One row."""
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() * len(values)),
        )
        self.connection.execute(statement, list(values.values()))

    def _run(self, statement: LiteralString, *values: Any) -> None:
        self.connection.execute(statement, values)

    def _centre(self) -> None:
        for key, seconds in (("tax", 20), ("water", 5)):
            self.insert("skill", key=key, name=key)
            self.insert("queue", key=key, name=f"{key} 대기열", skill_id=key, service_level_seconds=seconds)
        for number, parent, name in _OFFICES:
            self.insert("department", id=number, parent_id=parent, name=name)
        for number, parent, code, name, office in _TOPICS:
            self.insert("topic", id=number, parent_id=parent, code=code, name=name, office=office)
        for number, name in enumerate(NAMES, 1):
            self.insert("citizen", id=number, name=name, merged_into=2 if number == 3 else None)
        for number, citizen in ((0, 1), (1, 1), (1, 2), (2, 3), (3, 2)):
            self.insert("citizen_number", number=NUMBERS[number], citizen=citizen)
        self._run("INSERT INTO article (id, code) VALUES (1, 'fees'), (2, 'waste')")
        for number, title in ((1, "수도요금"), (2, "대형폐기물 배출")):
            self.insert(
                "article_version",
                id=number,
                article_id=number,
                number=1,
                state="approved",
                title=title,
                valid_from="2025-01-01",
                questions=[],
                keywords=[],
                documents=[],
                law=[],
                fee="",
                script="",
                answer="",
                approver="",
                comment="",
            )
        self._account()

    def _account(self) -> None:
        """Whoever used an article must be somebody."""
        self.insert("account", id=1, username="varied", name="이하늘", role="agent", password="")

    def _contact(self, number: int) -> None:
        chance = self.chance
        arrived = FIRST + timedelta(seconds=chance.randrange(DAYS * 86_400), microseconds=chance.randrange(1_000_000))
        kind = chance.choices(_ENDED, (60, 8, 8, 4, 6, 3, 8, 3))[0]
        asks = kind not in {"left_in_flow", "closed_by_flow"}
        wait = (
            chance.choice((0, 3, 5, 5.000001, 20, 20.000001, 47.25)) if chance.random() < 0.5 else chance.random() * 60
        )
        talk, answered = chance.random() * 400, kind in {"answered", "out"}
        queued = arrived + timedelta(seconds=chance.random() * 20)
        ended = queued + timedelta(seconds=wait + (talk if answered else 0))
        queue = chance.choice(("tax", "water", "gone")) if asks else None
        row = {
            "id": uuid.UUID(int=chance.getrandbits(128)),
            "channel": chance.choice(("voice", "voice", "text")),
            "state": "waiting" if kind == "open" else "ended",
            "outcome": None if kind == "open" else {"out": "answered", "out_missed": "not_reached"}.get(kind, kind),
            "caller": chance.choice((None, *NUMBERS)),
            "caller_text": "010-0000-0000",
            "caller_name": chance.choice(NAMES),
            "direction": "out" if kind.startswith("out") else "in",
            "queue": queue,
            "asked_queue": queue,
            "arrived_at": arrived,
            "queued_at": queued if asks else None,
            "answered_at": queued + timedelta(seconds=wait) if answered else None,
            "ended_at": None if kind == "open" else ended,
            "transferred": answered and chance.random() < 0.2,
            "referred": answered and chance.random() < 0.1,
            "returned": chance.randrange(3) if answered else 0,
            "resumes": uuid.UUID(int=number + 1) if chance.random() < 0.1 else None,
            "seq": number,
        }
        self.insert("contact", **row)
        if answered:
            self._handled(row, queued + timedelta(seconds=wait), talk)
        if kind == "promised" or chance.random() < 0.1:
            self._promise(row)

    def _handled(self, contact: Row, at: datetime, talk: float) -> None:
        chance, key = self.chance, contact["id"]
        for number in range(1, chance.choice((2, 2, 2, 3))):
            begun = at + timedelta(seconds=(number - 1) * talk / 2)
            self.insert(
                "segment",
                contact=key,
                number=number,
                agent=chance.randrange(1, 5),
                queue="tax",
                offer="",
                started_at=begun,
                talk_from=begun if chance.random() < 0.95 else None,
                ended_at=begun + timedelta(seconds=talk / 2),
                wrap_up_seconds=chance.choice((None, 0, 12.345678, 33.3)),
                seq=1,
            )
        topic, district = chance.choice((None, 1, 2, 3, 4, 5)), chance.choice(_DISTRICTS)
        self.insert("contact_note", contact=key, topic_id=topic, district=district, text=TEXT, version=1)
        if chance.random() < 0.2:
            self.insert("contact_citizen", contact=key, citizen=chance.randrange(1, 4), chosen_by=1)
        if chance.random() < 0.3:
            self._case(contact, topic)
        if chance.random() < 0.3:
            outcome = chance.choice(("ok", "empty", "failed"))
            self.insert(
                "lookup_use",
                contact=key,
                agent=1,
                system="tax",
                purpose="ask",
                outcome=outcome,
                subject="가**",
                digest="",
                failure="",
                cached=False,
            )
        if chance.random() < 0.3:
            article = chance.randrange(1, 3)
            self.insert("article_use", contact=key, article_id=article, version_id=article, agent=1, how="read", at=at)
        if chance.random() < 0.5:
            self._survey(contact, at)

    def _survey(self, contact: Row, at: datetime) -> None:
        items = self.chance.sample(("handling", "satisfaction", "kindness", "quality"), self.chance.randrange(5))
        answered = at + timedelta(hours=1) if items else None
        self.insert("survey", contact=contact["id"], asked_at=at, answered_at=answered)
        for item in items:
            self.insert("survey_answer", contact=contact["id"], item=item, points=self.chance.randrange(101))

    def _case(self, contact: Row, topic: int | None) -> None:
        chance, received = self.chance, contact["ended_at"]
        state = chance.choice(("open", "accepted", "answered", "closed", "withdrawn"))
        answered = received + timedelta(days=chance.random() * 12) if state in {"answered", "closed"} else None
        key = uuid.UUID(int=chance.getrandbits(128))
        self.insert(
            "case_file",
            id=key,
            number=key.hex[:16],
            contact=contact["id"],
            citizen_name=chance.choice(NAMES),
            citizen_number=chance.choice(NUMBERS),
            topic=topic,
            topic_path="",
            kind="grievance",
            term="7d",
            text=TEXT,
            department=chance.randrange(1, 4),
            office="청소과",
            officer_name=NAMES[0],
            reply="callback",
            opened_by=1,
            received_at=received,
            due_at=received + timedelta(days=7),
            state=state,
            extensions="[]",
            answer=TEXT,
            answered_at=answered,
            ended_at=answered if state == "closed" else None,
            earlier_alike=0,
            link=1,
        )

    def _promise(self, contact: Row) -> None:
        chance, made = self.chance, contact["ended_at"] or contact["arrived_at"]
        outcome = chance.choice((None, "kept", "kept", "not_reached", "cancelled", "resolved"))
        self.insert(
            "promise",
            id=uuid.UUID(int=chance.getrandbits(128)),
            citizen=chance.choice(NUMBERS),
            owner_kind="queue",
            owner_queue=contact["queue"],
            owner_name=NAMES[1],
            reason="queue",
            state="ended" if outcome else "open",
            made_at=made,
            place_at=made,
            due_at=made,
            deadline=made + timedelta(hours=8),
            ended_at=made + timedelta(hours=chance.random() * 12) if outcome else None,
            outcome=outcome,
            contact=contact["id"],
            seq=1,
        )

    def _loose(self, number: int) -> None:
        """What belongs to no contact: agents' time, and what was looked for in vain."""
        chance = self.chance
        started = FIRST + timedelta(seconds=chance.randrange(DAYS * 86_400))
        state = chance.choice(("available", "engaged", "wrap_up", "away", "offered"))
        open_one = number < 2
        ended = None if open_one else started + timedelta(seconds=chance.random() * 3000)
        agent = number + 1 if open_one else chance.randrange(1, 5)
        self.insert("agent_period", agent=agent, state=state, started_at=started, ended_at=ended)
        self.insert("search_miss", words=f"말{number}", text=f"없는 말 {number}", times=number + 1, last_at=started)
        for role, name, data in (("E", "ContactArrived", "caller"), ("F", "ContactQueued", "queue")):
            self._run(
                "INSERT INTO journal (at, role, name, contact, data) SELECT greatest(max(at), %s), %s, %s, %s,"
                " jsonb_build_object('type', %s::text, 'queue', 'tax', %s::text, %s::text) FROM journal",
                FIRST + timedelta(hours=number * 30),
                role,
                name,
                uuid.uuid4(),
                name,
                data,
                "tax" if data == "queue" else NUMBERS[number],
            )
