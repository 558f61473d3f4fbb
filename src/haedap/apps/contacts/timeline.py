"""The story of a contact, from the journal, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from haedap.apps.contacts import words
from haedap.apps.contacts.models import JournalEntry
from haedap.apps.contacts.names import Names, names_for
from haedap.apps.contacts.numbers import dialled
from haedap.apps.contacts.passing_sentences import told_of_promise, told_of_transfer
from haedap.domain import facts
from haedap.domain.states import AgentState, Control, Direction, OfferOutcome

_MOST = 2000


@dataclass(frozen=True, slots=True)
class Moment:
    """What became true, and when."""

    at: datetime
    sentence: str


def timeline_of(contact: UUID) -> list[Moment]:
    """Its facts in order. Facts that only repeat another one say nothing."""
    rows = JournalEntry.objects.filter(contact=contact, role="F").order_by("seq").values_list("at", "data")[:_MOST]
    known = [(at, read_fact(data)) for at, data in rows]
    names = names_for([fact for _at, fact in known])
    told = [
        (at, sentence_of(fact, names) if fact else _("A step that this version cannot read.")) for at, fact in known
    ]
    return [Moment(at, sentence) for at, sentence in told if sentence]


def keys_pressed(contacts: Collection[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """Flow and step of each step to which a citizen came by a key, by contact."""
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    entered = JournalEntry.objects.filter(contact__in=contacts, role="F", name=facts.FlowStepEntered.__name__)
    for contact, data in entered.values_list("contact", "data"):
        if contact is not None and data.get("digit"):
            found[contact].append((data["flow"], data["step"]))
    return found


def read_fact(data: object) -> facts.AnyFact | None:
    """The fact in a journal row; None when it was written by a version with other facts."""
    try:
        fact: facts.AnyFact = msgspec.convert(data, facts.AnyFact)
    except msgspec.ValidationError:
        return None
    return fact


def sentence_of(fact: facts.AnyFact, names: Names) -> str:
    """One sentence; empty for a fact that another one tells already."""
    match fact:
        case facts.ContactOpened():
            return _opened(fact, names)
        case facts.FlowStepEntered(flow=flow, digit=digit, step=step) if digit:
            values = {"digit": digit, "step": names.step(flow, step)}
            return _("The citizen pressed %(digit)s: step '%(step)s'.") % values
        case facts.FlowStepEntered(flow=flow, step=step):
            return _("Announcement: step '%(step)s'.") % {"step": names.step(flow, step)}
        case facts.ContactQueued(queue=queue):
            return _("Began to wait in the queue '%(queue)s'.") % {"queue": names.queue(queue)}
        case facts.ContactClosed():
            return _("The contact ended: %(outcome)s, by %(by)s.") % {
                "outcome": words.OUTCOMES[fact.outcome],
                "by": words.ENDED_BY[fact.by],
            }
        case facts.AgentStateChanged():
            return _state(fact, names)
        case facts.AgentReachabilityChanged():
            said = _("The telephone of %(agent)s can be reached.") if fact.reachable else ""
            said = said or _("The telephone of %(agent)s cannot be reached.")
            return said % {"agent": names.person(fact.agent)}
    return told_of_transfer(fact, names) or told_of_promise(fact, names) or _with_agent(fact, names)


def _with_agent(fact: facts.AnyFact, names: Names) -> str:
    match fact:
        case facts.ContactOffered(agent=agent):
            return _("Put to %(agent)s.") % {"agent": names.person(agent)}
        case facts.OfferEnded(outcome=OfferOutcome.ANSWERED):
            return ""  # the segment's beginning tells it
        case facts.OfferEnded(agent=agent, outcome=outcome):
            return _("%(agent)s %(outcome)s.") % {
                "agent": names.person(agent),
                "outcome": words.OFFER_OUTCOMES[outcome],
            }
        case facts.SegmentStarted(agent=agent):
            return _("%(agent)s answered; the talk began.") % {"agent": names.person(agent)}
        case facts.ControlApplied(agent=agent, control=Control.SEND_DIGITS, digits=digits):
            return _("%(agent)s sent keypad tones (%(count)d).") % {"agent": names.person(agent), "count": len(digits)}
        case facts.ControlApplied(agent=agent, control=control):
            return _("%(agent)s %(control)s.") % {"agent": names.person(agent), "control": words.CONTROLS[control]}
        case facts.LegLost(agent=agent):
            return _("The line to %(agent)s was lost; the citizen hears music.") % {"agent": names.person(agent)}
        case facts.LegRegained(agent=agent):
            return _("%(agent)s has the citizen back.") % {"agent": names.person(agent)}
        case facts.SegmentEnded(agent=agent, by=by):
            said = _("The talk with %(agent)s ended, by %(by)s.")
            return said % {"agent": names.person(agent), "by": words.ENDED_BY[by]}
    raise TypeError(type(fact).__name__)


def _opened(fact: facts.ContactOpened, names: Names) -> str:
    if fact.direction is Direction.OUT:
        return _("A callback to %(citizen)s is due.") % {"citizen": dialled(fact.caller or fact.caller_text)}
    said = _arrived(fact, names)
    if fact.resumes is not None:
        said += " " + _("The citizen was cut off or gave up shortly before, and has the old place.")
    return said


def _arrived(fact: facts.ContactOpened, names: Names) -> str:
    caller = _("a withheld number") if fact.withheld else dialled(fact.caller or fact.caller_text) or _("no number")
    values = {"caller": caller, "called": dialled(fact.called), "flow": names.flows.get(fact.flow or "", fact.flow)}
    if fact.flow is None:
        return _("A call from %(caller)s to %(called)s.") % values
    return _("A call from %(caller)s to %(called)s; the announcement '%(flow)s' began.") % values


def _state(fact: facts.AgentStateChanged, names: Names) -> str:
    agent = names.person(fact.agent)
    if fact.by is not None:
        values = {"agent": agent, "state": words.AGENT_STATES[fact.state], "supervisor": names.person(fact.by)}
        return _("%(supervisor)s set %(agent)s: %(state)s.") % values
    match fact.state:
        case AgentState.WRAP_UP:
            return _("%(agent)s began the wrap-up.") % {"agent": agent}
        case AgentState.AWAY:
            reason = names.reasons.get(fact.reason, fact.reason)
            return _("%(agent)s is away: %(reason)s.") % {"agent": agent, "reason": reason}
        case AgentState.AVAILABLE | AgentState.SIGNED_OUT:
            return _("%(agent)s: %(state)s.") % {"agent": agent, "state": words.AGENT_STATES[fact.state]}
    return ""  # ringing and talking are told by the offer and the segment
