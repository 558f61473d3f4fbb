"""`haedap bench search --entries FILE --questions FILE --json`: how well and how fast the search finds.

Entries are CSV with the columns programme, question and answer, each row an entry; questions have programme and
question. Other columns may stand there, too. A hit is an entry of the right programme; programmes are ranked by their
best entry. Prints one line of JSON: r1, r5 and mrr10 of the questions as written, noisy_r5 and noisy_mrr10 with noise
(see noise.py), and p50_ms and p95_ms of a search as the desk asks it, ten hits with marks, over questions as written.

Embeddings of entries are kept in the cache folder, so that only the first run takes minutes. `--no-embeddings` leaves
them out. `--copies N` adds to each entry N-1 others, made of the parts of several, for the speed at size; their vectors
are made of the first one's, not computed, so that the quality with copies says nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import numpy as np

from bench.noise import noisy
from haedap.config import get_settings
from haedap.language.embedding import E5, Vectors, mark_of, packed, unpacked, usable
from haedap.language.entries import Entry, Question, passages_of
from haedap.language.index import Index
from haedap.language.morphemes import Morphemes
from haedap.language.terms import Terms, terms_of
from haedap.operations import OperationsError

_TODAY = date(2026, 1, 1)
_RANKED = 10
_LONGEST_CELL = 1_000_000
_TELL_EVERY = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the programme that answers it."""

    programme: str
    question: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="haedap bench search", description=__doc__)
    parser.add_argument("--entries", type=Path, required=True, help="CSV: programme, question, answer")
    parser.add_argument("--questions", type=Path, required=True, help="CSV: programme, question")
    parser.add_argument("--json", action="store_true", help="one line of JSON (the only form)")
    parser.add_argument("--no-embeddings", action="store_true", help="words only")
    parser.add_argument("--copies", type=int, default=1, help="make the entries so many times more")
    parser.add_argument("--seed", type=int, default=1, help="of the noise")
    options = parser.parse_args()
    rows = read_rows(options.entries, ("programme", "question", "answer"))
    asked = [Asked(row["programme"], row["question"]) for row in read_rows(options.questions, Asked.__slots__)]
    with_embeddings = not options.no_embeddings and usable()
    index, programmes = build(rows, max(1, options.copies), with_embeddings=with_embeddings)
    print(json.dumps({"embeddings": with_embeddings, **measure(index, programmes, asked, options.seed)}))


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV file in UTF-8 that has these columns. Raises OperationsError that says what is wrong."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise OperationsError(f"{path}: 첫 줄에 {', '.join(missing)} 열이 없습니다. 열 이름을 확인하십시오.")
            rows = [{column: (row[column] or "").strip() for column in columns} for row in reader]
    except OSError as error:
        raise OperationsError(f"{path} 파일을 읽을 수 없습니다({error.strerror}). 경로를 확인하십시오.") from None
    except UnicodeDecodeError:
        raise OperationsError(f"{path} 파일이 UTF-8이 아닙니다. UTF-8 CSV로 저장하십시오.") from None
    except csv.Error as error:
        raise OperationsError(f"{path} 파일이 올바른 CSV가 아닙니다({error}).") from None
    full = [row for row in rows if row["programme"] and row["question"]]
    if not full:
        raise OperationsError(f"{path}: 내용이 있는 줄이 없습니다.")
    return full


def build(rows: Sequence[dict[str, str]], copies: int, *, with_embeddings: bool) -> tuple[Index, dict[str, str]]:
    """The filled index, and the programme of each entry's key."""
    embedder = E5() if with_embeddings else None
    analyser = Morphemes()
    index = Index(analyser, embedder)
    entries = [
        Entry(kind="article", key=f"{number}", title=row["programme"], questions=row["question"], body=row["answer"])
        for number, row in enumerate(rows)
    ]
    programmes = {entry.key: entry.title for entry in entries}
    terms = list(terms_of(entries, analyser))
    for entry, found in zip(entries, terms, strict=True):
        index.put(entry, found)
    vectors = list(_embedded(entries, embedder)) if embedder is not None else []
    for entry, made in zip(entries, vectors, strict=False):
        index.put_vectors(entry, made)
    for copy in range(1, copies):
        _put_copies(index, entries, terms, vectors, copy)
    programmes |= {f"{copy}-{key}": f"{copy}" for copy in range(1, copies) for key in list(programmes)}
    return index, programmes


def _embedded(entries: Sequence[Entry], embedder: E5) -> Iterator[Vectors]:
    folder = get_settings().cache / "embeddings"
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / "bench.sqlite", isolation_level=None, timeout=60) as kept:
        kept.execute("PRAGMA journal_mode=WAL")
        kept.execute("CREATE TABLE IF NOT EXISTS embedding (mark TEXT PRIMARY KEY, vectors BLOB NOT NULL)")
        for count, entry in enumerate(entries, 1):
            texts = passages_of(entry)
            row = kept.execute("SELECT vectors FROM embedding WHERE mark = ?", (mark_of(texts),)).fetchone()
            vectors = packed(embedder.passages(texts)) if row is None else row[0]
            if row is None:
                kept.execute("INSERT OR REPLACE INTO embedding VALUES (?, ?)", (mark_of(texts), vectors))
                if count % _TELL_EVERY == 0:
                    print(f"임베딩 {count:,}/{len(entries):,}", file=sys.stderr)
            yield unpacked(vectors)
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


def measure(index: Index, programmes: dict[str, str], asked: Sequence[Asked], seed: int) -> dict[str, float]:
    """The figures of the questions as written and with noise, and how long a search takes."""
    times = []
    for one in asked:
        question = Question(text=one.question, at=_TODAY)
        began = time.perf_counter()
        index.search(question)
        times.append((time.perf_counter() - began) * 1000)
    clean = [_place(index, programmes, one.question, one.programme) for one in asked]
    with_noise = noisy([one.question for one in asked], seed)
    dirty = [_place(index, programmes, text, one.programme) for text, one in zip(with_noise, asked, strict=True)]
    ordered = sorted(times)
    return {
        "entries": len(index),
        "questions": len(asked),
        "r1": _share(clean, 1),
        "r5": _share(clean, 5),
        "mrr10": _mrr(clean),
        "noisy_r1": _share(dirty, 1),
        "noisy_r5": _share(dirty, 5),
        "noisy_mrr10": _mrr(dirty),
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))], 1),
    }


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
