"""Waiting: entry into a queue, and what a citizen is told there. What is not known is not said."""

from datetime import datetime, timedelta
from math import ceil

from haedap.domain.decisions import Saying
from haedap.domain.facts import ContactQueued
from haedap.domain.ids import AgentId, PromptKey, QueueKey
from haedap.domain.states import ContactState
from haedap.routing import sounds
from haedap.routing.deadlines import Kind
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord, QueueRecord, Sound

POSITION = PromptKey("position")
EXPECTED_WAIT = PromptKey("expected_wait")
LONG_WAIT = PromptKey("long_wait")

MOST_ANSWERS = 20
LEAST_ANSWERS = 5
ANSWERS_COUNT_FOR = timedelta(minutes=30)
LONGEST_SAID = 30
"""Minutes; a longer wait is not announced."""
DELAY = timedelta(minutes=2)
"""Who has waited so long and cannot be told for how long yet is told that it takes long."""

_MINUTE = timedelta(minutes=1)


def enter(floor: Floor, contact: ContactRecord, queue: QueueKey, priority: int) -> None:
    """The citizen asks for a person: from here on they wait in the queue."""
    contact.state, contact.queue, contact.priority = ContactState.WAITING, queue, priority
    contact.order, contact.waiting_since = floor.next_order(), floor.now
    floor.queues[queue].contacts += 1
    floor.emit(ContactQueued(contact=contact.id, queue=queue, priority=priority))
    floor.index.add_waiting(contact)
    floor.fresh_contacts[contact.id] = None


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
    seconds = floor.rules(contact).announce_every_seconds
    contact.announce_at = floor.now + timedelta(seconds=seconds) if seconds > 0 else None
    if contact.announce_at is not None:
        floor.deadlines.add(contact.announce_at, Kind.ANNOUNCE, contact=contact.id)


def announce(floor: Floor, contact: ContactRecord) -> None:
    """Tell position and expected wait, but not over a ringing offer nor over what is being said."""
    schedule(floor, contact)
    if contact.state is not ContactState.WAITING or contact.sound is not Sound.MUSIC:
        return
    position = floor.index.position(contact)
    minutes = expected_wait(floor, floor.queues[contact.queue], position)
    sayings: tuple[Saying, ...] = (Saying(POSITION, position),)
    if minutes is not None:
        sayings = (*sayings, Saying(EXPECTED_WAIT, minutes))
    elif contact.waiting_since is not None and contact.waiting_since <= floor.now - DELAY:
        sayings = (*sayings, Saying(LONG_WAIT))
    sounds.play(floor, contact, sayings)


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
