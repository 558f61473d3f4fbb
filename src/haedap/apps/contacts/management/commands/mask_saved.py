"""`haedap manage mask_saved`: masks what was saved before masking was there, or by older rules."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from haedap.apps.briefs import api as briefs
from haedap.apps.contacts import notes
from haedap.apps.promises import message_keeping as messages


class Command(BaseCommand):
    """Goes over notes, briefs, their answers and messages. May be stopped and run again: what is masked stays."""

    help = "저장된 메모, 상담 요약, 메시지의 개인정보를 가립니다 (여러 번 실행해도 같습니다)"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Mask row by row, and say how many changed."""
        changed = notes.mask_saved() + briefs.mask_saved() + messages.mask_saved()
        self.stdout.write(f"{changed}건을 가렸습니다.")
