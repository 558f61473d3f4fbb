"""What a worker had in hand when it died: until it is let go nobody is given it, nor whatever needs the same lock."""

from __future__ import annotations

import structlog
from procrastinate import JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

_MOST_BEGINNINGS = 10
"""A task that was begun so often may be what the workers die of. More than any task is tried by itself."""
_FAILED_HOURS = 30 * 24
"""For so long one may look at what failed."""
_log = structlog.get_logger(__name__)


async def take_up(context: JobContext) -> None:
    """Let the tasks of workers that have said nothing for half a minute be done by who is there."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.worker_id is None or job.worker_id != context.job.worker_id:
            again = job.attempts < _MOST_BEGINNINGS and await _begins_anew(manager, job)
            if not again:
                await manager.finish_job(job, Status.FAILED, delete_job=False)
            _log.warning("task_of_a_dead_worker", task=job.task_name, again=again)


async def forget_failed(context: JobContext) -> None:
    """What failed long ago nobody asks about; some tasks come every five seconds."""
    await context.app.job_manager.delete_old_jobs(nb_hours=_FAILED_HOURS, include_failed=True)


async def _begins_anew(manager: JobManager, job: Job) -> bool:
    """Whether it waits for a worker again; not where the next of its kind waits already."""
    try:
        await manager.retry_job(job)
    except UniqueViolation:
        return False
    return True
