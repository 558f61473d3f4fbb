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
from haedap.routing.refusals import Refusal, of_their_talk

MOST_DIGITS = 32
_DIGITS = frozenset("0123456789*#ABCD")


def requested(floor: Floor, event: ControlRequested) -> None:
    """Apply it if it is the agent's to ask and would change something; while the leg is lost, when it is regained."""
    contact = floor.contacts.get(event.contact)
    if contact is None or refusal(floor, event) is not None:
        return
    if event.control is Control.END:
        consults.agent_hangs_up(floor, contact)
    elif _changes(contact, event.control):
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


@of_their_talk
def refusal(contact: ContactRecord, event: ControlRequested) -> Refusal | None:
    """Why it cannot be done now."""
    if event.control is Control.SEND_DIGITS:
        return _nobody_hears_keys(contact, event.digits)
    return _apart(contact) if event.control is Control.HOLD and not contact.held else None


def _nobody_hears_keys(contact: ContactRecord, digits: str) -> Refusal | None:
    """Keys go to whom the agent speaks with."""
    if not (0 < len(digits) <= MOST_DIGITS and _DIGITS.issuperset(digits)):
        return Refusal.MALFORMED
    if contact.leg is None or contact.state is not ContactState.ENGAGED:
        return Refusal.LINE_LOST
    if contact.held:
        return Refusal.ON_HOLD
    if contact.leg.announcing is not None:
        return Refusal.ANNOUNCING
    if contact.transfer is not None:
        return None if contact.transfer.citizen or consults.can_talk(contact) else Refusal.NOBODY_ANSWERED
    return _apart(contact)


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
        if holds and not (control is Control.UNHOLD and _apart(contact) is not None):
            _apply(floor, contact, control, "")


def _changes(contact: ContactRecord, control: Control) -> bool:
    """Whether it is not so already; if it is not, the contact's flags are set."""
    if control is Control.SEND_DIGITS:
        return True
    flag, value = _FLAGS[control]
    if getattr(contact, flag) is value:
        return False
    _set(contact, control)
    return True


def _set(contact: ContactRecord, control: Control) -> None:
    flag, value = _FLAGS[control]
    setattr(contact, flag, value)
    if control not in contact.applied:
        contact.applied = (*contact.applied, control)


def _apart(contact: ContactRecord) -> Refusal | None:
    """Why the citizen is apart from the agent already: a consultation, an announcement, a call not answered yet."""
    if contact.uncalled:
        return Refusal.CITIZEN_CALLED
    if contact.transfer is not None:
        return Refusal.CONSULTING
    told = contact.playing is not None and contact.state is ContactState.ENGAGED
    return Refusal.ANNOUNCING if told else None


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
