"""Events, decisions and facts to JSON and back, each with its type's name in the key `type`."""

import msgspec

from haedap.domain.decisions import AnyDecision
from haedap.domain.events import AnyEvent
from haedap.domain.facts import AnyFact

_encoder = msgspec.json.Encoder()
_events: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_decisions: msgspec.json.Decoder[AnyDecision] = msgspec.json.Decoder(AnyDecision)
_facts: msgspec.json.Decoder[AnyFact] = msgspec.json.Decoder(AnyFact)


def encode(item: AnyEvent | AnyDecision | AnyFact) -> bytes:
    """One item as a JSON object in UTF-8."""
    return _encoder.encode(item)


def decode_event(data: bytes | str) -> AnyEvent:
    """The event in `data`. Raises `msgspec.ValidationError` when it is none."""
    return _events.decode(data)


def decode_decision(data: bytes | str) -> AnyDecision:
    """The decision in `data`. Raises `msgspec.ValidationError` when it is none."""
    return _decisions.decode(data)


def decode_fact(data: bytes | str) -> AnyFact:
    """The fact in `data`. Raises `msgspec.ValidationError` when it is none."""
    return _facts.decode(data)
