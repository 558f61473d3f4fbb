"""`haedap prompts` on a real database: what it makes, what it says when something is wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import soundfile

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run_with(*arguments: str, url: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DATABASE_URL": url, "HAEDAP_PROMPTS": str(tmp_path / "prompts")}
        command = [sys.executable, "-m", "haedap", "prompts", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run_with


@pytest.fixture
def table(database: str) -> str:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("INSERT INTO prompt (key, text) VALUES ('welcome', '안녕하십니까'), ('to_record', '')")
    return database


def test_generate_speaks_what_changed(run: Run, table: str, tmp_path: Path) -> None:
    assert json.loads(run("generate", "--json", url=table).stdout) == {"made": ["welcome"], "own": [], "failed": {}}
    assert soundfile.info(tmp_path / "prompts" / "welcome.wav").samplerate == 8000
    again = run("generate", url=table)
    assert (again.returncode, again.stderr) == (0, "")
    assert "0개" in again.stdout


def test_list_shows_what_is_there(run: Run, table: str, tmp_path: Path) -> None:
    run("generate", url=table)
    (tmp_path / "prompts" / "broken.wav").write_bytes(b"RIFF")
    lines = run("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["broken", "tone", "welcome"]
    assert "읽을 수 없는" in lines[0]
    assert lines[2].endswith("합성")


def test_say_writes_a_file(run: Run, tmp_path: Path) -> None:
    assert run("say", "안녕하십니까", str(tmp_path / "heard.wav")).returncode == 0
    assert soundfile.info(tmp_path / "heard.wav").duration > 0.5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("say", "...", "heard.wav"), "읽을 글자가 없습니다"),
        (("say", "안녕", "/nowhere/heard.wav"), "/nowhere/heard.wav에 쓸 수 없습니다"),
        (("generate",), "데이터베이스가 응답하지 않습니다"),
    ],
)
def test_what_is_wrong_is_one_sentence(run: Run, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    ended = run(*arguments, url=f"postgresql://haedap@/none?host={tmp_path}")
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_text_that_fails_is_named(run: Run, table: str) -> None:
    with psycopg.connect(table, autocommit=True) as connection:
        connection.execute("UPDATE prompt SET text = '...' WHERE key = 'welcome'")
    ended = run("generate", url=table)
    assert ended.returncode == 1
    assert "welcome" in ended.stderr
