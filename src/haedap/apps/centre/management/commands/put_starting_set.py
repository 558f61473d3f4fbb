"""`haedap manage put_starting_set`: topics, dispositions, away reasons and prompts for a centre that has none."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from haedap.apps.centre.starting_set import put_starting_set


class Command(BaseCommand):
    help = "Fills empty lists (topics, dispositions, away reasons, prompts) with what every centre starts with"

    def handle(self, *_args: Any, **_options: Any) -> None:
        added = put_starting_set()
        if added:
            self.stdout.write(f"처음 갖추는 목록 {added}건을 넣었습니다.")
