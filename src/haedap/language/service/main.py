"""`haedap language`."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping
from typing import Any

import msgspec
import uvicorn

from haedap.config import Settings, get_settings
from haedap.language.embedding import Embedder
from haedap.language.entries import Question
from haedap.language.index import Index
from haedap.language.model.choice import embedder_of
from haedap.language.morphemes import Morphemes
from haedap.language.service import socket_of
from haedap.language.service.application import Application, Operation, operation
from haedap.language.service.follower import Embedding, Follower
from haedap.language.service.topics import Asked, Topics
from haedap.language.telling import telling_words
from haedap.language.threads import compute_alone


class Nothing(msgspec.Struct):
    """An empty body: `{}`."""


class Text(msgspec.Struct):
    """A text to look at."""

    text: str


class Texts(msgspec.Struct):
    """Many texts."""

    texts: list[str]


def main() -> None:
    """Run until a signal ends it."""
    asyncio.run(serve(get_settings()))


async def serve(settings: Settings) -> None:
    """Load the models, follow the table, answer. Before all is loaded every question is answered with status 503."""
    compute_alone()
    analyser = await asyncio.to_thread(Morphemes)
    embedder = await asyncio.to_thread(embedder_of, settings.cache) if settings.embeddings else None
    index = Index(analyser, embedder)
    follower = Follower(settings.database_url, index, analyser)
    topics = await asyncio.to_thread(Topics, settings.database_url, settings.state / "topics.npz", analyser)
    gc.freeze()  # the models stay: the collector need not walk them

    def state() -> Mapping[str, Any] | None:
        if not follower.loaded:
            return None
        return {"entries": len(index), "embedded": index.embedded, "embeddings": embedder is not None}

    application = Application(operations(index, embedder, topics, analyser), state)
    settings.runtime.mkdir(parents=True, exist_ok=True)
    config = uvicorn.Config(
        application,
        uds=str(socket_of(settings.runtime)),
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )
    tasks = [asyncio.create_task(follower.run())]
    if embedder is not None:
        embedding = Embedding(settings.database_url, index, embedder, lambda: application.busy > 0)
        tasks.append(asyncio.create_task(embedding.run(follower.changed)))
    server = asyncio.create_task(uvicorn.Server(config).serve())
    # A part that fails ends the process, and whoever watches it starts it anew.
    done, _ = await asyncio.wait({server, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


def operations(index: Index, embedder: Embedder | None, topics: Topics, analyser: Morphemes) -> dict[str, Operation]:
    """What can be asked, by name."""
    return {
        "search": operation(Question, index.search),
        "words": operation(Text, lambda asked: index.words(asked.text)),
        "telling": operation(Texts, lambda asked: list(telling_words(asked.texts, analyser))),
        "embedding": operation(Text, lambda asked: embedder.question(asked.text).tolist() if embedder else None),
        "topics": operation(Asked, topics.guess),
        "topics_known": operation(Nothing, lambda _: topics.knowing()),
        "topics_learn": operation(Nothing, lambda _: topics.learn()),
    }
