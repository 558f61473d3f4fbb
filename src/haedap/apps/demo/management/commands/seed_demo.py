"""`haedap manage seed_demo`: the invented centre and its people. Only in the demo, as often as you like."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from haedap.apps.cases import starting as cases
from haedap.apps.demo.seed import seed


class Command(BaseCommand):
    help = "Puts the invented centre of the demo into the database (HAEDAP_ENVIRONMENT=demo only)"

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.HAEDAP.demo:
            raise CommandError("시연 자료는 시연 환경(HAEDAP_ENVIRONMENT=demo)에서만 넣을 수 있습니다.")
        added = seed() + cases.put_demo(timezone.now())
        if added:
            self.stdout.write(f"시연 자료 {added}건을 넣었습니다.")
