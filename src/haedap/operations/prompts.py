"""`haedap prompts`: speaks the texts of the database, and lets one hear and look at what there is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import psycopg
import soundfile
import typer

from haedap.channels.voice.prompts import EspeakVoice, Outcome, PromptError, PromptErrorCode, library_of
from haedap.config import Settings, get_settings
from haedap.operations import OperationsError
from haedap.operations.usage import HELP, run_command

app = typer.Typer(
    name="haedap prompts",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=HELP,
)
AsJson = Annotated[bool, typer.Option("--json", help="기계가 읽을 JSON으로 출력")]
_SENTENCES = {
    PromptErrorCode.NO_PROGRAM: "음성 합성 프로그램이 없습니다. make setup을 실행하십시오",
    PromptErrorCode.NO_FOLDER: "안내 음성 폴더에 쓸 수 없습니다. 디스크와 권한을 확인하십시오",
    PromptErrorCode.NOTHING_TO_SAY: "읽을 글자가 없습니다. 문구를 고치십시오",
    PromptErrorCode.TEXT_TOO_LONG: "문구가 너무 깁니다. 2,000자 이하로 줄이십시오",
    PromptErrorCode.VOICE_FAILED: "음성을 만들지 못했습니다. haedap doctor로 확인하십시오",
}


def main(arguments: list[str]) -> None:
    """Run `haedap prompts` with these arguments. Raises OperationsError."""
    try:
        run_command(app, arguments, "haedap prompts")
    except PromptError as error:
        raise OperationsError(sentence_for(error.code)) from None
    except psycopg.Error:
        raise OperationsError("데이터베이스가 응답하지 않습니다. make run으로 센터를 시작하십시오.") from None


@app.command()
def generate(*, as_json: AsJson = False) -> None:
    """데이터베이스의 문구 가운데 새로 만들 것을 만듭니다 (직접 녹음한 파일은 그대로 둡니다)"""
    outcome = speak_all(get_settings())
    if as_json:
        _say(json.dumps({"made": outcome.made, "own": outcome.own, "failed": dict(outcome.failed)}))
    else:
        _say(f"새로 만든 음성 {len(outcome.made)}개, 직접 올린 음성 {len(outcome.own)}개")
    _refuse_failures(outcome)


@app.command("list")
def list_files() -> None:
    """안내 음성 파일과 길이를 보여 줍니다"""
    folder = get_settings().prompts
    for path in sorted(folder.glob("*.wav")):
        try:
            seconds = soundfile.info(path).duration
        except (soundfile.SoundFileError, RuntimeError):
            _say(f"{path.stem:24} 읽을 수 없는 파일입니다")
            continue
        made = path.with_name(f"{path.name}.made").exists()
        _say(f"{path.stem:24} {seconds:6.1f}초  {'합성' if made else '녹음'}")


@app.command()
def say(text: str, file: Path) -> None:
    """문구를 미리 들어 볼 WAV 파일을 만듭니다"""
    sound = EspeakVoice().speak(text)
    try:
        file.write_bytes(sound)
    except OSError as error:
        raise OperationsError(f"{file}에 쓸 수 없습니다({error.strerror}). 경로를 확인하십시오.") from None


def speak_all(settings: Settings) -> Outcome:
    """Make what the database's texts need; raises PromptError and psycopg.Error."""
    with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
        texts: dict[str, str] = dict(connection.execute("SELECT key, text FROM prompt").fetchall())
    return library_of(settings).ensure(texts)


def sentence_for(code: PromptErrorCode) -> str:
    """One Korean sentence that says what to do."""
    return f"{_SENTENCES.get(code, '안내 음성을 만들지 못했습니다')} ({code.value})."


def _refuse_failures(outcome: Outcome) -> None:
    if outcome.failed:
        key, code = outcome.failed[0]
        raise OperationsError(f"안내 음성 {len(outcome.failed)}개를 만들지 못했습니다. {key}: {sentence_for(code)}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
