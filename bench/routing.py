"""`haedap bench routing`: how long the router takes for one event of a busy centre, and how long a plain rescan takes.

Prints one line of JSON. Times are of `handle` and `next_deadline` together, in microseconds, after filling to the
wanted number of waiting contacts; the collector runs as it does in the engine. `ratio`: naive p99 to ours.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from random import Random
from time import perf_counter_ns

from bench.naive import NaiveRouter, offers_of
from bench.options import Options, positive
from bench.stream import Stream, plan_for
from haedap.domain.events import AnyEvent
from haedap.routing import Outcome, Router

NAIVE_SECONDS = 6
LEAST_NAIVE_EVENTS = 2
MOST_AGENTS = 100_000
MOST_WAITING = 1_000_000


class Bench:
    """One centre and one stream of events."""

    def __init__(self, agents: int, waiting: int) -> None:
        chance = Random(20261123)
        self.router = Router()
        self.stream = Stream(plan_for(agents, chance), chance, waiting)
        self.deadline: datetime | None = None
        self.nanoseconds: list[int] = []
        self.same_offers = 0
        self.kinds: defaultdict[str, list[int]] = defaultdict(list)

    def fill(self) -> None:
        """Until everybody works and the wanted number of contacts waits."""
        for event in self.stream.opening():
            self.stream.react(self.router.handle(event))
        while not self.stream.settled:
            self.stream.react(self.router.handle(self.stream.next(self.router.next_deadline())))
        self.deadline = self.router.next_deadline()

    def one(self, event: AnyEvent) -> tuple[Outcome, int]:
        """What came of one event, and the nanoseconds that it took."""
        begin = perf_counter_ns()
        outputs = self.router.handle(event)
        self.deadline = self.router.next_deadline()
        spent = perf_counter_ns() - begin
        self.stream.react(outputs)
        return outputs, spent

    def both(self, events: int) -> list[int]:
        """The naive router beside ours, as long as its time allows. Both must decide who gets whom alike."""
        naive, times = NaiveRouter(self.router.snapshot(), self.stream.plan), list[int]()
        while len(times) < LEAST_NAIVE_EVENTS or (sum(times) < NAIVE_SECONDS * 1e9 and len(times) < events):
            event = self.stream.next(self.deadline)
            begin = perf_counter_ns()
            theirs = naive.handle(event)
            times.append(perf_counter_ns() - begin)
            outputs, _ = self.one(event)
            ours = offers_of(outputs)
            self.same_offers += len(ours)
            if ours != theirs:
                raise SystemExit(f"{event}: offered {ours}, by the plain rules {theirs}")
        return times

    def run(self, events: int) -> None:
        """Our router alone, measured: behind the naive one it finds its caches emptied."""
        while len(self.nanoseconds) < events:
            event = self.stream.next(self.deadline)
            _, spent = self.one(event)
            self.nanoseconds.append(spent)
            self.kinds[type(event).__name__].append(spent)


def percentile(nanoseconds: list[int], percent: int) -> float:
    """In microseconds."""
    return round(sorted(nanoseconds)[min(len(nanoseconds) - 1, len(nanoseconds) * percent // 100)] / 1000, 1)


def measure(agents: int, waiting: int, events: int) -> dict[str, object]:
    """The figures of one run."""
    bench = Bench(agents, waiting)
    bench.fill()
    before = bench.stream.waiting
    naive = bench.both(events)
    bench.run(events)
    p99, naive_p99 = percentile(bench.nanoseconds, 99), percentile(naive, 99)
    return {
        "agents": agents,
        "waiting": before,
        "events": len(bench.nanoseconds),
        "p50_us": percentile(bench.nanoseconds, 50),
        "p99_us": p99,
        "max_us": percentile(bench.nanoseconds, 100),
        "events_per_s": round(len(bench.nanoseconds) / sum(bench.nanoseconds) * 1e9),
        "naive_events": len(naive),
        "same_offers": bench.same_offers,
        "naive_p99_us": naive_p99,
        "ratio": round(naive_p99 / p99, 1),
        "p99_us_by_event": {kind: percentile(times, 99) for kind, times in sorted(bench.kinds.items())},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = Options(prog="haedap bench routing")
    parser.add_argument("--agents", type=positive, default=1000)
    parser.add_argument("--waiting", type=positive, default=500)
    parser.add_argument("--events", type=positive, default=30_000)
    parser.add_argument("--json", action="store_true", help="one line of JSON (the only form)")
    options = parser.parse_args(arguments)
    if options.agents > MOST_AGENTS or options.waiting > MOST_WAITING:
        parser.refuse(f"--agents는 {MOST_AGENTS:,}까지, --waiting은 {MOST_WAITING:,}까지 쓸 수 있습니다.")
    print(json.dumps(measure(options.agents, options.waiting, options.events)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
