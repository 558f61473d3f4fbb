"""Bringing the office's words to the citizen: by a text message, or by a call that the centre promises."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from haedap.apps.accounts import api as accounts
from haedap.apps.cases import notices
from haedap.apps.cases.models import Case, CaseNotice, Reply
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.desk import api as desk
from haedap.domain.states import PromiseOutcome, PromiseReason, PromiseState

_About = CaseNotice.About


def tell_answer(case: Case) -> None:
    """By the way that the citizen chose. Call in a transaction, with the answer on the case."""
    text = _("[%(centre)s] Answer to case %(number)s (%(office)s): %(answer)s") % {
        **_words(case),
        "answer": case.answer,
    }
    if case.reply != Reply.MESSAGE or not notices.tell_citizen(case, _About.ANSWER, text):
        promise_call(case)


def tell_extension(case: Case, reason: str) -> bool:
    """The notice that the law asks for, as a message; False: the office has to give it itself."""
    due = f"{timezone.localtime(case.due_at):%Y-%m-%d %H:%M}"
    text = _("[%(centre)s] Case %(number)s (%(office)s): the answer will come by %(due)s. Reason: %(reason)s") % {
        **_words(case),
        "due": due,
        "reason": reason,
    }
    return notices.tell_citizen(case, _About.EXTENSION, text)


def ask_for(case: Case, what: str) -> bool:
    """What the citizen is to complete, as a message; False: the office has to ask itself."""
    text = _("[%(centre)s] Case %(number)s (%(office)s): please complete it: %(what)s") % {**_words(case), "what": what}
    return notices.tell_citizen(case, _About.COMPLETION, text)


def promise_call(case: Case) -> None:
    """The centre owes the citizen a call with the answer; the engine puts it to an agent. Saves the case."""
    agent = accounts.who_stands_for(case.opened_by_id)  # whoever opened the case promises the call
    queue = _queue(case)
    if agent is None or queue is None:
        return  # nobody could call; the list shows the case as answered and not told
    case.promise = uuid4()
    case.save(update_fields=["promise"])
    desk.tell(
        "promise",
        agent,
        promise=str(case.promise),
        citizen=case.citizen_number,
        owner={"type": "queue", "queue": queue},
        reason=PromiseReason.AGENT.value,
        due_at=None,
        deadline=None,
        contact=str(case.contact),
    )


def call_off(case: Case) -> None:
    """Nothing is to be told any more."""
    _end_call(case, PromiseOutcome.CANCELLED)


def need_not_call(case: Case) -> None:
    """The citizen was told otherwise."""
    _end_call(case, PromiseOutcome.RESOLVED)


def _end_call(case: Case, outcome: PromiseOutcome) -> None:
    """Unless it is over, or was joined with a call that is owed for another reason, too."""
    promise = contacts.promise(case.promise)
    if case.promise is None or (promise is not None and promise.state == PromiseState.ENDED):
        return
    desk.tell("settle_promise", promise=str(case.promise), outcome=outcome.value)


def _queue(case: Case) -> str | None:
    known = centre.queue_names()
    asked = contacts.Contact.objects.filter(pk=case.contact).values_list("queue", flat=True).first()
    return asked if asked in known else next(iter(known), None)


def _words(case: Case) -> dict[str, str]:
    return {"centre": centre.settings().name, "number": case.number, "office": case.office.rpartition(" > ")[2]}
