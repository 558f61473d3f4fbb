"""The sentences of the pages."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.analytics.directory.changes import Change, Kind
from haedap.analytics.directory.checking import Problem
from haedap.analytics.directory.finding import Source
from haedap.apps.contacts import api as contacts
from haedap.apps.directory.models import Entry

SOURCES = {
    Source.TRANSFER: gettext_lazy("put through"),
    Source.REFERRAL: gettext_lazy("referred"),
    Source.GIVEN: gettext_lazy("number told"),
    Source.NAMED: gettext_lazy("named in notes"),
    Source.ARTICLE: gettext_lazy("articles"),
}
MEANINGS = {
    Source.TRANSFER: gettext_lazy("The citizen was put through to the office or an officer of it, or that was tried."),
    Source.REFERRAL: gettext_lazy("The office owes a call, or the answer to a case."),
    Source.GIVEN: gettext_lazy("The agent wrote the telephone number down."),
    Source.NAMED: gettext_lazy("The agent wrote down the office or one of its duties."),
    Source.ARTICLE: gettext_lazy("The agent answered by an article of the office."),
}
_PROBLEMS = {
    Problem.GONE: (gettext_lazy("This office is not in the organisation tree any more. Leave it out."), ""),
    Problem.CLOSED: (gettext_lazy("This office is closed. Leave it out, or open it in the organisation tree."), ""),
    Problem.NO_NUMBER: (
        gettext_lazy("This office has no telephone number. Give it one in the organisation tree, or leave it out."),
        "number-of-today",
    ),
    Problem.CHANGED: (
        gettext_lazy("The organisation tree has another number by now. Take that one, or leave it out."),
        "number-of-today",
    ),
    Problem.OUTSIDE: (
        gettext_lazy("No office has this number. Try it, then give it a name and confirm it; or leave it out."),
        "edit",
    ),
    Problem.TAKEN: (gettext_lazy("This number belongs to an office of the city by now. Leave it out here."), ""),
    Problem.TWICE: (gettext_lazy("Another entry has the same number. Leave one of them out."), ""),
}


def problem(found: Problem, entry: Entry) -> tuple[str, str]:
    """The sentence, and which button settles it besides leaving the entry out: the key of an act, `edit`, or ''."""
    sentence, act = _PROBLEMS[found]
    return str(sentence), "" if entry.edition.is_published else act


def evidence(entry: Entry) -> str:
    """`호전환 12 · 번호 안내 5`; empty for what nobody asked for."""
    return " · ".join(f"{SOURCES[source]} {entry.evidence[source]}" for source in Source if source in entry.evidence)


def change(found: Change) -> tuple[Kind, str, str]:
    """What kind, whose, and what: `새 번호 02-0000-1300 (전에는 02-0000-1200)`."""
    match found.kind:
        case Kind.NEW:
            text = _("new, at %(rank)d") % {"rank": found.after.rank if found.after else 0}
        case Kind.GONE:
            text = _("not among them any more; was at %(rank)d") % {"rank": found.before.rank if found.before else 0}
        case Kind.NUMBER:
            text = _("number %(new)s, was %(old)s") % {
                "new": contacts.dialled(found.after.number) if found.after else "",
                "old": contacts.dialled(found.before.number) if found.before else "",
            }
        case _:
            text = _("from %(old)d to %(new)d") % {
                "old": found.before.rank if found.before else 0,
                "new": found.after.rank if found.after else 0,
            }
    return found.kind, found.name, text
