"""Waiting: entry into a queue, and what a citizen is told there. What is not known is not said."""

from datetime import datetime, timedelta
from math import ceil

from haedap.domain.decisions import Saying
from haedap.domain.facts import ContactMoved, ContactQueued
from haedap.domain.ids import AgentId, PromptKey, QueueKey
from haedap.domain.plan import Queue
from haedap.domain.states import ContactState, MoveCause
from haedap.routing import sounds
from haedap.routing.deadlines import Kind
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord, QueueRecord, Sound

POSITION = PromptKey("position")
EXPECTED_WAIT = PromptKey("expected_wait")
LONG_WAIT = PromptKey("long_wait")
CALLBACK_OFFER = PromptKey("callback_offer")

OFFER_EVERY = timedelta(seconds=60)
"""How often the callback is offered in a queue that announces nothing else."""

MOST_ANSWERS = 20
LEAST_ANSWERS = 5
ANSWERS_COUNT_FOR = timedelta(minutes=30)
LONGEST_SAID = 30
"""Minutes; a longer wait is not announced."""
DELAY = timedelta(minutes=2)
"""Who has waited so long and cannot be told for how long yet is told that it takes long."""

_MINUTE = timedelta(minutes=1)


def enter(floor: Floor, contact: ContactRecord, queue: QueueKey, priority: int, order: int | None = None) -> None:
    """The citizen asks for a person: from here on they wait in the queue. `order`: an older place that they have."""
    contact.state, contact.queue, contact.priority = ContactState.WAITING, queue, priority
    contact.order = floor.next_order() if order is None else order
    contact.waiting_since = contact.queue_since = floor.now
    floor.queues[queue].contacts += 1
    floor.emit(ContactQueued(contact=contact.id, queue=queue, priority=priority))
    floor.index.add_waiting(contact)
    floor.fresh_contacts[contact.id] = None


def move(floor: Floor, contact: ContactRecord, queue: QueueKey, cause: MoveCause, by: AgentId | None = None) -> None:
    """A waiting contact waits in another queue from now on. Its place goes by the time that it has waited in all.

    What is announced goes by the new queue: one that comes from where nothing is said would never be told anything.
    """
    floor.index.remove_waiting(contact)
    floor.leave_queue(contact)
    contact.queue, contact.queue_since, contact.wide = queue, floor.now, ()
    floor.queues[queue].contacts += 1
    floor.index.add_waiting(contact)
    floor.fresh_contacts[contact.id] = None
    floor.emit(ContactMoved(contact=contact.id, queue=queue, cause=cause, by=by))
    if contact.music and contact.announce_at is None:
        schedule(floor, contact)


def prefer(floor: Floor, contact: ContactRecord, agent: AgentId, until: datetime | None) -> None:
    """Only this agent is to be asked, until then; None: until somebody takes it back. Not while the contact waits.

    With a time the preference ends as soon as the agent cannot be asked: see `matching`.
    """
    contact.preferred, contact.preferred_until = agent, until
    if until is not None:
        floor.deadlines.add(until, Kind.PREFERRED, contact=contact.id)


def ask_anybody(floor: Floor, contact: ContactRecord) -> None:
    """Nobody is preferred any more. The contact keeps its place."""
    waits = contact.state is ContactState.WAITING
    if waits:
        floor.index.remove_waiting(contact)
    contact.preferred = contact.preferred_until = None
    if waits:
        floor.index.add_waiting(contact)
        floor.fresh_contacts[contact.id] = None


def return_to(floor: Floor, contact: ContactRecord, agent: AgentId, seconds: int) -> None:
    """The contact waits once more, first of all, and for so long this agent is asked before anybody else.

    It must have no leg and no open segment, and must not wait already; what the citizen hears is the caller's to say.
    The agent is asked while AVAILABLE, and even in the wrap-up after this very contact, which the offer ends.
    """
    contact.front = True
    prefer(floor, contact, agent, floor.now + timedelta(seconds=seconds))
    contact.state = ContactState.WAITING
    floor.index.add_waiting(contact)
    floor.fresh_contacts[contact.id] = None
    schedule(floor, contact)


def sound_of_waiting(floor: Floor, contact: ContactRecord, sayings: tuple[Saying, ...], *, with_music: bool) -> None:
    """What is heard from now on. Without music the call stays as it is: unanswered, if nothing was said before."""
    contact.music = with_music
    if sayings:
        sounds.play(floor, contact, sayings)
    elif with_music:
        sounds.music(floor, contact)
    else:
        sounds.quiet(contact)
    if with_music:
        schedule(floor, contact)


def schedule(floor: Floor, contact: ContactRecord) -> None:
    """When the next announcement is due."""
    rules = floor.rules(contact)
    seconds = rules.announce_every_seconds
    contact.announce_at = floor.now + timedelta(seconds=seconds) if seconds > 0 else None
    offered_at = _callback_offered_at(contact, rules)
    if contact.announce_at is None and offered_at is not None:
        contact.announce_at = offered_at if offered_at > floor.now else floor.now + OFFER_EVERY
    if contact.announce_at is not None:
        floor.deadlines.add(contact.announce_at, Kind.ANNOUNCE, contact=contact.id)


def rules_changed(floor: Floor, contact: ContactRecord) -> None:
    """The plan has other rules for the queue in which the contact waits: the next announcement goes by them."""
    if contact.music:
        schedule(floor, contact)


def _callback_offered_at(contact: ContactRecord, rules: Queue) -> datetime | None:
    """From when on the citizen is offered to be called back; None: never."""
    if rules.callback_offer_seconds is None or contact.waiting_since is None:
        return None
    return contact.waiting_since + timedelta(seconds=rules.callback_offer_seconds)


def announce(floor: Floor, contact: ContactRecord) -> None:
    """Tell position and expected wait, but not over a ringing offer nor over what is being said or asked.

    Who has waited long is offered to be called back; from then on the key `1` means it.
    """
    rules = floor.rules(contact)
    quiet = contact.state is not ContactState.WAITING or contact.sound is not Sound.MUSIC or contact.asking
    sayings = () if quiet or rules.announce_every_seconds <= 0 else _told(floor, contact)
    offered_at = _callback_offered_at(contact, rules)
    if not quiet and offered_at is not None and offered_at <= floor.now:
        contact.callback_offered = True
        sayings = (*sayings, Saying(CALLBACK_OFFER))
    schedule(floor, contact)
    if sayings:
        sounds.play(floor, contact, sayings)


def _told(floor: Floor, contact: ContactRecord) -> tuple[Saying, ...]:
    """Position and wait, as far as they are known."""
    position = floor.index.position(contact)
    minutes = expected_wait(floor, floor.queues[contact.queue], position)
    sayings: tuple[Saying, ...] = (Saying(POSITION, position),)
    if minutes is not None:
        sayings = (*sayings, Saying(EXPECTED_WAIT, minutes))
    elif contact.waiting_since is not None and contact.waiting_since <= floor.now - DELAY:
        sayings = (*sayings, Saying(LONG_WAIT))
    return sayings


def expected_wait(floor: Floor, queue: QueueRecord, position: int) -> int | None:
    """Minutes, rounded up, until the contact at `position` is answered at the pace of late; None when unknown.

    The pace counts the time since the last answer, too: when nobody answers any more, the wait grows.
    """
    counted = [at for at in queue.answers if at > floor.now - ANSWERS_COUNT_FOR]
    if len(counted) < LEAST_ANSWERS:
        return None
    interval = (floor.now - counted[0]) / (len(counted) - 1)
    minutes = max(1, ceil(interval * position / _MINUTE))
    return minutes if minutes <= LONGEST_SAID else None


def remember_answer(floor: Floor, contact: ContactRecord) -> None:
    """A contact of this queue was answered now."""
    answers = floor.queues[contact.queue].answers
    answers.append(floor.now)
    del answers[:-MOST_ANSWERS]
