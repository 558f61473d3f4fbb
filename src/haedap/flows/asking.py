"""The steps that end in a promise: a callback offered, a message taken. Each function is one thing that happens.

callback: CONFIRM (1 this number, 2 another, 0 no) → NUMBER (keyed in, `#` ends it) → THANK.
voicemail: NUMBER only if the caller's is not known → ASK → RECORD → THANK.

A citizen is asked at most three times (for a message twice). None as a result: it came to nothing.
"""

from datetime import datetime, timedelta

import msgspec

from haedap.domain.ids import QueueKey
from haedap.flows.model import CallbackStep, VoicemailStep
from haedap.flows.numbers import MOST_DIGITS, keyed_number
from haedap.flows.run import EndCall, FlowRun, PromiseCall, RecordMessage, Result, Stage, end, say

CONFIRM, NUMBER, PROMISED = "callback_confirm", "callback_number", "callback_promised"
NOT_UNDERSTOOD = "callback_not_understood"
ASK, THANKS = "voicemail_ask", "voicemail_thanks"

ATTEMPTS = 3
MESSAGES = 2
SILENCE = timedelta(seconds=6)
"""How long a key is waited for after the sound, and after the last key of a number."""
REPORT = timedelta(seconds=30)
"""How long after the longest message its end may be reported."""

AskingStep = CallbackStep | VoicemailStep
_QUESTIONS = {Stage.CONFIRM: CONFIRM, Stage.NUMBER: NUMBER, Stage.ASK: ASK, Stage.RECORD: ASK}


def begin(step: AskingStep, run: FlowRun, at: datetime) -> Result:
    """The step is reached. Keys typed ahead are no answer to what has not been asked."""
    known = Stage.CONFIRM if isinstance(step, CallbackStep) else Stage.ASK
    return _ask(
        msgspec.structs.replace(run, ahead="", attempt=1), known if run.caller else Stage.NUMBER, at, step.prompts
    )


def again(step: AskingStep, run: FlowRun, at: datetime) -> Result | None:
    """The question is to be put once more: the exchange has forgotten, or the step was edited."""
    if run.stage is Stage.THANK:
        return say(run, (PROMISED if isinstance(step, CallbackStep) else THANKS,), at)
    return begin(step, run, at)


def played(step: AskingStep, run: FlowRun, at: datetime) -> Result | None:
    """The question was put, or the citizen thanked."""
    if run.stage is Stage.THANK:
        return end(run, EndCall())
    if isinstance(step, VoicemailStep) and run.stage is Stage.ASK:
        until = at + timedelta(seconds=step.most_seconds) + REPORT
        recording = msgspec.structs.replace(run, stage=Stage.RECORD, playing=False, deadline=until)
        return recording, (RecordMessage(most_seconds=step.most_seconds),)
    return msgspec.structs.replace(run, playing=False, deadline=at + SILENCE), ()


def pressed(step: AskingStep, run: FlowRun, digit: str, at: datetime) -> Result | None:
    """A key. While a message is asked for or recorded, none has a meaning here."""
    if run.stage is Stage.CONFIRM:
        return _confirmed(step, run, digit, at)
    if run.stage is not Stage.NUMBER:
        return run, ()
    if digit == "*":
        return _ask(run, Stage.NUMBER, at)
    if digit != "#" and len(run.digits) <= MOST_DIGITS:  # one too many is kept: it tells that this is a slip
        return msgspec.structs.replace(run, digits=run.digits + digit, deadline=at + SILENCE), ()
    return _numbered(step, run, at)


def silent(step: AskingStep, run: FlowRun, at: datetime) -> Result | None:
    """The deadline has come: nothing was pressed, nobody reported the end of a sound, or of a message."""
    if run.stage is Stage.NUMBER and run.digits:
        return _numbered(step, run, at)
    if run.stage in (Stage.THANK, Stage.ASK):
        return played(step, run, at)
    return recorded(step, run, 0, at) if run.stage is Stage.RECORD else _ask_again(run, at, (), ATTEMPTS)


def recorded(step: AskingStep, run: FlowRun, seconds: int, at: datetime) -> Result | None:
    """A message of so many seconds is on tape."""
    if seconds <= 0:
        return _ask_again(run, at, (), MESSAGES)
    return _promised(step, run, run.number or run.caller or "", at)


def recording(run: FlowRun, at: datetime) -> RecordMessage | None:
    """What is being recorded, for what is left of its time; None when nothing is."""
    if run.stage is not Stage.RECORD or run.deadline is None:
        return None
    left = int((run.deadline - REPORT - at).total_seconds())
    return RecordMessage(most_seconds=left) if left > 0 else None


def _confirmed(step: AskingStep, run: FlowRun, digit: str, at: datetime) -> Result | None:
    if digit == "1" and run.caller:
        return _promised(step, run, run.caller, at)
    if digit == "2":
        return _ask(msgspec.structs.replace(run, attempt=1), Stage.NUMBER, at)
    if digit == "*":
        return _ask(run, Stage.CONFIRM, at)
    return None if digit == "0" else _ask_again(run, at, (NOT_UNDERSTOOD,), ATTEMPTS)


def _numbered(step: AskingStep, run: FlowRun, at: datetime) -> Result | None:
    number = keyed_number(run.digits)
    if number is None:
        return _ask_again(run, at, (NOT_UNDERSTOOD,), ATTEMPTS)
    if isinstance(step, CallbackStep):
        return _promised(step, run, number, at)
    return _ask(msgspec.structs.replace(run, number=number, attempt=1), Stage.ASK, at)


def _promised(step: AskingStep, run: FlowRun, number: str, at: datetime) -> Result:
    spoken = isinstance(step, VoicemailStep)
    thanking = msgspec.structs.replace(run, stage=Stage.THANK, number=number)
    run, said = say(thanking, (THANKS if spoken else PROMISED,), at)
    return run, (PromiseCall(number=number, queue=QueueKey(step.queue), spoken=spoken), *said)


def _ask(run: FlowRun, stage: Stage, at: datetime, first: tuple[str, ...] = ()) -> Result:
    asking = Stage.ASK if stage is Stage.RECORD else stage
    return say(msgspec.structs.replace(run, stage=asking), (*first, _QUESTIONS[stage]), at)


def _ask_again(run: FlowRun, at: datetime, first: tuple[str, ...], most: int) -> Result | None:
    """The same question, if it was not put often enough."""
    if run.attempt >= most or run.stage is None:
        return None
    return _ask(msgspec.structs.replace(run, attempt=run.attempt + 1), run.stage, at, first)
