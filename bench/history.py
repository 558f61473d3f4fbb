"""From ringing to a filled history panel: what an agent waits for before they know who calls and about what.

A real web process, a real PostgreSQL with `--contacts` contacts, and one desk in a headless Chromium. Each sample is a
call that begins to ring, written by the projector's own statement; its citizen has 20 earlier contacts, from two
numbers, for they were merged out of two. The time runs in the browser: from the first picture of the page that rings
with this number to the first with this citizen's earlier contacts in the head line. Prints one line of JSON: `p50_ms`,
`p95_ms`, `written_p95_ms` (from the row's being written, the way to the browser included), `contacts`, `samples`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bench.options import Options, positive
from bench.webside import call_at, desk_page, make_people, own_database, web
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from playwright.async_api import Page

_EACH = 20
_MOST = 4000
_WARM_UP = 5
_WAIT_MS = 30_000
_REST = 0.5
"""Seconds between calls: an agent's page has told the end of the last one before the next one rings."""

_DATA = """
INSERT INTO topic (code, name, parent_id) SELECT 'a' || n, '분야 ' || n, NULL FROM generate_series(0, 4) n;
INSERT INTO topic (code, name, parent_id)
    SELECT parent.code || n, '갈래 ' || n, parent.id FROM topic parent, generate_series(0, 9) n;
INSERT INTO citizen (name) SELECT '시민 ' || n FROM generate_series(0, %(citizens)s - 1) n;
INSERT INTO citizen (name, merged_into, merged_with) SELECT name || ' 님', id, id FROM citizen;
INSERT INTO citizen_number (number, channel, citizen)
    SELECT CASE WHEN merged_into IS NULL THEN '+82100000' ELSE '+82100001' END
        || lpad(split_part(name, ' ', 2), 4, '0'), 'voice', id FROM citizen;
INSERT INTO contact
    (id, channel, state, outcome, caller, queue, agent, arrived_at, queued_at, answered_at, ended_at, seq)
    SELECT gen_random_uuid(), 'voice', 'ended', 'answered',
        '+8210000' || (i %% 2) || lpad((i / %(each)s)::text, 4, '0'), 'general', %(agent)s, at, at, at, at, 0
    FROM (SELECT i, now() - (i %% %(each)s + 1) * interval '2 days' - random() * interval '1 day' AS at
        FROM generate_series(0, %(contacts)s - 1) i) called;
INSERT INTO segment (contact, number, agent, queue, offer, started_at, ended_at, seq)
    SELECT id, 1, agent, queue, id || '.1', answered_at, ended_at, 0 FROM contact;
INSERT INTO contact_note (contact, text, version, topic_id)
    SELECT contact.id, '문의 #' || right(caller, 4)::int || '.' || chr(10) || repeat('안내함 ', 20), 1, topic.id
    FROM contact JOIN topic ON topic.code = 'a' || (contact.seq + right(caller, 1)::int %% 5) || '3';
"""

_PAGE = """
() => {
  const rings = (window.__rings = {});
  const look = () => {
    const number = document.querySelector(".head .hd-number")?.textContent;
    if (document.querySelector(".desk-centre")?.dataset.phase !== "ringing" || !number) return;
    const now = performance.timeOrigin + performance.now();
    const ring = (rings[number] ??= { ringing: now, filled: null });
    const line = document.querySelector(".head-history li:nth-child(3)")?.textContent ?? "";
    if (line.includes(`#${Number(number.slice(-4))}.`)) ring.filled ??= now;
  };
  new MutationObserver(look).observe(document.getElementById("desk"), {
    attributes: true, childList: true, characterData: true, subtree: true,
  });
}
"""
"""Notes for each number when the page rings with it, and when three earlier contacts of its citizen stand there."""


def main() -> None:
    parser = Options(prog="haedap bench history")
    parser.add_argument("--contacts", type=positive, default=100_000)
    parser.add_argument("--samples", type=positive, default=200)
    parser.add_argument("--json", action="store_true", help="one line of JSON (the only form)")
    options = parser.parse_args()
    citizens = options.contacts // _EACH
    if not 2 <= options.samples <= min(citizens, _MOST) - _WARM_UP or citizens > 10_000:
        most = f"--samples는 2부터 {_MOST - _WARM_UP}까지, --contacts는 그 {_EACH}배보다 많고 200,000까지입니다."
        parser.refuse(most)
    [port] = free_ports(1)
    os.environ["HAEDAP_WEB_PORT"] = str(port)
    with own_database() as (url, folder):
        [(agent, session)] = make_people(1)
        _fill(url, agent, options.contacts)
        with web(port, folder):
            rings = asyncio.run(_measure(url, port, agent, session, options.samples + _WARM_UP))
    print(json.dumps(_result(rings[_WARM_UP:], options)))


def _result(rings: list[dict[str, float]], options: argparse.Namespace) -> dict[str, Any]:
    took = [ring["filled"] - ring["ringing"] for ring in rings]
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": _p95(took),
        "written_p95_ms": _p95([ring["filled"] - ring["written"] for ring in rings]),
        "contacts": options.contacts,
        "samples": len(rings),
    }


def _p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20, method="inclusive")[-1], 1)


def _fill(url: str, agent: int, contacts: int) -> None:
    import psycopg

    values = {"agent": agent, "contacts": contacts, "citizens": contacts // _EACH, "each": _EACH}
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_DATA.encode(), values)
        connection.execute("VACUUM ANALYZE")


async def _measure(url: str, port: int, agent: int, session: str, samples: int) -> list[dict[str, float]]:
    """By sample: when its row was written, the page rang, and its history stood there; ms since 1970."""
    async with desk_page(port, session) as page:
        await page.evaluate(_PAGE)
        return await _ring(url, agent, page, samples)


async def _ring(url: str, agent: int, page: Page, samples: int) -> list[dict[str, float]]:
    from haedap.store.connection import connect
    from haedap.store.record_rows import Changes
    from haedap.store.tables import write_changes

    connection = await connect(url, "bench", durable=False)
    found = []
    for number in range(samples):
        await asyncio.sleep(_REST)
        contact, status = call_at(agent, "offered", f"+82100000{number:04}")
        contact.seq = status.seq = 2 * number + 1
        written = time.time() * 1000
        await write_changes(
            connection, Changes(contacts={contact.id: contact}, agents={status.agent: status}), 2 * number + 1
        )
        shown = f"010-0000-{number:04}"
        await page.wait_for_function("(number) => window.__rings[number]?.filled", arg=shown, timeout=_WAIT_MS)
        found.append({**await page.evaluate("(number) => window.__rings[number]", shown), "written": written})
        contact.state, contact.outcome, contact.ended_at = "ended", "abandoned", datetime.now(UTC)
        status.state, status.contact = "available", None
        contact.seq = status.seq = 2 * number + 2
        await write_changes(
            connection, Changes(contacts={contact.id: contact}, agents={status.agent: status}), 2 * number + 2
        )
        await page.wait_for_function("() => document.querySelector('.desk-centre').dataset.phase === 'empty'")
    await connection.close()
    return found


if __name__ == "__main__":
    main()
