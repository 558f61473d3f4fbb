"""`haedap demo year`: writes a synthetic year into an empty centre, or takes it out again."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haedap.apps.demo.year import YearError, writing
from haedap.apps.demo.year.profile import profile


class Command(BaseCommand):
    help = "빈 센터에 가상의 한 해를 넣습니다 (haedap demo year)"

    def add_arguments(self, parser: CommandParser) -> None:
        """See docs/reference/commands.md."""
        parser.add_argument("--profile", default="")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--replace", action="store_true")
        parser.add_argument("--remove", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say on standard error how far it is, and at the end on standard output what was written."""
        try:
            if options["remove"]:
                writing.remove(self._tell)
            else:
                self._write(options)
        except YearError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError("멈추었습니다. 아무것도 바뀌지 않았습니다.") from error

    def _write(self, options: dict[str, Any]) -> None:
        began = time.monotonic()
        chosen = profile(options["profile"])
        written = writing.write(chosen, options["seed"], replace=options["replace"], tell=self._tell)
        seconds = round(time.monotonic() - began, 1)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(written) | {"seconds": seconds}, ensure_ascii=False))
        else:
            self.stdout.write(
                f"{chosen.centre}: 가상 상담 {written.contacts:,}건을 넣었습니다 ({seconds}초)."
                f" 기간은 {written.since}부터 {written.until} 전까지입니다."
            )

    def _tell(self, text: str) -> None:
        self.stderr.write(text)
