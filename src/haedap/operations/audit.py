"""`haedap audit`: proves a centre's books, and makes the tables for screens anew from them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

import psycopg
import typer
from rich.console import Console

from haedap.config import Settings, get_settings
from haedap.operations import OperationsError
from haedap.operations.usage import HELP, run_command

_SHOWN = 1000
"""Breaches that are printed; the rest is counted."""

app = typer.Typer(
    name="haedap audit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=HELP,
)
AsJson = Annotated[bool, typer.Option("--json", help="기계가 읽을 JSON으로 출력")]


def main(arguments: list[str]) -> None:
    """Run the command with these arguments."""
    run_command(app, arguments, "haedap audit")


@dataclass(frozen=True, slots=True)
class Audited:
    """The outcome, as `--json` prints it."""

    ok: bool
    rows: int
    arrived: int
    opened: int
    closed: int
    live: int
    replayed: bool
    breaches: int
    broken: list[dict[str, str | int | None]]


@app.command()
def journal(
    *,
    json: AsJson = False,
    replay: Annotated[bool, typer.Option("--replay", help="판정을 처음부터 다시 하여 같은지도 봅니다")] = False,
) -> None:
    """기록 원장을 처음부터 끝까지 읽어 빠지거나 두 번 센 상담 건이 없는지 확인합니다"""
    outcome = examine(get_settings().database_url, replay=replay)
    if json:
        print(_json(outcome))  # noqa: T201 - the command's output
    else:
        _show(outcome)
    raise typer.Exit(0 if outcome.ok else 1)


@app.command()
def rebuild() -> None:
    """조회용 표를 기록 원장에서 새로 만듭니다 (센터가 멈춰 있어야 합니다)"""
    from haedap.store import StoreError, StoreUnavailableError

    try:
        seq = asyncio.run(_rebuilt(get_settings()))
    except StoreUnavailableError:
        raise OperationsError(
            "데이터베이스가 응답하지 않습니다. DATABASE_URL을 확인하고 다시 실행하십시오. 바뀐 것은 없습니다."
        ) from None
    except StoreError:
        raise OperationsError("엔진이 일하고 있어 새로 만들 수 없습니다. 센터를 끝내고 다시 실행하십시오.") from None
    Console(highlight=False).print(f"조회용 표를 원장 {seq:,}번 줄까지 새로 만들었습니다.")


async def _rebuilt(settings: Settings) -> int:
    """The row of the journal up to which the tables are made anew."""
    from haedap.operations.services import database_of
    from haedap.store.projector import rebuild as rebuild_read_models

    zone = ZoneInfo(settings.time_zone) if settings.recording else None
    async with database_of(settings):
        return await rebuild_read_models(settings.database_url, recorded_in=zone)


def examine(url: str, *, replay: bool = False) -> Audited:
    """Audit the journal of this database. Raises psycopg.Error."""
    from haedap.store.audit import Report, audit

    report, found = Report(), 0
    shown: list[dict[str, str | int | None]] = []
    with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
        for breach in audit(connection, report, replay=replay):
            found += 1
            if len(shown) < _SHOWN:
                shown.append({"seq": breach.seq, "rule": breach.rule, "contact": breach.contact, "agent": breach.agent})
    return Audited(
        ok=not found,
        rows=report.rows,
        arrived=report.arrived,
        opened=report.opened,
        closed=report.closed,
        live=report.live,
        replayed=report.replayed,
        breaches=found,
        broken=shown,
    )


def _json(outcome: Audited) -> str:
    return json.dumps(asdict(outcome), ensure_ascii=False)


def _show(outcome: Audited) -> None:
    console = Console(highlight=False)
    for breach in outcome.broken:
        contact = f" 상담 건 {breach['contact']}" if breach["contact"] else ""
        agent = f" 상담사 {breach['agent']}" if breach["agent"] else ""
        console.print(f"원장 {breach['seq']}번 줄: {breach['rule']}{contact}{agent}", style="red")
    if outcome.breaches > len(outcome.broken):
        console.print(f"… 그 밖에 {outcome.breaches - len(outcome.broken):,}건이 더 있습니다.", style="red")
    contacts = f"상담 건 {outcome.opened:,}건(끝남 {outcome.closed:,}, 진행 중 {outcome.live:,})"
    counted = f"원장 {outcome.rows:,}줄, {contacts}"
    if outcome.ok:
        again = " 다시 판정한 결과도 같습니다." if outcome.replayed else ""
        console.print(f"{counted}: 빠지거나 두 번 센 상담 건이 없습니다.{again}", style="green")
    else:
        console.print(f"{counted}: 규칙에 어긋난 곳이 {outcome.breaches:,}건 있습니다.")
    if any(breach["rule"] == "replay_differs" for breach in outcome.broken):
        console.print(
            "그 줄을 다른 판의 프로그램이 썼다면 판정이 다를 수 있습니다. 판을 올린 센터는 --replay 없이 확인하십시오."
        )
