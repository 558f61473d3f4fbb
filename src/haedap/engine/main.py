"""The engine's process: settings, log, signals."""

import asyncio
import gc
import signal
import sys
from zoneinfo import ZoneInfo

import structlog
import uvloop

from haedap.clock import told_ahead, wall_time
from haedap.config import Settings, get_settings
from haedap.engine.logs import configure_log
from haedap.engine.notify import Notifier
from haedap.engine.recordings import RecordingFolder
from haedap.engine.service import Engine
from haedap.language.masking.compiled import compile_all
from haedap.store import TakenOverError

_log = structlog.get_logger()


def main() -> None:
    """Run the engine until SIGTERM or SIGINT. Exits with 1 when it cannot go on."""
    settings = get_settings()
    configure_log(settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        ended_well = runner.run(_run(settings))
    if not ended_well:
        sys.exit(1)


async def _run(settings: Settings) -> bool:
    from haedap.channels.voice.channel import VoiceChannel
    from haedap.channels.voice.prompts import library_of

    channel = VoiceChannel(settings, library_of(settings))
    recordings = RecordingFolder(settings.recordings, ZoneInfo(settings.time_zone)) if settings.recording else None
    compile_all()  # a line to be masked must not hold up the calls for a third of a second
    gc.freeze()  # the modules stay: walking them takes the collector tens of milliseconds, in which nobody is answered
    engine = Engine(
        settings.database_url, channel, wall_time, recordings=recordings, notifier=Notifier(), ahead=told_ahead()
    )
    return await run_until_signal(engine)


async def run_until_signal(engine: Engine) -> bool:
    """Whether the engine ended because it was told to."""
    loop = asyncio.get_running_loop()
    working = asyncio.create_task(engine.run())
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, engine.stop)
    try:
        await working
    except TakenOverError:
        _log.error("another engine wrote the journal; this one gives up")
        return False
    except Exception:  # a traceback of its own would show what must not be in a log
        _log.exception("the engine cannot go on")
        return False
    return True
