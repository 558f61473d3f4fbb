"""What the agent does to the call: only with their own citizen, only while they talk, and never twice the same.

Nobody is held while a colleague or an officer is consulted: the steps of the consultation say who hears whom.
"""

from haedap.domain.decisions import ApplyControl
from haedap.domain.events import ControlRequested
from haedap.domain.facts import ControlApplied
from haedap.domain.states import ContactState, Control
from haedap.routing import consults
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord

MOST_DIGITS = 32
_DIGITS = frozenset("0123456789*#ABCD")


def requested(floor: Floor, event: ControlRequested) -> None:
    """Apply it if it is the agent's to ask and would change something; END also while the leg is lost."""
    contact = floor.contacts.get(event.contact)
    if contact is None or contact.agent != event.agent:
        return
    if event.control is Control.END:
        consults.agent_hangs_up(floor, contact)
    elif contact.state is ContactState.ENGAGED and _changes(contact, event):
        _apply(floor, contact, event.control, event.digits if event.control is Control.SEND_DIGITS else "")
        floor.emit(
            ControlApplied(
                contact=contact.id,
                segment=contact.segments,
                agent=event.agent,
                control=event.control,
                digits=event.digits if event.control is Control.SEND_DIGITS else "",
            )
        )


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
        return 0 < len(event.digits) <= MOST_DIGITS and _DIGITS.issuperset(event.digits)
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
    return contact.transfer is not None or contact.playing is not None or contact.uncalled


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
