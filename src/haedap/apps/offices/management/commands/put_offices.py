"""`haedap manage put_offices`: words of citizens for a centre that has none; in the demo the invented city as well."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from haedap.apps.offices.starting import put_demo, put_synonyms


class Command(BaseCommand):
    help = "Fills the empty list of citizens' words, and in the demo the empty list of offices"

    def handle(self, *_args: Any, **_options: Any) -> None:
        added = put_synonyms()
        if settings.HAEDAP.demo:
            added += put_demo(timezone.now())
        if added:
            self.stdout.write(f"부서·담당자 자료 {added}건을 넣었습니다.")
