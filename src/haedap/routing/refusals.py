"""Why something that is asked about a talk cannot be done now, for whoever asked: the router itself does nothing then.

What is so already is no refusal: who asks twice has what they want.
"""

from enum import StrEnum

from haedap.domain.ids import AgentId
from haedap.routing.records import ContactRecord


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


def not_the_agent(contact: ContactRecord, agent: AgentId) -> Refusal:
    """Why the talk is not this agent's to change."""
    consulted = contact.consult is not None and contact.consult.agent == agent
    return Refusal.CONSULTED if consulted else Refusal.NOT_THEIRS
