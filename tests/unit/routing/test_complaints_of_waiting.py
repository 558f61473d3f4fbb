"""What users of other software complain of on the waiting side (1, 5, 9): the tests, and the proof that they see it.

The checks are run twice: as things are, and with the rule taken out that answers the complaint.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from haedap.domain.decisions import CallCitizen
from haedap.domain.facts import PromiseEnded
from haedap.domain.ids import AgentId, OfferId, QueueKey
from haedap.domain.plan import CallbackRules
from haedap.domain.states import AgentState
from haedap.domain.targets import ToAgent
from haedap.routing import matching, outgoing, promises, router, waiting
from haedap.routing.deadlines import Kind
from haedap.routing.records import ContactRecord
from tests.unit.routing.centre import Output, change, every
from tests.unit.routing.promising import CITIZEN, Promising, ended, offered, promise_id, promising

TakeOut = Callable[[pytest.MonkeyPatch], None]


def served_in_order(centre: Promising, contacts: int) -> list[str]:
    """Whom one agent gets, one after the other; citizens who are called are reached."""
    centre.ready(1)
    order = []
    for _ in range(contacts):
        record = next(record for record in centre.router.snapshot().contacts if record.leg is not None)
        assert record.leg is not None
        order.append(record.caller or record.id)
        centre.answer(record.leg.offer)
        centre.reached(record.id)
        centre.leave(record.id)
        centre.available(1)
    return order


# --- 1: a callback from the queue


def queue_callback() -> None:
    """Press 1, hang up, and be called when the turn has come: not later than who came later."""
    centre = Promising(announce_every_seconds=0, callback_offer_seconds=30)
    centre.call("first", caller="+821000000010")
    centre.call("c", caller=CITIZEN)
    centre.call("last", caller="+821000000020")
    centre.after(30)
    centre.press("c", "1")
    centre.press("c", "1")
    centre.leave("c")
    assert served_in_order(centre, 3) == ["+821000000010", CITIZEN, "+821000000020"]
    assert centre.open() == []


def a_callback_queues_up_anew(patch: pytest.MonkeyPatch) -> None:
    enter = waiting.enter

    def without_place(
        floor: Any, contact: ContactRecord, queue: QueueKey, priority: int, _order: int | None = None
    ) -> None:
        enter(floor, contact, queue, priority)

    patch.setattr(waiting, "enter", without_place)


# --- 5: fair order, no overload


def fair_order() -> None:
    """Calls and callbacks mixed, the earlier before the later, and never more than one at an agent."""
    centre = Promising()
    for number in range(6):
        citizen = f"+8210000001{number:02}"
        if number % 2:
            centre.promise(number, citizen=citizen)
        else:
            centre.call(f"c{number}", caller=citizen)
    assert served_in_order(centre, 6) == [f"+8210000001{number:02}" for number in range(6)]


def the_last_comes_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ContactRecord, "key", property(lambda contact: (False, 0, -contact.order, contact.id)))


def no_overload() -> None:
    """Five hundred promises fall due at once: three agents get one each, and no citizen is called for nothing."""
    centre = Promising()
    for number in range(500):
        centre.promise(number, citizen=f"+8210{number:08}", due_at=centre.now.replace(hour=2))
    centre.ready(1, 2, 3)
    outputs = centre.until(1)
    assert len(offered(outputs)) == 3
    assert not every(outputs, CallCitizen)


def citizens_are_called_before_an_agent_is_there(patch: pytest.MonkeyPatch) -> None:
    open_contact = outgoing.open_contact

    def dial_at_once(floor: Any, promise: Any) -> None:
        open_contact(floor, promise)
        contact = floor.contacts[promise.calling]
        floor.emit(
            CallCitizen(
                id=floor.request(contact),
                contact=contact.id,
                offer=OfferId(""),
                number=promise.citizen,
                ring_seconds=30,
            )
        )

    patch.setattr(outgoing, "open_contact", dial_at_once)


# --- 9: stuck on an offline or silent agent


def not_stuck_on_a_silent_agent() -> None:
    """The telephone rings and nobody answers: the citizen goes on to the next, the agent gets no more."""
    centre = Promising()
    centre.ready(1)
    centre.call("c")
    centre.ready(2)
    assert offered(centre.after(22)) == [("c", 2)]
    assert centre.agent_state(1) is AgentState.AWAY


def nothing_ends_the_ringing(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(router._CONTACT_DEADLINES, Kind.RING, lambda _floor, _contact: None)


def not_stuck_on_an_absent_owner() -> None:
    """An agent promised a call and went home: in time, whoever is free makes it."""
    centre = Promising()
    centre.ready(1, 2)
    centre.promise(1, owner=ToAgent(AgentId(3)))
    outputs = centre.until(7.5)
    assert [agent for _, agent in offered(outputs)] == [1]


def only_the_owner_will_do(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(waiting, "ask_anybody", lambda _floor, _contact: None)


def not_stuck_on_the_agent_of_before() -> None:
    """Cut off, and the agent's telephone died, too: somebody else calls back, at once."""
    centre = Promising()
    centre.ready(1)
    centre.call("c", caller=CITIZEN)
    centre.answer("c.1")
    centre.ready(2)
    centre.unreachable(1)
    outputs: tuple[Output, ...] = centre.reconcile()
    assert [agent for _, agent in offered(outputs)] == [2]


def the_agent_of_before_is_waited_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "_may_come", lambda _agent: True)


def not_tried_for_ever() -> None:
    """A citizen who never answers: four calls by the ladder, then it is over and the record says so."""
    centre = Promising(change(promising(), callbacks=CallbackRules(again_after_minutes=(1, 1, 1))))
    centre.ready(1)
    centre.promise(1)
    for _ in range(4):
        centre.fail_attempt()
        last = centre.after(60)
    assert centre.open() == []
    assert not every(last, PromiseEnded)
    assert ended(centre.promise(1)) == []
    assert promise_id(1) in centre.router.snapshot().settled


def the_ladder_has_no_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(promises, "_again_at", lambda floor, _promise, _outcome: floor.now + timedelta(minutes=1))


CHECKS: dict[Callable[[], None], TakeOut] = {
    queue_callback: a_callback_queues_up_anew,
    fair_order: the_last_comes_first,
    no_overload: citizens_are_called_before_an_agent_is_there,
    not_stuck_on_a_silent_agent: nothing_ends_the_ringing,
    not_stuck_on_an_absent_owner: only_the_owner_will_do,
    not_stuck_on_the_agent_of_before: the_agent_of_before_is_waited_for,
    not_tried_for_ever: the_ladder_has_no_end,
}


def test_complaint_1_queue_callback() -> None:
    queue_callback()


def test_complaint_5_unfair_order() -> None:
    fair_order()


def test_complaint_5_overload() -> None:
    no_overload()


@pytest.mark.parametrize(
    "check",
    [
        not_stuck_on_a_silent_agent,
        not_stuck_on_an_absent_owner,
        not_stuck_on_the_agent_of_before,
        not_tried_for_ever,
    ],
)
def test_complaint_9_stuck(check: Callable[[], None]) -> None:
    check()


@pytest.mark.parametrize("check", list(CHECKS))
def test_each_check_fails_when_the_fix_is_taken_out(check: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    CHECKS[check](monkeypatch)
    with pytest.raises(AssertionError):
        check()
