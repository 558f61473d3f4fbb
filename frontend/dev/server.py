"""A stand-in for the product's web server, for work on the looks of the pages: invented contacts, the same messages.

    .venv/bin/python frontend/dev/server.py [port]

`POST /dev/{ring,answer,hang_up,silence,figures,conflict,drop}` plays the other side. It is no part of the product.
"""

from __future__ import annotations

import asyncio
import json
import mimetypes
import re
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import django
import uvicorn
from django.conf import settings
from django.template import engines

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src/haedap/web"
LOCALE = ROOT / "src/haedap/locale"
settings.configure(
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [WEB / "templates"]}],
    STATIC_URL="/static/",
    LANGUAGE_CODE="ko",
    LOCALE_PATHS=[LOCALE],
    USE_I18N=True,
    USE_TZ=True,
    INSTALLED_APPS=[],
)
django.setup()

Json = dict[str, Any]
ME = 1
TOPICS = {
    "세무": ["자동차세", "재산세", "주민세", "취득세", "체납·환급"],
    "차량·교통": ["자동차 등록·이전", "주정차 과태료", "버스 노선·도착", "장애인 주차구역"],
    "상하수도": ["요금 문의", "누수 신고", "이사 정산", "단수 안내"],
    "청소·환경": ["대형 폐기물", "음식물 쓰레기", "불법 투기 신고", "소음"],
    "복지": ["기초생활보장", "아동수당", "경로당", "장애인 복지"],
    "여권·민원": ["여권 발급", "주민등록 등·초본", "가족관계", "인감"],
    "도로·시설": ["가로등 고장", "보도 파손", "제설"],
}
DISPOSITIONS = ["자체 처리", "부서 이관", "담당 부서 연결", "기관 안내", "콜백 약속", "중도 끊김", "오접속"]
AWAY = [("lunch", "점심"), ("rest", "휴식"), ("training", "교육"), ("meeting", "회의"), ("toilet", "화장실")]


def now(**past: float) -> str:
    return (datetime.now(UTC) - timedelta(**past)).isoformat()


def agent(number: int, name: str, state: str, **more: Any) -> Json:
    row = {
        "agent": number, "name": name, "state": state, "reason": "", "since": now(), "until": None, "pending": None,
        "pending_reason": "", "contact": None, "reachable": True, "skills": ["general"],
    }  # fmt: skip
    return row | more


def contact(state: str, **more: Any) -> Json:
    row = {
        "id": str(uuid4()), "channel": "voice", "state": state, "outcome": None, "ended_by": None,
        "called": "+8216000000", "caller": None, "caller_text": "", "caller_name": "", "withheld": False,
        "flow": "main", "queue": "tax", "priority": 0, "arrived_at": now(), "queued_at": now(), "offered_at": None,
        "answered_at": None, "ended_at": None, "agent": None, "segments": 0, "hold_seconds": 0, "held": False,
        "muted": False, "recording_paused": False, "recorded": True,
    }  # fmt: skip
    return row | more


class Centre:
    """What the stand-in knows."""

    def __init__(self) -> None:
        self.seq = 1
        self.agents = {ME: agent(ME, "김하늘", "signed_out", reachable=False)}
        names = "이서준 박지우 최도윤 정하은 강시우 조아인 윤주원 장서연 임건우 한유나 오민재 서채원".split()
        states = ["engaged", "available", "engaged", "wrap_up", "engaged", "away", "offered", "engaged", "available"]
        for index, name in enumerate(names):
            state = states[index % len(states)]
            reason = "lunch" if state == "away" else ""
            self.agents[index + 2] = agent(index + 2, name, state, reason=reason, since=now(seconds=37 * (index + 1)))
        self.contacts: dict[str, Json] = {}
        for seconds in (84, 41, 12):
            row = contact("waiting", queued_at=now(seconds=seconds), arrived_at=now(seconds=seconds + 20))
            self.contacts[row["id"]] = row
        self.notes: dict[str, Json] = {}
        self.seen: dict[str, Json] = {}
        self.today: list[Json] = []
        self.sockets: set[asyncio.Queue[str | None]] = set()
        self.conflict = False

    @property
    def mine(self) -> Json:
        return self.agents[ME]

    def snapshot(self) -> Json:
        queues = {"tax": {"name": "세무", "service_level_seconds": 20}, "water": {"name": "상하수도", "service_level_seconds": 20}}
        return {
            "type": "snapshot", "seq": self.seq, "now": now(), "me": ME, "agents": self.agents,
            "contacts": self.contacts, "queues": queues,
        }  # fmt: skip

    def change(self, *, me: Json | None = None, row: Json | None = None) -> None:
        self.seq += 1
        agents, contacts = {}, {}
        if me is not None:
            self.mine.update(me)
            agents[ME] = self.mine
        if row is not None:
            self.contacts[row["id"]] = contacts[row["id"]] = self.seen[row["id"]] = row
            if row["state"] == "ended":
                del self.contacts[row["id"]]
        self.send({"type": "delta", "seq": self.seq, "agents": agents, "contacts": contacts})
        self.send(self.figures())

    def state(self, name: str, **more: Any) -> None:
        self.change(me={"state": name, "since": now(), "until": None, "reason": "", "contact": None} | more)

    def figures(self) -> Json:
        start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=5)
        usual = [4, 9, 14, 18, 22, 25, 24, 20, 19, 17, 14, 12, 15, 19, 23, 24, 22, 20, 19, 18, 17, 15, 13, 11, 9, 8, 6, 5]
        curve = []
        for slot, count in enumerate(usual):
            at = start + timedelta(minutes=15 * slot)
            past = at <= datetime.now(UTC)
            offered = count + (slot * 7) % 5 - 1 if past else None
            curve.append({"at": at.isoformat(), "offered": offered, "answered": offered and offered - slot % 2, "usual": count})
        waits = [row["queued_at"] for row in self.contacts.values() if row["state"] in {"waiting", "offered"}]
        today = {
            "waiting": len(waits), "longest_wait_since": min(waits, default=None), "offered": 342, "answered": 329,
            "answer_rate": 0.962, "service_level": 0.871, "abandoned": 13, "short_abandoned": 3, "asa_seconds": 11.2,
            "closed_by_flow": 41, "aht_seconds": 214.5, "occupancy": 0.78, "abandonment": 0.038,
            "agents": {"available": 3, "engaged": 5},
        }  # fmt: skip
        return {"type": "figures", "at": now(), "today": today, "queues": {}, "curve": curve}

    def send(self, message: Json) -> None:
        text = json.dumps(message)
        for queue in self.sockets:
            queue.put_nowait(text)

    # --- the other side

    def play(self, what: str) -> None:
        row = next((c for c in self.contacts.values() if c["agent"] == ME), None)
        if what == "ring":
            row = contact("offered", caller="+821000001234", caller_name="", agent=ME, queued_at=now(seconds=9))
            self.change(me={"state": "offered", "since": now(), "contact": row["id"]}, row=row)
        elif what == "answer" and row:
            row |= {"state": "engaged", "answered_at": now()}
            self.change(me={"state": "engaged", "since": now(), "contact": row["id"]}, row=row)
        elif what == "lost" and row:
            self.change(row=row | {"state": "reconnecting"})
        elif what == "hang_up" and row:
            self.end(row)
        elif what == "silence" and row:
            self.change(me={"state": "away", "reason": "no_answer", "since": now(), "contact": None}, row=row | {"state": "waiting", "agent": None})
        elif what == "conflict":
            self.conflict = True
        elif what == "drop":
            for queue in self.sockets:
                queue.put_nowait(None)
        else:
            self.send(self.figures())

    def end(self, row: Json) -> None:
        until = (datetime.now(UTC) + timedelta(seconds=60)).isoformat()
        item = {
            "id": row["id"], "arrived_at": row["arrived_at"], "caller": row["caller"], "citizen_name": "",
            "topic": "", "disposition": "", "complete": False,
        }  # fmt: skip
        self.today.insert(0, item)
        me = {"state": "wrap_up", "since": now(), "until": until, "contact": row["id"]}
        self.change(me=me, row=row | {"state": "ended", "outcome": "answered", "ended_at": now()})

    # --- the HTTP interface

    def control(self, body: Json) -> None:
        row = self.contacts[body["contact"]]
        flags = {
            "hold": {"held": True}, "unhold": {"held": False}, "mute": {"muted": True}, "unmute": {"muted": False},
            "pause_recording": {"recording_paused": True}, "resume_recording": {"recording_paused": False},
        }  # fmt: skip
        if body["control"] == "end":
            self.end(row)
        else:
            self.change(row=row | flags.get(body["control"], {}))

    def desk(self, name: str, body: Json) -> None:
        if name == "sign-in":
            self.state("away", reason="signed_in", reachable=True)
        elif name == "sign-out":
            self.state("signed_out")
        elif name == "available":
            self.state("available")
        elif name == "away":
            self.state("away", reason=body["reason"])
        elif name == "extend-wrap-up":
            self.change(me={"until": (datetime.now(UTC) + timedelta(seconds=body["seconds"])).isoformat()})
        elif name == "control":
            self.control(body)

    def note(self, key: str) -> Json:
        return self.notes.setdefault(key, {"text": "", "version": 0, "topic": None, "disposition": None})

    def record(self, key: str) -> Json:
        history = [
            ("자동차세", "자체 처리", "이서준", "연납 신청 방법과 할인율을 안내함", 20),
            ("주정차 과태료", "부서 이관", "박지우", "이의 신청 접수, 교통과로 이관", 190),
            ("대형 폐기물", "자체 처리", "김하늘", "장롱 1개 스티커 금액 안내", 900),
        ]
        return {
            "contact": self.seen[key],
            "citizen": {"id": 3, "name": "홍시민"},
            "history": [
                {"id": str(uuid4()), "arrived_at": now(hours=hours), "topic": topic, "disposition": how, "agent_name": who, "note_first_line": text}
                for topic, how, who, text, hours in history
            ],
            "note": self.note(key),
        }

    def put(self, key: str, field: str, body: Json) -> tuple[int, Json]:
        note = self.note(key)
        if field != "note":
            note[field] = body[field]
            self.tidy(key)
            return 200, {"outcome": "done"}
        if self.conflict:
            self.conflict = False
            note |= {"text": "다른 창에서 쓴 메모: 차량번호를 다시 확인하기로 함", "version": note["version"] + 1}
        if body["version"] != note["version"]:
            return 409, {"message": "다른 창에서 고쳤습니다.", "code": "note_changed", "text": note["text"], "version": note["version"]}
        note |= {"text": body["text"], "version": note["version"] + 1}
        return 200, {"version": note["version"]}

    def tidy(self, key: str) -> None:
        note = self.note(key)
        names = dict(enumerate((n for group in TOPICS.values() for n in group), start=100))
        for item in self.today:
            if item["id"] == key:
                how = note["disposition"]
                item |= {"topic": names.get(note["topic"], ""), "disposition": DISPOSITIONS[int(how)] if how else ""}
                item["complete"] = bool(item["topic"] and item["disposition"])

    def answer(self, method: str, path: str, body: Json) -> tuple[int, Any]:
        if path == "/api/topics":
            numbers = iter(range(100, 1000))
            return 200, [
                {"id": index, "name": group, "children": [{"id": next(numbers), "name": n, "children": []} for n in names]}
                for index, (group, names) in enumerate(TOPICS.items(), start=1)
            ]
        if path == "/api/dispositions":
            return 200, [{"key": str(index), "name": name} for index, name in enumerate(DISPOSITIONS)]
        if path == "/api/away-reasons":
            return 200, [{"key": key, "name": name} for key, name in AWAY]
        if path == "/api/desk/today":
            return 200, self.today
        if path in {"/api/desk/phone", "/api/demo/phone"}:
            out = {"username": "agent-1", "password": "x", "realm": "haedap", "uri": "sip:agent-1@127.0.0.1"}
            more = {"number": "+8216000000", "number_dialled": "1600-0000"}
            return 200, out | more | {"ws_url": f"ws://127.0.0.1:{PORT}/sip", "expires_at": now(hours=-8)}
        if found := re.fullmatch(r"/api/desk/contacts/([^/]+)(?:/(\w+))?", path):
            key, what = found.groups()
            if method == "GET":
                return 200, self.record(key)
            if what == "close":
                self.state("available")
                return 200, {"outcome": "done"}
            return self.put(key, what, body)
        if path.startswith("/api/desk/"):
            self.desk(path.removeprefix("/api/desk/"), body)
        return 200, {"outcome": "done"}


CENTRE = Centre()
PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 8765
PAGES = {
    "/desk/": ("desk/desk.html", "agent"),
    "/wallboard/": ("wallboard/wallboard.html", "supervisor"),
    "/demo/phone": ("demo/phone.html", None),
}


def catalogue() -> str:
    """What Django's JavaScriptCatalog gives, read from the .po file."""
    text = (LOCALE / "ko/LC_MESSAGES/djangojs.po").read_text()
    pairs: dict[str, str] = {}
    for entry in text.split("\n\n"):
        parts = dict(re.findall(r'^(msgid|msgstr) ((?:".*"\s*)+)', entry, re.M))
        if len(parts) == 2:
            values = ["".join(json.loads(line) for line in part.strip().splitlines()) for part in parts.values()]
            pairs[values[0]] = values[1]
    return f"const catalogue={json.dumps(pairs)};globalThis.gettext=t=>catalogue[t]||t;globalThis.ngettext=(a,b,n)=>gettext(n===1?a:b);"


def page(path: str) -> str:
    template, role = PAGES[path]
    user = SimpleNamespace(is_authenticated=role is not None, role=role, name="김하늘", telephone="browser")
    request = SimpleNamespace(user=user, path=path)
    context = {"request": request, "centre_name": "해오름시 민원콜센터", "csrf_token": "x", "definitions": DEFINITIONS}
    text: str = engines["django"].get_template(template).render(context)
    return text


DEFINITIONS: list[Json] = []
Receive = Callable[[], Awaitable[Json]]
Send = Callable[[Json], Awaitable[None]]


async def reply(send: Send, status: int, kind: str, body: bytes) -> None:
    policy = f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self' blob:; connect-src 'self' ws://127.0.0.1:{PORT}"
    headers = [(b"content-type", kind.encode()), (b"content-security-policy", policy.encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def http(scope: Json, receive: Receive, send: Send) -> None:
    path, method = scope["path"], scope["method"]
    body = b""
    while (message := await receive()).get("more_body"):
        body += message.get("body", b"")
    body += message.get("body", b"")
    if path in PAGES:
        await reply(send, 200, "text/html; charset=utf-8", page(path).encode())
    elif path == "/jsi18n/":
        await reply(send, 200, "text/javascript; charset=utf-8", catalogue().encode())
    elif path.startswith("/static/"):
        file = WEB / path.lstrip("/")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        await reply(send, 200 if file.is_file() else 404, kind, file.read_bytes() if file.is_file() else b"")
    elif path.startswith("/dev/"):
        CENTRE.play(path.removeprefix("/dev/"))
        await reply(send, 200, "application/json", b"{}")
    elif path.startswith("/api/"):
        status, answer = CENTRE.answer(method, path, json.loads(body or b"{}"))
        await reply(send, status, "application/json", json.dumps(answer).encode())
    else:
        await reply(send, 404, "text/plain", b"")


async def push(receive: Receive, send: Send) -> None:
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    for message in (CENTRE.snapshot(), CENTRE.figures()):
        queue.put_nowait(json.dumps(message))
    CENTRE.sockets.add(queue)

    async def hear() -> None:
        while (await receive())["type"] != "websocket.disconnect":
            queue.put_nowait('{"type":"pong"}')

    ear = asyncio.create_task(hear())
    try:
        while (text := await queue.get()) is not None and not ear.done():
            await send({"type": "websocket.send", "text": text})
        if not ear.done():
            await send({"type": "websocket.close", "code": 1001})
    finally:
        CENTRE.sockets.discard(queue)
        ear.cancel()


async def registrar(receive: Receive, send: Send) -> None:
    """Says 200 to every SIP request: enough for a telephone to be registered."""
    while (message := await receive())["type"] == "websocket.receive":
        lines = (message.get("text") or (message.get("bytes") or b"").decode()).split("\r\n")
        if lines[0].startswith("SIP/2.0") or not lines[0].strip():
            continue
        kept = [line for line in lines if re.match(r"(Via|From|Call-ID|CSeq|Contact):", line)]
        to = next(line for line in lines if line.startswith("To:"))
        answer = ["SIP/2.0 200 OK", *kept, f"{to};tag=standin", "Expires: 120", "Content-Length: 0", "", ""]
        await send({"type": "websocket.send", "text": "\r\n".join(answer)})


async def application(scope: Json, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await http(scope, receive, send)
    elif scope["type"] == "websocket":
        await receive()
        sip = scope["path"] == "/sip"
        await send({"type": "websocket.accept", "subprotocol": "sip" if sip else None})
        await (registrar if sip else push)(receive, send)


if __name__ == "__main__":
    uvicorn.run(application, host="127.0.0.1", port=PORT, log_level="warning", lifespan="off")
