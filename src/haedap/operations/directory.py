"""`haedap directory`: the most requested numbers of a quarter, and everything that is printed of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from haedap.analytics.directory.quarters import Quarter
from haedap.operations import OperationsError
from haedap.operations.usage import make_output_folder

if TYPE_CHECKING:
    from haedap.apps.directory.choosing import Content


def run(quarter: str, count: int | None, out: Path | None, *, marks: bool, as_json: bool) -> None:
    """Make the edition (a published one stays as it is), write its files into `out`, and print it.

    `marks`: with the files for a printing house.
    Raises OperationsError with the sentence of what is wrong.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haedap.web.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.utils import translation

    from haedap.apps.directory.choosing import content_of
    from haedap.apps.directory.errors import DirectoryError
    from haedap.apps.directory.making import published_or_made
    from haedap.web.documents import DocumentError

    translation.activate(settings.LANGUAGE_CODE)
    wanted = _quarter(quarter)
    if out is not None:
        make_output_folder(out)
    try:
        content = content_of(published_or_made(wanted, count))
        files = _write(content, out, marks=marks) if out else []
    except (DirectoryError, DocumentError) as error:
        raise OperationsError(str(error)) from None
    if as_json:
        print(json.dumps(as_data(content, files), ensure_ascii=False))  # noqa: T201 - the command's output
    else:
        _show(content, files)


def as_data(content: Content, files: list[Path]) -> dict[str, Any]:
    """What `--json` prints; docs/reference/commands.md tells it."""
    from haedap.apps.directory import wording

    edition = content.edition
    places = {entry.key: place for place, entry in enumerate(content.chosen, 1)}
    return {
        "quarter": edition.quarter,
        "since": edition.of.since.isoformat(),
        "until": edition.of.until.isoformat(),
        "state": edition.state,
        "count": edition.count,
        "entries": [
            {
                "place": places[entry.key],
                "rank": entry.rank,
                "group": section.group.name if section.group else "",
                "name": entry.name,
                "number": entry.number,
                "what": entry.what,
                "requests": entry.requests,
                "contacts": entry.contacts,
                "evidence": entry.evidence,
                "problem": content.problems.get(entry.key),
            }
            for section in content.sections
            for entry in section.entries
        ],
        "problems": [
            {
                "name": entry.name,
                "number": entry.number,
                "problem": content.problems[entry.key],
                "sentence": wording.problem(content.problems[entry.key], entry)[0],
            }
            for entry in content.chosen
            if entry.key in content.problems
        ],
        "changes": [
            {"kind": change.kind, "name": change.name, "text": wording.change(change)[2]} for change in content.changes
        ],
        "files": [str(path) for path in files],
    }


def _quarter(text: str) -> Quarter:
    from django.utils import timezone

    now = Quarter.of(timezone.localdate())
    try:
        wanted = Quarter.parse(text) if text else now
    except ValueError:
        raise OperationsError("분기는 2026Q4처럼 쓰십시오: haedap directory --quarter 2026Q4") from None
    if wanted > now:
        raise OperationsError("아직 오지 않은 분기입니다. 더 이른 분기를 고르십시오.")
    return wanted


def _write(content: Content, out: Path, *, marks: bool) -> list[Path]:
    """Every form of the edition, as files in the folder."""
    from haedap.apps.directory.files import FORMS, MARKS, file_name
    from haedap.apps.directory.paper import paper_from

    paper = paper_from(content)
    files = []
    for key, form in FORMS.items():
        if key.endswith(MARKS) and not marks:
            continue
        path = out / file_name(content.edition.quarter, key)
        path.write_bytes(form.write(paper))
        files.append(path)
    return files


def _show(content: Content, files: list[Path]) -> None:
    from haedap.apps.contacts import api as contacts
    from haedap.apps.directory import wording

    console = Console(highlight=False, markup=False)
    table = Table("순위", "분야", "이름", "전화번호", "요청", "근거", box=None)
    for section in content.sections:
        for entry in section.entries:
            table.add_row(
                str(entry.rank or "–"),
                section.group.name if section.group else "",
                entry.name,
                contacts.dialled(entry.number),
                f"{entry.requests:.1f}",
                wording.evidence(entry),
            )
    console.print(table if content.chosen else "이 분기에 찾은 번호가 없습니다. 관리 화면에서 번호를 더하십시오.")
    for entry in content.chosen:
        if entry.key in content.problems:
            sentence = wording.problem(content.problems[entry.key], entry)[0]
            console.print(f"확인 필요  {entry.name or contacts.dialled(entry.number)}: {sentence}")
    for change in content.changes:
        console.print(f"달라진 것  {change.name}: {wording.change(change)[2]}")
    for path in files:
        console.print(str(path))
