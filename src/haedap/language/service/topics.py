"""The topic that a note is probably about, learnt from what stands in the search: articles, and closed contacts.

So whoever puts a contact into the search with its topic teaches it. Before there are contacts, the questions of the
articles and the names of the topics say something. The model is kept in a file and learnt anew when it is asked for.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Lock, Thread

import msgspec
import psycopg
import structlog

from haedap.language.classification import (
    ClassificationError,
    Classifier,
    Example,
    learn,
    load,
    save,
)
from haedap.language.morphemes import Analyser
from haedap.language.service import rows

_log = structlog.get_logger(__name__)


class Asked(msgspec.Struct):
    """A text whose topic is wanted."""

    text: str
    most: int = 3


class Guessed(msgspec.Struct):
    """A topic by its id, and how probable it is."""

    topic: int
    probability: float


class Knowing(msgspec.Struct):
    """What is known of topics: how many there are, learnt from how many examples, how right on some held out."""

    topics: int
    examples: int
    accuracy: float | None
    learning: bool


class Topics:
    """Guesses, and learns beside it. `kept`: the file of the model."""

    def __init__(self, url: str, kept: Path, analyser: Analyser) -> None:
        self._url, self._kept, self._analyser = url, kept, analyser
        self._classifier = self._load()
        self._learning = Lock()

    def guess(self, asked: Asked) -> list[Guessed] | None:
        """The most probable topics, none for a text that says nothing. None before it has learnt; then that begins."""
        if self._classifier is None:
            self.learn()
            return None
        found = self._classifier.guess(asked.text, asked.most)
        return [Guessed(int(one.label), one.probability) for one in found]

    def knowing(self) -> Knowing:
        """What was learnt last."""
        model = self._classifier.model if self._classifier else None
        learning = self._learning.locked()
        if model is None:
            return Knowing(0, 0, None, learning)
        return Knowing(len(model.labels), model.examples, model.accuracy, learning)

    def learn(self) -> Knowing:
        """Begin to learn anew, unless that is under way; the answer is what is known so far."""
        if self._learning.acquire(blocking=False):
            Thread(target=self._learn, name="topics", daemon=True).start()
        return self.knowing()

    def _learn(self) -> None:
        try:
            model = learn(asyncio.run(_examples(self._url)), self._analyser)
            save(model, self._kept)
            self._classifier = Classifier(model, self._analyser)
            _log.info("topics_learnt", topics=len(model.labels), examples=model.examples, accuracy=model.accuracy)
        except (ClassificationError, OSError, psycopg.Error) as error:
            _log.info("topics could not be learnt", error=type(error).__name__)
        finally:
            self._learning.release()

    def _load(self) -> Classifier | None:
        try:
            return Classifier(load(self._kept), self._analyser)
        except FileNotFoundError:
            return None
        except (ClassificationError, OSError) as error:
            _log.warning("the model of topics cannot be read and is learnt anew", error=type(error).__name__)
            return None


async def _examples(url: str) -> list[Example]:
    async with await rows.connect(url) as connection:
        return await rows.read_examples(connection)
