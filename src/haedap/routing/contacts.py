"""The citizen's side: arrival, playbacks that end, and leaving."""

from collections.abc import Callable

from haedap.domain.decisions import Refuse
from haedap.domain.events import CitizenLeft, ContactArrived, PlaybackEnded
from haedap.domain.facts import ContactOpened
from haedap.domain.ids import ContactId
from haedap.domain.states import (
    ContactOutcome,
    ContactState,
    EndedBy,
    OfferOutcome,
    RefusalCause,
    TransferOutcome,
)
from haedap.flows import Flow
from haedap.routing import (
    agents,
    callbacks,
    ivr,
    legs,
    offers,
    parties,
    promises,
    protection,
    redial,
    segments,
    sounds,
    transfers,
)
from haedap.routing.closing import close, outcome
from haedap.routing.flood import is_too_much
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord


def arrived(floor: Floor, event: ContactArrived) -> None:
    """A new contact runs the flow of the number it called; a known one, live or over, changes nothing."""
    if event.contact in floor.contacts or event.contact in floor.closed:
        return
    contact = ContactRecord(
        id=event.contact, channel=event.channel, called=event.called, caller=event.caller, called_at=floor.now
    )
    floor.contacts[contact.id] = contact
    flow = floor.plan.flow_of(event.called)
    flood = flow is not None and is_too_much(floor, event)
    kept = None if flow is None or flood else redial.place_of(floor, event, flow)
    _opened(floor, event, None if flood else flow, None if kept is None else kept[0].contact)
    if flow is None or flood:
        _refuse(floor, contact, RefusalCause.FLOOD if flood else _cause(floor, contact))
    elif kept is None:
        ivr.start(floor, contact, flow)
    else:
        contact.flow = flow.key
        redial.resume(floor, contact, *kept)
        promises.resumed(floor, contact)


def _opened(floor: Floor, event: ContactArrived, flow: Flow | None, resumes: ContactId | None) -> None:
    floor.emit(
        ContactOpened(
            contact=event.contact,
            channel=event.channel,
            called=event.called,
            caller=event.caller,
            caller_text=event.caller_text,
            caller_name=event.caller_name,
            withheld=event.withheld,
            flow=None if flow is None else flow.key,
            resumes=resumes,
        )
    )


def _cause(floor: Floor, contact: ContactRecord) -> RefusalCause:
    """The number is not ours, or it is and nothing that can run answers it."""
    unknown = floor.plan.plan is not None and contact.called not in floor.plan.numbers
    return RefusalCause.UNKNOWN_NUMBER if unknown else RefusalCause.NO_PLAN


def _refuse(floor: Floor, contact: ContactRecord, cause: RefusalCause) -> None:
    """No flow, no queue, no sound: the record is all that remains of the call."""
    floor.emit(Refuse(id=floor.request(contact), contact=contact.id, cause=cause))
    close(floor, contact, ContactOutcome.REFUSED, EndedBy.CENTRE)


def playback_ended(floor: Floor, event: PlaybackEnded) -> None:
    """The flow goes on, or music follows. However it ended, silence would be worse than going on."""
    contact = floor.contacts.get(event.contact)
    if contact is None:
        return
    if contact.playing != event.request:
        legs.announced(floor, contact, event.request)
    elif contact.state is ContactState.IN_FLOW or contact.asking:
        ivr.played(floor, contact)
    elif contact.state is ContactState.ENGAGED:
        protection.noticed(floor, contact)
    elif contact.parting:
        protection.parted(floor, contact)
    elif contact.music:
        sounds.music(floor, contact)
    else:
        sounds.quiet(contact)


def left(floor: Floor, event: CitizenLeft) -> None:
    """The citizen's leg is gone."""
    contact = floor.contacts.get(event.contact)
    if contact is not None:
        gone(floor, contact, event.by)


def gone(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    """The contact ends because its citizen is not there any more."""
    if contact.uncalled:
        callbacks.gone(floor, contact)
    else:
        _LEFT[contact.state](floor, contact, by)


def _left_in_flow(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    """Whom the exchange dropped on the way to an agent is called back; who was promised a call has it."""
    if by is EndedBy.CENTRE:
        ivr.promise_dropped(floor, contact)
    close(floor, contact, outcome(contact, by) if contact.promises else ContactOutcome.LEFT_IN_FLOW, by)


def _left_waiting(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    floor.index.remove_waiting(contact)
    close(floor, contact, outcome(contact, by), by)


def _left_offered(floor: Floor, contact: ContactRecord, by: EndedBy) -> None:
    agent = None if contact.leg is None else floor.agents[contact.leg.agent]
    offers.end_offer(floor, contact, OfferOutcome.CITIZEN_LEFT, end_the_leg=True)
    parties.end_transfer(floor, contact, TransferOutcome.CITIZEN_LEFT)
    close(floor, contact, outcome(contact, by), by)
    if agent is not None:
        agents.become_idle_again(floor, agent)


_LEFT: dict[ContactState, Callable[[Floor, ContactRecord, EndedBy], None]] = {
    ContactState.IN_FLOW: _left_in_flow,
    ContactState.WAITING: _left_waiting,
    ContactState.OFFERED: _left_offered,
    ContactState.ENGAGED: segments.citizen_left,
    ContactState.RECONNECTING: segments.citizen_left,
    ContactState.FORWARDED: transfers.citizen_left,
}
