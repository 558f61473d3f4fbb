"""`haedap demo calls`: invented citizens call the running centre by SIP, with sound, so that it looks alive."""

from __future__ import annotations

import asyncio
import io
import random
import socket
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

import soundfile
import typer
from rich.console import Console

from haedap.config import Settings, get_settings
from haedap.operations import OperationsError
from haedap.operations.info import collect
from haedap.operations.sipp import CITIZEN, SILENCE, Outcome, Sipp, require_sipp, run_sipp
from haedap.operations.usage import HELP, run_command
from haedap.settings_fields import url_host

_RATE = 8000
_SENTENCES = (
    "안녕하세요. 주정차 과태료를 문의하려고 전화했습니다.",
    "여보세요. 이번 달 수도 요금이 너무 많이 나왔습니다.",
    "네, 대형 폐기물은 어떻게 버리면 되나요.",
    "여권을 다시 만들려면 무엇을 가져가야 하나요.",
)
_NAMES = ("김민원", "이시민", "박주민", "최가상", "")

app = typer.Typer(add_completion=False, context_settings=HELP)


def main(arguments: list[str]) -> None:
    """Run the command with these arguments."""
    run_command(app, arguments, "haedap demo calls")


@app.command()
def calls(
    count: Annotated[int, typer.Option(min=1, max=1000, help="거는 전화 수")] = 10,
    every: Annotated[float, typer.Option(min=0.1, max=3600, help="전화 사이의 초")] = 5.0,
    talk: Annotated[int, typer.Option(min=1, max=1800, help="응답 뒤 끊을 때까지의 초")] = 60,
) -> None:
    """지어낸 시민들이 돌고 있는 센터에 SIP 전화를 겁니다 (Ctrl-C로 그만둡니다)"""
    console = Console()
    try:
        run = prepare(get_settings(), random.Random(), count, every, talk)  # noqa: S311 - invented people
        console.print(f"{run.called}번으로 전화 {count}통을 {every:g}초마다 겁니다. 센터 화면에서 지켜보십시오.")
        outcome = asyncio.run(run_sipp(run))
    except OperationsError as error:
        console.print(str(error), style="red")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("그만두었습니다.")
        raise typer.Exit(130) from None
    console.print(_report(outcome))
    raise typer.Exit(0 if outcome.ok else 1)


def prepare(settings: Settings, chance: random.Random, count: int, every: float, talk: int) -> Sipp:
    """The run of SIPp for this centre. Raises OperationsError with what to do when it cannot be."""
    require_sipp()
    if not settings.demo:
        raise OperationsError("시연 전화는 시연 센터에서만 걸 수 있습니다 (HAEDAP_ENVIRONMENT=demo).")
    local = next((_first_host(net) for net in settings.trunk_allowed if net.is_loopback), None)
    if local is None:
        raise OperationsError("시연 전화를 걸 주소가 없습니다. 설정 trunk_allowed에 127.0.0.2/32를 넣으십시오.")
    host = url_host(settings.sip_host)
    _require_running(host, settings.sip_tcp_port)
    numbers = collect(settings).numbers
    called = numbers[0].dialled if numbers else settings.main_number_dialled
    return Sipp(
        scenario=CITIZEN,
        remote=f"{host}:{settings.sip_udp_port}",
        local=local,
        called="".join(character for character in called if character.isdigit()),
        people=tuple((f"0100000{number:04}", chance.choice(_NAMES)) for number in chance.sample(range(10_000), count)),
        calls=count,
        per_second=1 / every,
        at_once=min(count, 200),
        talk_ms=talk * 1000,
        voice=_voice(chance.choice(_SENTENCES)),
    )


def _first_host(network: IPv4Network | IPv6Network) -> str:
    """An address to call from: the first one of a network names the network itself."""
    return str(next(iter(network.hosts())))


def _require_running(host: str, port: int) -> None:
    try:
        with socket.create_connection((host, port), timeout=2):
            return
    except OSError:
        raise OperationsError("센터가 돌고 있지 않습니다. make run으로 시작한 뒤 다시 실행하십시오.") from None


def _voice(sentence: str) -> bytes:
    """The sentence and a pause; silence where no voice can be had."""
    from haedap.channels.voice.prompts import EspeakVoice, PromptError

    try:
        wav = EspeakVoice().speak(sentence)
    except PromptError:
        return SILENCE
    samples, _ = soundfile.read(io.BytesIO(wav), dtype="int16")
    coded = io.BytesIO()
    soundfile.write(coded, samples, _RATE, format="RAW", subtype="ULAW")
    return coded.getvalue() + 2 * SILENCE


def _report(outcome: Outcome) -> str:
    total = outcome.successful + outcome.failed
    if outcome.ok:
        return f"전화 {total}통이 모두 이어지고 끝났습니다."
    return f"전화 {total}통 가운데 {outcome.failed}통이 이어지지 못했습니다. haedap doctor로 살펴보십시오."
