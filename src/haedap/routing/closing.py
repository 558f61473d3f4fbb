"""The end of contacts. Each has exactly one end, and whatever it held is given back."""

from haedap.domain.decisions import EndContact
from haedap.domain.facts import ContactClosed
from haedap.domain.states import ContactOutcome, ContactState, EndedBy
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord


def close(floor: Floor, contact: ContactRecord, outcome: ContactOutcome, by: EndedBy) -> None:
    """The contact is over. It must be out of the index and have no leg."""
    contact.state = ContactState.ENDED
    del floor.contacts[contact.id]
    floor.leave_queue(contact)
    floor.remember_closed(contact)
    floor.emit(ContactClosed(contact=contact.id, outcome=outcome, by=by))


def hang_up(floor: Floor, contact: ContactRecord, outcome: ContactOutcome, by: EndedBy) -> None:
    """The centre ends the contact: the channel ends every leg, and the contact is closed at once."""
    contact.leg = None
    floor.emit(EndContact(id=floor.request(contact), contact=contact.id))
    close(floor, contact, outcome, by)
