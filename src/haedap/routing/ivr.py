"""Runs the flow of a contact: the only place of this package that knows `haedap.flows`' interpreter."""

from collections.abc import Callable
from typing import Any

from haedap import flows
from haedap.domain.decisions import Saying
from haedap.domain.events import DigitPressed
from haedap.domain.facts import FlowStepEntered
from haedap.domain.states import ContactOutcome, ContactState, EndedBy
from haedap.routing import sounds, waiting
from haedap.routing.closing import hang_up
from haedap.routing.deadlines import Kind
from haedap.routing.errors import InvariantBroken
from haedap.routing.floor import Floor
from haedap.routing.plans import PlanInUse
from haedap.routing.records import ContactRecord


def start(floor: Floor, contact: ContactRecord, flow: flows.Flow) -> None:
    """The contact begins this flow."""
    contact.flow = flow.key
    _go_on(floor, contact, flows.start(flow, floor.plan.hours, floor.now))


def played(floor: Floor, contact: ContactRecord) -> None:
    """What the flow wanted said has been said, or could not be."""
    sounds.quiet(contact)
    flow, run = _running(floor, contact)
    _go_on(floor, contact, flows.on_played(flow, floor.plan.hours, run, run.play, floor.now))


def digit_pressed(floor: Floor, event: DigitPressed) -> None:
    """A key: the flow's if one runs, else nobody listens."""
    contact = floor.contacts.get(event.contact)
    if contact is not None and contact.state is ContactState.IN_FLOW:
        flow, run = _running(floor, contact)
        _go_on(floor, contact, flows.on_digit(flow, floor.plan.hours, run, event.digit, floor.now))


def time_passed(floor: Floor, contact: ContactRecord) -> None:
    """The run's deadline has come."""
    flow, run = _running(floor, contact)
    _go_on(floor, contact, flows.on_time(flow, floor.plan.hours, run, floor.now))


def plan_changed(floor: Floor, contact: ContactRecord, before: PlanInUse) -> None:
    """The plan changed while the contact is in a flow.

    The same step goes on undisturbed; an edited one is said anew; a flow that is gone gives way to the one that
    answers the called number now. Only if none does is there nobody left to talk to the citizen: the call is ended.
    """
    flow, run = floor.plan.flows.get(contact.flow), contact.run
    if flow is None or run is None:
        successor = floor.plan.flow_of(contact.called)
        if successor is None:
            hang_up(floor, contact, ContactOutcome.LEFT_IN_FLOW, EndedBy.CENTRE)
        else:
            start(floor, contact, successor)
    elif flow.steps.get(run.step) != before.flows[flow.key].steps[run.step]:
        _go_on(floor, contact, flows.resume(flow, floor.plan.hours, run, floor.now))


def _running(floor: Floor, contact: ContactRecord) -> tuple[flows.Flow, flows.FlowRun]:
    """What a contact IN_FLOW always has."""
    if contact.run is None:
        raise InvariantBroken(contact.id)
    return floor.plan.flows[contact.flow], contact.run


def _go_on(floor: Floor, contact: ContactRecord, result: tuple[flows.FlowRun, tuple[flows.Action, ...]]) -> None:
    contact.run, actions = result
    if contact.run.deadline != contact.flow_until:
        contact.flow_until = contact.run.deadline
        if contact.flow_until is not None:
            floor.deadlines.add(contact.flow_until, Kind.FLOW, contact=contact.id)
    for action in actions:
        _ACTIONS[type(action)](floor, contact, action)


def _step_entered(floor: Floor, contact: ContactRecord, action: flows.StepEntered) -> None:
    floor.emit(FlowStepEntered(contact=contact.id, flow=contact.flow, step=action.step, digit=action.digits))


def _play(floor: Floor, contact: ContactRecord, action: flows.PlaySayings) -> None:
    sounds.play(floor, contact, action.sayings)


def _enter_queue(floor: Floor, contact: ContactRecord, action: flows.EnterQueue) -> None:
    contact.run = None
    waiting.enter(floor, contact, action.queue, action.priority)
    sayings = tuple(Saying(prompt) for prompt in action.prompts)
    waiting.sound_of_waiting(floor, contact, sayings, with_music=action.music)


def _end_call(floor: Floor, contact: ContactRecord, _: flows.EndCall) -> None:
    hang_up(floor, contact, ContactOutcome.CLOSED_BY_FLOW, EndedBy.FLOW)


_ACTIONS: dict[type[flows.Action], Callable[[Floor, ContactRecord, Any], None]] = {
    flows.StepEntered: _step_entered,
    flows.PlaySayings: _play,
    flows.EnterQueue: _enter_queue,
    flows.EndCall: _end_call,
}
