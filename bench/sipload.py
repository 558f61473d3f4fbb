"""Calls by SIPp against any SIP address: citizens on 127.0.0.2, agents' telephones on 127.0.0.3. Loopback only."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

CITIZENS = "127.0.0.2"
TELEPHONES = "127.0.0.3"
TELEPHONES_PORT = 5090
_ANSWER_LIMIT_SECONDS = 20
_SIPP = ("sipp", "-nostdin", "-buff_size", str(2**20))
"""With its own 64 KiB SIPp loses messages when many come at once: they are sent again half a second later, and what is
measured then is the measuring."""
_MOST_CALLERS = 10_000
_SDP = """\
v=0
o=u 53655765 2353687637 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
"""
_TONE = '<nop><action><exec rtp_stream="{tone},-1,0"/></action></nop>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """`cps` calls a second for `seconds`, each held for `hold` seconds; with a tone both ways or silent."""

    number: str
    cps: int
    seconds: int
    hold: int
    audio: bool

    @property
    def calls(self) -> int:
        return self.cps * self.seconds


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the calls; times from INVITE to 200, in milliseconds."""

    ok: int
    failed: int
    p50_ms: float
    p95_ms: float


@contextmanager
def telephones(folder: Path, audio: bool) -> Iterator[None]:
    """Any number of telephones behind one address, each of which answers at once."""
    scenario = _write(folder / "telephone.xml", _telephone(_tone(folder) if audio else ""))
    command = (
        *("setpriv", "--pdeathsig", "TERM"),  # its port is wanted again, however this run ends
        *(*_SIPP, "-sf", str(scenario), "-i", TELEPHONES, "-mi", TELEPHONES, "-p", str(TELEPHONES_PORT)),
    )
    with (folder / "telephones.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)


def place_calls(load: Load, host: str, port: int, folder: Path) -> Result:
    """Place the calls and wait until all have ended; bounded by the load's own length and a margin."""
    scenario = _write(folder / "citizen.xml", _citizen(load, _tone(folder) if load.audio else ""))
    callers = _write(folder / "callers.csv", _callers(min(load.calls, _MOST_CALLERS)))
    for old in folder.glob("citizen_*.csv"):
        old.unlink()
    limit = load.seconds + load.hold + 2 * _ANSWER_LIMIT_SECONDS
    command = (
        *(*_SIPP, f"{host}:{port}", "-sf", str(scenario), "-s", load.number, "-i", CITIZENS, "-mi", CITIZENS),
        *("-r", str(load.cps), "-m", str(load.calls), "-l", str(load.calls), "-timeout", f"{limit}s"),
        *("-inf", str(callers)),
        *("-trace_rtt", "-rtt_freq", "1", "-trace_stat", "-fd", "1"),
    )
    with (folder / "citizens.log").open("wb") as log:
        subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=limit + 30, check=False
        )
    return _result(folder, load.calls)


def _result(folder: Path, calls: int) -> Result:
    answers = folder.glob("citizen_*_rtt.csv")  # not there when nobody was answered
    times = [float(row["response_time_ms"]) for path in answers for row in _rows(path)]
    last = _rows(next(path for path in folder.glob("citizen_*_.csv")))[-1]
    ok = int(last["SuccessfulCall(C)"])
    p50, p95 = (round(float(np.percentile(times, share)), 1) for share in (50, 95)) if times else (0.0, 0.0)
    return Result(ok, calls - ok, p50, p95)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _callers(count: int) -> str:
    """Whole numbers of mobile telephones, none of which can be real, for SIPp to take one after the other."""
    return "SEQUENTIAL\n" + "".join(f"0100000{number:04}\n" for number in range(count))


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _tone(folder: Path) -> str:
    """Ten seconds of a 440 Hz tone as raw µ-law, made on first use."""
    path = folder / "tone.ul"
    if not path.exists():
        tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(80_000) / 8000)
        soundfile.write(path, tone, 8000, format="RAW", subtype="ULAW")
    return path.name


def _message(first: str, *, cseq: str, extra: str = "", body: str = "") -> str:
    content = "Content-Type: application/sdp\nContent-Length: [len]\n\n" + body if body else "Content-Length: 0\n\n"
    return (
        f"{first} SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
        "From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]T[call_number]\n"
        f"To: <sip:[service]@[remote_ip]:[remote_port]>{extra}\nCall-ID: [call_id]\nCSeq: {cseq}\n"
        f"Contact: <sip:citizen@[local_ip]:[local_port]>\nMax-Forwards: 70\n{content}"
    )


def _citizen(load: Load, tone: str) -> str:
    talk = _TONE.format(tone=tone) if tone else ""
    peer = "[peer_tag_param]"
    limit = _ANSWER_LIMIT_SECONDS * 1000
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="citizen">
<send retrans="500" start_rtd="1"><![CDATA[
{_message("INVITE sip:[service]@[remote_ip]:[remote_port]", cseq="1 INVITE", body=_SDP)}]]></send>
<recv response="100" optional="true" timeout="{limit}"></recv>
<recv response="180" optional="true" timeout="{limit}"></recv>
<recv response="183" optional="true" timeout="{limit}"></recv>
<recv response="200" rtd="1" rrs="true" timeout="{limit}"></recv>
<send><![CDATA[
{_message("ACK [next_url]", cseq="1 ACK", extra=peer)}]]></send>
{talk}<pause milliseconds="{load.hold * 1000}"/>
<send retrans="500"><![CDATA[
{_message("BYE [next_url]", cseq="2 BYE", extra=peer)}]]></send>
<recv response="200" timeout="10000"></recv>
</scenario>
"""


def _answer(status: str, to: str, body: str = "") -> str:
    content = "Content-Type: application/sdp\nContent-Length: [len]\n\n" + body if body else "Content-Length: 0\n\n"
    return (
        f"SIP/2.0 {status}\n[last_Via:]\n[last_From:]\n{to}\n[last_Call-ID:]\n[last_CSeq:]\n"
        f"Contact: <sip:[local_ip]:[local_port]>\n{content}"
    )


def _telephone(tone: str) -> str:
    tagged = "[last_To:];tag=[pid]A[call_number]"
    talk = _TONE.format(tone=tone) if tone else ""
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="telephone">
<recv request="INVITE" crlf="true"></recv>
<send><![CDATA[
{_answer("180 Ringing", tagged)}]]></send>
<send retrans="500"><![CDATA[
{_answer("200 OK", tagged, _SDP)}]]></send>
<recv request="ACK" timeout="10000"></recv>
{talk}<recv request="BYE" timeout="120000"></recv>
<send><![CDATA[
{_answer("200 OK", "[last_To:]")}]]></send>
</scenario>
"""
