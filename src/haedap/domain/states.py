"""The states of agents and contacts, and the closed lists of reasons. Values are stable: they stand in the journal."""

from enum import StrEnum


class Channel(StrEnum):
    """How a contact reaches the centre."""

    VOICE = "voice"


class AgentState(StrEnum):
    """대기 · 인입 · 상담중 · 후처리 · 이석 · 로그아웃."""

    AVAILABLE = "available"
    OFFERED = "offered"
    ENGAGED = "engaged"
    WRAP_UP = "wrap_up"
    AWAY = "away"
    SIGNED_OUT = "signed_out"


NO_ANSWER_REASON = "no_answer"
"""The AWAY reason of an agent who let an offer ring out."""

UNREACHABLE_REASON = "unreachable"
"""The AWAY reason of an agent whose telephone could not be reached."""

REJECTED_REASON = "rejected"
"""The AWAY reason of an agent who declined an offer."""

SIGNED_IN_REASON = "signed_in"
"""The AWAY reason of an agent who came on duty and has not said AVAILABLE yet."""


class ContactState(StrEnum):
    """Where a contact is on its way from arrival to end."""

    IN_FLOW = "in_flow"
    WAITING = "waiting"
    OFFERED = "offered"
    ENGAGED = "engaged"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


class ContactOutcome(StrEnum):
    """How a contact ended. Each contact has exactly one."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    LEFT_IN_FLOW = "left_in_flow"
    CLOSED_BY_FLOW = "closed_by_flow"
    REFUSED = "refused"


class EndedBy(StrEnum):
    """Who or what ended a contact or a leg."""

    CITIZEN = "citizen"
    AGENT = "agent"
    FLOW = "flow"
    LINE = "line"
    """The line was lost: the far end vanished, or the media stopped."""
    CENTRE = "centre"
    """The centre ended it: an error, a restart of the exchange."""


class OfferOutcome(StrEnum):
    """What became of an offer."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    CITIZEN_LEFT = "citizen_left"
    WITHDRAWN = "withdrawn"
    """Taken back by the router: the agent signed out, or the plan changed."""


class PlayOutcome(StrEnum):
    """What became of a playback."""

    FINISHED = "finished"
    REPLACED = "replaced"
    FAILED = "failed"


class Control(StrEnum):
    """What an agent does to the call while talking."""

    HOLD = "hold"
    UNHOLD = "unhold"
    MUTE = "mute"
    UNMUTE = "unmute"
    PAUSE_RECORDING = "pause_recording"
    RESUME_RECORDING = "resume_recording"
    SEND_DIGITS = "send_digits"
    END = "end"


class RefusalCause(StrEnum):
    """Why a call is refused before it is answered."""

    UNKNOWN_NUMBER = "unknown_number"
    NO_PLAN = "no_plan"
