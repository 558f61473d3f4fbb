"""Callback and voicemail in a flow: what is asked, what counts as yes, and what becomes of silence and wrong keys."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from haedap.domain.ids import FlowKey, QueueKey
from haedap.flows import (
    Action,
    EndCall,
    FlowRun,
    PlaySayings,
    PromiseCall,
    QueueStep,
    RecordMessage,
    after_open,
    keyed_number,
    on_digit,
    on_message,
    on_played,
    on_time,
    open_from,
    parse_flow,
    resume,
    start,
    way_to,
)
from tests.unit.flows.samples import LUNCH, OPEN, found, parse, sample_definition, sample_hours

HOURS = sample_hours()
CALLER = "+821000000001"
FLOW = parse_flow(
    FlowKey("night"),
    {
        "start": "callback",
        "steps": {
            "callback": {"kind": "callback", "queue": "tax", "prompts": ["closed"], "otherwise": "message"},
            "message": {"kind": "voicemail", "queue": "tax", "most_seconds": 60},
        },
    },
    queues={"tax"},
    hours=set(),
)


class Call:
    """A citizen in the flow."""

    def __init__(self, caller: str | None = CALLER) -> None:
        self.now = OPEN
        self.run, self.actions = start(FLOW, HOURS, OPEN, caller)

    def does(self, step: tuple[FlowRun, tuple[Action, ...]]) -> "Call":
        self.run, self.actions = step
        return self

    def press(self, keys: str) -> "Call":
        for key in keys:
            self.does(on_digit(FLOW, HOURS, self.run, key, self.now))
        return self

    def played(self) -> "Call":
        return self.does(on_played(FLOW, HOURS, self.run, self.run.play, self.now))

    def silent(self, seconds: float) -> "Call":
        self.now += timedelta(seconds=seconds)
        return self.does(on_time(FLOW, HOURS, self.run, self.now))

    def spoke(self, seconds: int) -> "Call":
        return self.does(on_message(FLOW, HOURS, self.run, seconds, self.now))

    @property
    def heard(self) -> list[str]:
        return [
            saying.prompt for action in self.actions if isinstance(action, PlaySayings) for saying in action.sayings
        ]

    @property
    def promised(self) -> str | None:
        return next((action.number for action in self.actions if isinstance(action, PromiseCall)), None)


def test_one_key_is_a_callback_at_the_number_of_the_call() -> None:
    call = Call()
    assert call.heard == ["closed", "callback_confirm"]
    call.press("1")
    assert call.actions[0] == PromiseCall(number=CALLER, queue=QueueKey("tax"), spoken=False)
    assert call.heard == ["callback_promised"]
    assert call.press("2").actions == ()
    assert call.played().actions == (EndCall(),)


def test_another_number_is_keyed_in() -> None:
    call = Call().press("2")
    assert call.heard == ["callback_number"]
    assert call.press("01000000002#").promised == "+821000000002"


def test_a_number_ends_by_itself_after_a_pause_and_a_star_begins_it_anew() -> None:
    call = Call().press("2").press("010000*")
    assert call.heard == ["callback_number"]
    assert call.press("0220000120").silent(6).promised == "+82220000120"


def test_a_withheld_caller_is_asked_for_a_number_at_once() -> None:
    assert Call(None).heard == ["closed", "callback_number"]
    assert Call(None).press("01000000003#").promised == "+821000000003"


SLIPS = ["0100000123", "010000012345", "02120", "021234567890", "0312120", "0800", "０１０００００１２３４"]


@pytest.mark.parametrize("digits", ["", "1", "114", "0601234567", "0082100000000", "100000000", "0" * 13, "가", *SLIPS])
def test_a_number_that_may_not_be_called_is_not_taken(digits: str) -> None:
    assert keyed_number(digits) is None


def test_one_digit_more_than_any_number_has_is_a_slip_too() -> None:
    assert Call(None).press("050400001234#").promised == "+8250400001234"
    assert Call(None).press("0504000012345#").heard == ["callback_not_understood", "callback_number"]
    assert Call(None).press("0504000012345").press("6").heard == ["callback_not_understood", "callback_number"]


def test_wrong_numbers_and_wrong_keys_come_to_nothing_the_third_time() -> None:
    call = Call().press("7")
    assert call.heard == ["callback_not_understood", "callback_confirm"]
    assert call.press("*").heard == ["callback_confirm"], "asked for again, which uses up nothing"
    call.press("2").press("114#")
    assert call.heard == ["callback_not_understood", "callback_number"]
    call.press("114#").press("114#")
    assert call.heard == ["voicemail_ask"], "the step after it"


def test_silence_and_no_lead_on() -> None:
    assert Call().press("0").heard == ["voicemail_ask"]
    call = Call()
    for _ in range(2):
        assert call.played().actions == ()
        assert call.silent(6).heard == ["callback_confirm"]
    assert call.played().silent(6).heard == ["voicemail_ask"]


def test_a_message_is_a_promise_from_its_end_on() -> None:
    call = Call().press("0").played()
    assert list(call.actions) == [RecordMessage(most_seconds=60)]
    assert call.press("5").actions == ()
    assert call.played().actions == (), "told twice"
    assert call.silent(60).actions == (), "the citizen still speaks"
    assert PromiseCall(number=CALLER, queue=QueueKey("tax"), spoken=True) in call.spoke(7).actions
    assert call.heard == ["voicemail_thanks"]
    assert call.spoke(7).actions == (), "reported twice"
    assert call.played().actions == (EndCall(),)


def test_nothing_said_is_asked_for_once_more_and_is_no_promise() -> None:
    call = Call().press("0").played().spoke(0)
    assert call.heard == ["voicemail_ask"]
    assert call.played().spoke(0).actions == (EndCall(),)


def test_a_message_whose_end_nobody_reports_does_not_hold_the_call() -> None:
    call = Call().press("0").played()
    assert call.silent(89).actions == ()
    assert call.silent(1).heard == ["voicemail_ask"]


def test_a_withheld_caller_gives_a_number_before_the_message() -> None:
    call = Call(None).played().silent(6).played().silent(6).played().silent(6)
    assert call.heard == ["callback_number"]
    call.press("01000000004#")
    assert call.heard == ["voicemail_ask"]
    assert call.played().spoke(3).promised == "+821000000004"


def test_keys_typed_ahead_accept_nothing() -> None:
    definition: dict[str, Any] = {
        "start": "welcome",
        "steps": {
            "welcome": {"kind": "play", "prompts": ["closed"], "next": "callback"},
            "callback": {"kind": "callback", "queue": "tax"},
        },
    }
    flow = parse(definition)
    run, _ = start(flow, HOURS, OPEN, CALLER)
    run, _ = on_digit(flow, HOURS, run, "1", OPEN)
    run, actions = on_played(flow, HOURS, run, run.play, OPEN)
    assert not [action for action in actions if isinstance(action, PromiseCall)]
    assert on_digit(flow, HOURS, run, "0", OPEN)[1] == (EndCall(),), "declined, and nothing after it"


def test_an_edited_step_asks_anew_and_a_thanked_citizen_is_not_asked_again() -> None:
    call = Call().press("2")
    assert call.does(resume(FLOW, HOURS, call.run, OPEN)).heard == ["closed", "callback_confirm"]
    call.press("1")
    assert call.does(resume(FLOW, HOURS, call.run, OPEN)).heard == ["callback_promised"]
    call = Call().press("0").played().spoke(7)
    assert call.does(resume(FLOW, HOURS, call.run, OPEN)).heard == ["voicemail_thanks"]


def test_what_is_wrong_in_the_steps_is_told_with_place_and_reason() -> None:
    steps = {
        "a": {"kind": "callback", "queue": "nowhere", "otherwise": "b", "most_seconds": 5},
        "b": {"kind": "voicemail", "queue": "tax", "most_seconds": 5, "otherwise": "a"},
    }
    assert found({"start": "a", "steps": steps}) == [
        ("steps.a.most_seconds", "unknown_field"),
        ("steps.a.queue", "unknown_queue"),
        ("steps.b.most_seconds", "expected_message_seconds"),
    ]
    steps = {
        "a": {"kind": "callback", "queue": "tax", "otherwise": "b"},
        "b": {"kind": "voicemail", "queue": "tax", "otherwise": "a"},
    }
    assert found({"start": "a", "steps": steps}) == [("steps.a", "endless")]


def test_the_way_to_a_queue_is_open_only_in_its_hours() -> None:
    flow = parse(sample_definition())
    tax = flow.steps["tax"]
    assert isinstance(tax, QueueStep)
    assert way_to(flow, HOURS, QueueKey("tax"), OPEN) == tax
    assert way_to(flow, HOURS, QueueKey("tax"), LUNCH) is None
    assert way_to(flow, HOURS, QueueKey("nowhere"), OPEN) is None


def test_open_time_is_counted_over_nights_and_weekends() -> None:
    hours = next(iter(HOURS.values()))
    friday_five = datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert after_open(hours, friday_five, timedelta(hours=1)) == friday_five + timedelta(hours=1)
    assert after_open(hours, friday_five, timedelta(hours=2)) == datetime(2026, 11, 30, 1, tzinfo=UTC)
    assert after_open(hours, LUNCH, timedelta(minutes=30)) == datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    never = msgspec.structs.replace(hours, week=((),) * 7)
    assert after_open(never, LUNCH, timedelta(hours=1)) == LUNCH + timedelta(hours=1)
    assert open_from(never, LUNCH) == LUNCH
    assert open_from(hours, OPEN) == OPEN
    assert open_from(hours, LUNCH) == datetime(2026, 11, 23, 4, tzinfo=UTC)
