"""How long a change in the centre takes to the screen: NOTIFY → PostgreSQL → web process → a real browser's picture.

A real web process and a real PostgreSQL; `--desks` open sockets of as many agents, one of them in a headless Chromium.
The rows are written by the projector's own statement. Prints one line of JSON:
`p50_ms`, `p99_ms` (to the browser's screen), `desks_p99_ms` (to the last of the other desks), `desks`, `samples`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection as Pipe
from typing import TYPE_CHECKING, Any, cast

from bench.options import Options, above_zero, positive
from bench.webside import call_at, desk_page, make_people, own_database, web
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from playwright.async_api import Page

_WAIT = 30.0
_MOST = 9999
_MARK = b'"called":"'

_PAGE = """
() => {
  window.__seen = {};
  const drawn = new MessageChannel();
  let number = "";
  drawn.port1.onmessage = () => { window.__seen[number] ??= performance.timeOrigin + performance.now(); };
  new MutationObserver(() => {
    const texts = [...document.querySelectorAll("#desk .hd-number")].map((element) => element.textContent);
    const text = texts.find((each) => each.startsWith("010-0000-"));
    if (!text || text === number) return;
    requestAnimationFrame(() => { number = text; drawn.port2.postMessage(0); });
  }).observe(document.getElementById("desk"), { childList: true, characterData: true, subtree: true });
}
"""
"""Notes when each caller's number stands in a frame that was drawn: a message posted in the frame comes after it."""


def main() -> None:
    parser = Options(prog="haedap bench push")
    parser.add_argument("--desks", type=positive, default=100)
    parser.add_argument("--samples", type=positive, default=400)
    parser.add_argument("--per-second", type=above_zero, default=20.0, help="changes a second, at random moments")
    parser.add_argument("--json", action="store_true", help="one line of JSON (the only form)")
    options = parser.parse_args()
    if options.samples > _MOST:
        parser.refuse(f"--samples는 {_MOST}까지 쓸 수 있습니다.")
    [port] = free_ports(1)
    os.environ["HAEDAP_WEB_PORT"] = str(port)
    with own_database() as (url, folder):
        people = make_people(options.desks)
        with web(port, folder), _desks(port, [session for _agent, session in people[1:]]) as desks:
            seen = asyncio.run(_measure(url, port, people[0], options))
            last = _ask(desks, "stop")
    print(json.dumps(_result(seen, last, options)))


def _result(
    seen: dict[str, tuple[float, float]], desks: dict[str, float], options: argparse.Namespace
) -> dict[str, Any]:
    screen = [shown - written for written, shown in seen.values()]
    had = _shown_by(list(seen), desks)
    others = [had[mark] - written for mark, (written, _shown) in seen.items()] if desks else []
    return {
        "p50_ms": round(statistics.median(screen), 1),
        "p99_ms": _p99(screen),
        "desks_p99_ms": _p99(others) if others else None,
        "desks": options.desks,
        "samples": len(screen),
    }


def _p99(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=100, method="inclusive")[98] if len(values) > 1 else values[0], 1)


# --- the other desks: a process of their own


@contextmanager
def _desks(port: int, sessions: list[str]) -> Iterator[Pipe]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_run_desks, args=(theirs, port, sessions), daemon=True
    )
    process.start()
    try:
        if not ours.poll(_WAIT) or ours.recv() != "open":
            raise SystemExit("the desks could not connect")
        yield ours
    finally:
        process.kill()
        process.join()


def _ask(desks: Pipe, what: str) -> dict[str, float]:
    desks.send(what)
    found: dict[str, float] = desks.recv()
    return found


def _run_desks(pipe: Pipe, port: int, sessions: list[str]) -> None:
    asyncio.run(_sit_at_desks(pipe, port, sessions))


class _Line(asyncio.Protocol):
    """A socket that reads as cheaply as can be: real desks are other machines, these share the processors."""

    def __init__(self, port: int, session: str, last: dict[str, float]) -> None:
        from websockets.client import ClientProtocol
        from websockets.typing import Origin
        from websockets.uri import parse_uri

        address = f"127.0.0.1:{port}"
        self._protocol = ClientProtocol(
            parse_uri(f"ws://{address}/ws"), origin=Origin(f"http://{address}"), max_size=None
        )
        self._session = session
        self._last = last
        self.has_figures = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        request = self._protocol.connect()
        request.headers["Cookie"] = f"haedap_session={self._session}"
        self._protocol.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            self._take(bytes(getattr(event, "data", b"")))
        self._flush()

    def _take(self, message: bytes) -> None:
        _before, found, after = message.partition(_MARK)
        if found:
            self._last[after.partition(b'"')[0].decode()] = time.time() * 1000
        self.has_figures = self.has_figures or b'"type":"figures"' in message

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            self._transport.write(data)


async def _sit_at_desks(pipe: Pipe, port: int, sessions: list[str]) -> None:
    """Reads every message of every socket; answers `stop` with when the last desk had each change."""
    last: dict[str, float] = {}
    loop = asyncio.get_running_loop()
    lines = []
    for session in sessions:
        _transport, line = await loop.create_connection(partial(_Line, port, session, last), "127.0.0.1", port)
        lines.append(line)
    while not all(line.has_figures for line in lines):
        await asyncio.sleep(0.02)
    pipe.send("open")
    await asyncio.to_thread(pipe.recv)
    pipe.send(last)


# --- the browser and the samples


async def _measure(
    url: str, port: int, person: tuple[int, str], options: argparse.Namespace
) -> dict[str, tuple[float, float]]:
    """By mark: when its row was written and when the browser showed it, in milliseconds since 1970."""
    agent, session = person
    async with desk_page(port, session) as page:
        await page.evaluate(_PAGE)
        written = await _write_samples(url, agent, page, options)
        marks = list(written)
        await page.wait_for_function("(mark) => mark in window.__seen", arg=marks[-1], timeout=_WAIT * 1000)
        shown = await page.evaluate("() => window.__seen")
    return {mark: (written[mark], at) for mark, at in _shown_by(marks, shown).items()}


def _shown_by(marks: list[str], shown: dict[str, float]) -> dict[str, float]:
    """When the screen was at least as new as each mark: a change overtaken by the next is shown with it."""
    at, found = float("inf"), {}
    for mark in reversed(marks):
        at = min(at, shown.get(mark, at))
        found[mark] = at
    return dict(reversed(found.items()))


async def _write_samples(url: str, agent: int, page: Page, options: argparse.Namespace) -> dict[str, float]:
    """One contact with the agent; each sample changes the caller's number, which stands in the desk's head line."""
    from haedap.store.connection import connect
    from haedap.store.record_rows import Changes
    from haedap.store.tables import write_changes

    contact, status = call_at(agent, "engaged", "+821000000000")
    contacts = {contact.id: contact}
    moments = random.Random(120)
    written: dict[str, float] = {}
    connection = await connect(url, "bench", durable=False)
    await write_changes(connection, Changes(contacts=contacts, agents={status.agent: status}), 1)
    await page.wait_for_function("() => Object.keys(window.__seen).length", timeout=_WAIT * 1000)
    for number in range(1, options.samples + 1):
        await asyncio.sleep(moments.expovariate(options.per_second))
        contact.called = mark = f"010-0000-{number:04}"
        contact.caller = f"+82100000{number:04}"
        contact.seq = number + 1
        written[mark] = time.time() * 1000
        await write_changes(connection, Changes(contacts=contacts), number + 1)
    await connection.close()
    return written


if __name__ == "__main__":
    main()
