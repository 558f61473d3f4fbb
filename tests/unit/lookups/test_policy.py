"""The rules of look-ups as a table: docs/reference/look-ups.md says the same in words."""

from __future__ import annotations

import pytest

from haedap.apps.lookups.policy import (
    Level,
    Needs,
    Refusal,
    Standing,
    Way,
    changes_whom,
    identification_refused,
    refusal,
)
from haedap.domain.states import AgentState

AGENT, TAX = frozenset({"agent"}), frozenset({"agent", "skill:tax"})


def standing_of(state: AgentState, roles: frozenset[str], level: Level, *, has_contact: bool = True) -> Standing:
    return Standing(state, has_contact, roles, level)


@pytest.mark.parametrize(
    ("state", "has_contact", "allowed"),
    [
        (AgentState.ENGAGED, True, True),
        (AgentState.WRAP_UP, True, True),
        (AgentState.OFFERED, True, False),
        (AgentState.AVAILABLE, True, False),
        (AgentState.AWAY, True, False),
        (AgentState.SIGNED_OUT, True, False),
        (AgentState.ENGAGED, False, False),
        (AgentState.WRAP_UP, False, False),
    ],
)
def test_only_the_agent_who_has_the_contact_now(state: AgentState, has_contact: bool, allowed: bool) -> None:
    standing = standing_of(state, AGENT, Level.VERIFIED, has_contact=has_contact)
    found = refusal(standing, Needs(enabled=True, roles=AGENT, level=Level.NONE))
    assert found == (None if allowed else Refusal.NOT_LIVE)


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("needed", list(Level))
def test_the_level_must_reach_the_panels(level: Level, needed: Level) -> None:
    order = ["none", "number", "asked", "verified"]
    found = refusal(standing_of(AgentState.ENGAGED, AGENT, level), Needs(enabled=True, roles=AGENT, level=needed))
    assert found == (None if order.index(level) >= order.index(needed) else Refusal.LEVEL)


@pytest.mark.parametrize(
    ("mine", "wanted", "allowed"),
    [
        (AGENT, AGENT, True),
        (TAX, frozenset({"skill:tax"}), True),
        (AGENT, frozenset({"skill:tax"}), False),
        (AGENT, frozenset({"supervisor"}), False),
        (frozenset({"supervisor"}), frozenset({"agent", "supervisor"}), True),
        (AGENT, frozenset(), False),
    ],
)
def test_any_of_the_roles_is_enough_and_none_is_not(
    mine: frozenset[str], wanted: frozenset[str], allowed: bool
) -> None:
    standing = standing_of(AgentState.ENGAGED, mine, Level.VERIFIED)
    found = refusal(standing, Needs(enabled=True, roles=wanted, level=Level.NONE))
    assert found == (None if allowed else Refusal.ROLE)


def test_the_rules_are_asked_in_their_order() -> None:
    nobody = standing_of(AgentState.AWAY, frozenset(), Level.NONE, has_contact=False)
    closed = Needs(enabled=False, roles=AGENT, level=Level.VERIFIED)
    assert refusal(nobody, closed, purpose_known=False) == Refusal.NOT_LIVE
    here = standing_of(AgentState.ENGAGED, frozenset(), Level.NONE)
    assert refusal(here, closed, purpose_known=False) == Refusal.SWITCHED_OFF
    opened = Needs(enabled=True, roles=AGENT, level=Level.VERIFIED)
    assert refusal(here, opened, purpose_known=False) == Refusal.ROLE
    agent = standing_of(AgentState.ENGAGED, AGENT, Level.ASKED)
    assert refusal(agent, opened, purpose_known=False) == Refusal.LEVEL
    verified = standing_of(AgentState.ENGAGED, AGENT, Level.VERIFIED)
    assert refusal(verified, opened, purpose_known=False) == Refusal.PURPOSE
    assert refusal(verified, opened) is None


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ({}, False),
        ({"name": "홍길동"}, False),
        ({"name": "김철수"}, True),
        ({"birth": "1980-01-01"}, True),
        ({"telephone": "010-0000-0002"}, True),
        ({"telephone": "010-0000-0001"}, False),
        ({"plate": "12가3456"}, False),
        ({"customer_no": "11111"}, False),
    ],
)
def test_who_was_identified_is_not_changed_by_a_look_up(typed: dict[str, str], changes: bool) -> None:
    assert changes_whom(typed, {"name": "홍길동", "telephone": "010-0000-0001"}) is changes


@pytest.mark.parametrize(
    ("way", "asked", "on_record", "refused"),
    [
        (Way.NUMBER, 0, True, False),
        (Way.NUMBER, 3, False, True),
        (Way.ASKED, 2, False, False),
        (Way.ASKED, 1, True, True),
        (Way.ASKED, 0, True, True),
        (Way.CALLBACK, 0, True, False),
        (Way.CALLBACK, 2, False, True),
        (Way.MOBILE, 0, False, False),
        (Way.CERTIFICATE, 0, False, False),
    ],
)
def test_a_way_of_identifying_must_have_been_gone(way: Way, asked: int, on_record: bool, refused: bool) -> None:
    assert identification_refused(way, asked=asked, number_on_record=on_record) is refused
