"""The supervisor with small real processes: order, restart, giving up, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from haedap.operations import OperationsError
from haedap.operations.child import Service
from haedap.operations.lock import start_time
from haedap.operations.supervisor import Supervisor, stoppable
from haedap.operations.users import current_user
from tests.support.patience import PATIENCE

_SLEEPER = "import time, pathlib, sys; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
_STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + _SLEEPER
_PARENT = "import subprocess, sys; subprocess.Popen((sys.executable, '-c', 'import time; time.sleep(600)'));" + _SLEEPER


class Scene:
    """A supervisor and what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[str] = []
        self.supervisor = Supervisor(folder, folder, self.told.append)

    def service(self, name: str, code: str, stop_patience: float = PATIENCE) -> Service:
        flag = self.folder / f"{name}.ready"

        async def ready() -> bool:
            return flag.exists()

        return Service(
            name=name,
            label=name,
            command=(sys.executable, "-c", code, str(flag)),
            environment={"PATH": os.defpath},
            user=current_user(),
            folder=self.folder,
            ready=ready,
            patience=PATIENCE,
            stop_patience=stop_patience,
        )

    def pids(self) -> dict[str, int]:
        return {child.service.name: child.pid for child in self.supervisor.children if child.pid is not None}


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    await scene.supervisor.stop()


def _session_rank(pid: int) -> int | None:
    """How far its session stands behind others; None where Linux does not rank sessions, or not for everybody."""
    group = Path(f"/proc/{pid}/autogroup")
    if os.geteuid() != 0 or not group.exists():
        return None
    return int(group.read_text(encoding="ascii").split()[-1])


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_killed_process_comes_back(scene: Scene) -> None:
    await scene.supervisor.start(scene.service("engine", _SLEEPER))
    first = scene.pids()["engine"]
    os.kill(first, signal.SIGKILL)
    await _until(lambda: scene.pids().get("engine") not in {None, first})
    assert "engine" in scene.told[0]


async def test_a_full_disk_keeps_no_process_from_coming_back(scene: Scene) -> None:
    (scene.folder / "processes.new").mkdir()  # nothing can be written there
    await scene.supervisor.start(scene.service("engine", _SLEEPER))
    seen: set[int | None] = {None}
    for _life in range(3):
        await _until(lambda: scene.pids().get("engine") not in seen)
        seen.add(scene.pids()["engine"])
        os.kill(scene.pids()["engine"], signal.SIGKILL)


@pytest.mark.parametrize("ignored", [False, True])
async def test_a_centre_started_by_nohup_outlives_its_terminal(*, ignored: bool) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        async with stoppable():
            assert (signal.getsignal(signal.SIGHUP) is signal.SIG_IGN) is ignored
    finally:
        signal.signal(signal.SIGHUP, before)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(number)


async def test_a_process_stands_behind_the_others_within_its_session_and_as_a_session(scene: Scene) -> None:
    await scene.supervisor.start(replace(scene.service("beside", _SLEEPER), niceness=3))
    pid = scene.pids()["beside"]
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(os.getpriority(os.PRIO_PROCESS, 0) + 3, 19)
    assert _session_rank(pid) in {None, 3}


async def test_who_may_not_be_put_before_the_others_runs_all_the_same(scene: Scene) -> None:
    service = replace(scene.service("first", _SLEEPER), niceness=-5)
    await scene.supervisor.start(service)
    pid = scene.pids()["first"]
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, pid) in {own, max(own - 5, -20)}


async def test_stopping_leaves_no_process_and_no_memory(scene: Scene, tmp_path: Path) -> None:
    for name, code in (("one", _SLEEPER), ("two", _PARENT), ("three", _STUBBORN)):
        await scene.supervisor.start(scene.service(name, code, stop_patience=0.5))
    groups = list(scene.pids().values())
    assert (tmp_path / "processes.json").exists()
    await scene.supervisor.stop()
    await _until(lambda: not any(_group_lives(group) for group in groups))
    assert not (tmp_path / "processes.json").exists()


async def test_a_process_that_keeps_dying_ends_the_centre(scene: Scene) -> None:
    service = scene.service("web", _SLEEPER.replace("600", "0.1"))
    (scene.folder / "web.ready").touch()  # else it may be dead before anybody has asked whether it is ready
    await scene.supervisor.start(service)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(OperationsError, match=r"web 프로세스가 1분 안에 5번"):
            await scene.supervisor.watch()


async def test_one_that_cannot_be_started_anew_is_tried_again(scene: Scene) -> None:
    """Where memory or process ids are short for a moment the centre must not end."""
    folder = scene.folder / "work"
    folder.mkdir()
    await scene.supervisor.start(replace(scene.service("language", _SLEEPER), folder=folder))
    first = scene.pids()["language"]
    folder.rmdir()  # nothing can be started there
    os.kill(first, signal.SIGKILL)
    await _until(lambda: any("시작하지 못했습니다" in sentence for sentence in scene.told))
    folder.mkdir()
    await _until(lambda: scene.pids().get("language") not in {None, first})


async def test_a_process_that_dies_at_once_is_named_with_its_log(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(OperationsError, match=r"시작하자마자.*engine\.log"):
        await scene.supervisor.start(scene.service("engine", "raise SystemExit('no licence')"))
    assert b"no licence" in (tmp_path / "engine.log").read_bytes()


async def test_the_last_words_are_in_the_log_before_it_is_named(scene: Scene, tmp_path: Path) -> None:
    """Also when its death and what it said are noticed in the same moment, as on a busy machine."""

    async def ready() -> bool:
        pid = scene.pids()["engine"]
        while _runs(pid):
            time.sleep(0.01)  # noqa: ASYNC251  # nothing else is noticed meanwhile
        while scene.pids():
            await asyncio.sleep(0)
        return False

    service = replace(scene.service("engine", "raise SystemExit('no licence')"), ready=ready)
    with pytest.raises(OperationsError, match=r"시작하자마자.*engine\.log"):
        await scene.supervisor.start(service)
    assert b"no licence" in (tmp_path / "engine.log").read_bytes()


async def test_a_process_that_is_never_ready_is_named(scene: Scene) -> None:
    impatient = replace(scene.service("engine", "import time; time.sleep(600)"), patience=0.3)
    with pytest.raises(OperationsError, match="준비되지 않았습니다"):
        await scene.supervisor.start(impatient)


def test_children_die_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys, pathlib\n"
        "from tests.integration.operations.test_supervisor import Scene, _SLEEPER\n"
        "async def main():\n"
        "    scene = Scene(pathlib.Path(sys.argv[1]))\n"
        "    await scene.supervisor.start(scene.service('engine', _SLEEPER))\n"
        "    print(scene.pids()['engine'], flush=True)\n"
        "    await scene.supervisor.watch()\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen(
        (sys.executable, "-c", script, str(tmp_path)), stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        assert start_time(child) > 0
        supervisor.kill()
        supervisor.wait(PATIENCE)
    asyncio.run(_until(lambda: start_time(child) == 0))


def _runs(pid: int) -> bool:
    """Whether it has not ended; one that has, and that nobody has asked about yet, is still there."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
