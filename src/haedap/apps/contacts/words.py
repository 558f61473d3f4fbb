"""States and outcomes in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haedap.domain.states import AgentState, ContactOutcome, ContactState, Control, EndedBy, OfferOutcome

CONTACT_STATES = {
    ContactState.IN_FLOW: _("In the announcement"),
    ContactState.WAITING: _("Waiting"),
    ContactState.OFFERED: _("Ringing"),
    ContactState.ENGAGED: _("Talking"),
    ContactState.RECONNECTING: _("Reconnecting"),
    ContactState.ENDED: _("Ended"),
}
OUTCOMES = {
    ContactOutcome.ANSWERED: _("Answered"),
    ContactOutcome.ABANDONED: _("Abandoned"),
    ContactOutcome.LEFT_IN_FLOW: _("Left in the announcement"),
    ContactOutcome.CLOSED_BY_FLOW: _("Closed by the announcement"),
    ContactOutcome.REFUSED: _("Refused"),
}
OUTCOME_COLOURS = {
    ContactOutcome.ANSWERED: "green",
    ContactOutcome.ABANDONED: "red",
    ContactOutcome.LEFT_IN_FLOW: "yellow",
    ContactOutcome.CLOSED_BY_FLOW: "blue",
    ContactOutcome.REFUSED: "",
}
AGENT_STATES = {
    AgentState.AVAILABLE: _("Available"),
    AgentState.OFFERED: _("Ringing (agent)"),
    AgentState.ENGAGED: _("Talking"),
    AgentState.WRAP_UP: _("Wrap-up"),
    AgentState.AWAY: _("Away"),
    AgentState.SIGNED_OUT: _("Signed out"),
}
ENDED_BY = {
    EndedBy.CITIZEN: _("the citizen"),
    EndedBy.AGENT: _("the agent"),
    EndedBy.FLOW: _("the announcement"),
    EndedBy.LINE: _("a lost line"),
    EndedBy.CENTRE: _("the centre"),
}
OFFER_OUTCOMES = {
    OfferOutcome.ANSWERED: _("answered"),
    OfferOutcome.NO_ANSWER: _("did not answer"),
    OfferOutcome.REJECTED: _("rejected the contact"),
    OfferOutcome.UNREACHABLE: _("could not be reached"),
    OfferOutcome.FAILED: _("could not be connected"),
    OfferOutcome.CITIZEN_LEFT: _("was still ringing when the citizen hung up"),
    OfferOutcome.WITHDRAWN: _("had the contact taken back"),
}
CONTROLS = {
    Control.HOLD: _("put the citizen on hold"),
    Control.UNHOLD: _("took the citizen off hold"),
    Control.MUTE: _("muted the microphone"),
    Control.UNMUTE: _("unmuted the microphone"),
    Control.PAUSE_RECORDING: _("paused the recording"),
    Control.RESUME_RECORDING: _("resumed the recording"),
    Control.SEND_DIGITS: _("sent keypad tones"),
    Control.END: _("ended the call"),
}


def outcome_choices() -> list[tuple[str, str | Promise]]:
    """For a filter."""
    return [("", _("all")), *((key.value, word) for key, word in OUTCOMES.items())]


def state_choices() -> list[tuple[str, str | Promise]]:
    """For a filter."""
    return [("", _("all")), *((key.value, word) for key, word in CONTACT_STATES.items())]
