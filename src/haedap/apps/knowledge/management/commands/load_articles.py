"""`haedap manage load_articles`: the articles that come with the software."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from haedap.apps.knowledge import starting
from haedap.apps.knowledge.errors import KnowledgeError


class Command(BaseCommand):
    help = "Brings in the starting articles: as drafts that offices approve; --approver NAME approves them at once"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--approver", default="", help="who has approved them, as they are called")
        parser.add_argument(
            "--demo", action="store_true", help="only in the demo, and only when there is no article: approved at once"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["demo"]:
                added = starting.put_demo(timezone.now()) if settings.HAEDAP.demo else 0
            else:
                added = starting.load(options["approver"], timezone.now())
        except KnowledgeError as error:
            raise CommandError(str(error)) from error
        if added:
            self.stdout.write(f"상담 지식 {added}건을 넣었습니다.")
