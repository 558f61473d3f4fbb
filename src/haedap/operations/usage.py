"""Running a command line, and what was wrong with it in one Korean sentence."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NoReturn

import typer
from typer.exceptions import TyperException

from haedap.operations import OperationsError

HELP = {"help_option_names": ["-h", "--help"]}
"""For `context_settings` of every command."""


class WrongUsageError(OperationsError):
    """The command line could not be understood; the sentence says where, and is empty when the help was shown."""

    status = 2


def run_command(app: typer.Typer, arguments: Sequence[str], name: str) -> NoReturn:
    """Run the command `name` and exit with its status. Raises WrongUsageError."""
    try:
        status = app(arguments, prog_name=name, standalone_mode=False)
    except TyperException as error:
        raise WrongUsageError(_sentence_for(error, name, arguments)) from None
    sys.exit(status or 0)


def make_output_folder(folder: Path) -> None:
    """For what a command is to write, before it does the work for it. Raises OperationsError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OperationsError(
            f"{folder} 폴더에 파일을 쓸 수 없습니다({error.strerror}). --out에 다른 폴더를 주십시오."
        ) from None


def _sentence_for(error: TyperException, name: str, arguments: Sequence[str]) -> str:
    if not error.message and not isinstance(error, typer.BadParameter):
        return ""
    context: Any = getattr(error, "ctx", None)
    path = name if context is None else context.command_path
    return f"{_complaint(error, path, ' '.join((name, *arguments)))} 쓰는 법은 {path} --help로 볼 수 있습니다."


def _complaint(error: TyperException, path: str, line: str) -> str:
    option: str | None = getattr(error, "option_name", None)
    similar: Sequence[str] = getattr(error, "possibilities", None) or ()
    if option is not None and similar:
        return f"{path}에는 {option} 옵션이 없습니다. 비슷한 것은 {', '.join(sorted(similar))}입니다."
    if option is not None:
        return f"{path}에서 {option} 옵션을 그렇게 쓸 수 없습니다."
    if isinstance(error, typer.BadParameter):
        named = error.param.get_error_hint() if error.param is not None else "인자"
        # Typer's words for a value that is wrong are English; for one that is missing it has none.
        return f"{named} 값을 알아들을 수 없습니다." if error.message else f"{named} 값이 빠졌습니다."
    return f"'{line}'라는 명령은 없습니다."
