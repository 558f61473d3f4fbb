"""`haedap bench spoken --json`: whether the articles that ship answer what citizens say, and whether a miss is seen.

`bench/data/spoken_questions.csv` has questions as they are said, written without looking into the articles: most with
the article that answers, some that no article answers. Prints hit1 and hit5 of the former, how many of them the search
is sure of (`sure`), and how many of the latter it is rightly not sure of (`missed`), so that the desk says it found
nothing. `--show` tells on stderr which questions went wrong, with what was found: sure (!) or not (?), and why.
`--no-embeddings` compares words only.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import yaml

from bench.options import Options
from haedap.apps.knowledge.markdown import plain
from haedap.config import get_settings
from haedap.language.embedding import Embedder
from haedap.language.entries import Entry, Hit, Question, passages_of
from haedap.language.index import Index
from haedap.language.model.choice import embedder_of
from haedap.language.morphemes import Morphemes

_DATA = Path(__file__).parent.parent / "src/haedap/apps"
_ARTICLES = _DATA / "knowledge/data/articles"
_SYNONYMS = _DATA / "offices/data/synonyms.csv"
_QUESTIONS = Path(__file__).parent / "data/spoken_questions.csv"
_AT = date(2026, 11, 1)


class Asked(NamedTuple):
    """What is said, and the article that answers; empty when none does."""

    article: str
    question: str


def main() -> None:
    parser = Options(prog="haedap bench spoken", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON (the only form)")
    parser.add_argument("--no-embeddings", action="store_true", help="words only")
    parser.add_argument("--show", action="store_true", help="tell on stderr what went wrong")
    options = parser.parse_args()
    index = shipped(None if options.no_embeddings else embedder_of(get_settings().cache))
    asked = questions()
    print(json.dumps(measure(index, asked), ensure_ascii=False))
    for line in wrong(index, asked) if options.show else ():
        print(line, file=sys.stderr)


def questions() -> list[Asked]:
    """The questions of the file."""
    with _QUESTIONS.open(encoding="utf-8", newline="") as file:
        return [Asked(row["article"], row["question"]) for row in csv.DictReader(file)]


def shipped(embedder: Embedder | None) -> Index:
    """An index of the articles and the synonyms that ship."""
    index = Index(Morphemes(), embedder)
    entries = [_entry(path.read_text(encoding="utf-8")) for path in sorted(_ARTICLES.glob("*.md"))]
    index.put_all(entries)
    with _SYNONYMS.open(encoding="utf-8", newline="") as file:
        index.set_synonyms({row["said"]: row["means"].split(",") for row in csv.DictReader(file)})
    if embedder is not None:
        for entry in entries:
            index.put_vectors(entry, embedder.passages(passages_of(entry)))
    return index


def _entry(text: str) -> Entry:
    _, fields, answer = text.split("---\n", 2)
    found = yaml.safe_load(fields)
    facts = [found.get("script", ""), plain(answer), *found.get("documents", ()), found.get("fee", "")]
    return Entry(
        kind="article",
        key=found["code"],
        title=found["title"],
        questions="\n".join(found["questions"]),
        keywords=", ".join(map(str, found["keywords"])),
        body="\n".join(str(part) for part in (*facts, *found.get("law", ())) if part),
    )


def _found(index: Index, text: str) -> list[Hit]:
    return index.search(Question(text=text, at=_AT, limit=5))


def measure(index: Index, asked: list[Asked]) -> dict[str, float]:
    """The figures."""
    answered = [(one.article, _found(index, one.question)) for one in asked if one.article]
    unanswered = [_found(index, one.question) for one in asked if not one.article]
    return {
        "answered": len(answered),
        "hit1": sum(bool(hits) and hits[0].key == article for article, hits in answered) / len(answered),
        "hit5": sum(article in {hit.key for hit in hits} for article, hits in answered) / len(answered),
        "sure": sum(any(hit.sure for hit in hits if hit.key == article) for article, hits in answered) / len(answered),
        "unanswered": len(unanswered),
        "missed": sum(not any(hit.sure for hit in hits) for hits in unanswered) / len(unanswered),
    }


def wrong(index: Index, asked: list[Asked]) -> Iterator[str]:
    """Of each question that was answered wrongly: which article was wanted, and what was found."""
    for one in asked:
        hits = _found(index, one.question)
        sure = {hit.key for hit in hits if hit.sure}
        if one.article not in sure if one.article else sure:
            shown = ", ".join(f"{hit.key}{'!' if hit.sure else '?'}({'+'.join(hit.why)})" for hit in hits)
            yield f"{one.article or '-'} | {one.question} | {shown}"


if __name__ == "__main__":
    main()
