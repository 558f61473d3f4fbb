"""Rows of the journal."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from haedap.domain.codec import decode_decision, decode_fact, encode
from haedap.domain.decisions import AnyDecision, Decision
from haedap.domain.events import AnyEvent
from haedap.domain.facts import AnyFact
from haedap.domain.ids import AgentId, ContactId, OfferId


class Role(StrEnum):
    """What a row is."""

    EVENT = "E"
    DECISION = "D"
    FACT = "F"


class Row(msgspec.Struct, frozen=True):
    """One row; `at` is the router's time of the event that caused it, and never goes back from row to row."""

    seq: int
    at: datetime
    role: Role
    name: str
    contact: ContactId | None
    agent: AgentId | None
    data: AnyEvent | AnyDecision | AnyFact


def contact_of_offer(offer: OfferId) -> ContactId:
    """The contact that the offer was for."""
    return ContactId(offer.rpartition(".")[0])


def contact_of(item: AnyEvent | AnyDecision | AnyFact) -> ContactId | None:
    """The contact that the item is about, by its own word or by its offer."""
    contact: ContactId | None = getattr(item, "contact", None)
    if contact is not None:
        return contact
    offer: OfferId | None = getattr(item, "offer", None)
    return contact_of_offer(offer) if offer is not None else None


def rows_of(event: AnyEvent, answers: Iterable[AnyDecision | AnyFact], seq: int, at: datetime) -> list[Row]:
    """The rows of one event, numbered from `seq`: the event, then what the router answered, in its order."""
    rows = [_row(seq, at, Role.EVENT, event)]
    for answer in answers:
        role = Role.DECISION if isinstance(answer, Decision) else Role.FACT
        rows.append(_row(seq + len(rows), at, role, answer))
    return rows


def fact_rows(facts: Iterable[AnyFact], seq: int, at: datetime) -> list[Row]:
    """Rows of facts that no event caused: when a journal that cannot be read any more is closed."""
    return [_row(seq + index, at, Role.FACT, fact) for index, fact in enumerate(facts)]


def says_the_same(answer: AnyDecision | AnyFact, role: str, kept: str) -> bool:
    """Whether the router's answer is that of a journal's row (its role and data), whatever the order of its keys."""
    decode = decode_decision if role == Role.DECISION else decode_fact
    try:
        return decode(encode(answer)) == decode(kept)
    except msgspec.ValidationError:
        return False


def _row(seq: int, at: datetime, role: Role, item: AnyEvent | AnyDecision | AnyFact) -> Row:
    return Row(seq, at, role, type(item).__name__, contact_of(item), getattr(item, "agent", None), item)
