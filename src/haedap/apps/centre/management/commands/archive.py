"""`haedap archive`: brings the centre's archive up to date."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from haedap.analytics.archive import ArchiveError
from haedap.analytics.archive.manifest import Manifest
from haedap.apps.centre import archive


class Command(BaseCommand):
    """May be stopped at any moment and run again."""

    help = "기록 원장과 통계용 표를 개인정보 없이 보관소(Parquet)에 옮깁니다. 지난번 뒤로 바뀐 것만 옮깁니다"

    def add_arguments(self, parser: CommandParser) -> None:
        """Two switches."""
        parser.add_argument("--anew", action="store_true", help="모두 다시 옮깁니다")
        parser.add_argument("--json", action="store_true", help="기계가 읽을 JSON으로 출력")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write, and say what there is now."""
        try:
            manifest = archive.update(anew=options["anew"])
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(_found(manifest)) if options["json"] else _sentence(manifest))


def _found(manifest: Manifest) -> dict[str, Any]:
    rows = {
        name: sum(part.rows for parts in months.values() for part in parts) for name, months in manifest.tables.items()
    }
    return {
        "folder": str(archive.folder()),
        "as_of": manifest.as_of.isoformat() if manifest.as_of else None,
        "journal": manifest.journal,
        "rows": rows,
    }


def _sentence(manifest: Manifest) -> str:
    found = _found(manifest)
    at = timezone.localtime(manifest.as_of)
    facts, journal = found["rows"].get("fact", 0), manifest.journal
    return f"보관소 {found['folder']}: {at:%Y-%m-%d %H:%M} 현재 상담 {facts:,}건, 원장 {journal:,}번 줄까지 있습니다."
