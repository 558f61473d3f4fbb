"""Protection from abuse (폭언 대응): the agent warns, has it announced, ends the call; each step once, in this order.

For some kinds of abuse the call may be ended at once. Every step is on tape, even if the recording was paused. Ending
takes the agent out of it at once; the citizen is told why and the call is ended. After the wrap-up the agent rests, at
least until the queue's rest time since the end is over.
"""

from datetime import timedelta

from haedap.domain.decisions import Saying
from haedap.domain.events import Protected
from haedap.domain.facts import ProtectionTaken
from haedap.domain.ids import PromptKey
from haedap.domain.states import ENDED_AT_ONCE, ContactOutcome, ContactState, EndedBy, ProtectionStep, TransferOutcome
from haedap.routing import controls, parties, segments, sounds
from haedap.routing.closing import hang_up
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord
from haedap.routing.refusals import Refusal, of_their_talk

NOTICE = PromptKey("protection_notice")
FAREWELL = PromptKey("protection_end")


def requested(floor: Floor, event: Protected) -> None:
    """The agent takes a step with their own citizen, while they talk."""
    contact = floor.contacts.get(event.contact)
    if contact is not None and refusal(floor, event) is None and contact.protection is not event.step:
        contact.protection = event.step
        controls.resume_recording(floor, contact)
        floor.emit(
            ProtectionTaken(
                contact=contact.id, segment=contact.segments, agent=event.agent, step=event.step, kind=event.kind
            )
        )
        _follow(floor, contact, event.step)


@of_their_talk
def refusal(contact: ContactRecord, event: Protected) -> Refusal | None:
    """Why it cannot be taken now."""
    if contact.state is not ContactState.ENGAGED:
        return Refusal.LINE_LOST
    if contact.protection is event.step:
        return None
    if contact.uncalled:
        return Refusal.CITIZEN_CALLED
    if event.step is ProtectionStep.ANNOUNCE and contact.transfer is not None:
        return Refusal.CONSULTING
    return None if _is_next(contact, event) else Refusal.WRONG_STEP


def _is_next(contact: ContactRecord, event: Protected) -> bool:
    if event.step is ProtectionStep.END and event.kind in ENDED_AT_ONCE:
        return True
    return (contact.protection, event.step) in _ORDER


def _follow(floor: Floor, contact: ContactRecord, step: ProtectionStep) -> None:
    if step is ProtectionStep.ANNOUNCE:
        controls.release(floor, contact)
        sounds.play(floor, contact, (Saying(NOTICE),))
    elif step is ProtectionStep.END:
        _end(floor, contact)


def _end(floor: Floor, contact: ContactRecord) -> None:
    agent, rest = segments.agent_of(floor, contact), floor.rules(contact).rest_seconds
    agent.rest_until = floor.now + timedelta(seconds=rest)
    parties.drop_transfer(floor, contact, TransferOutcome.CANCELLED)
    segments.leave(floor, contact, EndedBy.AGENT)
    contact.state, contact.parting = ContactState.FORWARDED, True
    sounds.play(floor, contact, (Saying(FAREWELL),))


def noticed(floor: Floor, contact: ContactRecord) -> None:
    """The citizen has heard the announcement: the talk goes on."""
    sounds.connect(floor, contact)


def parted(floor: Floor, contact: ContactRecord) -> None:
    """The citizen has been told why."""
    hang_up(floor, contact, ContactOutcome.ANSWERED, EndedBy.AGENT)


_ORDER = frozenset(
    {
        (None, ProtectionStep.WARN),
        (ProtectionStep.WARN, ProtectionStep.ANNOUNCE),
        (ProtectionStep.ANNOUNCE, ProtectionStep.END),
    }
)
"""The step before, and the one that may follow."""
