"""`haedap fake-city`: the systems of 해답시 as real servers, with faults on request."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from haedap.config import get_settings
from haedap.fake_city import FakeCityError, database
from haedap.fake_city.addresses import reader_password
from haedap.fake_city.answers import CONFIRM_KEY, REST_TOKEN, SERVICE_KEY, SYSTEMS
from haedap.fake_city.faults import Behaviour, FaultKind
from haedap.fake_city.people import MOST_PEOPLE
from haedap.fake_city.serve import HOST, Running, Wanted, fake_city
from haedap.operations import OperationsError
from haedap.operations.usage import HELP, run_command

app = typer.Typer(add_completion=False, context_settings=HELP)
_NONE = Behaviour()


def main(arguments: list[str]) -> None:
    """Run the command with these arguments. Raises OperationsError."""
    try:
        run_command(app, arguments, "haedap fake-city")
    except FakeCityError as error:
        raise OperationsError(str(error)) from None


@app.command()
def run(
    *,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="포트 (0: 빈 포트 아무거나)")] = None,
    seed: Annotated[int, typer.Option(help="지어낸 시민들의 씨앗: 같으면 같은 도시")] = 1,
    people: Annotated[int, typer.Option(min=1, max=MOST_PEOPLE, help="시민 수")] = MOST_PEOPLE,
    usual_delay: Annotated[int, typer.Option(min=0, max=60_000, help="모든 시스템의 지연 (밀리초)")] = 40,
    delay: Annotated[list[str] | None, typer.Option(help="시스템=밀리초 (여러 번 쓸 수 있음)")] = None,
    fault: Annotated[list[str] | None, typer.Option(help=f"시스템=장애: {', '.join(FaultKind)}")] = None,
    without_database: Annotated[bool, typer.Option("--without-database", help="SQL 뷰 없이 웹 시스템만")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="기계가 읽을 JSON으로 출력")] = False,
) -> None:
    """가상 도시 해답시의 행정시스템을 이 기계에서 엽니다 (Ctrl-C로 끝냅니다)"""
    settings = get_settings()
    if not settings.demo:
        raise OperationsError("가상 도시는 시연 센터에서만 열 수 있습니다 (HAEDAP_ENVIRONMENT=demo).")
    wanted = Wanted(
        port=settings.fake_city_port if port is None else port,
        seed=seed,
        people=people,
        today=_today,
        server_url=None if without_database else settings.database_url,
        reader_password=reader_password(settings),
        tell=lambda sentence: print(sentence, file=sys.stderr),  # noqa: T201 - the command's own voice
        usual_delay_ms=usual_delay,
        behaviours=_behaviours(delay or [], fault or []),
    )
    asyncio.run(_serve(wanted, as_json=as_json))


async def _serve(wanted: Wanted, *, as_json: bool) -> None:
    stopped = asyncio.Event()
    async with fake_city(wanted) as running:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        _tell(running, as_json=as_json)
        await stopped.wait()


def _tell(running: Running, *, as_json: bool) -> None:
    address = f"http://{HOST}:{running.port}"
    places = {name: f"{address}{place}" for name, (place, _answers) in SYSTEMS.items()}
    views = {name: f"city.v_{name}" for name in database.SYSTEMS if name in running.systems}
    if as_json:
        keys = {"service_key": SERVICE_KEY, "confirm_key": CONFIRM_KEY, "token": REST_TOKEN}
        said = {"port": running.port, "control": f"{address}/control", "systems": places, "keys": keys}
        database_said = {"database": database.DATABASE, "reader": database.READER, "views": views} if views else None
        sys.stdout.write(json.dumps({**said, "database": database_said}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return
    table = Table(title=f"가상 도시 해답시 · 장애와 지연: {address}/control")
    table.add_column("시스템")
    table.add_column("주소 또는 뷰")
    for name, place in {**views, **places}.items():
        table.add_row(name, place)
    Console().print(table)


def _behaviours(delays: list[str], faults: list[str]) -> Mapping[str, Behaviour]:
    """Raises FakeCityError for what cannot be read; unknown systems are refused by the city itself."""
    found: dict[str, Behaviour] = {}
    for text in delays:
        system, _, milliseconds = text.partition("=")
        if not milliseconds.isascii() or not milliseconds.isdigit():
            raise FakeCityError("--delay는 시스템=밀리초로 적으십시오. 예: --delay local_tax=500")
        found[system] = msgspec.structs.replace(found.get(system, _NONE), delay_ms=int(milliseconds))
    for text in faults:
        system, _, kind = text.partition("=")
        if kind not in {one.value for one in FaultKind}:
            raise FakeCityError(f"--fault는 시스템=장애로 적으십시오. 장애: {', '.join(FaultKind)}")
        found[system] = msgspec.structs.replace(found.get(system, _NONE), fault=FaultKind(kind))
    return found


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Seoul")).date()
