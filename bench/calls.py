"""`haedap bench calls`: real SIP calls by SIPp to Haedap and to Asterisk's own app_queue, in turn, on this machine.

Prints one line of JSON. Everything runs on loopback in a folder of its own, with free ports, and is gone afterwards.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import rival
from bench.loadcentre import NUMBER, load_centre
from bench.options import Options, positive
from bench.sipload import Load, Result, place_calls, telephones
from haedap.config import load_settings
from tests.support.centre import free_port_settings

HOLD_SECONDS = 4
SPARE_AGENTS = 1.25
"""More agents than calls at once, so that neither side queues for want of people."""


def main() -> int:
    """Measure as the command line says."""
    parser = Options(prog="haedap bench calls", description=__doc__)
    parser.add_argument("--cps", type=positive, default=40, help="calls a second")
    parser.add_argument("--seconds", type=positive, default=20, help="for how long")
    parser.add_argument("--recorded", action="store_true", help="with audio both ways, recorded, all calls at once")
    parser.add_argument("--json", action="store_true", help="accepted for symmetry: the output is always JSON")
    arguments = parser.parse_args()
    if arguments.cps > 200 or arguments.seconds > 120:
        parser.refuse("--cps는 200까지, --seconds는 120까지 쓸 수 있습니다.")
    print(json.dumps(measure(arguments.cps, arguments.seconds, recorded=arguments.recorded)))
    return 0


def measure(cps: int, seconds: int, *, recorded: bool) -> dict[str, object]:
    """Both sides under the same load, one after the other."""
    hold = seconds + HOLD_SECONDS if recorded else HOLD_SECONDS
    number = rival.RECORDED_NUMBER if recorded else rival.PLAIN_NUMBER
    at_once = min(cps * seconds, cps * (hold + 1))
    agents = int(at_once * SPARE_AGENTS)
    load = Load(number=number, cps=cps, seconds=seconds, hold=hold, audio=recorded)
    theirs = _app_queue(load, agents, recorded=recorded)
    ours = _haedap(dataclasses.replace(load, number=NUMBER), agents, recorded=recorded)
    return {
        "cps": cps,
        "seconds": seconds,
        "recorded": recorded,
        "agents": agents,
        "haedap": dataclasses.asdict(ours),
        "app_queue": dataclasses.asdict(theirs),
        "ratio_p95": round(ours.p95_ms / theirs.p95_ms, 2) if theirs.p95_ms else None,
    }


def _app_queue(load: Load, agents: int, *, recorded: bool) -> Result:
    with _folder() as folder:
        own = {"HAEDAP_STATE": str(folder / "state"), "HAEDAP_RECORDING": "yes" if recorded else "no"}
        settings = load_settings({**free_port_settings(), **own})
        with rival.app_queue(settings, agents), telephones(folder, load.audio):
            return place_calls(load, settings.sip_host, settings.sip_udp_port, folder)


def _haedap(load: Load, agents: int, *, recorded: bool) -> Result:
    with _folder() as folder, load_centre(agents, recorded=recorded) as (host, port), telephones(folder, load.audio):
        return place_calls(load, host, port, folder)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hd-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


if __name__ == "__main__":
    sys.exit(main())
