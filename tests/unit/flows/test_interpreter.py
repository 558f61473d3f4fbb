"""A citizen goes through the sample flow; keys, silence, late and repeated reports."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from haedap.domain.decisions import Saying
from haedap.domain.ids import HoursKey, PromptKey
from haedap.domain.plan import SpecialDay
from haedap.flows import Action, EndCall, EnterQueue, Flow, FlowRun, PlaySayings, StepEntered
from haedap.flows import interpreter as flows
from tests.unit.flows.samples import CHRISTMAS, LUNCH, OPEN, parse, sample_definition, sample_hours

HOURS = sample_hours()
FLOW = parse(sample_definition())
SECOND = timedelta(seconds=1)


def said(*prompts: str) -> tuple[Saying, ...]:
    return tuple(Saying(PromptKey(prompt)) for prompt in prompts)


def at_the_menu() -> FlowRun:
    run, _ = flows.start(FLOW, HOURS, OPEN)
    run, actions = flows.on_played(FLOW, HOURS, run, 1, OPEN)
    assert actions[-1] == PlaySayings(play=2, sayings=said("main_menu"))
    return run


def press(run: FlowRun, keys: str) -> tuple[FlowRun, tuple[Action, ...]]:
    actions: tuple[Action, ...] = ()
    for key in keys:
        run, actions = flows.on_digit(FLOW, HOURS, run, key, OPEN)
    return run, actions


def test_the_start_says_the_welcome() -> None:
    run, actions = flows.start(FLOW, HOURS, OPEN)
    assert actions == (StepEntered("welcome"), PlaySayings(play=1, sayings=said("welcome", "recording_notice")))
    assert run.playing
    assert run.deadline is not None


def test_open_hours_lead_to_the_menu() -> None:
    run, actions = flows.on_played(FLOW, HOURS, flows.start(FLOW, HOURS, OPEN)[0], 1, OPEN)
    assert [action.step for action in actions if isinstance(action, StepEntered)] == ["hours", "menu"]
    assert run.step == "menu"


def test_closed_hours_are_said_to_the_end_and_the_call_ends() -> None:
    run, actions = flows.on_played(FLOW, HOURS, flows.start(FLOW, HOURS, LUNCH)[0], 1, LUNCH)
    assert actions[-1] == PlaySayings(play=2, sayings=said("closed"))
    run, actions = flows.on_digit(FLOW, HOURS, run, "1", LUNCH)
    assert actions == ()
    run, actions = flows.on_played(FLOW, HOURS, run, 2, LUNCH)
    assert actions == (EndCall(),)
    assert (run.ended, run.deadline) == (True, None)


def test_a_holiday_has_its_own_branch() -> None:
    run, actions = flows.on_played(FLOW, HOURS, flows.start(FLOW, HOURS, CHRISTMAS)[0], 1, CHRISTMAS)
    assert actions[-1] == PlaySayings(play=2, sayings=said("closed_holiday"))
    _, actions = flows.on_played(FLOW, HOURS, run, 2, CHRISTMAS)
    assert actions == (StepEntered("bye"), EndCall())


def test_the_centres_own_day_has_its_own_branch_and_a_holiday_none_of_it() -> None:
    definition = sample_definition()
    definition["steps"]["hours"]["own_day"] = "bye"
    flow = parse(definition)
    own_day = msgspec.structs.replace(
        HOURS[HoursKey("main")], special_days=(SpecialDay(day=OPEN.date(), name="개청 기념일"),)
    )
    entered = {
        (hours, at): [
            action.step
            for action in flows.on_played(flow, {HoursKey("main"): hours}, flows.start(flow, HOURS, at)[0], 1, at)[1]
            if isinstance(action, StepEntered)
        ]
        for hours, at in ((own_day, OPEN), (own_day, CHRISTMAS), (own_day, LUNCH - timedelta(days=2)))
    }
    assert list(entered.values()) == [["hours", "bye"], ["hours", "rest"], ["hours", "closed"]]


def test_a_key_interrupts_the_menu() -> None:
    run, actions = press(at_the_menu(), "9")
    assert actions == (StepEntered("bye", "9"), EndCall())
    assert run.ended


def test_a_longer_choice_is_waited_for() -> None:
    waiting, actions = press(at_the_menu(), "1")
    assert (actions, waiting.digits, waiting.deadline) == ((), "1", OPEN + 3 * SECOND)
    tax = EnterQueue(queue="tax", priority=2, prompts=(PromptKey("connecting"),), music=True)  # type: ignore[arg-type]
    assert flows.on_time(FLOW, HOURS, waiting, OPEN + 2 * SECOND)[1] == ()
    assert flows.on_time(FLOW, HOURS, waiting, OPEN + 3 * SECOND)[1] == (StepEntered("tax", "1"), tax)
    assert press(waiting, "#")[1] == (StepEntered("tax", "1"), tax)
    assert press(waiting, "2")[1][-1] == EnterQueue(queue="water", priority=0, prompts=(), music=False)  # type: ignore[arg-type]


def test_the_end_of_the_sound_does_not_shorten_the_wait_for_a_second_key() -> None:
    waiting, _ = press(at_the_menu(), "1")
    ended, _ = flows.on_played(FLOW, HOURS, waiting, 2, OPEN + SECOND)
    assert ended.deadline == waiting.deadline


@pytest.mark.parametrize("keys", ["5", "15", "#"])
def test_a_wrong_key_is_told_and_the_menu_said_again(keys: str) -> None:
    run, actions = press(at_the_menu(), keys)
    assert actions == (PlaySayings(play=3, sayings=said("invalid_choice", "main_menu")),)
    assert (run.attempt, run.digits) == (2, "")


def test_three_wrong_keys_lead_to_a_person() -> None:
    _, actions = press(at_the_menu(), "555")
    assert actions[0] == StepEntered("general")
    assert isinstance(actions[1], EnterQueue)


def test_silence_says_the_menu_again_and_then_leads_to_a_person() -> None:
    run, now = at_the_menu(), OPEN
    for play in (2, 3, 4):
        run, actions = flows.on_played(FLOW, HOURS, run, play, now)
        assert (actions, run.deadline) == ((), now + 5 * SECOND)
        now += 5 * SECOND
        run, actions = flows.on_time(FLOW, HOURS, run, now)
    assert actions[0] == StepEntered("general")


def test_the_star_says_the_menu_again_without_end() -> None:
    run, actions = press(at_the_menu(), "*" * 50)
    assert actions == (PlaySayings(play=52, sayings=said("main_menu")),)
    assert run.attempt == 1


@pytest.mark.parametrize("keys", ["9", "129", "1#9"])
def test_a_notice_is_heard_to_its_end_and_keys_typed_meanwhile_count(keys: str) -> None:
    run, actions = press(flows.start(FLOW, HOURS, OPEN)[0], keys)
    assert (run.step, actions, run.ahead) == ("welcome", (), keys)
    run, actions = flows.on_played(FLOW, HOURS, run, 1, OPEN)
    first = {"9": ("bye", "9"), "129": ("water", "12"), "1#9": ("tax", "1")}[keys]
    assert actions[:3] == (StepEntered("hours"), StepEntered("menu"), StepEntered(*first)), "the menu is not said"
    assert run.ended
    assert run.ahead == ""


def with_welcome() -> Flow:
    """A welcome that a key interrupts, a notice that none does, and one more welcome."""
    definition = sample_definition()
    notice = {"kind": "play", "prompts": ["recording_notice"], "next": "again"}
    definition["steps"] |= {
        "welcome": {"kind": "play", "prompts": ["welcome"], "interruptible": True, "next": "notice"},
        "notice": notice,
        "again": {"kind": "play", "prompts": ["welcome"], "interruptible": True, "next": "hours"},
    }
    return parse(definition)


def test_a_key_ends_the_welcome_and_not_the_notice() -> None:
    flow = with_welcome()
    run, actions = flows.on_digit(flow, HOURS, flows.start(flow, HOURS, OPEN)[0], "9", OPEN)
    assert actions == (StepEntered("notice"), PlaySayings(play=2, sayings=said("recording_notice")))
    assert flows.on_played(flow, HOURS, run, 1, OPEN) == (run, ()), "the welcome's end is stale"
    _, actions = flows.on_played(flow, HOURS, run, 2, OPEN)
    assert [action.step for action in actions if isinstance(action, StepEntered)] == ["again", "hours", "menu", "bye"]
    assert not [action for action in actions if isinstance(action, PlaySayings)]


@pytest.mark.parametrize("keys", ["5", "*", "#", "59", "15"])
def test_keys_typed_ahead_that_choose_nothing_are_forgotten(keys: str) -> None:
    run, _ = press(flows.start(FLOW, HOURS, OPEN)[0], keys)
    run, actions = flows.on_played(FLOW, HOURS, run, 1, OPEN)
    assert actions[-1] == PlaySayings(play=2, sayings=said("main_menu"))
    assert (run.attempt, run.digits, run.ahead) == (1, "", "")


def test_a_key_typed_ahead_that_may_begin_a_longer_choice_is_waited_for_while_the_menu_is_said() -> None:
    run, _ = press(flows.start(FLOW, HOURS, OPEN)[0], "1")
    run, actions = flows.on_played(FLOW, HOURS, run, 1, OPEN)
    assert actions[-1] == PlaySayings(play=2, sayings=said("main_menu"))
    assert (run.digits, run.deadline) == ("1", OPEN + 3 * SECOND)
    assert flows.on_time(FLOW, HOURS, run, OPEN + 3 * SECOND)[1][0] == StepEntered("tax", "1")


def test_what_is_left_of_the_keys_goes_to_the_menu_after() -> None:
    run, _ = press(flows.start(FLOW, HOURS, OPEN)[0], "0009")
    _, actions = flows.on_played(FLOW, HOURS, run, 1, OPEN)
    assert actions[1:-1] == (StepEntered("menu"), *[StepEntered("menu", "0")] * 3, StepEntered("bye", "9"))


def test_a_flood_of_keys_is_kept_up_to_eight() -> None:
    run, _ = press(flows.start(FLOW, HOURS, OPEN)[0], "0" * 1000)
    assert run.ahead == "0" * 8


@pytest.mark.parametrize("key", ["A", "D", "", "12", "가", "\x00"])
def test_what_is_no_key_is_not_heard(key: str) -> None:
    run = at_the_menu()
    assert flows.on_digit(FLOW, HOURS, run, key, OPEN) == (run, ())


@pytest.mark.parametrize("play", [0, 1, 3, -1])
def test_late_and_early_reports_change_nothing(play: int) -> None:
    run = at_the_menu()
    assert flows.on_played(FLOW, HOURS, run, play, OPEN) == (run, ())


def test_a_repeated_report_changes_nothing() -> None:
    run, _ = flows.on_played(FLOW, HOURS, at_the_menu(), 2, OPEN)
    assert flows.on_played(FLOW, HOURS, run, 2, OPEN + SECOND) == (run, ())


def test_a_run_that_ended_stays_so() -> None:
    run, _ = press(at_the_menu(), "9")
    assert flows.on_played(FLOW, HOURS, run, run.play, OPEN) == (run, ())
    assert flows.on_digit(FLOW, HOURS, run, "1", OPEN) == (run, ())
    assert flows.on_time(FLOW, HOURS, run, OPEN + timedelta(days=1)) == (run, ())
    assert flows.resume(FLOW, HOURS, run, OPEN) == (run, ())


def test_a_playback_that_never_reports_its_end_does_not_hold_the_citizen() -> None:
    run, _ = flows.start(FLOW, HOURS, OPEN)
    assert run.deadline is not None
    run, actions = flows.on_time(FLOW, HOURS, run, run.deadline)
    assert actions[-1] == PlaySayings(play=2, sayings=said("main_menu"))


def test_after_a_restart_the_sound_is_said_again() -> None:
    run, actions = flows.resume(FLOW, HOURS, at_the_menu(), OPEN)
    assert actions == (PlaySayings(play=3, sayings=said("main_menu")),)
    assert flows.on_played(FLOW, HOURS, run, 2, OPEN)[1] == ()


@pytest.mark.parametrize("change", [None, {"kind": "hang_up"}])
def test_an_edited_flow_takes_the_citizen_to_its_start(change: dict[str, Any] | None) -> None:
    definition = sample_definition()
    definition["steps"]["hours"]["open"] = "tax"
    definition["steps"]["tax"] = {"kind": "queue", "queue": "tax"}
    for name in ("menu", "water", "general", "bye"):
        del definition["steps"][name]
    definition["steps"]["rest"] = {"kind": "announcement", "prompts": ["closed_holiday"]}
    if change:
        definition["steps"]["rest"]["next"] = "menu"
        definition["steps"]["menu"] = change
    edited, run = parse(definition), at_the_menu()
    for _, actions in (
        flows.resume(edited, HOURS, run, OPEN),
        flows.on_played(edited, HOURS, run, 2, OPEN),
        flows.on_time(edited, HOURS, run, OPEN + timedelta(hours=1)),
    ):
        assert actions[0] == StepEntered("welcome")


def test_the_state_travels_as_json() -> None:
    run, _ = press(at_the_menu(), "1")
    assert msgspec.json.decode(msgspec.json.encode(run), type=FlowRun) == run
