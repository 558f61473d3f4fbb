"""Asterisk's own queue, app_queue, as the rival: the same Asterisk, the same trunk and telephones, no Haedap."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.sipload import TELEPHONES, TELEPHONES_PORT
from haedap.channels.voice.asterisk import write_configuration
from haedap.config import Settings
from haedap.operations.child import rank
from haedap.operations.cluster import wait_until
from haedap.operations.services import CALLS_FIRST
from haedap.operations.users import as_user, give, service_user

PLAIN_NUMBER = "1300"
RECORDED_NUMBER = "1400"

# The citizen is answered when an agent is; the recording starts before the queue, as Haedap's does.
_EXTENSIONS = f"""
[citizens]
exten => {PLAIN_NUMBER},1,Queue(bench,n)
 same => n,Hangup()
exten => {RECORDED_NUMBER},1,MixMonitor({{recordings}}/${{{{UNIQUEID}}}}.wav,b)
 same => n,Queue(bench,n)
 same => n,Hangup()
[nowhere]
"""
_QUEUE = """
[general]
persistentmembers=no
shared_lastcall=no
[bench]
strategy=leastrecent
timeout=15
retry=1
wrapuptime=0
ringinuse=no
autofill=yes
joinempty=yes
announce-frequency=0
"""
_TELEPHONE = """
[ag{number}]
type=endpoint
transport=udp
context=nowhere
disallow=all
allow=ulaw
direct_media=no
aors=ag{number}
[ag{number}]
type=aor
contact=sip:ag{number}@{host}:{port}
qualify_frequency=0
"""


@contextmanager
def app_queue(settings: Settings, agents: int) -> Iterator[None]:
    """A running Asterisk whose queue has `agents` members, all free."""
    layout = write_configuration(settings)
    configuration = layout.folder / "etc"
    numbers = range(1, agents + 1)
    _append(configuration / "modules.conf", "load=app_queue.so\nload=app_playback.so\n")
    (configuration / "extensions.conf").write_text(_EXTENSIONS.format(recordings=settings.recordings))
    members = "".join(f"member => PJSIP/ag{n},0,ag{n},PJSIP/ag{n}\n" for n in numbers)
    (configuration / "queues.conf").write_text(_QUEUE + members)
    telephones = "".join(_TELEPHONE.format(number=n, host=TELEPHONES, port=TELEPHONES_PORT) for n in numbers)
    _append(configuration / "pjsip.conf", telephones)
    user = service_user()
    give(settings.state, user)
    process = subprocess.Popen(
        as_user(user, layout.command),
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **layout.environment},
        cwd=settings.state,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    rank(process.pid, CALLS_FIRST)  # as Haedap's own
    try:
        if not wait_until(lambda: _answers(settings), lambda: process.poll() is None, 60):
            raise TimeoutError("Asterisk does not answer")
        yield
    finally:
        process.terminate()
        process.wait(30)


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _answers(settings: Settings) -> bool:
    try:
        url = f"{settings.ari_url}/ari/asterisk/info"
        return httpx.get(url, auth=(settings.ari_user, settings.ari_password), timeout=2).is_success
    except httpx.HTTPError:
        return False
