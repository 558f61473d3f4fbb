"""Flows: what a citizen hears and chooses before an agent answers. Validated data and a pure interpreter.

A flow is a JSON object (see docs/reference/flow.md). `parse_flow` refuses a wrong one with every place and reason;
`start`, `on_played`, `on_digit` and `on_time` run a right one; `status` says whether opening hours hold.

The rules of a run, in words:
* A run rests only on a step with sound (play, announcement, menu, callback, voicemail); every other step is passed
  through at once.
* A step goes on when its sound ended or failed. A late or repeated report of an older sound changes nothing.
* Only a menu takes keys, and the steps that end in a promise: see `asking`. A key interrupts the sound
  as soon as it decides.
* Keys pressed before the menu began count there: they are typed ahead. They interrupt a play step only if it says so.
* Every run that rests has a deadline, so that a lost report or a silent citizen never holds it.
* A citizen who presses nothing always reaches a queue or the end: `parse_flow` refuses a flow without that property.
"""

from haedap.flows.errors import ErrorCode, FlowError, FlowInvalid, FlowsError, HoursInvalid
from haedap.flows.hours import OpenStatus, after_open, open_from, public_holidays, status
from haedap.flows.interpreter import (
    on_digit,
    on_message,
    on_played,
    on_time,
    recording,
    resume,
    silent_way,
    start,
    way_to,
)
from haedap.flows.model import CallbackStep, Flow, HangUpStep, QueueStep, VoicemailStep, flow_schema
from haedap.flows.notices import NOTICE_PROMPT, with_notice, without_notice
from haedap.flows.numbers import keyed_number
from haedap.flows.run import (
    Action,
    EndCall,
    EnterQueue,
    FlowRun,
    PlaySayings,
    PromiseCall,
    RecordMessage,
    Stage,
    StepEntered,
)
from haedap.flows.validation import parse_flow, read_definition
from haedap.flows.week import parse_periods, parse_week

__all__ = [
    "NOTICE_PROMPT",
    "Action",
    "CallbackStep",
    "EndCall",
    "EnterQueue",
    "ErrorCode",
    "Flow",
    "FlowError",
    "FlowInvalid",
    "FlowRun",
    "FlowsError",
    "HangUpStep",
    "HoursInvalid",
    "OpenStatus",
    "PlaySayings",
    "PromiseCall",
    "QueueStep",
    "RecordMessage",
    "Stage",
    "StepEntered",
    "VoicemailStep",
    "after_open",
    "flow_schema",
    "keyed_number",
    "on_digit",
    "on_message",
    "on_played",
    "on_time",
    "open_from",
    "parse_flow",
    "parse_periods",
    "parse_week",
    "public_holidays",
    "read_definition",
    "recording",
    "resume",
    "silent_way",
    "start",
    "status",
    "way_to",
    "with_notice",
    "without_notice",
]
