"""`haedap bench search --entries FILE --questions FILE --json`: how well and how fast the search finds.

Entries are CSV with the columns programme, question and answer, each row an entry; questions have programme and
question. UTF-8 or CP949, other columns and any order of them are welcome. A hit is an entry of the right programme;
programmes are ranked by their best entry. Prints one line of JSON: r1, r5 and mrr10 of the questions as written,
noisy_r5 and noisy_mrr10 with noise (see noise.py), and p50_ms and p95_ms of a search as the desk asks it, ten hits with
marks, over questions as written; p50_cpu_ms and p95_cpu_ms are the processor's time, which other work on the machine
hardly changes. `unknown`: questions whose programme no entry has, which count as not found. Progress goes to stderr.

Embeddings of entries are kept in the cache folder, so that only the first run takes minutes. `--no-embeddings` leaves
them out. `--copies N` measures the speed alone, over some hundred questions, with N entries for each one: the others
are made of the parts of several, and their vectors of the first one's with noise, not computed.
"""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import TypeVar

import numpy as np

from bench.noise import noisy
from bench.options import Options, positive
from haedap.config import get_settings
from haedap.language.embedding import Embedder, Vectors, mark_of, packed, unpacked
from haedap.language.entries import Entry, Question, passages_of
from haedap.language.index import Index
from haedap.language.model.choice import embedder_of
from haedap.language.morphemes import Morphemes
from haedap.language.terms import Terms, terms_of
from haedap.language.threads import compute_alone
from haedap.operations import OperationsError

_TODAY = date(2026, 1, 1)
_RANKED = 10
_LONGEST_CELL = 1_000_000
_TELL_AFTER = 5.0
"""Seconds between two lines about the progress."""
_TIMED_AT_SIZE = 400
"""Questions that are timed when only the speed is measured."""
_ENCODINGS = ("utf-8-sig", "cp949")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the programme that answers it."""

    programme: str
    question: str


def main() -> None:
    parser = Options(prog="haedap bench search", description=__doc__)
    parser.add_argument("--entries", type=Path, required=True, help="CSV: programme, question, answer")
    parser.add_argument("--questions", type=Path, required=True, help="CSV: programme, question")
    parser.add_argument("--json", action="store_true", help="one line of JSON (the only form)")
    parser.add_argument("--no-embeddings", action="store_true", help="words only")
    parser.add_argument("--copies", type=positive, default=1, help="make the entries so many times more")
    parser.add_argument("--seed", type=int, default=1, help="of the noise")
    options = parser.parse_args()
    rows = read_rows(options.entries, ("programme", "question", "answer"))
    asked = [Asked(row["programme"], row["question"]) for row in read_rows(options.questions, Asked.__slots__)]
    compute_alone()
    embedder = None if options.no_embeddings else embedder_of(get_settings().cache)
    copies = max(1, options.copies)
    index, programmes, took = build(rows, copies, embedder)
    figures = times(index, asked[:: max(1, len(asked) // _TIMED_AT_SIZE)] if copies > 1 else asked)
    if copies == 1:
        figures = {**quality(index, programmes, asked, options.seed), **figures}
    print(json.dumps({"embeddings": embedder is not None, "entries": len(index), **figures, **took, **_machine()}))


def _machine() -> dict[str, float]:
    """What the figures depend on: the most memory this process had, and how busy the machine is."""
    return {
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "processors": os.cpu_count() or 1,
        "load": round(os.getloadavg()[0], 1),
    }


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Those rows of a CSV file that say programme and question. Raises OperationsError that says what is wrong."""
    usual = csv.field_size_limit(_LONGEST_CELL)  # of the whole process: given back, since tests share one
    try:
        reader = csv.DictReader(io.StringIO(_text_of(path), newline=""), strict=True)
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        missing = [column for column in columns if column not in reader.fieldnames]
        if missing:
            raise OperationsError(f"{path}: 첫 줄에 {', '.join(missing)} 열이 없습니다. 열 이름을 확인하십시오.")
        rows = [{column: (row[column] or "").strip() for column in columns} for row in reader]
    except csv.Error as error:
        raise OperationsError(f"{path} 파일이 올바른 CSV가 아닙니다({error}).") from None
    finally:
        csv.field_size_limit(usual)
    full = [row for row in rows if row["programme"] and row["question"]]
    if not full:
        raise OperationsError(f"{path}: programme과 question이 모두 적힌 줄이 없습니다. 파일의 내용을 확인하십시오.")
    return full


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OperationsError(f"{path} 파일을 읽을 수 없습니다({error.strerror}). 경로를 확인하십시오.") from None
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise OperationsError(f"{path} 파일이 UTF-8도 CP949도 아닙니다. UTF-8 CSV로 저장하십시오.")


def told(items: Iterable[_Item], what: str, whole: int) -> Iterator[_Item]:
    """The items; every few seconds stderr is told how many there were."""
    last = time.monotonic()
    for count, item in enumerate(items, 1):
        yield item
        if time.monotonic() - last > _TELL_AFTER:
            last = time.monotonic()
            print(f"{what} {count:,}/{whole:,}", file=sys.stderr, flush=True)


def build(
    rows: Sequence[dict[str, str]], copies: int, embedder: Embedder | None
) -> tuple[Index, dict[str, str], dict[str, float]]:
    """The filled index, the programme of each entry's key, and how many seconds it took."""
    began = time.monotonic()
    analyser = Morphemes()
    index = Index(analyser, embedder)
    entries = [
        Entry(kind="article", key=f"{number}", title=row["programme"], questions=row["question"], body=row["answer"])
        for number, row in enumerate(rows)
    ]
    terms = list(told(terms_of(entries, analyser), "형태소 분석", len(entries)))
    analysed = time.monotonic()
    vectors = list(told(_embedded(entries, embedder), "임베딩", len(entries))) if embedder is not None else []
    embedded = time.monotonic()
    for number, (entry, found) in enumerate(zip(entries, terms, strict=True)):
        index.put(entry, found)
        if vectors:
            index.put_vectors(entry, vectors[number])
    for copy in told(range(1, copies), "복제", copies - 1):
        _put_copies(index, entries, terms, vectors, copy)
    took = {
        "analysed_s": round(analysed - began, 1),
        "embedded_s": round(embedded - analysed, 1),
        "indexed_s": round(time.monotonic() - embedded, 1),
    }
    return index, {entry.key: entry.title for entry in entries}, took


def _embedded(entries: Sequence[Entry], embedder: Embedder) -> Iterator[Vectors]:
    folder = get_settings().cache / "embeddings"
    folder.mkdir(parents=True, exist_ok=True)
    kept = sqlite3.connect(folder / "bench.sqlite", isolation_level=None, timeout=60)
    try:
        kept.execute("PRAGMA journal_mode=WAL")
        kept.execute("CREATE TABLE IF NOT EXISTS embedding (mark TEXT PRIMARY KEY, vectors BLOB NOT NULL)")
        for entry in entries:
            texts = passages_of(entry)
            row = kept.execute("SELECT vectors FROM embedding WHERE mark = ?", (mark_of(texts),)).fetchone()
            vectors = packed(embedder.passages(texts)) if row is None else row[0]
            if row is None:
                kept.execute("INSERT OR REPLACE INTO embedding VALUES (?, ?)", (mark_of(texts), vectors))
            yield unpacked(vectors)
    finally:
        kept.close()


def _put_copies(
    index: Index, entries: Sequence[Entry], terms: Sequence[Terms], vectors: Sequence[Vectors], copy: int
) -> None:
    """As many entries again: titles with the questions and answers of others, and vectors that point elsewhere."""
    random, numbers = Random(copy), np.random.default_rng(copy)
    for place, (entry, found) in enumerate(zip(entries, terms, strict=True)):
        asked, answered = random.randrange(len(entries)), random.randrange(len(entries))
        made = Entry(
            kind="article",
            key=f"{copy}-{entry.key}",
            title=entry.title,
            questions=entries[asked].questions,
            body=entries[answered].body,
        )
        index.put(made, Terms(found.title, [], terms[asked].questions, terms[answered].body))
        if vectors:
            shaken = vectors[place] + numbers.normal(0, 0.03, vectors[place].shape).astype(np.float32)
            index.put_vectors(made, shaken / np.linalg.norm(shaken, axis=1, keepdims=True))


def times(index: Index, asked: Sequence[Asked]) -> dict[str, float]:
    """How long a search takes that was never asked before, by the clock and by the processor."""
    wall, cpu = [], []
    for one in told(asked, "시간 측정", len(asked)):
        question = Question(text=one.question, at=_TODAY)
        began, worked = time.perf_counter(), time.process_time()
        index.search(question)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - worked) * 1000)
    return {
        "p50_ms": _percentile(wall, 50),
        "p95_ms": _percentile(wall, 95),
        "p50_cpu_ms": _percentile(cpu, 50),
        "p95_cpu_ms": _percentile(cpu, 95),
    }


def quality(index: Index, programmes: dict[str, str], asked: Sequence[Asked], seed: int) -> dict[str, float]:
    """The figures of the questions as written and with noise."""
    with_noise = noisy([one.question for one in asked], seed)
    dirty = [
        _place(index, programmes, text, one.programme)
        for text, one in told(zip(with_noise, asked, strict=True), "잡음 있는 질문", len(asked))
    ]
    clean = [_place(index, programmes, one.question, one.programme) for one in told(asked, "질문", len(asked))]
    known = set(programmes.values())
    return {
        "questions": len(asked),
        "unknown": sum(one.programme not in known for one in asked),
        "r1": _share(clean, 1),
        "r5": _share(clean, 5),
        "mrr10": _mrr(clean),
        "noisy_r1": _share(dirty, 1),
        "noisy_r5": _share(dirty, 5),
        "noisy_mrr10": _mrr(dirty),
    }


def _percentile(values: Sequence[float], percent: int) -> float:
    return round(float(np.percentile(values, percent)), 1)


def _place(index: Index, programmes: dict[str, str], text: str, programme: str) -> int:
    """At which place the right programme stands, programmes ranked by their best entry; 0: not among the first ten."""
    seen: list[str] = []
    for key in index.ranked(Question(text=text, at=_TODAY)):
        found = programmes[key.key]
        if found == programme:
            return len(seen) + 1
        if found not in seen:
            seen.append(found)
            if len(seen) == _RANKED:
                break
    return 0


def _share(places: Sequence[int], most: int) -> float:
    return round(sum(1 for place in places if 0 < place <= most) / len(places), 4)


def _mrr(places: Sequence[int]) -> float:
    return round(sum(1 / place for place in places if place) / len(places), 4)


if __name__ == "__main__":
    main()
