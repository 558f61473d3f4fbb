"""How long a search in the list of contacts takes for an agent with very many contacts of their own.

Three of four contacts are the agent's, the fourth is a colleague's, who alone had the word 여권. Prints one line of
JSON: for each word searched the 50th and 95th percentile of the page's time in milliseconds, and how many it showed.
"""

from __future__ import annotations

import json
import statistics
import time

import psycopg

from bench.options import Options, positive
from bench.webside import own_database

WORDS = {
    "문의": "in every note",
    "재산세": "in every eighth",
    "누수": "in every hundredth",
    "여권": "in every fourth, the colleague's only",
    "희귀어": "in one of 100,000",
    "없는말": "in none",
    "홍길동": "a name on one line of 50",
}
_TRIGRAMS = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%' AND tablename LIKE 'contact%'"
)
_FILL = """
INSERT INTO account (id, username, name, role, password, must_change_password)
VALUES (1, 'agent1', '한이슬', 'agent', '!', false), (2, 'agent2', '이하늘', 'agent', '!', false);
INSERT INTO contact (id, channel, state, outcome, ended_by, called, caller, caller_name, queue, arrived_at, queued_at,
                     answered_at, ended_at, agent, segments, seq)
SELECT gen_random_uuid(), 'voice', 'ended', 'answered', 'agent', '+82200000120',
       '+8210000' || lpad((n %% 100000)::text, 5, '0'), CASE WHEN n %% 50 = 0 THEN '홍길동' ELSE '' END,
       'queue', at, at + interval '20 s', at + interval '35 s', at + interval '200 s',
       CASE WHEN n %% 4 = 0 THEN 2 ELSE 1 END, 1, n
FROM (SELECT n, now() - n * interval '40 s' AS at FROM generate_series(1, %(contacts)s) AS n) AS made;
INSERT INTO contact_note (contact, text, version)
SELECT id, '전화 문의 내용을 듣고 담당 부서와 처리 기한을 안내함. 신청인이 다시 묻기로 함. 번호 ' || seq
           || CASE WHEN seq %% 8 = 1 THEN ' 재산세 고지서' ELSE '' END
           || CASE WHEN seq %% 100 = 1 THEN ' 수도관 누수' ELSE '' END
           || CASE WHEN agent = 2 THEN ' 여권 발급' ELSE '' END
           || CASE WHEN seq %% 100000 = 77777 THEN ' 희귀어' ELSE '' END, 1
FROM contact;
"""


def main() -> None:
    parser = Options(prog="haedap bench records")
    parser.add_argument("--contacts", type=positive, default=400_000)
    parser.add_argument("--rounds", type=positive, default=20)
    parser.add_argument("--json", action="store_true", help="one line of JSON (the only form)")
    options = parser.parse_args()
    with own_database() as (url, _folder):
        with psycopg.connect(url, autocommit=True) as connection, psycopg.ClientCursor(connection) as cursor:
            later = connection.execute(_TRIGRAMS).fetchall()
            for name, _definition in later:
                connection.execute(f'DROP INDEX "{name}"')
            cursor.execute(_FILL, {"contacts": options.contacts})
            for _name, definition in later:
                connection.execute(definition)
            connection.execute("VACUUM ANALYZE")
        found = _measure(options.rounds)
    print(json.dumps({"contacts": options.contacts, "own": options.contacts * 3 // 4, "searches": found}))


def _measure(rounds: int) -> dict[str, dict[str, float]]:
    import django

    django.setup()
    from django.test import Client

    from haedap.apps.accounts.models import Account

    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(pk=1), backend="haedap.apps.accounts.backend.AccountBackend")
    return {word: _searched(client, word, rounds) for word in WORDS}


def _searched(client: object, word: str, rounds: int) -> dict[str, float]:
    address = client.post("/contacts/search", {"q": word})["Location"]  # type: ignore[attr-defined]
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = client.get(address)  # type: ignore[attr-defined]
        times.append((time.perf_counter() - began) * 1000)
    assert answer.status_code == 200, answer.status_code  # noqa: S101 - a measurement of anything else says nothing
    ordered = sorted(times)
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))], 1),
        "shown": answer.content.count(b'<th scope="row">'),
        "gave_up": answer.content.count("너무 오래".encode()),
    }


if __name__ == "__main__":
    main()
