"""What is asked of a talk and can do nothing is refused with a reason; it was answered as done."""

from collections.abc import Callable

import pytest

from haedap.apps.desk.commands import _REFUSALS as SAID_TO_AGENTS
from haedap.apps.supervision.talks import _REFUSALS as SAID_TO_SUPERVISORS
from haedap.domain import events as e
from haedap.domain.ids import AgentId, ContactId, QueueKey
from haedap.domain.states import ConsultStep, Control, EndedBy, ProtectionStep, Supervision, TransferMode
from haedap.domain.targets import ToQueue
from haedap.routing.refusals import Refusal
from tests.unit.routing.promising import Promising, opened
from tests.unit.routing.talks import OFFICER, SPOKEN, Talks, to_agent

Asked = Callable[[Talks], e.AnyEvent]
Situation = Callable[[], Talks]


def control(wanted: Control, agent: int = 1) -> Asked:
    digits = "1" if wanted is Control.SEND_DIGITS else ""
    return lambda talks: e.ControlRequested(
        at=talks.now, agent=AgentId(agent), contact=ContactId("c"), control=wanted, digits=digits
    )


def step(wanted: ConsultStep, agent: int = 1) -> Asked:
    return lambda talks: e.ConsultStepped(at=talks.now, agent=AgentId(agent), contact=ContactId("c"), step=wanted)


def protect(wanted: ProtectionStep) -> Asked:
    return lambda talks: e.Protected(at=talks.now, agent=AgentId(1), contact=ContactId("c"), step=wanted, kind="insult")


def supervise(mode: Supervision | None = Supervision.LISTEN, supervisor: int = 9) -> Asked:
    return lambda talks: e.SupervisionRequested(
        at=talks.now, supervisor=AgentId(supervisor), contact=ContactId("c"), mode=mode
    )


def take_over(talks: Talks) -> e.AnyEvent:
    return e.TakeOverRequested(at=talks.now, supervisor=AgentId(9), contact=ContactId("c"))


def pass_on(talks: Talks) -> e.AnyEvent:
    return e.TransferRequested(
        at=talks.now,
        agent=AgentId(1),
        contact=ContactId("c"),
        mode=TransferMode.BLIND,
        target=ToQueue(QueueKey("water")),
    )


def move(talks: Talks) -> e.AnyEvent:
    return e.MoveRequested(at=talks.now, contact=ContactId("c"), supervisor=AgentId(9), queue=QueueKey("water"))


def talk() -> Talks:
    talks = Talks()
    talks.begin(1, 2)
    return talks


def held() -> Talks:
    talks = talk()
    talks.control(1, "c", Control.HOLD)
    return talks


def rung() -> Talks:
    """Whom the agent consults has not answered yet."""
    talks = talk()
    talks.consult(1, to_agent(2))
    return talks


def told() -> Talks:
    """They have answered, and hear first what it is about."""
    talks = talk()
    talks.consult(1, OFFICER, SPOKEN)
    talks.picks_up()
    return talks


def consulting() -> Talks:
    talks = rung()
    talks.picks_up()
    return talks


def lost() -> Talks:
    talks = talk()
    talks.hangs_up("c.1", EndedBy.LINE)
    return talks


def announced() -> Talks:
    talks = talk()
    talks.protect(1, ProtectionStep.WARN)
    talks.protect(1, ProtectionStep.ANNOUNCE)
    return talks


def watched() -> Talks:
    talks = talk()
    talks.supervise(3, Supervision.LISTEN)
    return talks


@pytest.mark.parametrize(
    ("situation", "asked", "why"),
    [
        (rung, control(Control.HOLD), Refusal.CONSULTING),
        (consulting, control(Control.HOLD), Refusal.CONSULTING),
        (announced, control(Control.HOLD), Refusal.ANNOUNCING),
        (rung, control(Control.SEND_DIGITS), Refusal.NOBODY_ANSWERED),
        (told, control(Control.SEND_DIGITS), Refusal.NOBODY_ANSWERED),
        (held, control(Control.SEND_DIGITS), Refusal.ON_HOLD),
        (announced, control(Control.SEND_DIGITS), Refusal.ANNOUNCING),
        (lost, control(Control.SEND_DIGITS), Refusal.LINE_LOST),
        *((consulting, control(each, agent=2), Refusal.CONSULTED) for each in Control),
        *((talk, control(each, agent=2), Refusal.NOT_THEIRS) for each in Control),
        *((talk, step(each), Refusal.NOT_CONSULTING) for each in ConsultStep),
        *((consulting, step(each, agent=2), Refusal.CONSULTED) for each in ConsultStep),
        (rung, step(ConsultStep.CONFERENCE), Refusal.NOBODY_ANSWERED),
        (told, step(ConsultStep.TO_CONSULTED), Refusal.NOBODY_ANSWERED),
        (consulting, pass_on, Refusal.CONSULTING),
        (lost, pass_on, Refusal.LINE_LOST),
        (talk, protect(ProtectionStep.END), Refusal.WRONG_STEP),
        (announced, protect(ProtectionStep.WARN), Refusal.WRONG_STEP),
        (lost, protect(ProtectionStep.WARN), Refusal.LINE_LOST),
        (lost, supervise(), Refusal.NOT_ENGAGED),
        (watched, supervise(), Refusal.SUPERVISED),
        (watched, take_over, Refusal.SUPERVISED),
        (talk, move, Refusal.NOT_WAITING),
    ],
)
def test_what_can_do_nothing_is_refused(situation: Situation, asked: Asked, why: Refusal) -> None:
    talks = situation()
    event = asked(talks)
    assert talks.router.refusal(event) is why
    assert talks.router.handle(event) == ()


@pytest.mark.parametrize(
    ("situation", "asked"),
    [
        (talk, control(Control.UNHOLD)),
        (held, control(Control.HOLD)),
        (consulting, control(Control.UNHOLD)),
        (consulting, step(ConsultStep.TO_CONSULTED)),
        (announced, protect(ProtectionStep.ANNOUNCE)),
        (talk, supervise(None)),
        (watched, supervise(Supervision.LISTEN, supervisor=3)),
    ],
)
def test_what_is_so_already_is_no_refusal(situation: Situation, asked: Asked) -> None:
    """Who presses a key twice, or asks again because the answer was lost, has what they want."""
    talks = situation()
    event = asked(talks)
    assert talks.router.refusal(event) is None
    assert talks.router.handle(event) == ()


@pytest.mark.parametrize("wanted", [Control.HOLD, Control.SEND_DIGITS])
def test_a_citizen_who_has_not_answered_cannot_be_held_nor_sent_keys(wanted: Control) -> None:
    centre = Promising()
    centre.ready(1)
    contact = ContactId(opened(centre.promise()))
    centre.answer(f"{contact}.1")
    digits = "1" if wanted is Control.SEND_DIGITS else ""
    event = e.ControlRequested(at=centre.now, agent=AgentId(1), contact=contact, control=wanted, digits=digits)
    assert centre.router.refusal(event) is Refusal.CITIZEN_CALLED
    assert centre.router.handle(event) == ()


def test_there_is_a_sentence_for_each() -> None:
    said = SAID_TO_AGENTS.keys() | SAID_TO_SUPERVISORS.keys()
    assert {refusal.value for refusal in Refusal} <= said
