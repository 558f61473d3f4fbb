"""`haedap manage mask_saved`: masks what was saved before masking was there, or by older rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import models

from haedap.apps.briefs.models import LONGEST_ANSWER, Brief, BriefAnswer
from haedap.apps.briefs.models import LONGEST_TEXT as LONGEST_BRIEF
from haedap.apps.contacts.masking import masked, masked_of_contact, masked_of_number
from haedap.apps.contacts.models import Contact, ContactNote
from haedap.apps.promises.models import LONGEST_TEXT as LONGEST_MESSAGE
from haedap.apps.promises.models import WrittenMessage

_BATCH = 500


class Command(BaseCommand):
    """Goes over notes, briefs, their answers and messages. May be stopped and run again: what is masked stays."""

    help = "저장된 메모, 상담 요약, 메시지의 개인정보를 가립니다 (여러 번 실행해도 같습니다)"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Mask row by row, and say how many changed."""
        changed = (
            _over(ContactNote.objects.exclude(text=""), _note)
            + _over(Brief.objects.all(), _brief)
            + _over(BriefAnswer.objects.select_related("brief").exclude(text=""), _answer)
            + _over(WrittenMessage.objects.all(), _message)
        )
        self.stdout.write(f"{changed}건을 가렸습니다.")


def _over(rows: models.QuerySet[Any], mask: Callable[[Any], str]) -> int:
    return sum(_replaced(row, mask(row)) for row in rows.order_by("pk").iterator(chunk_size=_BATCH))


def _replaced(row: Any, text: str) -> int:
    """1 when the row had another text and still has it, so that nothing typed meanwhile is lost."""
    if text == row.text:
        return 0
    return int(type(row).objects.filter(pk=row.pk, text=row.text).update(text=text))


def _note(note: ContactNote) -> str:
    contact = Contact.objects.filter(pk=note.contact).first()
    return masked_of_contact(note.text, contact) if contact else masked(note.text)


def _brief(brief: Brief) -> str:
    return masked(brief.text, _known(brief))[:LONGEST_BRIEF]


def _answer(answer: BriefAnswer) -> str:
    return masked(answer.text, _known(answer.brief))[:LONGEST_ANSWER]


def _message(message: WrittenMessage) -> str:
    return masked_of_number(message.text, message.citizen)[:LONGEST_MESSAGE]


def _known(brief: Brief) -> list[str]:
    return [brief.citizen_name] if brief.citizen_name else []
