"""Routing: who gets whom. A sans-IO state machine, events in → decisions and facts out. See `router` for its rules."""

from haedap.routing.errors import InvariantBroken, RoutingError, SnapshotFormatUnknown
from haedap.routing.records import PromiseRecord
from haedap.routing.router import Outcome, Router
from haedap.routing.snapshot import Snapshot

__all__ = ["InvariantBroken", "Outcome", "PromiseRecord", "Router", "RoutingError", "Snapshot", "SnapshotFormatUnknown"]
