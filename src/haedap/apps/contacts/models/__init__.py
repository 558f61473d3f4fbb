"""The tables of the record."""

from haedap.apps.contacts.models.promises import (
    CallbackPromise,
    PromiseAttempt,
    ProtectionStep,
    Supervision,
    Transfer,
)
from haedap.apps.contacts.models.record import (
    AccessLog,
    AgentPeriod,
    AgentStatus,
    Citizen,
    CitizenNumber,
    Contact,
    ContactCitizen,
    ContactNote,
    Disposition,
    JournalEntry,
    Projection,
    Recording,
    RouterSnapshot,
    Segment,
    Topic,
)

__all__ = [
    "AccessLog",
    "AgentPeriod",
    "AgentStatus",
    "CallbackPromise",
    "Citizen",
    "CitizenNumber",
    "Contact",
    "ContactCitizen",
    "ContactNote",
    "Disposition",
    "JournalEntry",
    "Projection",
    "PromiseAttempt",
    "ProtectionStep",
    "Recording",
    "RouterSnapshot",
    "Segment",
    "Supervision",
    "Topic",
    "Transfer",
]
