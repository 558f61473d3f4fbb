"""`haedap bench classify --train FILE --test FILE --json`: how well labels of titles are guessed.

Both files are CSV with a line of names, of which `category` and `title` are read. Printed: `accuracy` (the first guess
is right), `top3` (one of the first three is), `macro_f1`, `train_seconds`, `p50_ms` and `p95_ms` of guessing one text
by itself, `train_n` and `n`. `--without 기타` leaves a category out of both files.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.options import Options
from bench.tables import TableError, opened_table
from haedap.language.classification import Classifier, Example, learn
from haedap.language.morphemes import Morphemes

_TIMED = 1000
_COLUMNS = ("category", "title")


def read_examples(path: Path, without: Collection[str] = ()) -> list[Example]:
    """The examples of a file, those without category or title left out. Raises TableError."""
    with opened_table(path, _COLUMNS, strict=True) as table:
        rows = [(row["category"] or "", row["title"] or "") for row in table]
    found = [Example(title, category.strip()) for category, title in rows if category.strip() and title.strip()]
    kept = [example for example in found if example.label not in without]
    if not kept:
        raise TableError(f"{path.name} 파일에 분류와 제목이 있는 줄이 없습니다.")
    return kept


def measure(train: Sequence[Example], test: Sequence[Example]) -> dict[str, Any]:
    """The figures."""
    analyser = Morphemes()
    began = time.perf_counter()
    model = learn(train, analyser)
    took = time.perf_counter() - began
    classifier = Classifier(model, analyser)
    guesses = np.array(model.labels)[np.argsort(-classifier.probabilities([one.text for one in test]), kind="stable")]
    wanted = np.array([example.label for example in test])
    return {
        "accuracy": round(float((guesses[:, 0] == wanted).mean()), 4),
        "top3": round(float((guesses[:, :3] == wanted[:, None]).any(axis=1).mean()), 4),
        "macro_f1": round(macro_f1(wanted, guesses[:, 0]), 4),
        "train_seconds": round(took, 1),
        **_speed(classifier, test[:_TIMED]),
        "train_n": len(train),
        "n": len(test),
    }


def macro_f1(wanted: Any, guessed: Any) -> float:
    """The mean F1 of the categories that occur in either."""
    scores = []
    for label in np.union1d(wanted, guessed):
        hits = int(((wanted == label) & (guessed == label)).sum())
        scores.append(2 * hits / (int((wanted == label).sum()) + int((guessed == label).sum())))
    return float(np.mean(scores))


def _speed(classifier: Classifier, test: Sequence[Example]) -> dict[str, float]:
    took = sorted(_milliseconds(classifier, example.text) for example in test)
    return {"p50_ms": round(took[len(took) // 2], 2), "p95_ms": round(took[int(len(took) * 0.95)], 2)}


def _milliseconds(classifier: Classifier, text: str) -> float:
    before = time.perf_counter()
    classifier.guess(text)
    return (time.perf_counter() - before) * 1000


def main() -> None:
    """Print the figures."""
    parser = Options(prog="haedap bench classify")
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    train, test = (read_examples(path, arguments.without) for path in (arguments.train, arguments.test))
    print(json.dumps(measure(train, test), ensure_ascii=False, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
