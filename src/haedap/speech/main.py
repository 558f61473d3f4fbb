"""`haedap speech`."""

from __future__ import annotations

import asyncio
import os
import signal

from haedap.clock import centre_time, keep_up
from haedap.config import get_settings
from haedap.language.speech import SpeechError
from haedap.language.speech.choice import transcriber_of
from haedap.language.speech.port import Transcriber


def main() -> None:
    """Run until a signal ends it. Exits with a sentence when there is no transcriber."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haedap.web.settings")
    import django

    django.setup()
    settings = get_settings()
    try:
        transcriber = transcriber_of(settings)
    except SpeechError:
        raise SystemExit(
            "해답: faster-whisper나 그 모델을 읽을 수 없습니다. haedap doctor가 알려 주는 대로 하십시오."
        ) from None
    if transcriber is None:
        raise SystemExit("해답: 받아쓰기를 쓰지 않는 센터입니다. 쓰려면 HAEDAP_SPEECH를 지정하십시오.")
    asyncio.run(_serve(transcriber))


async def _serve(transcriber: Transcriber) -> None:
    from haedap.speech.keeping import keep
    from haedap.speech.listening import Listening
    from haedap.speech.scribe import Scribe

    scribe = Scribe(transcriber, keep)
    work = asyncio.gather(scribe.run(), Listening(get_settings(), scribe).run(), keep_up(centre_time))
    # Ended in order, so that no ear stays in Asterisk.
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        return
    finally:
        await transcriber.close()
