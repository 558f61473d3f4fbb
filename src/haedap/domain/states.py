"""The states of agents and contacts, and the closed lists of reasons. Values are stable: they stand in the journal."""

from enum import StrEnum


class Channel(StrEnum):
    """How a contact reaches the centre."""

    VOICE = "voice"


class Direction(StrEnum):
    """Who calls whom."""

    IN = "in"
    OUT = "out"


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

REST_REASON = "rest"
"""The AWAY reason of an agent who rests after an abusive call; AVAILABLE is not taken before its time."""

SIGNED_IN_REASON = "signed_in"
"""The AWAY reason of an agent who came on duty and has not said AVAILABLE yet."""

OWN_REASONS = frozenset({NO_ANSWER_REASON, UNREACHABLE_REASON, REJECTED_REASON, REST_REASON, SIGNED_IN_REASON})
"""The AWAY reasons that the centre sets by itself."""


class ContactState(StrEnum):
    """Where a contact is on its way from arrival to end."""

    IN_FLOW = "in_flow"
    WAITING = "waiting"
    OFFERED = "offered"
    ENGAGED = "engaged"
    RECONNECTING = "reconnecting"
    FORWARDED = "forwarded"
    """With an officer or at an outside number, or being put through to one; no agent has it any more."""
    ENDED = "ended"


class ContactOutcome(StrEnum):
    """How a contact ended. Each contact has exactly one."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    LEFT_IN_FLOW = "left_in_flow"
    CLOSED_BY_FLOW = "closed_by_flow"
    REFUSED = "refused"
    PROMISED = "promised"
    """Nobody was reached, and a callback was promised."""
    NOT_REACHED = "not_reached"
    """The centre called, and the citizen did not answer."""


class EndedBy(StrEnum):
    """Who or what ended a contact or a leg."""

    CITIZEN = "citizen"
    AGENT = "agent"
    FLOW = "flow"
    LINE = "line"
    """The line was lost: the far end vanished, or the media stopped."""
    CENTRE = "centre"
    """The centre ended it: an error, a restart of the exchange."""
    OFFICER = "officer"
    """An officer or an outside number that the citizen was put through to hung up."""
    SUPERVISOR = "supervisor"
    """A supervisor took over."""


class OfferOutcome(StrEnum):
    """What became of an offer."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    REFUSED = "refused"
    """The centre itself may not call out, or cannot: only of an officer's or an outside telephone, which never rang."""
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


class TransferMode(StrEnum):
    """즉시 · 협의 호전환."""

    BLIND = "blind"
    CONSULT = "consult"


class TransferOutcome(StrEnum):
    """What became of a transfer. Each has exactly one."""

    COMPLETED = "completed"
    """The citizen was handed over. A blind transfer to a queue is completed at once."""
    CANCELLED = "cancelled"
    """The agent took it back."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    """There is no such number or agent, nobody is free, or the telephone is off."""
    FAILED = "failed"
    REFUSED = "refused"
    """The centre itself may not call out, or cannot: its provider refuses it, or it has none."""
    LEFT = "left"
    """Whom the agent consulted hung up before the hand-over."""
    CUT_OFF = "cut_off"
    """A line was lost: theirs after they had talked, or the agent's own."""
    CITIZEN_LEFT = "citizen_left"


class ConsultStep(StrEnum):
    """What an agent does while consulting. Their own hanging up completes."""

    COMPLETE = "complete"
    CONFERENCE = "conference"
    TO_CITIZEN = "to_citizen"
    """Talk to the citizen; whom the agent consults waits with music."""
    TO_CONSULTED = "to_consulted"
    """Talk to whom the agent consults; the citizen waits with music."""
    CANCEL = "cancel"


class Supervision(StrEnum):
    """What a supervisor does to a talk: 듣기 · 귓속말 · 끼어들기."""

    LISTEN = "listen"
    WHISPER = "whisper"
    """The supervisor hears both and is heard by the agent alone."""
    BARGE = "barge"


class ProtectionStep(StrEnum):
    """폭언 대응: one key each, in this order."""

    WARN = "warn"
    """The agent has warned the citizen."""
    ANNOUNCE = "announce"
    """An announcement tells the citizen that the talk is recorded and will be ended."""
    END = "end"
    """The citizen is told the reason and the call is ended; the agent is out of it at once."""


ENDED_AT_ONCE = frozenset({"sexual", "threat"})
"""Kinds of abuse that nobody has to warn of. Other kinds are words of the centre's own."""


class PromiseReason(StrEnum):
    """Why a callback was promised."""

    QUEUE = "queue"
    """The citizen asked for it instead of waiting."""
    AFTER_HOURS = "after_hours"
    ABANDONED = "abandoned"
    DROPPED = "dropped"
    """The line or the exchange broke the talk off."""
    OFFICER = "officer"
    """An officer owes the call."""
    AGENT = "agent"
    """An agent promised it."""
    VOICEMAIL = "voicemail"
    TEXT = "text"


class PromiseState(StrEnum):
    """Where a promise is on its way."""

    OPEN = "open"
    """Not due yet, or between two attempts; an officer's until the officer says what became of it."""
    WAITING = "waiting"
    """Due: a contact stands for it in the queue or is being called."""
    ENDED = "ended"


class PromiseOutcome(StrEnum):
    """How a promise ended. Each has exactly one."""

    KEPT = "kept"
    NOT_REACHED = "not_reached"
    """Every attempt was made, and the citizen never answered."""
    CANCELLED = "cancelled"
    """The citizen does not want it any more, or it was made in error."""
    MERGED = "merged"
    """Another promise to the same citizen stands for it."""
    RESOLVED = "resolved"
    """The citizen called again before and was served."""


class AttemptOutcome(StrEnum):
    """What became of one attempt to call a citizen back."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"
    FAILED = "failed"
    """The centre's own fault: it does not count as an attempt."""


class MoveCause(StrEnum):
    """Why a waiting contact changed its queue."""

    SUPERVISOR = "supervisor"
    TRANSFER = "transfer"
    WAIT = "wait"
    LENGTH = "length"
    NOBODY = "nobody"
    """Nobody is signed in who could serve the queue."""


class RefusalCause(StrEnum):
    """Why a call is refused before it is answered."""

    UNKNOWN_NUMBER = "unknown_number"
    NO_PLAN = "no_plan"
    FLOOD = "flood"
    """The caller has called too often within this minute."""
