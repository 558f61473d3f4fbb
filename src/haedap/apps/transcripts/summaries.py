"""A summary for an agent who asks for one: what left and what came is in the access log as sizes, never as text."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haedap.apps.accounts.api import Account
from haedap.apps.contacts import api as contacts
from haedap.apps.contacts.masking import masked_of_contact
from haedap.apps.desk.errors import DeskError
from haedap.apps.transcripts.api import text_of
from haedap.language import summary

_SENTENCES = {
    summary.SummaryUnreachableError: gettext_lazy(
        "The summary does not answer at the moment. Write the note yourself."
    ),
    summary.SummaryRefusedError: gettext_lazy(
        "The summary refused the request. Write the note yourself, and tell the administrator."
    ),
    summary.SummaryGarbledError: gettext_lazy("The summary was of no use. Write the note yourself."),
}


def on() -> bool:
    """Whether the centre has somebody to ask."""
    return bool(settings.HAEDAP.summary_url)


def prepare(contact: contacts.Contact) -> str:
    """The text that may leave. Raises DeskError while there is nothing to summarize."""
    # The record's own masks know the names; the second ones, in the library, need none of the record.
    note = masked_of_contact(contacts.note_of(contact.pk).text, contact)
    said = masked_of_contact(text_of(contact.pk), contact)
    if not (note.strip() or said.strip()):
        raise DeskError(
            HTTPStatus.CONFLICT, "nothing_to_summarize", _("There is nothing to summarize yet. Write a note first.")
        )
    return summary.prepared(note, said)


async def ask(sent: str) -> list[str]:
    """The lines. Raises DeskError with a sentence."""
    chosen = settings.HAEDAP
    summarizer = summary.Summarizer(chosen.summary_url, chosen.summary_key, chosen.summary_model, seconds=6.0)
    try:
        return await summarizer.summarize(sent)
    except summary.SummaryError as error:
        raise DeskError(HTTPStatus.BAD_GATEWAY, "no_summary", str(_SENTENCES[type(error)])) from None


def log(account: Account, contact: contacts.Contact, address: str | None, sent: int, lines: list[str] | None) -> None:
    """That a text left the centre: to which system, how long it was, how long the answer."""
    detail = {
        "system": urlsplit(settings.HAEDAP.summary_url).hostname or "",
        "sent": sent,
        "received": sum(map(len, lines or [])),
        "ok": lines is not None,
    }
    contacts.log_access("summary.made", account=account.pk, address=address, contact=contact.pk, detail=detail)
