"""`haedap worker`."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from haedap.clock import centre_time

if TYPE_CHECKING:
    from procrastinate import App

WORKERS = 2
_LOOK_EVERY = 1.0
_SET = 60.0
"""Seconds by which the machine's clock may be set without any task of a time being lost for longer than a minute."""
_FORGET_FUTURE = "DELETE FROM procrastinate_periodic_defers WHERE defer_timestamp > %(now)s"


def main() -> None:
    """Run until a signal ends it; a task in hand is finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haedap.web.settings")
    import django

    django.setup()
    asyncio.run(work())


async def work(*, wait: bool = True) -> None:
    """Do the tasks as they come; with `wait=False` only those that stand there now."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    import haedap.worker.tasks  # noqa: F401 - registers them

    if not isinstance(app.connector, DjangoConnector):
        raise TypeError("procrastinate's app must stand on Django's connection")
    worker_app = app.with_connector(app.connector.get_worker_connector())
    async with worker_app.open_async():
        if wait:
            await worker_app.configure_task("prompts.speak").defer_async()
            while not await _until_clock_is_set(worker_app):
                pass
        else:
            await _run(worker_app, wait=False)


async def _until_clock_is_set(app: App) -> bool:
    """Work; False when the machine's clock was set and the times of the tasks are to be counted anew, else True.

    Who went on would wait until the clock is where it was before, or catch up with every minute that never was.
    """
    await forget_future(app)
    working = asyncio.create_task(_run(app, wait=True))
    watching = asyncio.create_task(clock_is_set(time.time, time.monotonic, _LOOK_EVERY))
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        ended = working.done()
    finally:
        working.cancel()  # what is in hand is finished
        watching.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)
    if ended:
        working.result()
    return ended


async def forget_future(app: App) -> None:
    """Tasks whose times are still to come were not done at them: the machine's clock was ahead."""
    await app.connector.execute_query_async(_FORGET_FUTURE, now=int(time.time()))


async def clock_is_set(wall: Callable[[], float], monotonic: Callable[[], float], every: float) -> None:
    """Return when the wall clock was set by more than a minute, either way."""
    difference = wall() - monotonic()
    while True:
        await asyncio.sleep(every)
        centre_time()  # see `keep_up`
        before, difference = difference, wall() - monotonic()
        if abs(difference - before) > _SET:
            return


async def _run(app: App, *, wait: bool) -> None:
    await app.run_worker_async(
        concurrency=WORKERS,
        wait=wait,
        delete_jobs="successful",
        install_signal_handlers=wait,
        shutdown_graceful_timeout=10,
    )
