"""The router: owns every contact from its arrival to its end, and decides which agent gets it.

It does no I/O and has no clock: events carry their time, and time itself is an event. The same events give the same
decisions and facts, always. The rules, in words:

Contacts
* A contact is in exactly one state: IN_FLOW, WAITING, OFFERED, ENGAGED, RECONNECTING, FORWARDED; and it ends exactly
  once.
* Beside the citizen's it has at most one agent's leg, one of whom the agent consults or has put the citizen through to,
  and one supervisor's. A report about any other leg is late and changes nothing; if such a leg was answered, it is
  ended.
* Arrival: a number of ours runs its flow; any other is refused, and so is a caller's call beyond the plan's limit for
  one minute (`flood`). A contact that is known, or ended within the last
  hour, does not arrive again.
* Who is served first: a citizen who had an agent already (a leg lost for good, a transfer), then higher priority, then
  who entered a queue earlier. All queues are equal. A contact whose offer came to nothing keeps its place.
* Ended by the agent (or by the flow): closed at once, and the channel ends the legs. Ended by the citizen: the other
  way round. A contact that ever had a segment ends as ANSWERED.

Agents
* Only an AVAILABLE agent whose telephone is registered gets an offer, and only one. Who is AVAILABLE and has no
  telephone for 3 minutes is set AWAY as unreachable.
* Who is asked first: level 1 before level 2, within a level who has been idle longest. Work, absence and an offer that
  the agent let pass end the idleness; an offer that the citizen left or that failed technically does not.
* An offer ends by the first of: answer; the telephone's refusal or failure; the ring time and 2 s grace; the citizen's
  leaving; the agent's wish to be away or to go; the plan.
  NO_ANSWER, REJECTED, UNREACHABLE set the agent AWAY with the reason; after FAILED the agent stays AVAILABLE, but this
  contact is not put to them again for 5 s; the third such contact within 5 s sets them AWAY as unreachable.
* After a segment: wrap-up (0 s: none), then what the agent wished, else the rest that is due, else AVAILABLE.
* A supervisor's force is the agent's wish in other words, and is told with the supervisor's name. It ends a rest and a
  wrap-up; it makes nobody AVAILABLE who is not on duty.

A lost leg
* The citizen is told, hears music and is RECONNECTING; the segment stays open. What the agent applied stays so, for
  nobody may be heard who wants not to be: a mute, a paused recording; a citizen on hold hears nothing but the music,
  and is told when the segment ends. What the agent presses meanwhile is so when they are back.
* The agent is rung as soon as their telephone is registered; a failed attempt is repeated after 2 s.
* When the queue's reconnect time is over, or the agent declines or goes, the segment ends and the citizen is the first
  of the queue. Three failures in a row to join citizen and agent end the contact: the fault is on the citizen's side.

Transfers (`transfers`, `consults`)
* Only by the agent of the talk, one at a time; each ends with exactly one outcome. Hold and mute end when it begins.
* Blind: the segment ends at once and the wrap-up begins. To a queue: completed; the citizen is the first there, all
  times of waiting begin anew, and for 20 s it is not put to the agent who passed it on. To a colleague: only who is
  idle is rung; else the outcome is BUSY (at work) or UNREACHABLE, and the agent keeps the citizen. To an officer or an
  outside number: FORWARDED, completed when the citizen hears them. An outside telephone that declines is BUSY.
* What comes to nothing after the agent is out of it gives the citizen back: first of all who wait, and for 20 s to that
  agent alone, even in the wrap-up after this contact, which the offer ends. An agent who is away, talks or does not
  answer is not waited for. So, too, when an officer's line is lost later; when an officer who hears the citizen hangs
  up, the contact ends.
* Consult: the citizen hears music, the segment goes on. The answer brings agent and consulted together, after what is
  to be announced. TO_CITIZEN, TO_CONSULTED and CONFERENCE say who hears whom; the last two only when the consulted can
  talk. Completing (or the agent's hanging up or END) ends the agent's segment and begins the colleague's, or forwards;
  before the consulted can talk it goes on as a blind transfer. All else gives the citizen back to the agent at once.
* A consulted colleague is OFFERED and ENGAGED like any other, and has no wrap-up. Who declines to be consulted stays
  AVAILABLE; who does not answer or cannot be reached is set AWAY. The queue of a contact changes by moving alone: talks
  and wrap-ups of colleagues who were rung by name go by the queue in which the citizen waited.
* The agent's lost leg cancels a consultation; a citizen who leaves ends it.

Supervision (`supervision`) and protection (`protection`)
* A supervisor of the plan may take part in a talk, one in a talk and one talk for each, never while they are rung or
  talk as an agent. Nothing else is put to them meanwhile. It ends with the segment or with either leg.
* Taking over ends the agent's segment and begins the supervisor's. Who was AWAY or off duty is so again after the
  wrap-up.
* WARN, ANNOUNCE, END: each once in a contact, in this order; END at once for some kinds of abuse. END takes the agent
  out of it, tells the citizen why, and the contact is closed as ended by the agent, whoever hangs up last but the
  citizen. AVAILABLE is not taken until the queue's rest time since then is over, whatever came in between.

Waiting and promises
* Longer and longer waits: announcements offer a callback (`1` keeps the place), agents of further skills are asked,
  and the contact may go on to another queue; a supervisor may move it. The place stays: see `waiting`, `overflow`.
* A contact kept for one agent is put to nobody else: after a transfer that came to nothing, a redial or a cut for
  20 s, while that agent may come; an agent's own promise until it is escalated. See `matching`.
* What is owed to citizens: see `promises`. A due promise waits as an outgoing contact at the promised place. The agent
  is asked first, then the citizen is called; a citizen who is not reached ends the segment, with 15 s of wrap-up at
  most. Who was cut off with a known number is always owed a call.
* Who was cut off or gave up and calls again soon has the old place and skips the flow: see `redial`.

Time
* Time never goes back: an event that claims to be earlier than the last happens at the time of the last.
* Only `TimePassed` fires deadlines, all that are due.
* Where the whole centre was off (`CentreStopped`), all contacts ended as it stopped, and no telephone was registered;
  after 3 minutes nobody was at work. Where the exchange alone is (`ExchangeStopped`), they end then, too.

The plan may change at any time: see `planning`. What is true on the wire after a restart: see `reconcile`.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from haedap.domain import events
from haedap.domain.decisions import AnyDecision
from haedap.domain.events import AnyEvent, TimePassed
from haedap.domain.facts import AnyFact
from haedap.domain.ids import AgentId, ContactId, PromiseId
from haedap.routing import (
    agents,
    callbacks,
    consults,
    contacts,
    controls,
    ivr,
    legs,
    matching,
    overflow,
    planning,
    promises,
    protection,
    reconcile,
    segments,
    snapshot,
    supervision,
    transfers,
    waiting,
    wishes,
)
from haedap.routing.deadlines import Kind
from haedap.routing.floor import Floor, Part
from haedap.routing.records import ContactRecord, PromiseRecord
from haedap.routing.refusals import Refusal
from haedap.routing.snapshot import Snapshot

Outcome = tuple[AnyDecision | AnyFact, ...]


class Router:
    """The state machine. Empty at first; the first event is `PlanChanged`."""

    __slots__ = ("_floor",)

    def __init__(self) -> None:
        self._floor = Floor()

    @classmethod
    def owing(cls, promises: Iterable[PromiseRecord]) -> "Router":
        """A router that knows nothing but these promises: its first `PlanChanged` gives them queues and times."""
        router = cls()
        for promise in promises:
            router._floor.promises[promise.id] = promise
            router._floor.owed[promise.debtor] = promise.id
            router._floor.orders = max(router._floor.orders, promise.order)
        return router

    def handle(self, event: AnyEvent) -> Outcome:
        """What follows from the event: decisions to perform and facts, in causal order. Never raises for an event."""
        floor = self._floor
        floor.now = max(floor.now, event.at)
        floor.out = []
        _HANDLERS[type(event)](floor, event)
        _follow_up(floor)
        while floor.fresh_agents or floor.fresh_contacts:
            matching.settle(floor)
        return tuple(floor.out)

    def refusal(self, event: AnyEvent) -> Refusal | None:
        """Why `event`, which somebody asked for, could do nothing now. None: it can, or is so already."""
        refuse = _REFUSALS.get(type(event))
        return None if refuse is None else refuse(self._floor, event)

    def next_deadline(self) -> datetime | None:
        """When `TimePassed` is to be posted next; None: nothing is due."""
        return self._floor.deadlines.next()

    def contacts(self) -> frozenset[ContactId]:
        """Those that are open."""
        return frozenset(self._floor.contacts)

    def snapshot(self) -> Snapshot:
        """Everything this router knows."""
        return snapshot.take(self._floor)

    @classmethod
    def restore(cls, taken: Snapshot) -> "Router":
        """A router that goes on exactly as the one the snapshot was taken of. Raises `SnapshotFormatUnknown`."""
        router = cls()
        router._floor = snapshot.build(taken)
        return router


def _time_passed(floor: Floor, _event: TimePassed) -> None:
    """Everything that is due happens, in order; what happens may make a later one void."""
    for deadline in floor.deadlines.take_due(floor.now):
        if floor.holds(deadline):
            _, kind, name, agent = deadline
            if kind in _AGENT_DEADLINES:
                _AGENT_DEADLINES[kind](floor, agent, ContactId(name))
            elif kind in _PROMISE_DEADLINES:
                _PROMISE_DEADLINES[kind](floor, floor.promises[PromiseId(name)])
            else:
                _CONTACT_DEADLINES[kind](floor, floor.contacts[ContactId(name)])
            _follow_up(floor)


def _follow_up(floor: Floor) -> None:
    """What the event in hand means for others than those whom it is about."""
    if floor.begun or floor.closings:
        promises.follow_up(floor)
    if floor.signed_out:
        floor.signed_out = False
        overflow.nobody_left(floor)


def _wrap_up_over(floor: Floor, agent: AgentId, _: ContactId) -> None:
    agents.follow_wish(floor, floor.agents[agent])


def _cooling_over(floor: Floor, agent: AgentId, contact: ContactId) -> None:
    agents.cooled(floor, floor.agents[agent], contact)


def _absent(floor: Floor, agent: AgentId, _: ContactId) -> None:
    agents.absent(floor, floor.agents[agent])


_AGENT_DEADLINES: dict[Kind, Callable[[Floor, AgentId, ContactId], None]] = {
    Kind.WRAP_UP: _wrap_up_over,
    Kind.COOLING: _cooling_over,
    Kind.ABSENCE: _absent,
}
_CONTACT_DEADLINES: dict[Kind, Callable[[Floor, ContactRecord], None]] = {
    Kind.RING: legs.ring_time_over(Part.AGENT),
    Kind.CONSULT_RING: legs.ring_time_over(Part.CONSULTED),
    Kind.SUPERVISOR_RING: legs.ring_time_over(Part.SUPERVISOR),
    Kind.RECONNECT: segments.give_up,
    Kind.RETRY: segments.reconnect,
    Kind.FLOW: ivr.time_passed,
    Kind.ANNOUNCE: waiting.announce,
    Kind.PREFERRED: overflow.ask_anybody,
    Kind.CALLING: callbacks.nobody_said,
    Kind.RECALL: promises.recall,
    Kind.OVERFLOW: overflow.time_passed,
    Kind.WIDEN: overflow.widen,
}
_PROMISE_DEADLINES: dict[Kind, Callable[[Floor, PromiseRecord], None]] = {
    Kind.PROMISE: promises.due,
    Kind.ESCALATION: promises.escalate,
}
_HANDLERS: dict[type[AnyEvent], Callable[[Floor, Any], None]] = {
    events.TimePassed: _time_passed,
    events.PlanChanged: planning.changed,
    events.ContactArrived: contacts.arrived,
    events.PlaybackEnded: contacts.playback_ended,
    events.DigitPressed: ivr.digit_pressed,
    events.CitizenLeft: contacts.left,
    events.OfferRinging: legs.ringing,
    events.OfferAnswered: legs.answered,
    events.OfferFailed: legs.failed,
    events.AgentLegEnded: legs.ended,
    events.Connected: legs.connected,
    events.ConnectFailed: legs.connect_failed,
    events.ChannelReconciled: reconcile.reconciled,
    events.CentreStopped: reconcile.stopped,
    events.ExchangeStopped: reconcile.exchange_stopped,
    events.AgentSignedIn: wishes.signed_in,
    events.AgentSignedOut: wishes.signed_out,
    events.AgentSetAvailable: wishes.set_available,
    events.AgentSetAway: wishes.set_away,
    events.WrapUpExtended: wishes.extend_wrap_up,
    events.AgentReachable: wishes.reachable,
    events.AgentUnreachable: wishes.unreachable,
    events.AgentReturned: wishes.returned,
    events.ControlRequested: controls.requested,
    events.CitizenReached: callbacks.citizen_reached,
    events.CitizenNotReached: callbacks.citizen_not_reached,
    events.MessageTaken: ivr.message_taken,
    events.MessageWritten: promises.written,
    events.MoveRequested: overflow.move_requested,
    events.PromiseRequested: promises.requested,
    events.PromiseChanged: promises.changed,
    events.PromiseAttempted: promises.attempted,
    events.PromiseSettled: promises.settled,
    events.TransferRequested: transfers.requested,
    events.ConsultStepped: consults.stepped,
    events.Protected: protection.requested,
    events.SupervisionRequested: supervision.requested,
    events.TakeOverRequested: supervision.take_over_requested,
    events.AgentStateForced: supervision.forced,
}
_REFUSALS: dict[type[AnyEvent], Callable[[Floor, Any], Refusal | None]] = {
    events.ControlRequested: controls.refusal,
    events.TransferRequested: transfers.refusal,
    events.ConsultStepped: consults.refusal,
    events.Protected: protection.refusal,
    events.SupervisionRequested: supervision.refusal,
    events.TakeOverRequested: supervision.refusal,
    events.MoveRequested: overflow.refusal,
}
