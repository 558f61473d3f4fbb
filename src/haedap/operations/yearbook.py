"""`haedap yearbook`: the book of a year, made here and now, and its files."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haedap.operations import OperationsError
from haedap.operations.usage import make_output_folder

if TYPE_CHECKING:
    from haedap.analytics.book.material import Span
    from haedap.apps.yearbook.models import Edition


def run(year: int | None, since: str, until: str, out: Path | None, *, documents_only: bool, as_json: bool) -> None:
    """Make the edition, write its files into `out`, and say what it is. Raises OperationsError."""
    span = span_of(year, since, until)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haedap.web.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone, translation

    from haedap.apps.yearbook import editions, making
    from haedap.apps.yearbook.errors import YearbookError

    translation.activate(settings.LANGUAGE_CODE)
    if span.since > timezone.localdate():
        raise OperationsError("아직 오지 않은 날입니다. 더 이른 연도나 기간을 고르십시오.")
    if out is not None:
        make_output_folder(out)
    edition = editions.edition_of(span)
    try:
        made = making.make(edition, figures=not documents_only, tell=None if as_json else _tell)
    except YearbookError as error:
        raise OperationsError(str(error)) from None
    if not made:
        raise OperationsError(edition.step)
    files = _write(edition, out) if out else []
    if as_json:
        print(json.dumps(as_data(edition, files), ensure_ascii=False))  # noqa: T201 - the command's output
    else:
        _show(edition, files)


def as_data(edition: Edition, files: list[Path]) -> dict[str, Any]:
    """What `--json` prints; docs/reference/commands.md tells it."""
    from haedap.analytics.book import model

    book = model.decode(edition.book)
    return {
        "since": edition.since.isoformat(),
        "until": edition.last.isoformat(),
        "title": book.title,
        "contacts": next((each.value for each in book.numbers if each.key == "contacts" and not each.of), 0),
        "sections": [{"key": each.key, "title": each.title, "blocks": len(each.blocks)} for each in book.sections],
        "proposals": [{"key": each.key, "title": each.title, "size": each.size.value} for each in book.proposals],
        "files": [str(path) for path in files],
    }


def span_of(year: int | None, since: str, until: str) -> Span:
    """The days that a command's options name; the dates are the first and the last. Raises OperationsError."""
    from haedap.analytics import AnalyticsError
    from haedap.analytics.book.material import Span

    try:
        if year is not None and not (since or until):
            return Span.of_year(year)
        if not (since and until):
            raise OperationsError("연도나 기간을 주십시오: --year 2023 또는 --since 2023-01-01 --until 2023-12-31")
        last = date.fromisoformat(until)
        return Span(date.fromisoformat(since), date.fromordinal(last.toordinal() + 1))
    except AnalyticsError as error:
        raise OperationsError(str(error)) from None
    except ValueError:
        raise OperationsError("없는 날짜입니다. 2023-01-31처럼 쓰십시오.") from None


def _write(edition: Edition, out: Path) -> list[Path]:
    paths = []
    for file in edition.files.order_by("form"):
        path = out / edition.file_name(file.form)
        path.write_bytes(bytes(file.content))
        paths.append(path)
    return paths


def _tell(percent: int, step: str) -> None:
    print(f"{percent:3}% {step}", file=sys.stderr, flush=True)  # noqa: T201 - how far it is


def _show(edition: Edition, files: list[Path]) -> None:
    found = as_data(edition, files)
    print(f"{found['title']}: 상담 {found['contacts']:,}건, 개선 제안 {len(found['proposals'])}건")  # noqa: T201 - as above
    for path in files:
        print(path)  # noqa: T201 - as above
