"""Which offers may ring while they are being committed."""

from __future__ import annotations

from haedap.domain.decisions import AnyDecision, OfferContact, PlayMusic
from haedap.domain.ids import ContactId, RequestId
from haedap.engine.loop import Batch
from haedap.store.commands import Outcome
from tests.support.offers import an_offer


def _offer(contact: str) -> OfferContact:
    return an_offer(f"{contact}-1", contact)


def _music(contact: str) -> PlayMusic:
    return PlayMusic(id=RequestId(f"{contact}-2"), contact=ContactId(contact))


def test_each_contacts_offer_that_comes_first() -> None:
    a, b = _offer("a"), _offer("b")
    assert Batch(decisions=[a, _music("a"), b]).offers() == [a, b]


def test_not_what_must_wait_for_something_else_of_its_contact() -> None:
    decisions: list[AnyDecision] = [_music("a"), _offer("a"), _offer("b")]
    assert Batch(decisions=decisions).offers() == [_offer("b")]


def test_not_what_a_withdrawn_command_may_undo() -> None:
    assert Batch(decisions=[_offer("a")], outcomes=[Outcome("one", "done")]).offers() == []


def test_not_what_a_router_decided_that_failed_afterwards() -> None:
    assert Batch(decisions=[_offer("a")], broken=True).offers() == []
