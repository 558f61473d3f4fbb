"""One call, with the router, the channel and a model of Asterisk: whatever can happen next, happens when a test says.

Between the event that the channel posts and the decision that follows lies a commit; between a request and its answer,
and between what happens in Asterisk and the event that tells it, lies anything that does not depend on it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from haedap.channels.voice.announcing import Announcements
from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.calls import channel_of
from haedap.channels.voice.hearing import Hearing
from haedap.channels.voice.line import Line
from haedap.channels.voice.messages import Messages
from haedap.channels.voice.outside import Outside
from haedap.channels.voice.performing import Performing
from haedap.channels.voice.recordings import Recordings
from haedap.channels.voice.telephones import Telephones
from haedap.config import load_settings
from haedap.domain import events as e
from haedap.domain.decisions import AnyDecision, Saying
from haedap.domain.events import AnyEvent
from haedap.domain.ids import AgentId, ContactId, PromiseId, QueueKey, RequestId
from haedap.domain.states import ConsultStep, Control, PromiseReason, ProtectionStep, Supervision, TransferMode
from haedap.domain.targets import Target, ToAgent, ToOutside, ToQueue
from haedap.routing import Router
from haedap.routing.records import ContactRecord
from tests.unit.routing.centre import PLAN, change_queue, queue_flow
from tests.unit.routing.talks import SUPERVISED
from tests.unit.voice.exchange import LOST, NORMAL, NOW, REJECTED, Exchange

CONTACT = ContactId("6a8b054e-01dc-4243-8d41-d6a35d3690cd")
CITIZEN = "1700000000.1"
SUPERVISOR = AgentId(9)
_OFFICER, _COLLEAGUE, _QUEUE = ToOutside("2345"), ToAgent(AgentId(2)), ToQueue(QueueKey("tax"))
_TARGETS: tuple[Target, ...] = (_OFFICER, _COLLEAGUE, _QUEUE)
_SETTINGS = {
    "HAEDAP_EXCHANGE_HOST": "192.0.2.20",
    "HAEDAP_TRUNK_HOST": "192.0.2.10",
    "HAEDAP_RECORDING": "no",
}
_PLAN = change_queue(SUPERVISED, "tax", announce_every_seconds=25, callback_offer_seconds=20, wrap_up_seconds=0)
_PLAN = msgspec.structs.replace(
    _PLAN, flows=dict(_PLAN.flows) | {PLAN.numbers[0].flow: queue_flow("tax", prompts=["connecting"])}
)

Choose = Callable[[int], int]
"""One of so many, from 0."""
Step = tuple[str, Callable[[], object]]
"""What can happen, and how it is told."""


class Later:
    """What takes its time outside of Asterisk: a voice speaks a text."""

    def __init__(self) -> None:
        self.waiting: deque[asyncio.Future[None]] = deque()

    async def take_time(self) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(done)
        await done

    def go_on(self) -> None:
        self.waiting.popleft().set_result(None)


class _Prompts:
    def __init__(self, later: Later) -> None:
        self._later = later

    async def files(self, sayings: Sequence[Saying]) -> tuple[Path, ...]:
        await self._later.take_time()
        return tuple(Path(f"{saying.prompt}.wav") for saying in sayings)


class _Announcements(Announcements):
    def __init__(self, later: Later) -> None:
        self._later = later

    async def make(self, request: RequestId, text: str) -> Path | None:
        del text
        await self._later.take_time()
        return Path(f"/nonexistent/{request}.wav")


class _Recordings(Recordings):
    async def silence(self, channel_name: str, *, paused: bool) -> None:
        """Nothing is recorded."""

    async def stop(self, channel_name: str) -> None:
        """Nothing is recorded."""

    async def go_on_anew(self, channel_name: str, contact: ContactId, arrived_at: datetime) -> None:
        """Nothing is recorded."""


class OneCall:
    """A centre with three agents, a supervisor and one contact. `incoming`: the citizen calls; else they are called."""

    def __init__(self, choose: Choose, folder: Path, *, incoming: bool) -> None:
        settings = load_settings({"HAEDAP_STATE": str(folder), **_SETTINGS})
        self._choose = choose
        self.exchange, self.later, self.router = Exchange(), Later(), Router()
        telephones, recordings = Telephones(settings), _Recordings(settings)
        self.line = Line(self.exchange, [self.exchange], self._post, lambda: self.now, recordings)
        messages = Messages(settings)
        self._hearing = Hearing(telephones, messages)
        self._performing = Performing(
            _Prompts(self.later),
            telephones,
            Outside(settings, telephones),
            messages,
            _Announcements(self.later),
        )
        self.now = NOW
        self.posted: deque[AnyEvent] = deque()
        self.decisions: deque[AnyDecision] = deque()
        self.story: list[str] = []
        self.told: Counter[RequestId] = Counter()
        self.asked: list[AnyDecision] = []
        self._performer: asyncio.Task[None] | None = None
        self._incoming = incoming
        self._busy = bool(choose(3))
        self._begin()

    @property
    def contact(self) -> ContactRecord | None:
        """The one that this is about: who is cut off is called back, too."""
        contacts = self.router.snapshot().contacts
        return next((each for each in contacts if (each.id == CONTACT) is self._incoming), None)

    @property
    def citizen(self) -> str:
        """Their leg."""
        contact = self.contact
        return CITIZEN if self._incoming or contact is None else channel_of(contact.id)

    # --- running

    async def run(self, steps: int) -> None:
        """So many things happen outside, in some order with all that follows from them; then the rest follows."""
        try:
            while steps > 0:
                inside, outside = self._inside(), self._outside()
                likely = outside[self._choose(len(outside))] if not inside or not self._choose(3) else []
                if not inside and not any(outside):
                    break
                steps -= bool(likely)
                possible = likely or inside
                if possible:
                    self._take(possible[self._choose(len(possible))])
                if self._choose(4):
                    await self._settle()
            await self.rest()
        finally:
            await self.line.close()
            if self._performer is not None:
                self._performer.cancel()

    async def rest(self) -> None:
        """Nothing happens outside any more but that sounds come to their end."""
        while True:
            await self._settle()
            possible = self._inside()
            if possible:
                self._take(possible[self._choose(len(possible))])
                continue
            sounds = self._sounds()
            if not sounds:
                return
            self._take(sounds[0])

    def _take(self, step: Step) -> None:
        name, happen = step
        self.story.append(name)
        happen()

    async def _settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    # --- what can happen

    def _inside(self) -> list[Step]:
        exchange, steps = self.exchange, list[Step]()
        if exchange.requests:
            request = exchange.requests[0]
            steps.append((f"done: {request.method} {request.path}", exchange.do_next))
        if exchange.answers:
            steps.append((f"answer {exchange.answers[0][1]}", exchange.answer_next))
        if exchange.events:
            event = exchange.events[0]
            steps.append((f"event {event}", self._hear))
        if self.later.waiting:
            steps.append(("spoken", self.later.go_on))
        if self.posted:
            steps.append((f"routed: {self.posted[0]}", self._route))
        if self.decisions and self._performer is None:
            steps.append((f"perform {self.decisions[0]}", self._perform))
        return steps

    def _outside(self) -> list[list[Step]]:
        """By kinds, the usual ones more often."""
        exchange = self.exchange
        legs = [leg for leg in exchange.channels.values() if leg.watched is None]
        answers: list[Step] = [
            (f"{leg.id} answers", partial(exchange.picks_up, leg.id)) for leg in legs if not leg.here
        ]
        ends: list[Step] = [
            (f"{leg.id} ends by {cause}", partial(exchange.goes, leg.id, cause))
            for leg in legs
            for cause in ((NORMAL, LOST) if leg.here else (REJECTED,))
        ]
        keys: list[Step] = [
            (f"{key} pressed", partial(exchange.presses, leg.id, key))
            for leg in legs
            for key in "12"
            if leg.id == self.citizen and leg.here
        ]
        deadline = self.router.next_deadline()
        due = deadline is not None and not self.posted
        time: list[Step] = [("time passes", self._time_passes)] if due else []
        usual = [answers, self._wishes()] if self._busy else [keys, time, self._sounds(), answers]
        return [*usual * 6, *[self._sounds()] * 3, answers, ends, keys, time]

    def _sounds(self) -> list[Step]:
        legs = self.exchange.channels.values()
        playing = [leg.sounds[0] for leg in legs if leg.sounds and not leg.sounds[0].startswith("ringing")]
        return [(f"{sound} is heard", partial(self.exchange.is_heard, sound)) for sound in playing]

    def _wishes(self) -> list[Step]:
        contact = self.contact
        if contact is None or contact.agent is None:
            return []
        return [(f"{wish}", partial(self._post, wish)) for wish in self._wanted(contact, contact.agent)]

    def _wanted(self, contact: ContactRecord, agent: AgentId) -> list[AnyEvent]:
        at, talk = self.now, contact.id
        controls = (Control.HOLD, Control.UNHOLD, Control.END)
        wishes: list[AnyEvent] = [
            *(e.ControlRequested(at=at, agent=agent, contact=talk, control=control) for control in controls),
            e.AgentReturned(at=at, agent=agent),
            *(
                e.SupervisionRequested(at=at, supervisor=SUPERVISOR, contact=talk, mode=mode)
                for mode in (*Supervision, None)
            ),
            e.TakeOverRequested(at=at, supervisor=SUPERVISOR, contact=talk),
            *(e.Protected(at=at, agent=agent, contact=talk, step=step, kind="insult") for step in ProtectionStep),
        ]
        steps = [e.ConsultStepped(at=at, agent=agent, contact=talk, step=step) for step in ConsultStep]
        transfers = [
            e.TransferRequested(at=at, agent=agent, contact=talk, mode=mode, target=target, announcement=words)
            for target in _TARGETS
            for mode in TransferMode
            for words in ("", "안내")
        ]
        return [*wishes, *(transfers if contact.transfer is None else steps * 2)]

    # --- the engine

    def _begin(self) -> None:
        opening: list[AnyEvent] = [e.PlanChanged(at=self.now, plan=_PLAN)]
        for number in (1, 2):
            agent = AgentId(number)
            opening += [
                e.AgentReachable(at=self.now, agent=agent),
                e.AgentSignedIn(at=self.now, agent=agent),
                e.AgentSetAvailable(at=self.now, agent=agent),
            ]
        for event in opening:
            self.router.handle(event)
        if self._incoming:
            self.exchange.calls(CITIZEN, CONTACT)
        else:
            self._post(
                e.PromiseRequested(
                    at=self.now,
                    promise=PromiseId("p"),
                    citizen="+821000001234",
                    owner=_QUEUE,
                    reason=PromiseReason.AGENT,
                )
            )

    def _post(self, event: AnyEvent) -> None:
        self.posted.append(event)
        if isinstance(event, e.PlaybackEnded):
            self.told[event.request] += 1

    def _hear(self) -> None:
        self._hearing.take(self.exchange.events.popleft(), self.line)

    def _time_passes(self) -> None:
        self.now = max(self.now, self.router.next_deadline() or self.now)
        self._post(e.TimePassed(at=self.now))

    def _route(self) -> None:
        outputs = self.router.handle(self.posted.popleft())
        decisions = [output for output in outputs if isinstance(output, AnyDecision)]
        self.decisions.extend(decisions)
        self.asked.extend(decisions)

    def _perform(self) -> None:
        self._performer = asyncio.create_task(self._do(self.decisions.popleft()))

    async def _do(self, decision: AnyDecision) -> None:
        try:
            with suppress(AriRefusedError):
                await self._performing.do(decision, self.line)
        finally:
            self._performer = None
