"""`haedap fake-city` as a process: says where it is, takes orders, ends when it is asked to; and what it refuses."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from haedap.operations import OperationsError
from haedap.operations.fake_city import main
from haedap.plain_http import NO_CERTIFICATES
from tests.support.patience import PATIENCE


def test_the_process_says_where_it_is_and_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HAEDAP_")}
    options = ("--port", "0", "--without-database", "--fault", "non_tax=refuse", "--delay", "non_tax=5", "--json")
    command = (sys.executable, "-m", "haedap", "fake-city", *options)
    environment = {**kept, "HAEDAP_STATE": str(tmp_path), "HAEDAP_ENVIRONMENT": "demo"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            told = httpx.get(said["control"], timeout=PATIENCE, trust_env=False, verify=NO_CERTIFICATES).json()
            assert told["non_tax"] == {"delay_ms": 5, "fault": "refuse", "times": 0}
            refused = httpx.get(
                said["systems"]["road_address"], timeout=PATIENCE, trust_env=False, verify=NO_CERTIFICATES
            ).json()
            assert refused["results"]["common"]["errorCode"] == "E0005"
            assert said["database"] is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fault", "non_tax=flood"], "--fault"),
        (["--delay", "non_tax=soon"], "--delay"),
        (["--fault", "gas=hang"], "그런 시스템이 없습니다"),
        (["--fault", "water=hang"], "데이터베이스가 없습니다"),
    ],
)
def test_what_the_command_does_not_understand(arguments: list[str], said: str) -> None:
    with pytest.raises(OperationsError, match=said):
        main(["--port", "0", "--without-database", *arguments])
