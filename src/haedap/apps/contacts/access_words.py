"""How the details of the access log read on its page: what is not known here is shown as it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haedap.apps.accounts import api as accounts
from haedap.apps.contacts.words import AGENT_STATES, PROMISE_OUTCOMES
from haedap.apps.lookups.words import ASKABLE, REFUSALS, WAYS

DETAILS: Mapping[str, str | Promise] = {
    "account": _("Account number"),
    "added": _("New"),
    "agent": _("Agent"),
    "alarm": _("Alarm"),
    "approved": _("approved"),
    "article": _("Article"),
    "articles": _("Articles"),
    "asked": _("Asked"),
    "away": _("Away reasons"),
    "before": _("Before"),
    "brief": _("Brief"),
    "case": _("Case"),
    "changed": _("Changed"),
    "changes": _("What changes"),
    "days": _("Days"),
    "deadline": _("Deadline"),
    "due_at": _("Due"),
    "entry": _("Entry"),
    "field": _("Field"),
    "flag": _("Flagged number"),
    "flows": _("Flows"),
    "form": _("Form"),
    "from": pgettext_lazy("of a change", "From"),
    "gone": _("Gone"),
    "group": _("Group"),
    "how": _("Action"),
    "id": _("Row"),
    "is_active": _("May log in"),
    "key": _("Key"),
    "kind": _("Kind"),
    "level": _("Identification"),
    "list": _("List"),
    "lookup": _("Look-up"),
    "mailboxes": _("Mailboxes"),
    "mode": _("How"),
    "named": _("Agents named"),
    "new": _("New"),
    "number": _("Number"),
    "office": _("Office"),
    "officer": _("Officer"),
    "ok": _("Succeeded"),
    "other": _("The other person"),
    "owner": _("Owed by"),
    "pin": _("Pinned"),
    "promise": _("Callback promise"),
    "purpose": _("What for"),
    "quarter": _("Quarter"),
    "queue": _("Queue"),
    "received": _("Characters received"),
    "receiver": _("Receiver"),
    "record": _("Record"),
    "request": _("Request"),
    "role": _("Role"),
    "same": _("Unchanged"),
    "schedule": _("Schedule"),
    "sent": _("Characters sent"),
    "show": _("Shown"),
    "since": pgettext_lazy("of days", "Since"),
    "skills": _("Skills"),
    "sought": _("Words to look for"),
    "source": _("Source"),
    "state": _("State"),
    "step": _("Step"),
    "subject": _("Whose record"),
    "system": _("System"),
    "telephone": _("Telephone"),
    "to": pgettext_lazy("of a change", "To"),
    "type": _("Kind"),
    "until": pgettext_lazy("of days", "Until"),
    "username": _("User name"),
    "version": _("Versions"),
    "way": _("How"),
    "what": _("List"),
    "why": _("Reason"),
}


def _by_value(words: Mapping[Any, str | Promise]) -> dict[str, str | Promise]:
    """As the log has the members of an enumeration."""
    return {str(key): word for key, word in words.items()}


_LISTS: Mapping[str, str | Promise] = {
    "away-reasons": _("Away reasons"),
    "dispositions": _("Dispositions"),
    "flows": _("Flows"),
    "hours": _("Opening hours"),
    "look-ups": _("Look-ups"),
    "numbers": _("Numbers"),
    "prompts": _("Prompts"),
    "purposes": _("Purposes of look-ups"),
    "queues": _("Queues"),
    "settings": _("Settings"),
    "skills": _("Skills"),
    "topics": _("Topics"),
    # of the offices
    "absence": _("Absences"),
    "department": _("Department"),
    "deputies": _("Deputies"),
    "duty": _("Duty"),
    "officer": _("Officer"),
    "synonym": _("What citizens say"),
}
_DONE: Mapping[str, str | Promise] = {
    "added": _("added"),
    "changed": _("changed"),
    "exported": pgettext_lazy("was done", "exported"),
    "imported": pgettext_lazy("was done", "imported"),
    "moved": pgettext_lazy("was done", "moved"),
    "removed": _("removed"),
    "saved": _("saved"),
    "uploaded": _("uploaded"),
    "upload dropped": _("upload dropped"),
    "fields changed": pgettext_lazy("was done", "fields changed"),
    "secrets changed": pgettext_lazy("was done", "secrets changed"),
    # articles
    "approved": _("approved"),
    "asked": pgettext_lazy("was done", "asked an office"),
    "attached": pgettext_lazy("was done", "attached a file"),
    "detached": pgettext_lazy("was done", "took a file off"),
    "discarded": pgettext_lazy("was done", "discarded the draft"),
    "question_added": pgettext_lazy("was done", "added a question"),
    "sent_back": pgettext_lazy("was done", "sent back"),
    "submitted": pgettext_lazy("was done", "submitted"),
    "taken_back": pgettext_lazy("was done", "took the submission back"),
    "withdrawn": pgettext_lazy("was done", "withdrew it from use"),
    # the directory of daily life
    "by-rank": pgettext_lazy("was done", "by rank again"),
    "down": _("Down"),
    "drop": _("Leave out"),
    "edited": pgettext_lazy("was done", "edited"),
    "looked for": _("looked for"),
    "number-of-today": pgettext_lazy("was done", "took the number of today"),
    "pin": _("Pin"),
    "published": _("published"),
    "taken back": _("Take back"),
    "up": _("Up"),
    # callback promises; how they end
    "call_now": _("Call now"),
    "give": pgettext_lazy("was done", "gave it to another"),
    "put_off": _("Put off"),
    **_by_value(PROMISE_OUTCOMES),
    # cases
    "accept": _("Accept"),
    "answer": _("Answer"),
    "extend": _("Extend"),
    "pass-on": _("Pass on"),
    "resume": pgettext_lazy("was done", "went on with it"),
    "suspend": pgettext_lazy("was done", "asked the citizen for more"),
    "told": pgettext_lazy("was done", "told the citizen"),
    "withdraw": pgettext_lazy("was done", "withdrew the case"),
    # yearbooks, reports by mail
    "accepted": _("accepted"),
    "downloaded hwpx": pgettext_lazy("was done", "downloaded as HWPX"),
    "downloaded pdf": pgettext_lazy("was done", "downloaded as PDF"),
    "dropped": _("dropped"),
    "open": pgettext_lazy("was done", "left open"),
    "ordered": pgettext_lazy("was done", "had it made"),
    "remove": _("removed"),
    "send": pgettext_lazy("was done", "sent now"),
    "written": pgettext_lazy("was done", "wrote a text"),
}
_SHOWN: Mapping[str, str | Promise] = {
    "all": _("all"),
    "ended_today": _("ended today"),
    "open": _("not over yet"),
    "overdue": _("overdue"),
    "today": _("term ends today or tomorrow"),
    "untold": _("answered, citizen not told yet"),
}
_KINDS: Mapping[str, str | Promise] = {
    # of abuse
    "abuse": _("abusive language"),
    "sexual": _("sexual harassment"),
    "threat": _("threat"),
    "repeated": _("unreasonable and repeated"),
    # of an officer's answer to a brief
    "called": _("I have called the citizen"),
    "no_answer": _("I called; the citizen did not answer"),
    "settled": _("It is settled without a call"),
}
VALUES: Mapping[str, Mapping[str, str | Promise]] = {
    "asked": ASKABLE,
    "how": _DONE,
    "kind": _KINDS,
    "level": {
        "none": _("not identified"),
        "number": _("number on record"),
        "asked": _("questions answered"),
        "verified": _("verified"),
    },
    "list": _LISTS,
    "mode": {"barge": _("Barge in"), "listen": _("Listen"), "whisper": _("Whisper")},
    "role": dict(accounts.Role.choices),
    "show": _SHOWN,
    "state": _by_value(AGENT_STATES),
    "step": _DONE,
    "telephone": dict(accounts.Telephone.choices),
    "type": {"agent": _("Agent"), "queue": _("Queue")},
    "way": _by_value(WAYS),
    "what": _LISTS,
    "why": _by_value(REFUSALS),
}
"""How the values of a detail read, where the centre's own words are written there and no name."""
_YES_OR_NO = {True: _("yes"), False: _("no")}
_TIMES = frozenset({"deadline", "due_at"})
"""Details that are a moment, written down as JSON has them."""
_WHERE = "at"
"""On which screen a contact was opened: the action tells enough."""


def told(detail: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values to read, in the order in which the database keeps them."""
    for key, value in detail.items():
        if key != _WHERE:
            yield str(DETAILS.get(key, key)), _value(key, value)


def _value(key: str, value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value(key, one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{DETAILS.get(name, name)}: {_value(_of(key, name), one)}" for name, one in value.items())
    if isinstance(value, bool):
        return str(_YES_OR_NO[value])
    if key in _TIMES and isinstance(value, str):
        return _time(value)
    text = "–" if value is None else str(value)
    return str(VALUES.get(key, {}).get(text, text))


def _time(text: str) -> str:
    """As times stand on all pages, in the edge's time; what is none stays as it was written."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return date_format(timezone.localtime(at) if timezone.is_aware(at) else at, "SHORT_DATETIME_FORMAT")


def _of(key: str, name: str) -> str:
    """Under which name the values are known: what a role was and is are roles."""
    return key if name in {"from", "to"} else name
