"""What the agent does to the call: only with their own citizen, only while they talk, and never twice the same.

Nobody is held while a colleague or an officer is consulted: the steps of the consultation say who hears whom. The
agent's screen learns of a lost leg a moment late: what is pressed until the agent is back is so when they are.
"""

from haedap.domain.decisions import ApplyControl, Saying
from haedap.domain.events import ControlRequested
from haedap.domain.facts import ControlApplied
from haedap.domain.states import ContactState, Control
from haedap.routing import consults, segments, sounds
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord

MOST_DIGITS = 32
_DIGITS = frozenset("0123456789*#ABCD")
_IN_SEGMENT = frozenset({ContactState.ENGAGED, ContactState.RECONNECTING})


def requested(floor: Floor, event: ControlRequested) -> None:
    """Apply it if it is the agent's to ask and would change something; while the leg is lost, when it is regained."""
    contact = floor.contacts.get(event.contact)
    if contact is None or contact.agent != event.agent:
        return
    if event.control is Control.END:
        consults.agent_hangs_up(floor, contact)
    elif contact.state in _IN_SEGMENT and _changes(contact, event):
        _begin(floor, contact, event)
        floor.emit(
            ControlApplied(
                contact=contact.id,
                segment=contact.segments,
                agent=event.agent,
                control=event.control,
                digits=event.digits if event.control is Control.SEND_DIGITS else "",
            )
        )


def _begin(floor: Floor, contact: ContactRecord, event: ControlRequested) -> None:
    """Without a leg the flag is enough: see `segments.regain`. Who is off hold by now is told why nobody is there."""
    if contact.state is ContactState.ENGAGED:
        _apply(floor, contact, event.control, event.digits if event.control is Control.SEND_DIGITS else "")
    elif event.control is Control.UNHOLD:
        sounds.play(floor, contact, (Saying(segments.RECONNECTING),))


def release(floor: Floor, contact: ContactRecord) -> None:
    """Whom the agent hears is about to change: nobody is held or muted any more."""
    for control in (Control.UNHOLD, Control.UNMUTE):
        _do(floor, contact, control)


def resume_recording(floor: Floor, contact: ContactRecord) -> None:
    """What follows must be on tape."""
    _do(floor, contact, Control.RESUME_RECORDING)


def _do(floor: Floor, contact: ContactRecord, control: Control) -> None:
    """The router applies the control for the agent, if it changes anything."""
    flag, value = _FLAGS[control]
    if contact.agent is not None and getattr(contact, flag) is not value:
        _set(contact, control)
        _apply(floor, contact, control, "")
        floor.emit(ControlApplied(contact=contact.id, segment=contact.segments, agent=contact.agent, control=control))


def apply_again(floor: Floor, contact: ContactRecord) -> None:
    """The exchange may have forgotten what was applied, or was never told: also of an end."""
    if contact.state is not ContactState.ENGAGED:
        return
    for control, (flag, value) in _FLAGS.items():
        holds = control in contact.applied and getattr(contact, flag) is value
        if holds and not (control is Control.UNHOLD and _parted(contact)):
            _apply(floor, contact, control, "")


def _changes(contact: ContactRecord, event: ControlRequested) -> bool:
    """Whether the control is possible now; if so the contact's flags are set."""
    if event.control is Control.SEND_DIGITS:
        possible = contact.state is ContactState.ENGAGED and 0 < len(event.digits) <= MOST_DIGITS
        return possible and _DIGITS.issuperset(event.digits)
    flag, value = _FLAGS[event.control]
    if getattr(contact, flag) is value or (event.control is Control.HOLD and _parted(contact)):
        return False
    _set(contact, event.control)
    return True


def _set(contact: ContactRecord, control: Control) -> None:
    flag, value = _FLAGS[control]
    setattr(contact, flag, value)
    if control not in contact.applied:
        contact.applied = (*contact.applied, control)


def _parted(contact: ContactRecord) -> bool:
    """Whether the citizen is apart from the agent already: a consultation, an announcement, a call not answered yet."""
    told = contact.playing is not None and contact.state is ContactState.ENGAGED
    return contact.transfer is not None or told or contact.uncalled


def _apply(floor: Floor, contact: ContactRecord, control: Control, digits: str) -> None:
    if contact.leg is not None:
        floor.emit(
            ApplyControl(
                id=floor.request(contact), contact=contact.id, offer=contact.leg.offer, control=control, digits=digits
            )
        )


_FLAGS: dict[Control, tuple[str, bool]] = {
    Control.HOLD: ("held", True),
    Control.UNHOLD: ("held", False),
    Control.MUTE: ("muted", True),
    Control.UNMUTE: ("muted", False),
    Control.PAUSE_RECORDING: ("recording_paused", True),
    Control.RESUME_RECORDING: ("recording_paused", False),
}
