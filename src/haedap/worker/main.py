"""`haedap worker`."""

from __future__ import annotations

import asyncio
import os

WORKERS = 2


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
        await worker_app.run_worker_async(
            concurrency=WORKERS,
            wait=wait,
            delete_jobs="successful",
            install_signal_handlers=wait,
            shutdown_graceful_timeout=10,
        )
