"""What becomes of the call to a citizen whom the centre calls back: reached, not reached, or nobody says."""

from haedap.domain.events import CitizenNotReached, CitizenReached
from haedap.domain.facts import CitizenAnswered
from haedap.domain.states import AttemptOutcome, ContactState, EndedBy
from haedap.routing import promises, segments
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord, LegStage

_ENDED_BY = {
    AttemptOutcome.UNREACHABLE: EndedBy.LINE,
    AttemptOutcome.FAILED: EndedBy.CENTRE,
}
"""Who ends a contact whose citizen was not reached; in all other cases it is the citizen."""


def citizen_reached(floor: Floor, event: CitizenReached) -> None:
    """The citizen answered: from here on this is a talk like any other, and the promise is kept."""
    contact = floor.contacts.get(event.contact)
    if contact is not None and contact.calling_until is not None:
        reached(floor, contact)


def reached(floor: Floor, contact: ContactRecord) -> None:
    """Citizen and agent hear each other."""
    contact.reached, contact.calling_until, contact.called_at = True, None, floor.now
    if contact.leg is not None:
        contact.leg.stage = LegStage.JOINED
    agent = segments.agent_of(floor, contact)
    floor.emit(CitizenAnswered(contact=contact.id, segment=contact.segments, agent=agent.id))
    promise = None if contact.promise is None else floor.promises.get(contact.promise)
    if promise is not None and promise.calling == contact.id:
        promises.kept(floor, promise, contact.id, agent.id)


def citizen_not_reached(floor: Floor, event: CitizenNotReached) -> None:
    """The citizen did not answer. A channel that says REACHED here is at fault itself."""
    contact = floor.contacts.get(event.contact)
    if contact is not None and contact.calling_until is not None:
        outcome = AttemptOutcome.FAILED if event.outcome is AttemptOutcome.REACHED else event.outcome
        not_reached(floor, contact, outcome)


def not_reached(floor: Floor, contact: ContactRecord, outcome: AttemptOutcome) -> None:
    """The segment ends with a short wrap-up; the promise goes on by its ladder."""
    contact.attempt = outcome
    segments.finish(floor, contact, _ENDED_BY.get(outcome, EndedBy.CITIZEN))


def nobody_said(floor: Floor, contact: ContactRecord) -> None:
    """The channel has not reported what became of the call."""
    not_reached(floor, contact, AttemptOutcome.NO_ANSWER)


def gone(floor: Floor, contact: ContactRecord) -> None:
    """The citizen's leg of an outgoing contact is reported gone before they were reached. One that waits has none."""
    if contact.state is ContactState.ENGAGED:
        not_reached(floor, contact, AttemptOutcome.FAILED)
