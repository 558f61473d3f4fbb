"""The end of contacts. Each has exactly one end, and whatever it held is given back."""

from haedap.domain.decisions import EndContact
from haedap.domain.facts import ContactClosed
from haedap.domain.states import ContactOutcome, ContactState, EndedBy
from haedap.routing.floor import Closing, Floor
from haedap.routing.records import ContactRecord

CUT_OFF = frozenset({EndedBy.LINE, EndedBy.CENTRE})
"""By what a citizen is cut off: they did not hang up themselves."""


def close(floor: Floor, contact: ContactRecord, outcome: ContactOutcome, by: EndedBy) -> None:
    """The contact is over. It must be out of the index and have no leg."""
    was, contact.state = contact.state, ContactState.ENDED
    queue = floor.queues.get(contact.queue)
    del floor.contacts[contact.id]
    floor.leave_queue(contact)
    floor.remember_closed(contact)
    floor.emit(ContactClosed(contact=contact.id, outcome=outcome, by=by))
    floor.closings.append(Closing(contact, was, outcome, by, None if queue is None else queue.rules))


def outcome(contact: ContactRecord, by: EndedBy) -> ContactOutcome:
    """How a contact ends that has entered a queue.

    One that had a segment was answered, even if its citizen had to wait once more. Who was cut off while waiting has
    not given up: they are called back, if their number is known.
    """
    if contact.uncalled:
        return ContactOutcome.NOT_REACHED
    if contact.segments:
        return ContactOutcome.ANSWERED
    if contact.promises or (by in CUT_OFF and contact.caller is not None):
        return ContactOutcome.PROMISED
    return ContactOutcome.ABANDONED


def hang_up(floor: Floor, contact: ContactRecord, outcome: ContactOutcome, by: EndedBy) -> None:
    """The centre ends the contact: the channel ends every leg, and the contact is closed at once."""
    contact.leg = None
    floor.emit(EndContact(id=floor.request(contact), contact=contact.id))
    close(floor, contact, outcome, by)
