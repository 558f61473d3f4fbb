"""Why something that is asked about a talk cannot be done now, for whoever asked: the router itself does nothing then.

What is so already is no refusal: who asks twice has what they want.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from haedap.domain.events import ConsultStepped, ControlRequested, Protected, TransferRequested
from haedap.routing.floor import Floor
from haedap.routing.records import ContactRecord

_Asked = TypeVar("_Asked", ControlRequested, TransferRequested, ConsultStepped, Protected)


class Refusal(StrEnum):
    """One reason each; the web has a sentence for it."""

    MALFORMED = "malformed"
    NOT_THEIRS = "not_theirs"
    NOT_ENGAGED = "not_engaged"
    CONSULTED = "consulted"
    """It is the colleague's talk by whom they are consulted."""
    CONSULTING = "consulting"
    NOT_CONSULTING = "not_consulting"
    NOBODY_ANSWERED = "nobody_answered"
    """Whom the agent consults cannot talk yet."""
    ANNOUNCING = "announcing"
    ON_HOLD = "on_hold"
    CITIZEN_CALLED = "citizen_called"
    """The citizen's telephone rings: they are not on the line yet."""
    LINE_LOST = "line_lost"
    WRONG_STEP = "wrong_step"
    SUPERVISED = "supervised"
    SUPERVISING = "supervising"
    TALKING = "talking"
    NOT_WAITING = "not_waiting"


def of_their_talk(
    why_not: Callable[[ContactRecord, _Asked], Refusal | None],
) -> Callable[[Floor, _Asked], Refusal | None]:
    """Why an agent's wish cannot be done: as `why_not` says of a talk that is theirs to change, or it is not theirs."""

    def refusal(floor: Floor, event: _Asked) -> Refusal | None:
        contact = floor.contacts.get(event.contact)
        if contact is None:
            return Refusal.NOT_THEIRS
        if contact.agent == event.agent:
            return why_not(contact, event)
        consulted = contact.consult is not None and contact.consult.agent == event.agent
        return Refusal.CONSULTED if consulted else Refusal.NOT_THEIRS

    return refusal
