"""The prompts' texts and the recordings that administrators uploaded or took back."""

import msgspec

from haedap.store.connection import Connection, passing_errors


class PromptRow(msgspec.Struct, frozen=True, kw_only=True):
    """One prompt. `upload`: the file name of a recording that waits to be taken; `taken_back`: speak the text again."""

    key: str
    text: str
    upload: str
    taken_back: bool


async def load_prompts(connection: Connection) -> list[PromptRow]:
    """All prompts. Raises StoreUnavailableError."""
    with passing_errors():
        cursor = await connection.execute(
            "SELECT key, text, upload, NOT uploaded AND file <> '' FROM prompt ORDER BY key"
        )
        rows = await cursor.fetchall()
    return [PromptRow(key=row[0], text=row[1], upload=row[2], taken_back=row[3]) for row in rows]


async def upload_taken(connection: Connection, prompt: PromptRow, file: str) -> None:
    """The recording is in place as `file`. A newer upload stays waiting. Raises StoreUnavailableError."""
    with passing_errors():
        await connection.execute(
            "UPDATE prompt SET upload = '', uploaded = true, file = %s, problem = '' WHERE key = %s AND upload = %s",
            (file, prompt.key, prompt.upload),
        )


async def upload_refused(connection: Connection, prompt: PromptRow, problem: str) -> None:
    """The recording cannot be used; `problem` is a code. Raises StoreUnavailableError."""
    with passing_errors():
        await connection.execute(
            "UPDATE prompt SET upload = '', problem = %s WHERE key = %s AND upload = %s",
            (problem, prompt.key, prompt.upload),
        )


async def upload_forgotten(connection: Connection, prompt: PromptRow) -> None:
    """The recording was taken back and its file is gone. Raises StoreUnavailableError."""
    with passing_errors():
        await connection.execute("UPDATE prompt SET file = '' WHERE key = %s AND NOT uploaded", (prompt.key,))
