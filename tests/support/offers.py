"""An offer to perform, to prepare or to compare."""

from __future__ import annotations

from haedap.domain.decisions import OfferContact
from haedap.domain.ids import AgentId, ContactId, OfferId, QueueKey, RequestId


def an_offer(
    request: str, contact: str, number: int = 1, *, agent: int = 1, caller: str | None = None, ring_seconds: int = 15
) -> OfferContact:
    """The `number`th of the contact, to the desk telephone of `agent`."""
    return OfferContact(
        id=RequestId(request),
        contact=ContactId(contact),
        offer=OfferId(f"{contact}.{number}"),
        agent=AgentId(agent),
        endpoint=f"desk-{agent}",
        queue=QueueKey("general"),
        caller=caller,
        ring_seconds=ring_seconds,
    )
