"""`haedap bench mask --items FILE --json`: how much of the personal data in a set of texts the masking rules find.

FILE is JSONL, one item a line: `{"text": "…", "spans": [[start, end, "PHONE"], …], "names": ["…"], "published": […]}`.
Offsets count code points; `names` (of the record) and `published` (the city's own numbers) may be absent. An item
without spans is a look-alike. A file that ends in `.txt` is the readable form: `연락처 {PHONE:010-0000-0001}`,
where `\\n` stands for the end of a line.

A span counts as found when at least 80 % of its letters and digits are masked; `recall` asks no more than that, since
what is masked is masked by whatever label; `typed_recall` asks for the right type too. `precision` is the share of
findings that touch a span. `false_positives` is the share of look-alikes in which anything was masked. The times are
those of the fastest of three rounds.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.options import Options
from bench.tables import opened
from haedap.language.masking import Kind, Span, find
from haedap.operations import OperationsError

_ENOUGH = 0.8
_ROUNDS = 3
_MARKED = re.compile(r"\{([A-Z]+):([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Item:
    """One text with all the personal data that is in it."""

    text: str
    spans: tuple[Span, ...] = ()
    names: tuple[str, ...] = ()
    published: tuple[str, ...] = ()


def read_items(path: Path) -> list[Item]:
    """The items of a file. Raises OperationsError that says what is wrong with it, and in which line."""
    read = _of_marked if path.suffix == ".txt" else _of_json
    with opened(path) as file:
        lines = file.read().split("\n")
    items = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or (path.suffix == ".txt" and line.startswith("#")):
            continue
        try:
            items.append(read(line))
        except (ValueError, KeyError, TypeError) as error:
            raise OperationsError(f"{path.name} {number}행을 읽을 수 없습니다({error}).") from error
    return items


def measure(items: Sequence[Item]) -> dict[str, Any]:
    """The figures of the set; a share of nothing is none."""
    found = [find(item.text, item.names, item.published) for item in items]
    pairs = list(zip(items, found, strict=True))
    lookalikes = [spans for item, spans in pairs if not item.spans]
    predicted = [(item, span) for item, spans in pairs for span in spans]
    figures = {
        "items": len(items),
        "spans": sum(len(item.spans) for item in items),
        "lookalikes": len(lookalikes),
        "recall": _recall(pairs, list(Kind), typed=False),
        "typed_recall": _recall(pairs, list(Kind), typed=True),
        "precision": _share(sum(_touches(item, span) for item, span in predicted), len(predicted)),
        "false_positives": _share(sum(map(bool, lookalikes)), len(lookalikes)),
        "names_recall": _recall(pairs, [Kind.NAME], typed=True),
        "types": {kind.value: _of_kind(pairs, kind) for kind in Kind},
    }
    return figures | _speed(items)


def misses(items: Sequence[Item]) -> list[str]:
    """What was not found and what was found wrongly, one line each."""
    lines = []
    for item in items:
        found = find(item.text, item.names, item.published)
        lines += [
            f"- {item.text[a:b]} ({kind}) | {item.text}"
            for a, b, kind in item.spans
            if not _is_found(item.text, Span(a, b, kind), found, typed=True)
        ]
        lines += [f"+ {item.text[s.start : s.end]} ({s.type}) | {item.text}" for s in found if not _touches(item, s)]
    return lines


def _of_json(line: str) -> Item:
    row = json.loads(line)
    text = row["text"]
    spans = tuple(Span(start, end, Kind(kind)) for start, end, kind in row["spans"])
    if any(not 0 <= span.start < span.end <= len(text) for span in spans):
        raise ValueError("구간이 글 밖에 있습니다")
    return Item(text, spans, tuple(row.get("names", ())), tuple(row.get("published", ())))


def _of_marked(line: str) -> Item:
    parts: list[str] = []
    spans: list[Span] = []
    line = line.replace("\\n", "\n")
    at = length = 0
    for mark in _MARKED.finditer(line):
        parts += (line[at : mark.start()], mark[2])
        start = length + mark.start() - at
        length = start + len(mark[2])
        spans.append(Span(start, length, Kind(mark[1])))
        at = mark.end()
    return Item("".join((*parts, line[at:])), tuple(spans))


def _recall(pairs: Sequence[tuple[Item, list[Span]]], kinds: Sequence[Kind], *, typed: bool) -> float | None:
    wanted = [(item, span, found) for item, found in pairs for span in item.spans if span.type in kinds]
    return _share(sum(_is_found(item.text, span, found, typed=typed) for item, span, found in wanted), len(wanted))


def _of_kind(pairs: Sequence[tuple[Item, list[Span]]], kind: Kind) -> dict[str, Any]:
    findings = Counter(_touches(item, span) for item, found in pairs for span in found if span.type is kind)
    return {
        "spans": sum(span.type is kind for item, _ in pairs for span in item.spans),
        "recall": _recall(pairs, [kind], typed=False),
        "typed_recall": _recall(pairs, [kind], typed=True),
        "precision": _share(findings[True], findings.total()),
    }


def _is_found(text: str, span: Span, found: Sequence[Span], *, typed: bool) -> bool:
    telling = [at for at in range(span.start, span.end) if text[at].isalnum()] or list(range(span.start, span.end))
    masking = [other for other in found if not typed or other.type is span.type]
    masked = sum(any(other.start <= at < other.end for other in masking) for at in telling)
    return masked >= _ENOUGH * len(telling)


def _touches(item: Item, span: Span) -> bool:
    return any(span.start < other.end and other.start < span.end for other in item.spans)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _speed(items: Sequence[Item]) -> dict[str, float]:
    took = sorted(min(_milliseconds(item) for _ in range(_ROUNDS)) for item in items)
    return {"p50_ms": round(took[len(took) // 2], 3), "p95_ms": round(took[int(len(took) * 0.95)], 3)} if took else {}


def _milliseconds(item: Item) -> float:
    before = time.perf_counter()
    find(item.text, item.names, item.published)
    return (time.perf_counter() - before) * 1000


def main() -> None:
    """Print the figures; with `--show` also what was missed."""
    parser = Options(prog="haedap bench mask")
    parser.add_argument("--items", type=Path, required=True, nargs="+")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    items = [item for path in arguments.items for item in read_items(path)]
    figures = measure(items)
    print(
        json.dumps(figures, ensure_ascii=False) if arguments.json else json.dumps(figures, ensure_ascii=False, indent=2)
    )
    if arguments.show:
        print("\n".join(misses(items)))


if __name__ == "__main__":
    main()
