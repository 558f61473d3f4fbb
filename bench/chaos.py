"""`haedap bench chaos --minutes 10 --seed 1 --calls 200`: a busy centre whose processes are killed at random.

Citizens by SIPp are in all stages: in a menu, waiting, ringing, talking, on hold, their agent in wrap-up. Web, engine,
standby, Asterisk and PostgreSQL are ended by kill -9, seeded, and `haedap run` starts them again. When it is over
everybody hangs up, and the journal is audited. Prints one line of JSON; `lost`, `counted_twice` and `stuck_agents` are
to be 0, `takeover_p95_s` at most 3. What was killed when goes to stderr.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from bench.chaos_faults import Faults
from bench.chaos_floor import Floor
from bench.chaos_verdict import verdict
from bench.options import Options, above_zero, positive
from tests.support.centre import a_centre


def main() -> int:
    """Break things as the command line says; 0 when nothing was lost."""
    parser = Options(prog="haedap bench chaos", description=__doc__)
    parser.add_argument("--minutes", type=above_zero, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calls", type=positive, default=200, help="calls at the same time")
    parser.add_argument("--json", action="store_true", help="accepted for symmetry: the output is always JSON")
    options = parser.parse_args()
    if not (0.5 <= options.minutes <= 600 and 10 <= options.calls <= 400):
        parser.refuse("--minutes는 0.5부터 600까지, --calls는 10부터 400까지 쓸 수 있습니다.")
    figures = asyncio.run(run(options.minutes, options.seed, options.calls))
    print(json.dumps(figures))
    clean = not (figures["lost"] or figures["counted_twice"] or figures["stuck_agents"])
    return 0 if clean else 1


async def run(minutes: float, seed: int, calls: int) -> dict[str, object]:
    """The whole of it, in a folder of its own that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="hd-") as name,
        a_centre(HAEDAP_RECORDING="no", HAEDAP_RTP_TIMEOUT="3600", HAEDAP_TELEPHONE_RTP_TIMEOUT="3600") as centre,
    ):
        centre.start()
        await asyncio.to_thread(centre.wait_ready)
        async with Floor(centre, Path(name), calls, seed) as floor:
            await floor.fill()
            faults = Faults(centre, seed, floor)
            await faults.go_on_for(minutes * 60)
            await floor.go_home()
            return await asyncio.to_thread(verdict, floor, faults)


if __name__ == "__main__":
    sys.exit(main())
