"""Brings the folder of prompts in line with the table: takes uploads in, drops what was taken back, speaks the rest."""

import asyncio
from pathlib import Path

import structlog

from haedap.channels.voice.prompts import Outcome, PromptError, PromptLibrary, UploadRefused
from haedap.store.connection import Connection, connected
from haedap.store.prompts import PromptRow, load_prompts, upload_forgotten, upload_refused, upload_taken

UPLOADS = "uploads"
"""The folder, inside that of the prompts, into which the web puts the files that `prompt.upload` names."""
_GONE = "gone"

_log = structlog.get_logger()


async def refresh_prompts(url: str, library: PromptLibrary) -> Outcome:
    """Do it once. Raises StoreUnavailableError, and `PromptError` when the folder cannot be written."""
    async with connected(url, "prompts") as connection:
        prompts = await load_prompts(connection)
        for prompt in prompts:
            if prompt.upload:
                await _take(connection, library, prompt)
            elif prompt.taken_back:
                await asyncio.to_thread(library.remove_upload, prompt.key)
                await upload_forgotten(connection, prompt)
    outcome = await asyncio.to_thread(library.ensure, {prompt.key: prompt.text for prompt in prompts})
    for key, code in outcome.failed:
        _log.error("a prompt could not be spoken", prompt=key, code=code.value)
    return outcome


async def _take(connection: Connection, library: PromptLibrary, prompt: PromptRow) -> None:
    # Only the name counts: whatever stands in the table, no other folder is read.
    file = library.folder / UPLOADS / Path(prompt.upload).name
    try:
        data = await asyncio.to_thread(file.read_bytes)
        installed = await asyncio.to_thread(library.install, prompt.key, data)
    except UploadRefused as refusal:
        await upload_refused(connection, prompt, refusal.code.value)
    except OSError:
        await upload_refused(connection, prompt, _GONE)
    except PromptError as error:
        _log.error("a recording could not be put in place", prompt=prompt.key, code=error.code.value)
        return
    else:
        await upload_taken(connection, prompt, installed.name)
    await asyncio.to_thread(file.unlink, missing_ok=True)
