"""`haedap info`: where things are, for people and for outside tools. Holds no password."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from rich.console import Console
from rich.table import Table
from rich.text import Text

from haedap import __version__
from haedap.config import Settings, get_settings
from haedap.operations.engines import EngineProcess, find_engines
from haedap.operations.language import language_state, language_text
from haedap.settings_fields import NOTICING, dialled


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number that the centre answers: `number` in E.164, `dialled` as a citizen dials it."""

    number: str
    dialled: str
    label: str


@dataclass(frozen=True, slots=True)
class Info:
    """What outside tools need. The field names are a promise; see docs/reference/commands.md."""

    version: str
    environment: str
    web: dict[str, str | int]
    sip: dict[str, str | int]
    trunk: dict[str, list[str]]
    main_number: str
    numbers: list[OwnNumber]
    database: dict[str, str | bool]
    engines: dict[str, dict[str, str | int | bool] | None]
    """`active` writes the journal, `standby` waits to; None: there is none."""
    language: dict[str, str | int | bool] | None
    """What the language process says of itself: entries, how many are embedded, whether it embeds; None: it is away."""
    asterisk: dict[str, str]
    recordings: str
    prompts: str
    state: str
    cache: str
    logs: str


def collect(settings: Settings) -> Info:
    """The facts of this centre; the numbers come from the database, or from the settings while it does not answer."""
    numbers, reachable = _numbers(settings)
    return Info(
        version=__version__,
        environment=settings.environment.value,
        web={"url": settings.web_url, "host": settings.web_host, "port": settings.web_port},
        sip={
            "host": settings.sip_host,
            "udp_port": settings.sip_udp_port,
            "tcp_port": settings.sip_tcp_port,
            "tls_port": settings.sip_tls_port,
        },
        trunk={"allowed": [str(network) for network in settings.trunk_allowed]},
        main_number=numbers[0].dialled if numbers else settings.main_number_dialled,
        numbers=numbers,
        database={
            "url": without_password(settings.database_url),
            "embedded": settings.database_embedded,
            "reachable": reachable,
        },
        engines=_engines(settings.database_url),
        language=language_state(settings.runtime),
        asterisk={"ari_url": settings.ari_url, "metrics_url": f"{settings.ari_url}/metrics"},
        recordings=str(settings.recordings),
        prompts=str(settings.prompts),
        state=str(settings.state),
        cache=str(settings.cache),
        logs=str(settings.logs),
    )


def print_info(*, as_json: bool) -> None:
    """Print the facts, as a table or as one JSON object."""
    info = collect(get_settings())
    if as_json:
        print(json.dumps(asdict(info), ensure_ascii=False, indent=2))  # noqa: T201 - the command's output
        return
    table = Table.grid(padding=(0, 2))
    rows = (
        ("웹", info.web["url"]),
        (
            "SIP",
            f"{info.sip['host']} UDP {info.sip['udp_port']} · TCP {info.sip['tcp_port']} · TLS {info.sip['tls_port']}",
        ),
        ("국선 허용 주소", ", ".join(info.trunk["allowed"])),
        ("대표번호", info.main_number),
        ("번호", ", ".join(f"{number.dialled} {number.label}" for number in info.numbers) or "-"),
        ("데이터베이스", f"{info.database['url']}{'' if info.database['reachable'] else ' (응답 없음)'}"),
        ("엔진", _engine_text(info.engines["active"])),
        ("예비 엔진", _engine_text(info.engines["standby"])),
        ("말 처리기", language_text(info.language)),
        ("녹취", info.recordings),
        ("안내 음성", info.prompts),
        ("자료", info.state),
        ("기록", info.logs),
        ("판", info.version),
    )
    for name, value in rows:
        table.add_row(Text(name, style="bold"), Text(str(value)))  # brackets are no markup: an address of IPv6 has some
    Console(highlight=False).print(table)


def _engines(url: str) -> dict[str, dict[str, str | int | bool] | None]:
    try:
        found = find_engines(url)
    except psycopg.Error:
        return {"active": None, "standby": None}
    return {"active": _engine(found.active), "standby": _engine(found.standby)}


def _engine(engine: EngineProcess | None) -> dict[str, str | int | bool] | None:
    if engine is None:
        return None
    since = engine.since.isoformat(timespec="seconds")
    return {"pid": engine.pid, "host": engine.host, "since": since, "ready": engine.ready}


def _engine_text(engine: dict[str, str | int | bool] | None) -> str:
    if engine is None:
        return "없음"
    where = f", {engine['host']}" if engine["host"] else ""
    return f"프로세스 {engine['pid']}{where}{'' if engine['ready'] else ' (아직 따라잡는 중)'}"


_PASSWORDS = frozenset({"password", "sslpassword"})


def without_password(url: str) -> str:
    """The address of a database as it may be shown, as it was given; a `postgresql://` address stays one."""
    known = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    ours = {name: str(value) for name, value in NOTICING.items()}
    parts = {key: value for key, value in known.items() if key not in _PASSWORDS and value != ours.get(key)}
    if parts.get("host", "").startswith("/"):
        return f"postgresql://{parts.get('user', '')}@/{parts.get('dbname', '')}?host={parts['host']}"
    shown = {"user", "host", "port", "dbname"}
    if not shown >= set(parts) or "host" not in parts or {":", ","} & set(parts["host"]):
        return make_conninfo("", **parts)
    user = f"{parts['user']}@" if "user" in parts else ""
    port = f":{parts['port']}" if "port" in parts else ""
    return f"postgresql://{user}{parts['host']}{port}/{parts.get('dbname', '')}"


def _numbers(settings: Settings) -> tuple[list[OwnNumber], bool]:
    try:
        with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
            rows = connection.execute("SELECT number, label FROM number ORDER BY id").fetchall()
    except psycopg.errors.UndefinedTable:
        return [], True
    except psycopg.Error:
        return [], False
    return [OwnNumber(number, dialled(number), label) for number, label in rows], True
