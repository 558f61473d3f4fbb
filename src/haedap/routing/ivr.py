"""Runs the flow of a contact: the only place of this package that knows `haedap.flows`' interpreter."""

from collections.abc import Callable
from typing import Any

from haedap import flows
from haedap.domain.decisions import Saying, TakeMessage
from haedap.domain.events import DigitPressed, MessageTaken
from haedap.domain.facts import FlowStepEntered, MessageLeft
from haedap.domain.ids import QueueKey
from haedap.domain.states import ContactOutcome, ContactState, EndedBy, PromiseReason
from haedap.domain.targets import ToQueue
from haedap.routing import agents, offers, overflow, owing, promises, sounds, waiting
from haedap.routing.closing import hang_up, outcome
from haedap.routing.deadlines import Kind
from haedap.routing.errors import InvariantBroken
from haedap.routing.floor import Floor
from haedap.routing.plans import PlanInUse
from haedap.routing.records import ContactRecord

ACCEPT = "1"
"""The key that keeps the place in the queue and ends the call."""

_CALLBACK = "=callback"
"""The step of the dialogue in the queue; no flow can have a step of this key."""


def start(floor: Floor, contact: ContactRecord, flow: flows.Flow) -> None:
    """The contact begins this flow."""
    contact.flow = flow.key
    _go_on(floor, contact, flows.start(flow, floor.plan.hours, floor.now, contact.caller))


def played(floor: Floor, contact: ContactRecord) -> None:
    """What the flow wanted said has been said, or could not be."""
    sounds.quiet(contact)
    flow, run = _running(floor, contact)
    _go_on(floor, contact, flows.on_played(flow, floor.plan.hours, run, run.play, floor.now))


def digit_pressed(floor: Floor, event: DigitPressed) -> None:
    """A key: the flow's if one runs; `1` of who waits and was offered to be called back; else nobody listens."""
    contact = floor.contacts.get(event.contact)
    if contact is None:
        return
    if contact.state is ContactState.IN_FLOW or contact.asking:
        flow, run = _running(floor, contact)
        _go_on(floor, contact, flows.on_digit(flow, floor.plan.hours, run, event.digit, floor.now))
    elif contact.state is ContactState.WAITING and contact.callback_offered and event.digit == ACCEPT:
        _ask_in_queue(floor, contact)


def message_taken(floor: Floor, event: MessageTaken) -> None:
    """The citizen's message is on tape, or nothing was said."""
    contact = floor.contacts.get(event.contact)
    if contact is None or contact.state is not ContactState.IN_FLOW:
        return
    if event.seconds <= 0 and contact.message_to is not None and takes_message(contact):
        _follow(floor, contact)
        return
    flow, run = _running(floor, contact)
    result = flows.on_message(flow, floor.plan.hours, run, event.seconds, floor.now)
    if event.seconds > 0 and any(isinstance(action, flows.PromiseCall) for action in result[1]):
        floor.emit(MessageLeft(contact=contact.id, seconds=event.seconds))
    _go_on(floor, contact, result)


def takes_message(contact: ContactRecord) -> bool:
    """Whether the citizen is leaving a message, or has just left it and it has not been reported."""
    recording = contact.run is not None and contact.run.stage is flows.Stage.RECORD
    return recording and contact.state is ContactState.IN_FLOW


def await_tape(contact: ContactRecord) -> None:
    """The call is gone: what is on tape is taken whenever it is reported, and nobody is there to be asked again."""
    contact.flow_until = None


def record_again(floor: Floor, contact: ContactRecord) -> None:
    """The engine may have died before it asked for the recording, and the citizen would speak to nobody."""
    flow, run = _running(floor, contact)
    action = flows.recording(flow, run, floor.now)
    if action is not None:
        _record(floor, contact, action)


def _ask_in_queue(floor: Floor, contact: ContactRecord) -> None:
    """Whether and where to be called back. Meanwhile the citizen waits on, and an agent may be quicker."""
    contact.asking = True
    _go_on(floor, contact, flows.start(_callback_flow(contact), floor.plan.hours, floor.now, contact.caller))


def _callback_flow(contact: ContactRecord) -> flows.Flow:
    """The dialogue of who waits: either it ends in a promise, or they wait on."""
    return flows.Flow(contact.flow, _CALLBACK, {_CALLBACK: flows.CallbackStep(queue=contact.queue)})


def promise_dropped(floor: Floor, contact: ContactRecord) -> None:
    """The exchange dropped a citizen in the flow: who would have come to an agent by saying nothing is called back."""
    flow = floor.plan.flows.get(contact.flow)
    if contact.caller is None or contact.promises or flow is None or contact.run is None:
        return
    queue = flows.silent_way(flow, floor.plan.hours, contact.run, floor.now)
    if queue is not None:
        promises.promised_in(floor, contact, contact.caller, queue, PromiseReason.DROPPED)


def time_passed(floor: Floor, contact: ContactRecord) -> None:
    """The run's deadline has come."""
    if contact.message_to is not None and takes_message(contact):
        _follow(floor, contact)
        return
    flow, run = _running(floor, contact)
    _go_on(floor, contact, flows.on_time(flow, floor.plan.hours, run, floor.now))


def plan_changed(floor: Floor, contact: ContactRecord, before: PlanInUse) -> None:
    """The plan changed while the contact is in a flow.

    The same step goes on undisturbed; an edited one is said anew; a flow that is gone gives way to the one that
    answers the called number now. Only if none does is there nobody left to talk to the citizen: the call is ended.
    Who is leaving a message leaves it for whom they were told.
    """
    flow, run = floor.plan.flows.get(contact.flow), contact.run
    if contact.message_to is not None:
        return
    if contact.promises:
        _plan_changed_after_promise(floor, contact, before)
    elif flow is None or run is None or flow.steps.get(run.step) != before.flows[flow.key].steps[run.step]:
        if takes_message(contact):
            _keep_message(floor, contact, before)
        else:
            _follow(floor, contact)


def _keep_message(floor: Floor, contact: ContactRecord, before: PlanInUse) -> None:
    """What is being said is heard in the queue of the step as it was, or in what takes its place."""
    step = None if contact.run is None else before.flows[contact.flow].steps[contact.run.step]
    if isinstance(step, flows.VoicemailStep):
        queues = () if before.plan is None else before.plan.queues
        skill = next((queue.skill for queue in queues if queue.key == step.queue), owing.NO_SKILL)
        _, contact.message_to = owing.owner_and_queue(floor, ToQueue(QueueKey(step.queue)), None, skill=skill)


def _follow(floor: Floor, contact: ContactRecord) -> None:
    """The citizen goes by the plan of now."""
    flow, run, contact.message_to = floor.plan.flows.get(contact.flow), contact.run, None
    if flow is not None and run is not None:
        _go_on(floor, contact, flows.resume(flow, floor.plan.hours, run, floor.now))
        return
    successor = floor.plan.flow_of(contact.called)
    if successor is None:
        hang_up(floor, contact, ContactOutcome.LEFT_IN_FLOW, EndedBy.CENTRE)
    else:
        start(floor, contact, successor)


def _plan_changed_after_promise(floor: Floor, contact: ContactRecord, before: PlanInUse) -> None:
    """Who only hears the last words has what they wanted: they are not asked again."""
    flow, run = floor.plan.flows.get(contact.flow), contact.run
    if run is None or run.step == _CALLBACK:
        return
    if flow is None or flow.steps.get(run.step) != before.flows[contact.flow].steps[run.step]:
        hang_up(floor, contact, outcome(contact, EndedBy.FLOW), EndedBy.FLOW)


def _running(floor: Floor, contact: ContactRecord) -> tuple[flows.Flow, flows.FlowRun]:
    """What a contact IN_FLOW always has."""
    run = contact.run
    if run is None:
        raise InvariantBroken(contact.id)
    if contact.asking or run.step == _CALLBACK:
        return _callback_flow(contact), run
    if contact.message_to is not None:
        return flows.Flow(contact.flow, run.step, {run.step: flows.VoicemailStep(queue=contact.message_to)}), run
    return floor.plan.flows[contact.flow], run


def _go_on(floor: Floor, contact: ContactRecord, result: tuple[flows.FlowRun, tuple[flows.Action, ...]]) -> None:
    contact.run, actions = result
    if contact.run.deadline != contact.flow_until:
        contact.flow_until = contact.run.deadline
        if contact.flow_until is not None:
            floor.deadlines.add(contact.flow_until, Kind.FLOW, contact=contact.id)
    for action in actions:
        _ACTIONS[type(action)](floor, contact, action)


def _step_entered(floor: Floor, contact: ContactRecord, action: flows.StepEntered) -> None:
    if not contact.asking:
        floor.emit(FlowStepEntered(contact=contact.id, flow=contact.flow, step=action.step, digit=action.digits))


def _play(floor: Floor, contact: ContactRecord, action: flows.PlaySayings) -> None:
    sounds.play(floor, contact, action.sayings)


def _enter_queue(floor: Floor, contact: ContactRecord, action: flows.EnterQueue) -> None:
    contact.run = None
    waiting.enter(floor, contact, action.queue, action.priority)
    sayings = tuple(Saying(prompt) for prompt in action.prompts)
    waiting.sound_of_waiting(floor, contact, sayings, with_music=action.music)
    overflow.entered(floor, contact)


def _record(floor: Floor, contact: ContactRecord, action: flows.RecordMessage) -> None:
    sounds.quiet(contact)
    floor.emit(TakeMessage(id=floor.request(contact), contact=contact.id, most_seconds=action.most_seconds))


def _promise(floor: Floor, contact: ContactRecord, action: flows.PromiseCall) -> None:
    """What was accepted is owed. Who accepted it in a queue has left the queue, and keeps the place."""
    reason = PromiseReason.QUEUE if contact.asking else PromiseReason.AFTER_HOURS
    if contact.asking:
        _leave_queue(floor, contact)
    promises.promised_in(
        floor, contact, action.number, action.queue, PromiseReason.VOICEMAIL if action.spoken else reason
    )


def _leave_queue(floor: Floor, contact: ContactRecord) -> None:
    if contact.state is ContactState.OFFERED and contact.leg is not None:
        agent = floor.agents[contact.leg.agent]
        offers.withdraw(floor, contact)
        agents.become_idle_again(floor, agent)
    if contact.state is ContactState.WAITING:
        floor.index.remove_waiting(contact)
    contact.state, contact.asking = ContactState.IN_FLOW, False
    contact.announce_at = contact.overflow_at = contact.widen_at = None


def _end_call(floor: Floor, contact: ContactRecord, _: flows.EndCall) -> None:
    if contact.asking:
        _wait_on(floor, contact)
    elif not contact.promises:
        hang_up(floor, contact, ContactOutcome.CLOSED_BY_FLOW, EndedBy.FLOW)
    else:
        hang_up(floor, contact, outcome(contact, EndedBy.FLOW), EndedBy.FLOW)


def _wait_on(floor: Floor, contact: ContactRecord) -> None:
    """The citizen rather waits."""
    contact.asking, contact.run, contact.flow_until = False, None, None
    sounds.music(floor, contact)


_ACTIONS: dict[type[flows.Action], Callable[[Floor, ContactRecord, Any], None]] = {
    flows.StepEntered: _step_entered,
    flows.PlaySayings: _play,
    flows.EnterQueue: _enter_queue,
    flows.RecordMessage: _record,
    flows.PromiseCall: _promise,
    flows.EndCall: _end_call,
}
