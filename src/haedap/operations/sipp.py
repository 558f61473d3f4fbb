"""SIPp, the traffic generator, with the scenarios of the voice channel: for demonstrations, tests and measurements."""

from __future__ import annotations

import asyncio
import csv
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from haedap.operations import OperationsError

_SCENARIOS = Path(str(files("haedap.channels.voice"))) / "scenarios"
CITIZEN = _SCENARIOS / "citizen.xml"
AGENT = _SCENARIOS / "agent.xml"
REGISTER = _SCENARIOS / "register.xml"

SILENCE = b"\xff" * 8000
"""A second of nothing in G.711 mu-law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sipp:
    """One run of SIPp. `local` is its own address, `remote` the centre's; each row of `people` serves one call in turn.

    `voice` is what its side says, G.711 mu-law at 8 kHz, repeated until the call ends. `calls` None: until stopped.
    """

    scenario: Path
    remote: str
    local: str
    local_port: int | None = None
    called: str = "service"
    people: Sequence[tuple[str, ...]] = (("anonymous", ""),)
    calls: int | None = 1
    per_second: float = 10.0
    at_once: int = 1000
    answer_ms: int = 180_000
    """How long it waits to be answered; the call has failed then."""
    talk_ms: int = 1_000
    transport: str = "u1"
    voice: bytes = SILENCE
    rtp_ports: tuple[int, int] | None = None
    times: bool = False
    """Write the response times, one line a call that was answered, into `scenario_*_rtt.csv` of the workplace."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Keys for a scenario of one's own."""
    call_id: str | None = None
    """The Call-ID, for a run of a single call; otherwise SIPp makes them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What SIPp said at its end: 0 all calls went as written, 1 at least one did not, others: it could not run."""

    code: int
    errors: str
    successful: int = 0
    failed: int = 0

    @property
    def ok(self) -> bool:
        return self.code == 0


def require_sipp() -> str:
    """The path of the program. Raises OperationsError with what to do when it is missing."""
    found = shutil.which("sipp")
    if found is None:
        raise OperationsError("SIPp가 없습니다. sip-tester 패키지를 설치하십시오: apt-get install sip-tester")
    return found


@contextmanager
def workplace(run: Sipp) -> Iterator[Path]:
    """A folder with what SIPp reads: people, voice. It writes its errors there; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sipp-") as name:
        folder = Path(name)
        (folder / "voice.ul").write_bytes(run.voice)
        _write_people(folder / "people.csv", run.people)
        # SIPp takes no keywords in attributes, and these are times to wait.
        scenario = run.scenario.read_text(encoding="utf-8")
        times = scenario.replace("[answer_ms]", str(run.answer_ms)).replace("[talk_ms]", str(run.talk_ms))
        (folder / "scenario.xml").write_text(times, encoding="utf-8")
        yield folder


def command(run: Sipp) -> tuple[str, ...]:
    """The command line for `run`; to be started in its `workplace`."""
    options: list[str] = [
        *("-sf", "scenario.xml", "-inf", "people.csv", "-s", run.called),
        *("-i", run.local, "-mi", run.local, "-t", run.transport),
        *("-r", str(max(1, round(run.per_second * 100))), "-rp", "100000", "-l", str(run.at_once)),
        *("-nostdin", "-trace_err", "-error_file", "errors.log", "-trace_stat", "-stf", "statistics.csv", "-fd", "1"),
    ]
    if run.local_port is not None:
        options += ["-p", str(run.local_port)]
    if run.calls is not None:
        options += ["-m", str(run.calls)]
    if run.rtp_ports is not None:
        options += ["-min_rtp_port", str(run.rtp_ports[0]), "-max_rtp_port", str(run.rtp_ports[1])]
    if run.times:
        options += ["-trace_rtt", "-rtt_freq", "1"]
    if run.call_id is not None:
        options += ["-cid_str", run.call_id.replace("%", "%%")]
    for name, value in run.more.items():
        options += ["-key", name, value]
    return (require_sipp(), run.remote, *options)


async def run_sipp(run: Sipp) -> Outcome:
    """Run to the end; when cancelled, SIPp is ended with it."""
    with workplace(run) as folder:
        process = await asyncio.create_subprocess_exec(
            *command(run),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        successful, failed = _totals(folder / "statistics.csv")
        return Outcome(code, _read(folder / "errors.log"), successful, failed)


def _write_people(path: Path, people: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("SEQUENTIAL\n")
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_NONE, escapechar="\\", lineterminator="\n")
        writer.writerows(people)


def _totals(path: Path) -> tuple[int, int]:
    """Calls that went as written and calls that did not, by the last line of SIPp's own count."""
    lines = list(csv.DictReader(_read(path).splitlines(), delimiter=";"))
    return (int(lines[-1]["SuccessfulCall(C)"]), int(lines[-1]["FailedCall(C)"])) if lines else (0, 0)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
