"""The people of the chaos: citizens and telephones by SIPp, and a supervisor who keeps the agents at work."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import re
import signal
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx
import psycopg
from psycopg.types.json import Jsonb

from bench.chaos_phones import Relay
from haedap.config import load_settings
from haedap.operations.sipp import AGENT, CITIZEN, Sipp, command, workplace
from haedap.plain_http import NO_CERTIFICATES
from tests.acceptance.support.town import Group, on_duty, settle
from tests.browser.support.numbers import command as give
from tests.support.centre import Centre

CITIZENS = "127.0.0.2"
_QUICK_TELEPHONES, _SLOW_TELEPHONES = "127.0.0.3", "127.0.0.4"
_SLOW_MS = 4000
_WRAP_UP_SECONDS = 5
_ANSWER_MS = 60_000
_NUMBERS_EACH = 2400
_SOUND = re.compile(r"<nop><action><exec rtp_stream=.*</nop>\n")
_PATIENCE = 90.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """Citizens who call one number: `part` of all calls, each staying so many seconds once answered."""

    name: str
    number: str
    part: float
    stay: int


TALK = Group("chaos-talk", "0200007201", 0)
RING = Group("chaos-ring", "0200007202", 0)
WAIT = Group("chaos-wait", "0200007203", 0, menu_number="0200007204")
CROWDS = (
    Crowd("talk", TALK.number, 0.35, 20),
    Crowd("wait", WAIT.number, 0.25, 25),
    Crowd("menu", WAIT.menu_number, 0.2, 15),
    Crowd("ring", RING.number, 0.2, 15),
)


class Floor:
    """Everybody. `callers_answered`: citizens who heard the centre answer; `callers`: all who called."""

    def __init__(self, centre: Centre, folder: Path, calls: int, seed: int) -> None:
        self._centre = centre
        self._folder = folder
        self._calls = calls
        self._chance = Random(seed)
        self._settings = load_settings(centre.environment)
        self.url = f"postgresql://haedap@/haedap?host={centre.runtime}"
        self._passwords: dict[str, str] = {}
        self._slow: set[str] = set()
        self._citizens: list[asyncio.subprocess.Process] = []
        self._telephones: list[asyncio.subprocess.Process] = []
        self._stack = contextlib.ExitStack()
        self._beside: list[asyncio.Task[None]] = []
        self._relays: dict[bool, Relay] = {}
        self._lost_exchange = False
        self._workplaces: list[Path] = []

    async def __aenter__(self) -> Floor:
        for group, people in ((TALK, 0.4), (RING, 0.25), (WAIT, 0.03)):
            group.people, group.agents = max(2, round(self._calls * people)), []
        with psycopg.connect(self.url, autocommit=True) as database:
            self._passwords = await asyncio.to_thread(settle, database, (TALK, RING, WAIT))
            database.execute("UPDATE queue SET wrap_up_seconds = %s, ring_seconds = 20", (_WRAP_UP_SECONDS,))
            await asyncio.to_thread(give, database, "plan_changed")
            self._slow = {f"desk-{agent}" for agent in RING.agents}
            await self._connect_telephones()
            await on_duty(database, [*TALK.agents, *RING.agents, *WAIT.agents])
        return self

    async def __aexit__(self, *_failure: object) -> None:
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        for process in (*self._citizens, *self._telephones):
            await _end(process, signal.SIGKILL)
        for relay in self._relays.values():
            relay.close()
        self._stack.close()

    async def fill(self) -> None:
        """The calls come, and from now on as many are there at any time."""
        for place, crowd in enumerate(CROWDS):
            at_once = max(1, round(self._calls * crowd.part))
            run = Sipp(
                scenario=self._silent(CITIZEN, "citizen"),
                remote=f"{self._settings.sip_host}:{self._settings.sip_udp_port}",
                local=CITIZENS,
                called=crowd.number,
                people=[(f"0100000{place * _NUMBERS_EACH + n:04}", "") for n in range(_NUMBERS_EACH)],
                calls=None,
                per_second=at_once / 8,
                at_once=at_once,
                answer_ms=_ANSWER_MS,
                talk_ms=crowd.stay * 1000,
                times=True,
            )
            self._citizens.append(await self._start(run))
        self._beside += [asyncio.create_task(self._supervise()), asyncio.create_task(self._hold())]
        self._beside.append(asyncio.create_task(self._stay_registered()))
        await asyncio.sleep(8)

    async def go_home(self) -> None:
        """Nobody calls any more; wait until all calls have ended and all agents have rested."""
        await asyncio.gather(*(_end(process, signal.SIGUSR1) for process in self._citizens))
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            if await asyncio.to_thread(self._is_quiet):
                return
            await asyncio.sleep(0.5)

    def exchange_up(self) -> bool:
        """Whether Asterisk answers."""
        try:
            ping = httpx.get(
                f"{self._settings.ari_url}/ari/asterisk/ping",
                auth=(self._settings.ari_user, self._settings.ari_password),
                timeout=1.0,
                trust_env=False,
                verify=NO_CERTIFICATES,
            )
        except httpx.HTTPError:
            return False
        return ping.status_code == httpx.codes.OK

    def exchange_died(self) -> None:
        """Its calls are over and its telephones unknown: they register again as soon as it is back."""
        self._lost_exchange = True

    @property
    def callers(self) -> int:
        """Calls that citizens placed, by SIPp's own count."""
        return sum(_last(folder / "statistics.csv", "TotalCallCreated") for folder in self._workplaces)

    @property
    def callers_answered(self) -> int:
        """Calls that the centre answered, as the citizens saw it."""
        times = [path for folder in self._workplaces for path in folder.glob("*_rtt.csv")]
        return sum(max(0, len(path.read_text().splitlines()) - 1) for path in times)

    # --- telephones

    async def _connect_telephones(self) -> None:
        """Each telephone behind its relay, answered by SIPp at once or after a while; then all register."""
        exchange = self._settings.sip_host, self._settings.sip_udp_port
        for local, slow in ((_QUICK_TELEPHONES, False), (_SLOW_TELEPHONES, True)):
            relay = self._relays[slow] = Relay(local, exchange)
            await relay.open()
            run = Sipp(
                scenario=self._silent(AGENT, f"telephones-{slow}", _SLOW_MS if slow else 0),
                remote=f"{exchange[0]}:{exchange[1]}",
                local=local,
                local_port=relay.sipp_port,
                calls=None,
            )
            self._telephones.append(await self._start(run))
        while not await self._register(self._passwords):
            await asyncio.sleep(0.2)

    async def _register(self, users: Iterable[str]) -> bool:
        wanted = list(users)
        taken = [
            await relay.register(self._passwords, [user for user in wanted if (user in self._slow) is slow])
            for slow, relay in self._relays.items()
        ]
        return all(taken)

    async def _stay_registered(self) -> None:
        """As telephones do: who is not known any more registers again."""
        while True:
            await asyncio.sleep(1)
            unknown = await asyncio.to_thread(self._unreachable)
            if self._lost_exchange:
                self._lost_exchange = not await self._register(self._passwords)
            elif unknown:
                await self._register(unknown)

    def _unreachable(self) -> list[str]:
        try:
            with psycopg.connect(self.url) as database:
                rows = database.execute("SELECT agent FROM agent_status WHERE NOT reachable").fetchall()
        except psycopg.Error:
            return []
        return [f"desk-{agent}" for (agent,) in rows if f"desk-{agent}" in self._passwords]

    def _silent(self, scenario: Path, name: str, ring_ms: int = 0) -> Path:
        """The scenario without sound, which 200 calls on a small machine cannot spare; `ring_ms` before the answer."""
        text = _SOUND.sub("", scenario.read_text(encoding="utf-8"))
        if ring_ms:
            text = text.replace('<send retrans="500">', f'<pause milliseconds="{ring_ms}"/>\n<send retrans="500">', 1)
        path = self._folder / f"{name}.xml"
        path.write_text(text, encoding="utf-8")
        return path

    async def _start(self, run: Sipp) -> asyncio.subprocess.Process:
        folder = self._stack.enter_context(workplace(run))
        self._workplaces += [folder] if run.times else []
        return await asyncio.create_subprocess_exec(
            *command(run),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    # --- who is at work

    async def _supervise(self) -> None:
        """Agents whom a fault has sent away come back, as people do."""
        while True:
            await asyncio.sleep(1)
            await asyncio.to_thread(self._send, _BACK)

    async def _hold(self) -> None:
        """Some who talk are put on hold for a while."""
        while True:
            await asyncio.sleep(self._chance.uniform(0.5, 2.0))
            await asyncio.to_thread(self._send, _HOLD if self._chance.random() < 0.6 else _UNHOLD)

    def _send(self, query: str) -> None:
        """Write the commands that the query names: agent, command, data."""
        with contextlib.suppress(psycopg.Error), psycopg.connect(self.url, autocommit=True) as database:
            rows: Sequence[tuple[int, str, dict[str, object]]] = database.execute(query.encode()).fetchall()
            for agent, name, data in rows:
                database.execute(
                    "INSERT INTO command (id, name, agent, data) VALUES (%s, %s, %s, %s)",
                    (uuid.uuid4(), name, agent, Jsonb(data)),
                )

    def _is_quiet(self) -> bool:
        try:
            with psycopg.connect(self.url) as database:
                row = database.execute(_BUSY).fetchone()
        except psycopg.Error:
            return False
        return row is not None and row[0] == 0


_BACK = """
SELECT agent, CASE state WHEN 'signed_out' THEN 'sign_in' ELSE 'available' END, '{}'::jsonb FROM agent_status
WHERE state = 'signed_out' OR (state = 'away' AND reachable)
"""
_CONTROL = """
SELECT agent, 'control', jsonb_build_object('contact', id, 'control', '{}', 'digits', '') FROM contact
WHERE state = 'engaged' AND {}held ORDER BY random() LIMIT 2
"""
_HOLD, _UNHOLD = _CONTROL.format("hold", "NOT "), _CONTROL.format("unhold", "")
_BUSY = """
SELECT (SELECT count(*) FROM contact WHERE state <> 'ended' AND direction = 'in')
     + (SELECT count(*) FROM agent_status s JOIN contact c ON c.id = s.contact
        WHERE c.direction = 'in' AND s.state IN ('offered', 'engaged', 'wrap_up'))
"""
"""Citizens who called, and what they left to agents; promised calls may go on for hours."""


def _last(path: Path, column: str) -> int:
    lines = list(csv.DictReader(path.read_text().splitlines(), delimiter=";")) if path.exists() else []
    return int(lines[-1][column]) if lines else 0


async def _end(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Let it end; by force when it does not within a minute."""
    if process.returncode is None:
        process.send_signal(number)
        try:
            async with asyncio.timeout(60):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
