"""`haedap manage import_surveys FILE`: takes the answers of a survey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haedap.apps.surveys import csv_file

_MOST_SHOWN = 20


class Command(BaseCommand):
    """Takes all of the file or nothing, and says of each line what is wrong with it."""

    help = "만족도 조사의 답을 CSV 파일에서 읽어 들입니다"

    def add_arguments(self, parser: CommandParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read the file."""
        try:
            with options["file"].open("rb") as file:
                taken = csv_file.take(file.read(csv_file.MOST_BYTES + 1))
        except OSError as error:
            raise CommandError(
                f"{options['file']} 파일을 읽지 못했습니다({error.strerror}). 경로를 확인하십시오."
            ) from error
        except csv_file.RefusedError as error:
            shown = error.problems[:_MOST_SHOWN]
            more = len(error.problems) - len(shown)
            rest = [f"그 밖에 {more}줄이 더 있습니다."] if more else []
            raise CommandError("\n".join(["아무것도 읽어 들이지 않았습니다.", *shown, *rest])) from error
        self.stdout.write(f"{taken}건을 읽어 들였습니다.")
