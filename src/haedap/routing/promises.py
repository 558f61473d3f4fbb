"""Callback promises: made, due, tried, escalated, ended. Each ends exactly once, and none is forgotten.

* A promise of the centre is owed by a queue or an agent, and the centre calls; an officer's is the officer's to keep:
  the centre reminds and records.
* Due: at its time, but never outside the queue's callback hours, and not while the citizen is still on the line in the
  contact in which it was made. Then a contact is opened for it (`outgoing`), at the place that was promised.
* After an attempt that did not reach the citizen the next one follows by the plan's ladder; with the last one the
  promise ends as NOT_REACHED. What failed by the centre's own fault does not count and comes again after a minute,
  then after two, four, at last half an hour: a carrier that refuses would shut an account that keeps asking.
* The centre owes a citizen one call at most, and so does an officer: a second promise merges into the first, which
  keeps the better place, the earlier times, and is the queue's if either is.
* While the citizen's telephone rings the promise is the centre's, whose call that is: given to an officer meanwhile, it
  is theirs when nobody answers.
* Escalated so long before the deadline: supervisors are told, its contacts go before others, for whoever is free.
* When an agent talks to a citizen whom the centre owes a call, the promise is resolved. An officer's is not: it was
  about something else.
* When the plan has no queue for a promise (see `owing`) it stays open, escalated at once, until there is one.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from haedap.domain.events import MessageWritten, PromiseAttempted, PromiseChanged, PromiseRequested, PromiseSettled
from haedap.domain.facts import (
    AttemptEnded,
    AttemptStarted,
    PromiseAltered,
    PromiseEnded,
    PromiseEscalated,
    PromiseMade,
)
from haedap.domain.ids import AgentId, ContactId, PromiseId, QueueKey, SkillKey
from haedap.domain.states import (
    AttemptOutcome,
    ContactOutcome,
    ContactState,
    EndedBy,
    PromiseOutcome,
    PromiseReason,
    PromiseState,
)
from haedap.domain.targets import ToAgent, ToOutside, ToQueue
from haedap.flows import open_from
from haedap.routing import outgoing, owing, redial, waiting
from haedap.routing.closing import CUT_OFF
from haedap.routing.deadlines import Kind
from haedap.routing.floor import Closing, Floor
from haedap.routing.records import ContactRecord, PromiseRecord

_OWN_FAULT_AGAIN_MINUTES = (1, 2, 4, 8, 16, 30)
"""When an attempt that failed by the centre's own fault is made again: the pauses, the last of them from then on."""

_REPAIRS = UUID("5f0f7a0a-93a8-4b9c-8a53-1f9a4f9c33c1")
"""The name space of the ids of promises that the router makes."""

_TALKING = frozenset({ContactState.ENGAGED, ContactState.RECONNECTING, ContactState.FORWARDED})
_IN_LINE = frozenset({ContactState.WAITING, ContactState.OFFERED})
_SETTLED_AS = frozenset({PromiseOutcome.KEPT, PromiseOutcome.CANCELLED, PromiseOutcome.RESOLVED})


# --- what is asked for


def requested(floor: Floor, event: PromiseRequested) -> None:
    """Somebody promised a call. A promise that is known, open or over, is not made again."""
    if not event.citizen or _is_known(floor, event.promise) or _is_being_kept(floor, event.promise):
        return
    origin = floor.contacts.get(event.contact) if event.contact is not None else None
    owner, queue = owing.owner_and_queue(floor, event.owner, origin)
    due_at = max(event.due_at or floor.now, floor.now)
    promise = PromiseRecord(
        id=event.promise,
        citizen=event.citizen,
        owner=owner,
        reason=event.reason,
        queue=queue,
        skill=owing.skill_of(floor, queue),
        order=floor.next_order(),
        since=floor.now,
        due_at=due_at,
        deadline=event.deadline or owing.deadline_of(floor, queue, due_at),
        escalate_at=floor.now,
        contact=event.contact,
    )
    if origin is not None:
        origin.promises = (*origin.promises, promise.id)
    _make(floor, promise, event.agent)


def written(floor: Floor, event: MessageWritten) -> None:
    """A citizen wrote: an agent of the queue calls them, as if they had called now."""
    requested(
        floor,
        PromiseRequested(
            at=event.at,
            promise=event.promise,
            citizen=event.citizen,
            owner=ToQueue(event.queue),
            reason=PromiseReason.TEXT,
        ),
    )


def changed(floor: Floor, event: PromiseChanged) -> None:
    """Owner, due time or deadline are others now. A call that is being made is not broken off for it: it keeps the
    promise of whoever makes it, and what is to be an officer's is so when it has failed.
    """
    promise = floor.promises.get(event.promise)
    if promise is None:
        return
    if event.owner is not None:
        promise.handover = event if isinstance(event.owner, ToOutside) and _is_called(floor, promise) else None
        if promise.handover is not None:
            return
    before = promise.debtor
    if event.owner is not None:
        promise.owner, promise.queue = owing.owner_and_queue(floor, event.owner, None, promise.queue)
        promise.skill = owing.skill_of(floor, promise.queue)
    promise.due_at, promise.deadline = event.due_at or promise.due_at, event.deadline or promise.deadline
    promise.escalated = promise.escalated and _escalate_at(floor, promise) <= floor.now
    _place(floor, promise, _contact_of(floor, promise), promise.order, promise.priority)
    _alter(floor, promise, event.agent)
    if promise.debtor != before:
        del floor.owed[before]
        if _merges(floor, promise):
            return
        floor.owed[promise.debtor] = promise.id
    _arm_escalation(floor, promise)
    if event.owner is not None or event.due_at is not None:
        _begin_anew(floor, promise)


def attempted(floor: Floor, event: PromiseAttempted) -> None:
    """An officer called."""
    promise = floor.promises.get(event.promise)
    if promise is None or not isinstance(promise.owner, ToOutside) or promise.calling is not None:
        return
    promise.attempts += 1
    floor.emit(AttemptStarted(promise=promise.id, attempt=promise.attempts, contact=None))
    if event.outcome is AttemptOutcome.REACHED:
        kept(floor, promise, None, None)
    else:
        _attempt_failed(floor, promise, event.outcome)


def settled(floor: Floor, event: PromiseSettled) -> None:
    """Somebody says that the promise is over."""
    promise = floor.promises.get(event.promise)
    if promise is not None and event.outcome in _SETTLED_AS:
        end(floor, promise, event.outcome, agent=event.agent)


# --- what follows from the contacts


def promised_in(floor: Floor, contact: ContactRecord, number: str, queue: QueueKey, reason: PromiseReason) -> None:
    """The citizen, who is on the line, accepted a call to this number instead of waiting."""
    promise = _of_contact(floor, contact, number, queue, reason)
    if promise is not None:
        contact.promises = (*contact.promises, promise.id)
        _make(floor, promise, None)


def follow_up(floor: Floor) -> None:
    """What the segments that began and the contacts that ended by this event mean for promises."""
    while floor.begun or floor.closings:
        begun, floor.begun = floor.begun, []
        for contact in begun:
            _served(floor, contact)
        closings, floor.closings = floor.closings, []
        for closing in closings:
            _closed(floor, closing)


def _served(floor: Floor, contact: ContactRecord) -> None:
    """An agent talks to this citizen: what the centre owes them is resolved, unless it was promised just here."""
    promise = _owed(floor, contact.caller)
    if promise is not None and contact.id not in (promise.contact, promise.calling) and not contact.uncalled:
        end(floor, promise, PromiseOutcome.RESOLVED, contact=contact.id, agent=contact.agent)


def _closed(floor: Floor, closing: Closing) -> None:
    contact = closing.contact
    if contact.promise is not None:
        _attempt_over(floor, closing)
    for made in contact.promises:
        promise = floor.promises.get(made)
        if promise is not None and promise.state is PromiseState.OPEN and promise.wake_at is None:
            _schedule(floor, promise, promise.due_at)
    if contact.uncalled or contact.caller is None:
        return
    cut_off = closing.by in CUT_OFF and closing.was in _TALKING | _IN_LINE
    gave_up = closing.outcome is ContactOutcome.ABANDONED and closing.by is EndedBy.CITIZEN
    if cut_off or gave_up:
        redial.remember(floor, contact)
    if cut_off:
        _repair(floor, closing, PromiseReason.DROPPED)
    elif gave_up and closing.rules is not None and closing.rules.abandoned_callback:
        _repair(floor, closing, PromiseReason.ABANDONED)


def _repair(floor: Floor, closing: Closing, reason: PromiseReason) -> None:
    """The citizen is called back without having asked, unless they have been promised so."""
    contact, skill = closing.contact, owing.NO_SKILL if closing.rules is None else closing.rules.skill
    if contact.caller is not None and not contact.promises:
        promise = _of_contact(floor, contact, contact.caller, contact.queue, reason, skill)
        if promise is not None:
            promise.agent = contact.last_agent if reason is PromiseReason.DROPPED else None
            _make(floor, promise, None)


def _of_contact(
    floor: Floor,
    contact: ContactRecord,
    number: str,
    queue: QueueKey,
    reason: PromiseReason,
    skill: SkillKey = owing.NO_SKILL,
) -> PromiseRecord | None:
    """A promise to the citizen of this contact, with its place if it has one. One contact, one promise.

    `skill`: what the queue asks for, should it be forgotten by now.
    """
    promise_id = PromiseId(str(uuid5(_REPAIRS, contact.id)))
    if _is_known(floor, promise_id):
        return None
    owner, heir = owing.owner_and_queue(floor, ToQueue(queue), None, queue, skill)
    return PromiseRecord(
        id=promise_id,
        citizen=number,
        owner=owner,
        reason=reason,
        queue=heir,
        skill=owing.skill_of(floor, heir) or skill,
        priority=contact.priority,
        order=contact.order or floor.next_order(),
        since=contact.waiting_since or floor.now,
        due_at=floor.now,
        deadline=owing.deadline_of(floor, heir, floor.now),
        escalate_at=floor.now,
        contact=contact.id,
    )


# --- the life of a promise


def _make(floor: Floor, promise: PromiseRecord, agent: AgentId | None) -> None:
    floor.emit(
        PromiseMade(
            promise=promise.id,
            citizen=promise.citizen,
            owner=promise.owner,
            reason=promise.reason,
            made_at=promise.since,
            due_at=promise.due_at,
            deadline=promise.deadline,
            agent=agent,
            contact=promise.contact,
        )
    )
    floor.promises[promise.id] = promise
    if not _merges(floor, promise):
        floor.owed[promise.debtor] = promise.id
        _arm_escalation(floor, promise)
        _schedule(floor, promise, promise.due_at)


def _merges(floor: Floor, promise: PromiseRecord) -> bool:
    """Whether the same is owed already; then the older one stands for both."""
    older = floor.promises.get(floor.owed.get(promise.debtor, PromiseId("")))
    if older is None or older is promise:
        return False
    _end_attempt(floor, promise)
    del floor.promises[promise.id]
    floor.remember_settled(promise.id)
    floor.emit(PromiseEnded(promise=promise.id, outcome=PromiseOutcome.MERGED, into=older.id))
    origin = floor.contacts.get(promise.contact) if promise.contact is not None else None
    if origin is not None:
        origin.promises = (*origin.promises, older.id)
    _improve(floor, older, promise)
    return True


def _improve(floor: Floor, older: PromiseRecord, newer: PromiseRecord) -> None:
    """The older promise gets what is better in the newer one."""
    older.handover = None  # whoever asked for it did not know that the same is owed anew
    before = (older.owner, older.due_at, older.deadline)
    older.due_at, older.deadline = min(older.due_at, newer.due_at), min(older.deadline, newer.deadline)
    older.agent = newer.agent or older.agent
    if isinstance(newer.owner, ToQueue) and isinstance(older.owner, ToAgent):
        older.owner, older.queue, older.skill = newer.owner, newer.queue, newer.skill
    if (older.owner, older.due_at, older.deadline) != before:
        _alter(floor, older, None)
    contact = _contact_of(floor, older)
    _place(floor, older, contact, min(older.order, newer.order), max(older.priority, newer.priority))
    if contact is not None and contact.preferred is not None and not isinstance(older.owner, ToAgent):
        waiting.ask_anybody(floor, contact)
    _arm_escalation(floor, older)
    if older.state is PromiseState.OPEN and not isinstance(older.owner, ToOutside):
        again = newer.due_at if older.wake_at is None else min(older.wake_at, newer.due_at)
        older.contact = newer.contact or older.contact
        _schedule(floor, older, again)


def _place(floor: Floor, promise: PromiseRecord, contact: ContactRecord | None, order: int, priority: int) -> None:
    """The promise, and the contact that stands for it, have this place from now on."""
    promise.order, promise.priority = order, priority
    if contact is None:
        return
    waits = contact.state is ContactState.WAITING
    if waits:
        floor.index.remove_waiting(contact)
    contact.order, contact.priority = order, promise.key_priority
    if waits:
        floor.index.add_waiting(contact)
        floor.fresh_contacts[contact.id] = None


def _schedule(floor: Floor, promise: PromiseRecord, at: datetime) -> None:
    """When the centre calls next: at that time, in the hours of the queue, and not while the citizen is on the line."""
    promise.wake_at = None
    if isinstance(promise.owner, ToOutside) or not owing.has_queue(floor, promise):
        return
    if promise.contact in floor.contacts:
        return  # `_closed` schedules it
    wake_at = max(at, floor.now)
    hours = owing.hours_of(floor, promise.queue)
    promise.wake_at = wake_at if hours is None else open_from(hours, wake_at)
    if promise.wake_at <= floor.now:
        outgoing.open_contact(floor, promise)
    else:
        floor.deadlines.add_promise(promise.wake_at, Kind.PROMISE, promise.id)


def due(floor: Floor, promise: PromiseRecord) -> None:
    """The time has come; whether the hours still say so is looked at anew."""
    _schedule(floor, promise, floor.now)


def recall(floor: Floor, contact: ContactRecord) -> None:
    """The hours are over in which the citizen may be called: the attempt is made when they begin again."""
    contact.recall_at = None
    outgoing.take_back(floor, contact)


def escalate(floor: Floor, promise: PromiseRecord) -> None:
    """The deadline is near: supervisors are told, and the promise goes before others, to whoever is free."""
    if promise.escalated:
        return
    promise.escalated = True
    floor.emit(PromiseEscalated(promise=promise.id))
    contact = _contact_of(floor, promise)
    _place(floor, promise, contact, promise.order, promise.priority)
    if contact is not None and contact.preferred is not None:
        waiting.ask_anybody(floor, contact)


def kept(floor: Floor, promise: PromiseRecord, contact: ContactId | None, agent: AgentId | None) -> None:
    """The citizen was reached."""
    promise.calling = None
    floor.emit(
        AttemptEnded(promise=promise.id, attempt=promise.attempts, outcome=AttemptOutcome.REACHED, again_at=None)
    )
    end(floor, promise, PromiseOutcome.KEPT, contact=contact, agent=agent)


def end(
    floor: Floor,
    promise: PromiseRecord,
    outcome: PromiseOutcome,
    *,
    contact: ContactId | None = None,
    agent: AgentId | None = None,
) -> None:
    """The promise is over. An attempt whose citizen is not being called yet ends with it."""
    _end_attempt(floor, promise)
    del floor.promises[promise.id]
    if floor.owed.get(promise.debtor) == promise.id:
        del floor.owed[promise.debtor]
    floor.remember_settled(promise.id)
    floor.emit(PromiseEnded(promise=promise.id, outcome=outcome, contact=contact, agent=agent))


def _end_attempt(floor: Floor, promise: PromiseRecord) -> None:
    """The attempt under way, if there is one, is for nothing."""
    calling, promise.calling = promise.calling, None
    if calling is None:
        return
    floor.emit(AttemptEnded(promise=promise.id, attempt=promise.attempts, outcome=AttemptOutcome.FAILED, again_at=None))
    contact = floor.contacts.get(calling)
    if contact is not None:
        outgoing.take_back(floor, contact)


def _attempt_over(floor: Floor, closing: Closing) -> None:
    """The contact that stood for a promise ended before the citizen was reached."""
    contact = closing.contact
    promise = floor.promises.get(contact.promise or PromiseId(""))
    if promise is None or promise.calling != contact.id:
        return
    promise.calling = None
    gave_up = AttemptOutcome.NO_ANSWER if closing.by is EndedBy.AGENT else AttemptOutcome.FAILED
    _attempt_failed(floor, promise, contact.attempt or gave_up)


def _attempt_failed(floor: Floor, promise: PromiseRecord, outcome: AttemptOutcome) -> None:
    handover, again_at = promise.handover, _again_at(floor, promise, outcome)
    if handover is not None:
        again_at = None
    floor.emit(AttemptEnded(promise=promise.id, attempt=promise.attempts, outcome=outcome, again_at=again_at))
    promise.state = PromiseState.OPEN
    if handover is not None:
        changed(floor, handover)
    elif again_at is None:
        end(floor, promise, PromiseOutcome.NOT_REACHED)
    else:
        _schedule(floor, promise, again_at)


def _again_at(floor: Floor, promise: PromiseRecord, outcome: AttemptOutcome) -> datetime | None:
    """By the ladder; within the hours."""
    pauses = owing.rules(floor).again_after_minutes
    pause = _after_own_fault(promise)
    if outcome is not AttemptOutcome.FAILED:
        promise.failures += 1
        if promise.failures > len(pauses):
            return None
        pause = timedelta(minutes=pauses[promise.failures - 1])
    hours = owing.hours_of(floor, promise.queue)
    return floor.now + pause if hours is None else open_from(hours, floor.now + pause)


def _after_own_fault(promise: PromiseRecord) -> timedelta:
    before = max(promise.attempts - promise.failures - 1, 0)
    return timedelta(minutes=_OWN_FAULT_AGAIN_MINUTES[min(before, len(_OWN_FAULT_AGAIN_MINUTES) - 1)])


def _begin_anew(floor: Floor, promise: PromiseRecord) -> None:
    """Owner or time changed: an attempt that has not come to a call yet is made by what holds now."""
    if _is_called(floor, promise):
        return
    _end_attempt(floor, promise)
    promise.state = PromiseState.OPEN
    _schedule(floor, promise, promise.due_at)


def _alter(floor: Floor, promise: PromiseRecord, agent: AgentId | None) -> None:
    floor.emit(
        PromiseAltered(
            promise=promise.id, owner=promise.owner, due_at=promise.due_at, deadline=promise.deadline, agent=agent
        )
    )


def _arm_escalation(floor: Floor, promise: PromiseRecord) -> None:
    """At once, if there is no queue that could keep it."""
    promise.escalate_at = _escalate_at(floor, promise)
    if not promise.escalated:
        if promise.escalate_at <= floor.now:
            escalate(floor, promise)
        else:
            floor.deadlines.add_promise(promise.escalate_at, Kind.ESCALATION, promise.id)


def _escalate_at(floor: Floor, promise: PromiseRecord) -> datetime:
    if not owing.has_queue(floor, promise) and not isinstance(promise.owner, ToOutside):
        return floor.now
    return promise.deadline - timedelta(minutes=owing.rules(floor).escalate_minutes)


# --- the plan


def plan_changed(floor: Floor) -> None:
    """Queues or agents may be gone, or there again: no promise is lost by it."""
    for promise in list(floor.promises.values()):
        before = promise.owner
        promise.owner, promise.queue = owing.owner_and_queue(floor, promise.owner, None, promise.queue, promise.skill)
        promise.skill = owing.skill_of(floor, promise.queue) or promise.skill
        if promise.owner != before:
            _alter(floor, promise, None)
            contact = _contact_of(floor, promise)
            if contact is not None and contact.preferred is not None:
                waiting.ask_anybody(floor, contact)
        _arm_escalation(floor, promise)
        if promise.state is PromiseState.OPEN and promise.wake_at is None:
            _schedule(floor, promise, promise.due_at)
        _follow_hours(floor, promise)


def _follow_hours(floor: Floor, promise: PromiseRecord) -> None:
    """The hours may be others now: nobody waits to be called outside them, or for hours that have begun."""
    contact = _contact_of(floor, promise)
    if contact is not None and contact.uncalled:
        if outgoing.may_call(floor, contact):
            outgoing.recall_when_over(floor, contact)
        else:
            recall(floor, contact)
    elif promise.wake_at is not None and not promise.attempts and promise.wake_at > max(promise.due_at, floor.now):
        _schedule(floor, promise, promise.due_at)


# --- looking up


def _is_known(floor: Floor, promise: PromiseId) -> bool:
    return promise in floor.promises or promise in floor.settled


def _is_being_kept(floor: Floor, promise: PromiseId) -> bool:
    """Whether the call that kept it goes on, be the promise forgotten: the next one's contact would have its name."""
    return any(contact.promise == promise for contact in floor.contacts.values())


def _owed(floor: Floor, citizen: str | None) -> PromiseRecord | None:
    """What the centre owes the citizen."""
    if citizen is None:
        return None
    return floor.promises.get(floor.owed.get((citizen, ""), PromiseId("")))


def _contact_of(floor: Floor, promise: PromiseRecord) -> ContactRecord | None:
    """The contact that stands for the promise."""
    return floor.contacts.get(promise.calling) if promise.calling is not None else None


def _is_called(floor: Floor, promise: PromiseRecord) -> bool:
    """Whether an agent hears the citizen's telephone ring."""
    contact = _contact_of(floor, promise)
    return contact is not None and contact.state not in _IN_LINE


def resumed(floor: Floor, contact: ContactRecord) -> None:
    """A citizen who was cut off or gave up is here again: what was promised for that is not needed any more."""
    promise = _owed(floor, contact.caller)
    if promise is not None and promise.contact is not None and promise.contact == contact.resumes:
        end(floor, promise, PromiseOutcome.RESOLVED, contact=contact.id)
