"""Where a text goes: into the transcripts, masked."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.db import Error as DatabaseError
from django.db import close_old_connections

from haedap.apps.transcripts import api as transcripts
from haedap.language.speech import NotKept
from haedap.speech.scribe import Said


async def keep(said: Said) -> None:
    """Store it. Raises NotKept while the database is away."""
    try:
        await sync_to_async(_keep)(said)
    except DatabaseError as error:
        raise NotKept(type(error).__name__) from None


def _keep(said: Said) -> None:
    close_old_connections()
    transcripts.keep(said.stream.contact, said.stream.side.value, said.text, said.started_at, said.ended_at)
