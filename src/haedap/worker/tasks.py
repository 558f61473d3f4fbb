"""The tasks. Each may run twice without harm. `prompts.*` run one at a time: they write the same files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import ParamSpec

import structlog
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from haedap.analytics.archive import ArchiveError
from haedap.apps.accounts import api as accounts
from haedap.apps.briefs import delivery as briefs
from haedap.apps.briefs.sending import MOST_ATTEMPTS, DeliveryError
from haedap.apps.cases import api as cases
from haedap.apps.centre import archive, sounds
from haedap.apps.desk import api as desk
from haedap.apps.desk import phones
from haedap.apps.directory import asking as directory
from haedap.apps.knowledge import approvals, attachments, publishing
from haedap.apps.lookups import api as lookups
from haedap.apps.radar import pins, watching
from haedap.apps.reports import keeping
from haedap.apps.reports import mailing as reports
from haedap.apps.suggestions import learning as suggestions
from haedap.apps.supervision import flags
from haedap.apps.supervision import help as calls_for_help
from haedap.apps.transcripts import api as transcripts
from haedap.apps.yearbook import making
from haedap.apps.yearbook.errors import YearbookError
from haedap.channels.voice.prompts import Outcome, PromptError, PromptLibrary, UploadRefused, library_of
from haedap.clock import centre_time
from haedap.worker import left_over

_log = structlog.get_logger(__name__)
_P = ParamSpec("_P")
_RETRY = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=4, retry_exceptions=[DeliveryError])
_SPEAK_AGAIN = RetryStrategy(max_attempts=5, wait=10, retry_exceptions=[PromptError])


def _with_database(task: Callable[_P, object]) -> Callable[_P, None]:
    """Tasks run in threads that live on: no connection is used past its age, none is left open."""

    @wraps(task)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        close_old_connections()
        try:
            task(*args, **kwargs)
        finally:
            close_old_connections()

    return run


@app.task(name="prompts.speak", lock="prompts")
@_with_database
def speak() -> None:
    """Make the sound of every text that has changed, and let the engine know."""
    if _speak().made:
        desk.tell("prompts_changed")


def _speak() -> Outcome:
    """Every text has its sound, or a note of what is in the way."""
    outcome = _library().ensure(sounds.texts())
    sounds.spoken({key.partition(".")[0]: code.value for key, code in outcome.failed}, outcome.own)
    return outcome


@app.task(name="prompts.take_upload", lock="prompts")
@_with_database
def take_upload(key: str, file: str) -> None:
    """Put an uploaded recording in the prompt's place, or say why not."""
    path = settings.HAEDAP.state / "uploads" / file
    if not sounds.upload_waits(key, file):
        path.unlink(missing_ok=True)
        return
    try:
        _library().install(key, path.read_bytes())
    except PromptError as error:
        if not isinstance(error, UploadRefused):
            _log.warning("upload_failed", prompt=key, error=error.code.value)
        sounds.upload_refused(key, file, error.code.value)
    except OSError as error:
        _log.warning("upload_failed", prompt=key, error=type(error).__name__)
        sounds.upload_refused(key, file, "no_folder")
    else:
        sounds.upload_taken(key, file)
        desk.tell("prompts_changed")
    path.unlink(missing_ok=True)


@app.task(name="prompts.drop_upload", lock="prompts")
@_with_database
def drop_upload(key: str) -> None:
    """Back to the centre's voice."""
    _library().remove_upload(key)
    sounds.upload_dropped(key)
    _speak()
    desk.tell("prompts_changed")


@app.task(
    name="briefs.deliver",
    pass_context=True,
    retry=_RETRY,
)
@_with_database
def deliver_brief(context: JobContext, delivery: int) -> None:
    """Send a brief's link; the last attempt that fails is noted, and the desk shows it."""
    briefs.deliver(delivery, last=context.job.attempts >= MOST_ATTEMPTS - 1)


@app.task(name="cases.deliver", pass_context=True, retry=_RETRY)
@_with_database
def deliver_case_notice(context: JobContext, notice: int) -> None:
    """Tell an officer or a citizen about a case; an answer that cannot be sent becomes a promise of a call."""
    cases.deliver(notice, last=context.job.attempts >= MOST_ATTEMPTS - 1)


@app.periodic(cron="* * * * *")
@app.task(name="cases.follow", lock="cases", queueing_lock="cases")
@_with_database
def follow_cases(timestamp: int) -> None:  # noqa: ARG001
    """Remind of terms, and close the cases whose citizens were told by a call."""
    cases.follow()


@app.task(name="knowledge.deliver", pass_context=True, retry=_RETRY)
@_with_database
def deliver_approval(context: JobContext, request: str) -> None:
    """Ask an office for its approval of an article; the last attempt that fails is noted on the article's page."""
    approvals.deliver(request, last=context.job.attempts >= MOST_ATTEMPTS - 1)


@app.periodic(cron="*/5 * * * *")
@app.task(name="knowledge.settle", lock="knowledge", queueing_lock="knowledge")
@_with_database
def settle_articles(timestamp: int) -> None:  # noqa: ARG001
    """Articles come into force and expire with the day."""
    publishing.settle_due(timezone.localdate())


@app.task(name="reports.deliver", pass_context=True, retry=_RETRY)
@_with_database
def deliver_report(context: JobContext, delivery: int) -> None:
    """Send a scheduled report; the last attempt that fails is noted, and the page of schedules shows it."""
    reports.deliver(delivery, last=context.job.attempts >= MOST_ATTEMPTS - 1)


@app.periodic(cron="*/5 * * * *")
@app.task(name="reports.follow", lock="reports", queueing_lock="reports")
@_with_database
def follow_reports(timestamp: int) -> None:  # noqa: ARG001
    """Scheduled reports whose period is over go out."""
    reports.follow(centre_time())


@app.periodic(cron="* * * * *")
@app.task(name="reports.keep_facts", lock="facts", queueing_lock="facts")
@_with_database
def keep_facts(timestamp: int) -> None:  # noqa: ARG001
    """What is over for good need not be counted anew for each report."""
    keeping.keep(centre_time())


@app.periodic(cron="*/5 * * * *")
@app.task(name="suggestions.follow", lock="suggestions", queueing_lock="suggestions.follow")
@_with_database
def follow_closed_contacts(timestamp: int) -> None:  # noqa: ARG001
    """Closed contacts can be found by what they were about."""
    suggestions.follow(centre_time())


@app.task(name=pins.SPEAK, lock="prompts", retry=_SPEAK_AGAIN)
@_with_database
def speak_pins() -> None:
    """Speak what was pinned, then put it before its flows."""
    for row in pins.to_speak():
        outcome = _library().ensure(sounds.texts())
        desk.tell("prompts_changed")
        pins.spoken(row, next((code.value for key, code in outcome.failed if key == row.prompt), ""))


@app.periodic(cron="* * * * * */5")
@app.task(name="radar.settle", lock="radar.settle", queueing_lock="radar.settle")
@_with_database
def settle_pins(timestamp: int) -> None:  # noqa: ARG001
    """Take off the pins whose time is over."""
    pins.take_off_due(centre_time())


@app.periodic(cron="* * * * *")
@app.task(name="radar.watch", lock="radar", queueing_lock="radar.watch")
@_with_database
def watch_radar(timestamp: int) -> None:  # noqa: ARG001
    """See what many citizens call about at once."""
    watching.watch(centre_time())


@app.periodic(cron="10 18 * * *")  # by UTC: 03:10 in Seoul
@app.task(name="radar.look_back", lock="radar", queueing_lock="radar.look_back")
@_with_database
def look_back_radar(timestamp: int) -> None:  # noqa: ARG001
    """See what has come more and more often over the week."""
    watching.look_back(centre_time())


@app.task(name="directory.make", lock="directory")
@_with_database
def make_directory(quarter: str) -> None:
    """Look for the most requested numbers of a quarter."""
    directory.make_asked(quarter)


@app.periodic(cron="40 18 * * *")  # by UTC: 03:40 in Seoul
@app.task(name="directory.make_due", lock="directory", queueing_lock="directory.make_due")
@_with_database
def make_due_directory(timestamp: int) -> None:  # noqa: ARG001
    """When a quarter is over, its directory is there in the morning, to be edited."""
    directory.make_due(timezone.localdate())


@app.task(name="yearbook.make", lock="yearbook")
@_with_database
def make_yearbook(edition: int, figures: bool) -> None:
    """Make the book of a year; how far it is stands on its page."""
    try:
        making.make_asked(edition, figures=figures)
    except YearbookError:
        _log.info("yearbook_is_being_made", edition=edition)


@app.periodic(cron="25 18 * * *")  # by UTC: 03:25 in Seoul
@app.task(name="suggestions.renew", lock="suggestions", queueing_lock="suggestions.renew")
@_with_database
def learn_topics(timestamp: int) -> None:  # noqa: ARG001
    """What agents chose by day is learnt by night."""
    suggestions.renew()


@app.periodic(cron="40 18 * * *")  # by UTC: 03:40 in Seoul
@app.task(name="archive.update", lock="archive", queueing_lock="archive.update")
@_with_database
def update_archive(timestamp: int) -> None:  # noqa: ARG001
    """The archive has each day by the next morning; where a person is writing it just now, they are."""
    try:
        archive.update()
    except ArchiveError as error:
        _log.warning("archive_not_updated", reason=str(error))


@app.periodic(cron="* * * * *")
@app.task(name="telephones.expire", queueing_lock="telephones")
@_with_database
def expire_telephones(timestamp: int) -> None:  # noqa: ARG001
    """Take away credentials whose time is up."""
    phones.revoke_expired()


@app.periodic(cron="* * * * * */5")
@app.task(name="numbers.flag", lock="numbers", queueing_lock="numbers")
@_with_database
def flag_numbers(timestamp: int) -> None:  # noqa: ARG001
    """Flag who was hung up on for abuse; they may call again at once."""
    flags.flag_ended_talks()


@app.periodic(cron="* * * * *")
@app.task(name="lookups.forget", lock="lookups", queueing_lock="lookups")
@_with_database
def forget_lookups(timestamp: int) -> None:  # noqa: ARG001
    """Remove what was found for citizens whose contact is over."""
    lookups.forget()


@app.periodic(cron="* * * * *")
@app.task(name="worker.take_up", queueing_lock="worker.take_up", pass_context=True)
async def take_up(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Do what a worker that died had in hand."""
    await left_over.take_up(context)


@app.periodic(cron="37 * * * *")
@app.task(name="worker.forget_failed", queueing_lock="worker.forget_failed", pass_context=True)
async def forget_failed(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Remove what failed long ago."""
    await left_over.forget_failed(context)


@app.periodic(cron="17 * * * *")
@app.task(name="housekeeping", queueing_lock="housekeeping")
def housekeeping(timestamp: int) -> None:  # noqa: ARG001
    """Remove what nobody needs: ended sessions, old log-in failures, old commands.

    One that fails keeps none of the others. Raises ExceptionGroup with all that failed.
    """
    failed = []
    for remove in (
        partial(call_command, "clearsessions"),
        accounts.forget_old_failures,
        desk.forget_old_commands,
        calls_for_help.forget_ended,
        attachments.remove_unused,
        transcripts.forget_old,
        _remove_silent_prompts,
    ):
        try:
            _with_database(remove)()
        except Exception as error:  # all are told at the end
            failed.append(error)
    if failed:
        raise ExceptionGroup("housekeeping", failed)


def _remove_silent_prompts() -> None:
    for key in pins.silent_prompts(centre_time()):
        _library().remove_upload(key)


def _library() -> PromptLibrary:
    return library_of(settings.HAEDAP)
