"""A message that is being left while the plan changes: what was said is kept, and who said nothing goes on."""

from typing import Any

import msgspec
import pytest

from haedap.domain import events as e
from haedap.domain.decisions import Play, TakeMessage
from haedap.domain.facts import MessageLeft
from haedap.domain.ids import ContactId, QueueKey
from haedap.domain.plan import Plan
from haedap.domain.states import PromiseReason
from haedap.domain.targets import ToQueue
from tests.unit.routing.centre import PLAN, change, closing, every, only
from tests.unit.routing.promising import CITIZEN, NIGHT, NIGHT_LINE, TAX, Promising, made, play_ends, promising, said


def leaving_a_message() -> Promising:
    """`c` speaks after the tone, to the tax queue."""
    centre = Promising()
    centre.at_night()
    centre.call("c", NIGHT_LINE, caller=CITIZEN)
    centre.press("c", "0")
    only(play_ends(centre, "c"), TakeMessage)
    return centre


def night(**message: Any) -> Plan:
    """The plan with another step in the place of the message, or with no flow at night."""
    plan = promising()
    steps = {**NIGHT["steps"], "message": message}
    return change(plan, flows={**plan.flows, "night": {**NIGHT, "steps": steps}})


EDITS = {
    "step edited": night(kind="voicemail", queue="tax", most_seconds=60),
    "another queue": night(kind="voicemail", queue="water"),
    "another kind": night(kind="announcement", prompts=["closed"]),
    "step gone": change(
        promising(), flows={**PLAN.flows, "night": {"start": "b", "steps": {"b": {"kind": "hang_up"}}}}
    ),
    "flow gone": change(promising(), flows=PLAN.flows),
    "all gone": type(PLAN)(version=2),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("stopped", [False, True])
def test_a_message_outlives_whatever_becomes_of_its_flow(stopped: bool, edit: str) -> None:
    """It was asked for anew, or the call was ended, and what had been said was owed nothing."""
    centre = leaving_a_message()
    if stopped:
        centre.stopped(3600)
    assert not centre.plan(EDITS[edit]), "who speaks is not interrupted"
    outputs = centre.post(e.MessageTaken, contact=ContactId("c"), seconds=12)
    assert only(outputs, MessageLeft).seconds == 12
    promise = made(outputs)
    assert (promise.reason, promise.citizen, promise.owner) == (PromiseReason.VOICEMAIL, CITIZEN, TAX)
    assert said(outputs) == ["voicemail_thanks"]
    assert centre.plan(promising()) == (), "and hears the thanks to the end"
    assert closing(play_ends(centre, "c")) == ("promised", "flow")


@pytest.mark.parametrize("edit", EDITS)
def test_who_speaks_while_the_flow_changes_is_recorded_on_by_the_next_engine(edit: str) -> None:
    centre = leaving_a_message()
    centre.plan(EDITS[edit])
    centre.after(20)
    assert only(centre.reconcile("c"), TakeMessage).most_seconds == 100


@pytest.mark.parametrize("silent", ["reported", "never"])
def test_who_said_nothing_goes_by_the_flow_of_now(silent: str) -> None:
    for edit, follows in (
        ("step edited", ["voicemail_ask"]),
        ("another kind", ["closed"]),
        ("step gone", []),
        ("flow gone", []),
    ):
        centre = leaving_a_message()
        centre.plan(EDITS[edit])
        if silent == "reported":
            outputs = centre.post(e.MessageTaken, contact=ContactId("c"), seconds=0)
        else:
            outputs = centre.after(151)
        assert [saying.prompt for play in every(outputs, Play) for saying in play.sayings] == follows
        assert (centre.contact_state("c") is None) is (not follows)
        assert centre.open() == []


def test_a_message_to_a_queue_that_is_taken_away_is_heard_by_the_next_of_its_skill() -> None:
    plan = promising()
    (tax,) = [queue for queue in plan.queues if queue.key == "tax"]
    centre = leaving_a_message()
    others = [queue for queue in plan.queues if queue.key != "tax"]
    successor = msgspec.structs.replace(tax, key=QueueKey("revenue"))
    centre.plan(change(plan, queues=(*others, successor), flows={}))
    outputs = centre.post(e.MessageTaken, contact=ContactId("c"), seconds=12)
    assert made(outputs).owner == ToQueue(QueueKey("revenue"))
