"""What a mistyped command is told: one Korean sentence, and where to read more."""

import os
import signal
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import pytest

from haedap import cli


class Told(NamedTuple):
    out: str
    err: str


GIBBERISH = "\u200b가나다" * 500


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("bogus", "'haedap bogus'라는 명령은 없습니다. 쓰는 법은 haedap --help로 볼 수 있습니다."),
        ("info extra", "'haedap info extra'라는 명령은 없습니다. 쓰는 법은 haedap info --help로 볼 수 있습니다."),
        ("info --jso", "haedap info에는 --jso 옵션이 없습니다. 비슷한 것은 --json입니다."),
        ("info --nope", "haedap info에서 --nope 옵션을 그렇게 쓸 수 없습니다."),
        ("doctor --json=3", "--json 옵션을 그렇게 쓸 수 없습니다."),
        ("province --year 작년 가람시", "'--year' 값을 알아들을 수 없습니다."),
        ("province", "'folders' 값이 빠졌습니다."),
        ("demo calls --count 0", "'--count' 값을 알아들을 수 없습니다. 쓰는 법은 haedap demo calls --help로"),
        ("prompts bogus", "'haedap prompts bogus'라는 명령은 없습니다."),
        ("archive --x", "haedap archive에서 --x 옵션을 그렇게 쓸 수 없습니다."),
        ("bench routing --agents many", "--agents 값을 알아들을 수 없습니다. 쓰는 법은 haedap bench routing --help로"),
        ("bench engine --cps 0", "--cps 값을 알아들을 수 없습니다."),
        ("bench routing --agents 100001", "--agents는 100,000까지"),
        ("bench mask", "--items 값이 빠졌습니다."),
        ("search \udcb2\udce8", "2번째 인자가 UTF-8이 아닙니다."),
        ("bench calls --nope", "haedap bench calls에서 --nope을(를) 그렇게 쓸 수 없습니다."),
        ("bench chaos --calls 9", "--minutes는 0.5부터 600까지, --calls는 10부터 400까지"),
        (f"terms {GIBBERISH}", "라는 명령은 없습니다. 쓰는 법은 haedap terms --help로"),
    ],
)
def test_a_line_that_is_not_understood(
    line: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run(line, 2, monkeypatch, capsys)
    assert told.err.startswith("해답: ")
    assert sentence in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


@pytest.mark.parametrize("name", ["classify --test {0} --train", "mask --items", "radar --petitions"])
def test_a_measurement_of_a_file_that_cannot_be_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cp949.csv").write_bytes("분류".encode("cp949"))
    for file, sentence in ((tmp_path, "경로를 확인"), (tmp_path / "cp949.csv", "UTF-8이 아닙니다")):
        told = run(f"bench {name.format(file)} {file}", 1, monkeypatch, capsys)
        assert told.err.startswith("해답: ")
        assert sentence in told.err
        assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "shown"), [("demo", "시연: 살아 있는 센터처럼"), ("audit", "journal"), ("prompts", "generate")]
)
def test_a_command_of_commands_alone_shows_its_help_and_nothing_else(
    name: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run(name, 2, monkeypatch, capsys)
    assert shown in told.out
    assert told.err == ""


def test_help_is_no_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert "haedap info" in run("info --help", 0, monkeypatch, capsys).out


def run(line: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """What `haedap` with these words says, and that it exits with `status`."""
    monkeypatch.setattr("sys.argv", ["haedap", *line.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == status
    return Told(*capsys.readouterr())


@pytest.mark.parametrize(("encoding", "read_as"), [("ascii", "utf-8"), ("latin-1", "utf-8"), ("euc_kr", "euc_kr")])
def test_an_old_locale_still_reads_korean(encoding: str, read_as: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = TextIOWrapper(BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["haedap", "doctor", "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    print("✓", flush=True)  # noqa: T201 - as the doctor does
    assert isinstance(out.buffer, BytesIO)
    assert "빠졌으며 어떻게 고치는지" in out.buffer.getvalue().decode(read_as)


@pytest.mark.parametrize(("program", "early"), [("haedap", "typer"), ("setup", "argparse")])
def test_ctrl_c_while_a_program_is_still_being_read_says_nothing(program: str, early: str, tmp_path: Path) -> None:
    (tmp_path / f"{early}.py").write_text("import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(9)")
    done = subprocess.run(
        # Whoever runs the tests in the background has the signal ignored.
        ("env", "--default-signal=INT", sys.executable, "-m", program),
        env={"PATH": os.defpath, "PYTHONPATH": str(tmp_path)},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
