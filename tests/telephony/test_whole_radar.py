"""What a supervisor pins is really heard: the centre's voice on a real telephone, before the welcome."""

from __future__ import annotations

import asyncio
import uuid

import psycopg

from haedap.channels.voice.prompts import library_of
from tests.support.patience import PATIENCE
from tests.telephony.support.conversation import becomes
from tests.telephony.support.exchange import MUSIC, WELCOME, read_wav
from tests.telephony.support.sound import Samples
from tests.telephony.support.telephone import Caller
from tests.telephony.test_prompts import ALIKE, alikeness
from tests.telephony.test_whole_engine import Centre, centre  # noqa: F401 - the fixture

TEXT = "양지동 일대가 상수도관 파손으로 단수되어 복구하고 있습니다."
PIN = """
INSERT INTO radar_pin (text, flows, prompt, on_air, since, until)
VALUES (%s, '{main}', 'pin_1', true, now(), now() + interval '1 hour')
"""


async def pinned(centre: Centre) -> Samples:  # noqa: F811
    """The announcement is spoken and in the plan; returns how it sounds."""
    library = library_of(centre.exchange.settings)
    assert (await asyncio.to_thread(library.ensure, {"pin_1": TEXT})).failed == ()
    command = str(uuid.uuid4())
    async with await psycopg.AsyncConnection.connect(centre.url) as connection:
        await connection.execute("INSERT INTO prompt (key, text) VALUES ('pin_1', %s)", (TEXT,))
        await connection.execute(PIN, (TEXT,))
        await connection.execute("UPDATE centre_settings SET plan_version = plan_version + 1")
        await connection.execute(
            "INSERT INTO command (id, name, data) VALUES (%s, 'prompts_changed', '{}'), (%s, 'plan_changed', '{}')",
            (str(uuid.uuid4()), command),
        )
    await centre.becomes_true("SELECT 1 FROM command WHERE id = %s AND outcome = 'done'", command)
    return read_wav(library.folder / "pin_1.wav")


async def test_callers_hear_a_pinned_announcement_before_the_welcome(centre: Centre) -> None:  # noqa: F811
    said = await pinned(centre)
    async with Caller(centre.exchange.sip) as caller:
        begin = caller.media.mark()
        caller.invite()
        await caller.answered()
        async with asyncio.timeout(PATIENCE):
            while len(heard := caller.media.since(begin)) < len(said) or alikeness(heard, said) < ALIKE:
                await asyncio.sleep(0.2)
        await becomes(caller.media, WELCOME, heard=True)
        caller.media.press("1")
        await becomes(caller.media, MUSIC, heard=True)
        await caller.hang_up()
        await centre.becomes_true("SELECT 1 FROM contact WHERE state = 'ended'")
