"""Sentences of what became of a citizen beyond one talk: transfers, supervision, protection, promises of calls."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from haedap.apps.contacts import words
from haedap.apps.contacts.names import Names
from haedap.domain import facts


def told_of_transfer(fact: facts.AnyFact, names: Names) -> str:
    """One sentence about a transfer, a move, supervision or protection; empty for another fact."""
    match fact:
        case facts.TransferStarted():
            values = {
                "agent": names.person(fact.agent),
                "mode": words.TRANSFER_MODES[fact.mode],
                "target": names.target(fact.target),
            }
            return _("%(agent)s passed the citizen on to %(target)s (%(mode)s).") % values
        case facts.TransferAnswered():
            return _("The other side answered.")
        case facts.TransferStepped():
            return _stepped(fact)
        case facts.TransferEnded(outcome=outcome):
            return _("The transfer ended: %(outcome)s.") % {"outcome": words.TRANSFER_OUTCOMES[outcome]}
        case facts.ContactReturned(agent=agent):
            return _("The citizen is on the way back to %(agent)s, first of all who wait.") % {
                "agent": names.person(agent)
            }
        case facts.ContactMoved(queue=queue, cause=cause):
            values = {"queue": names.queue(queue), "cause": words.MOVE_CAUSES[cause]}
            return _("Waits in the queue '%(queue)s' now: %(cause)s.") % values
    return _told_of_colleagues(fact, names)


def _told_of_colleagues(fact: facts.AnyFact, names: Names) -> str:
    match fact:
        case facts.SupervisionStarted(supervisor=supervisor, mode=mode):
            values = {"supervisor": names.person(supervisor), "mode": words.SUPERVISIONS[mode]}
            return _("%(supervisor)s %(mode)s.") % values
        case facts.SupervisionEnded(supervisor=supervisor):
            return _("%(supervisor)s is out of the talk.") % {"supervisor": names.person(supervisor)}
        case facts.ProtectionTaken(agent=agent, step=step, kind=kind):
            values = {"agent": names.person(agent), "step": words.PROTECTION_STEPS[step], "kind": kind}
            return _("%(step)s by %(agent)s (%(kind)s).") % values
        case facts.MessageLeft(seconds=seconds):
            return _("The citizen left a message of %(seconds)d s.") % {"seconds": seconds}
        case facts.CitizenCalled(agent=agent):
            return _("%(agent)s calls the citizen.") % {"agent": names.person(agent)}
        case facts.CitizenAnswered():
            return _("The citizen answered; the talk began.")
    return ""


def _stepped(fact: facts.TransferStepped) -> str:
    if fact.citizen and fact.consulted:
        return _("All three talk with each other.")
    if fact.citizen:
        return _("The agent talks to the citizen; the other side hears music.")
    return _("The agent talks to the other side; the citizen hears music.")


def told_of_promise(fact: facts.AnyFact, names: Names) -> str:
    """One sentence about a promise of a call; empty for another fact."""
    match fact:
        case facts.PromiseMade():
            values = {
                "owner": names.target(fact.owner),
                "reason": words.PROMISE_REASONS[fact.reason],
                "deadline": _moment(fact.deadline),
            }
            return _("A callback was promised by %(deadline)s (%(reason)s); %(owner)s owes it.") % values
        case facts.PromiseAltered():
            values = {"owner": names.target(fact.owner), "deadline": _moment(fact.deadline)}
            return _("The promised callback is owed by %(owner)s until %(deadline)s now.") % values
        case facts.AttemptStarted(attempt=attempt):
            return _("Attempt %(number)d to call the citizen back began.") % {"number": attempt}
        case facts.AttemptEnded():
            return _attempted(fact)
        case facts.PromiseEscalated():
            return _("The deadline of the promised callback is near; supervisors are told.")
        case facts.PromiseEnded(outcome=outcome):
            return _("The promised callback is over: %(outcome)s.") % {"outcome": words.PROMISE_OUTCOMES[outcome]}
    return ""


def _attempted(fact: facts.AttemptEnded) -> str:
    values = {"number": fact.attempt, "outcome": words.ATTEMPT_OUTCOMES[fact.outcome]}
    said = _("Attempt %(number)d to call the citizen back ended: %(outcome)s.") % values
    if fact.again_at is not None:
        said += " " + _("The next one is due at %(time)s.") % {"time": _moment(fact.again_at)}
    return said


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
