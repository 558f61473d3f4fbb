"""The worker with its real queue: prompts spoken and uploaded, recordings measured, telephones expired."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import psycopg
import pytest
import soundfile
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from haedap.apps.accounts import api as accounts
from haedap.apps.accounts.models import Account, Role
from haedap.apps.centre.models import Prompt
from haedap.apps.contacts.models import ProtectionStep
from haedap.apps.desk import phones
from haedap.apps.desk.models import Command, PhoneCredential
from haedap.apps.knowledge import attachments
from haedap.apps.supervision.models import FlaggedNumber
from haedap.apps.transcripts.models import TranscriptPiece
from haedap.worker.main import clock_is_set, forget_future, work
from tests.support.patience import PATIENCE

from .records import add_contact

RATE = 16000


@pytest.fixture
def worker(orm_database: str) -> Iterator[None]:
    settings.HAEDAP.prompts.mkdir(parents=True, exist_ok=True)
    yield
    for path in settings.HAEDAP.prompts.glob("w_*"):
        path.unlink()


def run_tasks() -> None:
    """Do all tasks that stand there."""
    async_to_sync(work)(wait=False)
    connections.close_all()


def tone(seconds: float, level: float = 0.3) -> bytes:
    wave = level * np.sin(np.arange(int(RATE * seconds)) * 2 * np.pi * 440 / RATE)
    file = io.BytesIO()
    soundfile.write(file, np.stack([wave, wave], axis=1), RATE, format="WAV")
    return file.getvalue()


def upload(key: str, content: bytes) -> Path:
    folder = settings.HAEDAP.state / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{key}-upload.wav"
    path.write_bytes(content)
    Prompt.objects.filter(pk=key).update(upload=path.name)
    app.configure_task("prompts.take_upload").defer(key=key, file=path.name)
    return path


def test_texts_are_spoken_and_the_engine_hears_of_it(worker: None) -> None:
    Prompt.objects.create(key="w_hello", text="안녕하십니까.")
    Prompt.objects.create(key="w_mute", text="…")
    app.configure_task("prompts.speak").defer()
    run_tasks()
    sound = soundfile.info(settings.HAEDAP.prompts / "w_hello.wav")
    assert (sound.samplerate, sound.channels) == (8000, 1)
    assert sound.duration > 0.5
    assert Prompt.objects.get(pk="w_hello").problem == ""
    assert Prompt.objects.get(pk="w_mute").problem == "nothing_to_say"
    assert Command.objects.get().name == "prompts_changed"


def test_an_upload_takes_the_voices_place_and_back(worker: None) -> None:
    Prompt.objects.create(key="w_own", text="안녕하십니까.")
    kept = upload("w_own", tone(4))
    run_tasks()
    prompt = Prompt.objects.get()
    assert (prompt.uploaded, prompt.upload, prompt.problem) == (True, "", "")
    assert not kept.exists()
    sound = soundfile.info(settings.HAEDAP.prompts / "w_own.wav")
    assert (sound.samplerate, sound.channels) == (8000, 1)
    assert 4 <= sound.duration < 4.5  # with a little silence round it
    app.configure_task("prompts.drop_upload").defer(key="w_own")
    run_tasks()
    assert not Prompt.objects.get().uploaded
    assert soundfile.info(settings.HAEDAP.prompts / "w_own.wav").duration < 3
    assert list(Command.objects.values_list("name", flat=True)) == ["prompts_changed"] * 2


def test_a_text_that_cannot_be_spoken_in_an_uploads_place_says_why(worker: None) -> None:
    Prompt.objects.create(key="w_mute", text="…")
    upload("w_mute", tone(1))
    run_tasks()
    app.configure_task("prompts.drop_upload").defer(key="w_mute")
    run_tasks()
    assert (Prompt.objects.get().uploaded, Prompt.objects.get().problem) == (False, "nothing_to_say")


@pytest.mark.parametrize(
    ("content", "problem"), [(b"RIFF\x00\x00\x00\x00WAVE", "broken"), (b"text", "not_wav"), (tone(1, 0), "silent")]
)
def test_uploads_that_cannot_be_taken_say_why_and_change_nothing(worker: None, content: bytes, problem: str) -> None:
    Prompt.objects.create(key="w_bad", text="안녕하십니까.")
    kept = upload("w_bad", content)
    run_tasks()
    prompt = Prompt.objects.get()
    assert (prompt.uploaded, prompt.upload) == (False, "")
    assert prompt.problem in {problem, "not_wav"}
    assert not kept.exists()
    assert not Command.objects.exists()


def test_an_upload_that_lacks_a_program_says_so(worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Prompt.objects.create(key="w_none", text="안녕하십니까.")
    upload("w_none", tone(1))
    monkeypatch.setenv("PATH", "/nonexistent")
    run_tasks()
    assert (Prompt.objects.get().upload, Prompt.objects.get().problem) == ("", "no_program")


def test_what_a_dead_worker_had_in_hand_is_done_by_the_next(worker: None) -> None:
    Prompt.objects.create(key="w_left", text="안녕하십니까.")
    app.configure_task("prompts.speak").defer()
    leave_in_hand("prompts.speak")
    Prompt.objects.create(key="w_next", text="안녕히 가십시오.")
    app.configure_task("prompts.speak").defer()
    app.configure_task("worker.take_up").defer(timestamp=1)
    run_tasks()
    run_tasks()
    assert (settings.HAEDAP.prompts / "w_next.wav").exists()
    assert not ProcrastinateJob.objects.filter(task_name="prompts.speak").exists()


def test_what_a_dead_worker_had_in_hand_gives_way_to_the_next_of_its_kind(worker: None) -> None:
    app.configure_task("numbers.flag").defer(timestamp=1)
    leave_in_hand("numbers.flag")
    app.configure_task("numbers.flag").defer(timestamp=2)
    app.configure_task("worker.take_up").defer(timestamp=1)
    run_tasks()
    run_tasks()
    # Every five seconds there is one more, by the clock.
    flags = ProcrastinateJob.objects.filter(task_name="numbers.flag", args__timestamp__in=[1, 2])
    assert list(flags.values_list("status", flat=True)) == ["failed"]


def test_what_failed_long_ago_is_forgotten(worker: None) -> None:
    for days in (31, 29):
        app.configure_task("prompts.take_upload").defer(key=f"w_{days}")
        run_tasks()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - %s * interval '1 day'"
                " WHERE job_id = (SELECT id FROM procrastinate_jobs WHERE args ->> 'key' = %s)",
                [days, f"w_{days}"],
            )
    app.configure_task("worker.forget_failed").defer(timestamp=1)
    run_tasks()
    assert [job.args["key"] for job in ProcrastinateJob.objects.filter(status="failed")] == ["w_29"]


def test_a_housekeeping_that_fails_keeps_no_other_from_its_work(
    worker: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(name: str) -> Callable[[], int]:
        def fail() -> int:
            raise OSError(name)

        return fail

    monkeypatch.setattr(accounts, "forget_old_failures", fails("the first"))
    monkeypatch.setattr(attachments, "remove_unused", fails("the second"))
    long_ago = timezone.now() - timedelta(days=4000)
    Command.objects.create(id=uuid4(), name="prompts_changed", data={}, finished_at=long_ago)
    TranscriptPiece.objects.create(contact=uuid4(), side="agent", text="네.", started_at=long_ago, ended_at=long_ago)
    app.configure_task("housekeeping", queueing_lock="here").defer(timestamp=1)
    run_tasks()
    assert not Command.objects.exists()
    assert not TranscriptPiece.objects.exists()
    jobs = ProcrastinateJob.objects.filter(task_name="housekeeping", args__timestamp=1)
    assert [job.status for job in jobs] == ["failed"]
    assert "OSError: the first" in caplog.text
    assert "OSError: the second" in caplog.text


def leave_in_hand(task: str) -> None:
    """As if a worker had been killed while it did `task`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
            " RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
            " WHERE task_name = %s",
            [task],
        )


@pytest.fixture
def agent(db: None) -> Account:
    return Account.objects.create(username="agent1", name="한이슬", role=Role.AGENT)


def test_expired_telephones_are_taken_away(agent: Account) -> None:
    past, future = timezone.now() - timedelta(seconds=1), timezone.now() + timedelta(hours=1)
    for username, expires_at in (("agent-1", past), ("agent-2", future), ("desk-3", None)):
        PhoneCredential.objects.create(username=username, kind="browser", ha1="x", expires_at=expires_at)
    assert phones.revoke_expired() == 1
    assert set(PhoneCredential.objects.values_list("pk", flat=True)) == {"agent-2", "desk-3"}
    command = Command.objects.get()
    assert (command.name, command.data) == ("phone_revoked", {"username": "agent-1"})


def test_a_telephone_that_is_renewed_as_it_expires_stays(orm_database: str) -> None:
    past = timezone.now() - timedelta(seconds=1)
    PhoneCredential.objects.create(username="agent-1", kind="browser", ha1="old", expires_at=past)

    def revoke() -> int:
        try:
            return phones.revoke_expired()
        finally:
            connections.close_all()

    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with psycopg.connect(orm_database) as renewing, psycopg.connect(orm_database, autocommit=True) as looking:
        renewing.execute("UPDATE phone_credential SET ha1 = 'new', expires_at = now() + interval '8 hours'")
        with ThreadPoolExecutor(1) as pool:
            revoked = pool.submit(revoke)
            until(lambda: looking.execute(waits).fetchone() == (1,))
            renewing.commit()
            assert revoked.result() == 0
    assert PhoneCredential.objects.get().ha1 == "new"
    assert not Command.objects.exists()


def until(condition: Callable[[], bool]) -> None:
    """Wait for the condition."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_who_was_hung_up_on_for_abuse_is_flagged(worker: None) -> None:
    agent = Account.objects.create(username="flagger", name="상담사", role=Role.AGENT)
    contact = add_contact(agent)
    ProtectionStep.objects.create(
        contact=contact.pk, segment=1, agent=agent, step="end", kind="threat", at=timezone.now()
    )
    for turn in range(2):
        # Beside the one that stands there every five seconds, by the clock.
        app.configure_task("numbers.flag", queueing_lock=f"turn {turn}").defer(timestamp=turn)
        run_tasks()
    row = FlaggedNumber.objects.get()
    assert (row.number, row.kind, row.contact) == (contact.caller, "threat", contact.pk)


def test_tasks_of_times_still_to_come_are_not_taken_for_done(worker: None) -> None:
    """The machine's clock was an hour ahead: its minutes come once more, and so do their tasks."""
    now = int(time.time())
    with connection.cursor() as cursor:
        for at in (now - 60, now + 3600):
            cursor.execute(
                "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)"
                " VALUES ('cases.follow', '', %s)",
                [at],
            )
        async_to_sync(_forget)()
        cursor.execute("SELECT defer_timestamp FROM procrastinate_periodic_defers WHERE task_name = 'cases.follow'")
        assert cursor.fetchall() == [(now - 60,)]


async def _forget() -> None:
    assert isinstance(app.connector, DjangoConnector)
    async with app.with_connector(app.connector.get_worker_connector()).open_async() as opened:
        await forget_future(opened)


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
async def test_the_worker_sees_that_the_clock_was_set(jump: float) -> None:
    uptime = iter(range(10))
    walls = iter([1000.0, 1001.0, 1005.0, 1003.0 + jump])
    await asyncio.wait_for(clock_is_set(lambda: next(walls), lambda: float(next(uptime)), 0), 5)
    assert next(walls, None) is None, "a few seconds are nothing"
