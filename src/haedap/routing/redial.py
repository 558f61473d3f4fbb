"""Redial: who was cut off or gave up and calls again soon has the old place back, and the same agent first."""

from datetime import timedelta

from haedap import flows
from haedap.domain.decisions import Saying
from haedap.domain.events import ContactArrived
from haedap.domain.ids import PromptKey
from haedap.routing import outgoing, overflow, owing, waiting
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord, GoneRecord

MOST_GONE = 100_000


def remember(floor: Floor, contact: ContactRecord) -> None:
    """Keep the place of a citizen who left without having been served to the end."""
    span = _span(floor)
    if contact.caller is None or not span:
        return
    floor.gone.pop(contact.caller, None)
    floor.gone[contact.caller] = GoneRecord(
        contact=contact.id,
        caller=contact.caller,
        at=floor.now,
        queue=contact.queue,
        priority=contact.priority,
        order=contact.order,
        agent=contact.last_agent,
    )
    while len(floor.gone) > MOST_GONE or next(iter(floor.gone.values())).at < floor.now - span:
        del floor.gone[next(iter(floor.gone))]


def place_of(floor: Floor, event: ContactArrived, flow: flows.Flow) -> tuple[GoneRecord, flows.QueueStep] | None:
    """The place that the caller has kept, and the step of the flow by which it is taken again.

    None when there is none, or when the way into that queue is closed by now: then the flow tells them so.
    """
    gone = None if event.caller is None or event.withheld else floor.gone.get(event.caller)
    if gone is None or gone.at < floor.now - _span(floor):
        return None
    queue = floor.queues.get(gone.queue)
    step = None if queue is None or queue.removed else flows.way_to(flow, floor.plan.hours, gone.queue, floor.now)
    return None if step is None else (gone, step)


def resume(floor: Floor, contact: ContactRecord, gone: GoneRecord, step: flows.QueueStep) -> None:
    """Without the flow into the same queue, as old as before; what its step says is said once more."""
    floor.gone.pop(gone.caller, None)
    contact.resumes = gone.contact
    if gone.agent is not None:
        until = floor.now + timedelta(seconds=outgoing.SAME_AGENT_SECONDS)
        waiting.prefer(floor, contact, gone.agent, until)
    waiting.enter(floor, contact, gone.queue, gone.priority, gone.order)
    waiting.sound_of_waiting(
        floor, contact, tuple(Saying(PromptKey(prompt)) for prompt in step.prompts), with_music=step.music
    )
    overflow.entered(floor, contact)


def _span(floor: Floor) -> timedelta:
    return timedelta(minutes=owing.rules(floor).redial_minutes)
