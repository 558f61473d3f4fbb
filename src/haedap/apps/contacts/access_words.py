"""How the details of the access log read on its page: what is not known here is shown as it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DETAILS: Mapping[str, str | Promise] = {
    "account": _("Account number"),
    "added": _("New"),
    "agent": _("Agent"),
    "alarm": _("Alarm"),
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
    "entry": _("Entry"),
    "field": _("Field"),
    "flag": _("Flagged number"),
    "flows": _("Flows"),
    "form": _("Form"),
    "gone": _("Gone"),
    "group": _("Group"),
    "how": _("Action"),
    "id": _("Row"),
    "key": _("Key"),
    "kind": _("Kind"),
    "level": _("Identification"),
    "list": _("List"),
    "lookup": _("Look-up"),
    "mailboxes": _("Mailboxes"),
    "mode": _("How"),
    "named": _("Agents named"),
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
    "schedule": _("Schedule"),
    "sent": _("Characters sent"),
    "show": _("Shown"),
    "since": pgettext_lazy("of days", "Since"),
    "sought": _("Words to look for"),
    "source": _("Source"),
    "state": _("State"),
    "step": _("Step"),
    "subject": _("Whose record"),
    "system": _("System"),
    "until": pgettext_lazy("of days", "Until"),
    "username": _("User name"),
    "version": _("Versions"),
    "way": _("How"),
    "what": _("List"),
    "why": _("Reason"),
}
_VALUES: Mapping[str, str | Promise] = {
    "True": _("yes"),
    "False": _("no"),
    "added": _("added"),
    "away-reasons": _("Away reasons"),
    "barge": _("Barge in"),
    "changed": _("changed"),
    "dispositions": _("Dispositions"),
    "flows": _("Flows"),
    "hours": _("Opening hours"),
    "listen": _("Listen"),
    "look-ups": _("Look-ups"),
    "looked for": _("looked for"),
    "numbers": _("Numbers"),
    "prompts": _("Prompts"),
    "purposes": _("Purposes of look-ups"),
    "queues": _("Queues"),
    "removed": _("removed"),
    "saved": _("saved"),
    "settings": _("Settings"),
    "skills": _("Skills"),
    "topics": _("Topics"),
    "uploaded": _("uploaded"),
    "upload dropped": _("upload dropped"),
    "whisper": _("Whisper"),
}
_WHERE = "at"
"""On which screen a contact was opened: the action tells enough."""


def told(detail: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values to read, in the order in which the database keeps them."""
    for key, value in detail.items():
        if key != _WHERE:
            yield str(DETAILS.get(key, key)), _value(value)


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_value(one)}" for key, one in value.items())
    text = "–" if value is None else str(value)
    return str(_VALUES.get(text, text))
