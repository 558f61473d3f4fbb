"""States and outcomes in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haedap.domain.states import (
    AgentState,
    AttemptOutcome,
    Channel,
    ContactOutcome,
    ContactState,
    Control,
    EndedBy,
    MoveCause,
    OfferOutcome,
    PromiseOutcome,
    PromiseReason,
    PromiseState,
    ProtectionStep,
    Supervision,
    TransferMode,
    TransferOutcome,
)

CHANNELS = {Channel.VOICE: pgettext_lazy("channel", "Telephone")}
CONTACT_STATES = {
    ContactState.IN_FLOW: _("In the announcement"),
    ContactState.WAITING: _("Waiting"),
    ContactState.OFFERED: _("Ringing"),
    ContactState.ENGAGED: _("Talking"),
    ContactState.RECONNECTING: _("Reconnecting"),
    ContactState.FORWARDED: _("Put through"),
    ContactState.ENDED: _("Ended"),
}
OUTCOMES = {
    ContactOutcome.ANSWERED: _("Answered"),
    ContactOutcome.ABANDONED: _("Abandoned"),
    ContactOutcome.LEFT_IN_FLOW: _("Left in the announcement"),
    ContactOutcome.CLOSED_BY_FLOW: _("Closed by the announcement"),
    ContactOutcome.REFUSED: _("Refused"),
    ContactOutcome.PROMISED: _("Callback promised"),
    ContactOutcome.NOT_REACHED: _("Not reached"),
}
OUTCOME_COLOURS = {
    ContactOutcome.ANSWERED: "green",
    ContactOutcome.ABANDONED: "red",
    ContactOutcome.LEFT_IN_FLOW: "yellow",
    ContactOutcome.CLOSED_BY_FLOW: "blue",
    ContactOutcome.REFUSED: "",
    ContactOutcome.PROMISED: "blue",
    ContactOutcome.NOT_REACHED: "yellow",
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
    EndedBy.OFFICER: _("the office"),
    EndedBy.SUPERVISOR: _("a supervisor"),
}
OFFER_OUTCOMES = {
    OfferOutcome.ANSWERED: _("answered"),
    OfferOutcome.NO_ANSWER: _("did not answer"),
    OfferOutcome.REJECTED: _("rejected the contact"),
    OfferOutcome.UNREACHABLE: _("could not be reached"),
    OfferOutcome.FAILED: _("could not be connected"),
    OfferOutcome.REFUSED: _("could not be connected"),
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

TRANSFER_MODES = {
    TransferMode.BLIND: _("Blind transfer"),
    TransferMode.CONSULT: _("Consult transfer"),
}
TRANSFER_OUTCOMES = {
    TransferOutcome.COMPLETED: _("the citizen was handed over"),
    TransferOutcome.CANCELLED: _("the agent took it back"),
    TransferOutcome.BUSY: _("the line was busy"),
    TransferOutcome.NO_ANSWER: _("nobody answered"),
    TransferOutcome.REJECTED: _("the call was declined"),
    TransferOutcome.UNREACHABLE: _("nobody could be reached"),
    TransferOutcome.FAILED: _("it could not be connected"),
    TransferOutcome.REFUSED: _("the centre could not call out"),
    TransferOutcome.LEFT: _("the other side hung up"),
    TransferOutcome.CUT_OFF: _("a line was lost"),
    TransferOutcome.CITIZEN_LEFT: _("the citizen hung up"),
}
MOVE_CAUSES = {
    MoveCause.SUPERVISOR: _("a supervisor moved it"),
    MoveCause.TRANSFER: _("by a transfer"),
    MoveCause.WAIT: _("it waited long"),
    MoveCause.LENGTH: _("too many waited"),
    MoveCause.NOBODY: _("nobody was signed in"),
}
SUPERVISIONS = {
    Supervision.LISTEN: _("listens"),
    Supervision.WHISPER: _("whispers to the agent"),
    Supervision.BARGE: _("talks with both"),
}
PROTECTION_STEPS = {
    ProtectionStep.WARN: _("Warning"),
    ProtectionStep.ANNOUNCE: _("Announcement against abuse"),
    ProtectionStep.END: _("End of the call for abuse"),
}
PROMISE_REASONS = {
    PromiseReason.QUEUE: _("asked for it while waiting"),
    PromiseReason.AFTER_HOURS: _("called after hours"),
    PromiseReason.ABANDONED: _("gave up waiting"),
    PromiseReason.DROPPED: _("the call broke off"),
    PromiseReason.OFFICER: _("an officer calls back"),
    PromiseReason.AGENT: _("an agent promised it"),
    PromiseReason.VOICEMAIL: _("left a message"),
    PromiseReason.TEXT: _("wrote a message"),
}
PROMISE_STATES = {
    PromiseState.OPEN: _("To be called"),
    PromiseState.WAITING: _("Being called"),
    PromiseState.ENDED: _("Over"),
}
PROMISE_OUTCOMES = {
    PromiseOutcome.KEPT: _("kept"),
    PromiseOutcome.NOT_REACHED: _("the citizen was never reached"),
    PromiseOutcome.CANCELLED: _("cancelled"),
    PromiseOutcome.MERGED: _("joined with another promise"),
    PromiseOutcome.RESOLVED: _("the citizen called before"),
}
ATTEMPT_OUTCOMES = {
    AttemptOutcome.REACHED: _("the citizen was reached"),
    AttemptOutcome.NO_ANSWER: _("nobody answered"),
    AttemptOutcome.BUSY: _("the line was busy"),
    AttemptOutcome.UNREACHABLE: _("nobody could be reached"),
    AttemptOutcome.REJECTED: _("the call was declined"),
    AttemptOutcome.FAILED: _("it could not be connected"),
}


def outcome_choices() -> list[tuple[str, str | Promise]]:
    """For a filter."""
    return [("", _("all")), *((key.value, word) for key, word in OUTCOMES.items())]


def state_choices() -> list[tuple[str, str | Promise]]:
    """For a filter."""
    return [("", _("all")), *((key.value, word) for key, word in CONTACT_STATES.items())]
