"""`haedap manage put_lookups`: purposes for a centre that has none; in the demo the invented city's systems as well."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from haedap.apps.lookups.starting import put_demo_systems, put_purposes


class Command(BaseCommand):
    help = "Fills the empty list of purposes, and in the demo the empty list of systems"

    def handle(self, *_args: Any, **_options: Any) -> None:
        added = put_purposes()
        if settings.HAEDAP.opens_fake_city:
            added += put_demo_systems()
        if added:
            self.stdout.write(f"행정정보 조회 자료 {added}건을 넣었습니다.")
