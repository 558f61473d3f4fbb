"""The `haedap` command. Each command imports what it needs when it runs, so that help is instant."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn, TextIO

import typer

from haedap.operations.usage import HELP

app = typer.Typer(
    name="haedap",
    help="해답: 민원콜센터를 운영하는 공개 소프트웨어",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=HELP,
)
demo = typer.Typer(help="시연: 살아 있는 센터처럼 보이게 합니다", no_args_is_help=True)
app.add_typer(demo, name="demo")
_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
AsJson = Annotated[bool, typer.Option("--json", help="기계가 읽을 JSON으로 출력")]


@app.command()
def run() -> None:
    """센터를 시작하고 지켜봅니다 (Ctrl-C로 끝냅니다)"""
    from haedap.operations.supervisor import run_centre

    raise typer.Exit(run_centre())


@app.command()
def info(*, json: AsJson = False) -> None:
    """주소, 포트, 대표번호 등 바깥 도구에 필요한 것을 알려 줍니다"""
    from haedap.operations.info import print_info

    print_info(as_json=json)


@app.command()
def doctor(*, json: AsJson = False) -> None:
    """무엇이 갖추어졌고 무엇이 빠졌으며 어떻게 고치는지 알려 줍니다"""
    from haedap.operations.doctor import examine

    raise typer.Exit(examine(as_json=json))


@app.command()
def engine() -> None:
    """상담 분배 엔진만 실행합니다 (run이 대신 해 줍니다)"""
    from haedap.engine.main import main as engine_main

    engine_main()


@app.command()
def worker() -> None:
    """뒷일 처리기만 실행합니다 (run이 대신 해 줍니다)"""
    from haedap.worker.main import main as worker_main

    worker_main()


@app.command()
def language() -> None:
    """말 처리기(찾기와 추천)만 실행합니다 (run이 대신 해 줍니다)"""
    from haedap.language.service.main import main as language_main

    language_main()


@app.command()
def speech() -> None:
    """받아쓰기만 실행합니다 (run이 대신 해 줍니다)"""
    from haedap.speech.main import main as speech_main

    speech_main()


@app.command()
def search(text: str, *, json: AsJson = False) -> None:
    """상담사 화면에서 찾을 때 보이는 것을 그대로 보여 줍니다: haedap search "물어본 말" """
    from haedap.operations.search import print_search

    print_search(text, as_json=json)


@app.command()
def directory(
    *,
    quarter: Annotated[str, typer.Option(help="분기: 2026Q4 (없으면 이번 분기)")] = "",
    count: Annotated[int | None, typer.Option(help="번호 수: 1~100 (없으면 앞 호와 같게, 처음이면 20)")] = None,
    out: Annotated[Path | None, typer.Option(help="리플릿·포스터 등 모든 파일을 쓸 폴더")] = None,
    marks: Annotated[bool, typer.Option("--marks", help="인쇄소용(도련 3 mm, 재단선) 파일도 함께")] = False,
    json: AsJson = False,
) -> None:
    """생활 안내 전화번호부를 만듭니다: haedap directory --quarter 2026Q4 --out 폴더"""
    from haedap.operations.directory import run as make_directory

    make_directory(quarter, count, out, marks=marks, as_json=json)


@app.command(context_settings=_PASS_ON)
def manage(context: typer.Context) -> None:
    """Django 관리 명령을 실행합니다"""
    _django(*context.args)


@app.command(context_settings=_PASS_ON)
def bench(context: typer.Context) -> None:
    """성능을 잽니다: haedap bench routing|calls|push|search …"""
    from haedap.operations.bench import run_bench

    run_bench(context.args)


@demo.command("calls", context_settings=_PASS_ON)
def demo_calls(context: typer.Context) -> None:
    """SIPp로 소리 있는 시연 전화를 겁니다"""
    from haedap.operations.demo_calls import main as place_calls

    place_calls(context.args)


@demo.command("year")
def demo_year(
    *,
    profile: Annotated[str, typer.Option(help="센터 유형: icheon, gunpo, ansan, jeongseon, hwaseong")] = "",
    seed: Annotated[int, typer.Option(help="같은 수이면 같은 자료가 나옵니다")] = 1,
    replace: Annotated[bool, typer.Option("--replace", help="앞서 넣은 가상 자료를 바꿉니다")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="가상 자료를 지웁니다")] = False,
    json: AsJson = False,
) -> None:
    """빈 센터에 가상의 한 해를 넣습니다 (모든 화면에 '가상 자료'로 표시됩니다)"""
    from haedap.operations.demo_year import run_demo_year

    run_demo_year(profile=profile, seed=seed, replace=replace, remove=remove, json=json)


@app.command("fake-city", context_settings=_PASS_ON)
def fake_city(context: typer.Context) -> None:
    """시연용 가상 도시의 행정시스템을 엽니다 (run이 대신 해 줍니다)"""
    from haedap.operations.fake_city import main as fake_city_main

    fake_city_main(context.args)


@app.command(context_settings=_PASS_ON)
def prompts(context: typer.Context) -> None:
    """안내 음성을 만들거나 살핍니다"""
    from haedap.operations.prompts import main as prompts_main

    prompts_main(context.args)


@app.command(context_settings=_PASS_ON)
def audit(context: typer.Context) -> None:
    """기록 원장을 확인하거나(journal) 조회용 표를 새로 만듭니다(rebuild)"""
    from haedap.operations.audit import main as audit_main

    audit_main(context.args)


@app.command()
def archive(
    *,
    anew: Annotated[bool, typer.Option("--anew", help="보관소를 처음부터 새로 씁니다")] = False,
    json: AsJson = False,
) -> None:
    """통계용 보관소(Parquet)에 지난번 뒤로 바뀐 것을 옮깁니다"""
    _django("archive", *["--anew"] * anew, *["--json"] * json)


@app.command()
def yearbook(
    *,
    year: Annotated[int | None, typer.Option(help="연도: 2023")] = None,
    since: Annotated[str, typer.Option(help="첫날: 2023-01-01 (연도 대신)")] = "",
    until: Annotated[str, typer.Option(help="마지막 날: 2023-12-31 (연도 대신)")] = "",
    out: Annotated[Path | None, typer.Option(help="PDF와 HWPX를 쓸 폴더")] = None,
    documents: Annotated[bool, typer.Option("--documents", help="통계는 그대로 두고 문서만 다시 만듭니다")] = False,
    json: AsJson = False,
) -> None:
    """운영 연감을 만듭니다: haedap yearbook --year 2023 --out 폴더"""
    from haedap.operations.yearbook import run as make_yearbook

    make_yearbook(year, since, until, out, documents_only=documents, as_json=json)


@app.command()
def province(
    folders: Annotated[list[Path], typer.Argument(help="센터마다 하나씩, haedap archive가 만든 보관소 폴더")],
    *,
    year: Annotated[int | None, typer.Option(help="연도: 2023")] = None,
    since: Annotated[str, typer.Option(help="첫날: 2023-01-01 (연도 대신)")] = "",
    until: Annotated[str, typer.Option(help="마지막 날: 2023-12-31 (연도 대신)")] = "",
    json: AsJson = False,
) -> None:
    """여러 센터의 보관소를 함께 읽어 지표를 나란히 보입니다: haedap province --year 2023 가람시 누리군"""
    from haedap.operations.province import run as show_province

    show_province(folders, year, since, until, as_json=json)


@app.command(context_settings=_PASS_ON)
def terms(context: typer.Context) -> None:
    """민원의 처리기한을 법에 따라 셈합니다: haedap terms --received 2026-09-23T17:30 --term 5d"""
    from haedap.operations.terms import main as terms_main

    terms_main(context.args)


def _django(*arguments: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haedap.web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["haedap manage", *arguments])


def main() -> None:
    """Run the command; what is wrong with the world is said in one sentence, not in a traceback."""
    from haedap.config import ConfigError
    from haedap.operations import OperationsError
    from haedap.operations.usage import WrongUsageError, run_command

    _speak_korean(sys.stdout, sys.stderr)
    try:
        _refuse_what_is_no_text(sys.argv[1:])
        run_command(app, sys.argv[1:], "haedap")
    except WrongUsageError as error:
        _fail(str(error), error.status)
    except (ConfigError, OperationsError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        from haedap.operations.failures import sentence_for

        _fail(sentence_for(error))
    except Exception as error:
        from haedap.operations.failures import is_dead_database

        if not is_dead_database(error):
            raise
        _fail("데이터베이스가 응답하지 않습니다. make run으로 센터를 시작하거나 DATABASE_URL을 확인하십시오.")


def _refuse_what_is_no_text(arguments: list[str]) -> None:
    """Bytes that are no UTF-8 become halves of characters, which nobody can store, send or print."""
    from haedap.operations.usage import WrongUsageError

    for place, argument in enumerate(arguments, 1):
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise WrongUsageError(f"{place}번째 인자가 UTF-8이 아닙니다. 터미널의 글자 설정을 확인하십시오.") from None


def _speak_korean(*streams: TextIO) -> None:
    """An old locale must not make an error of an answer: one without Hangul gets UTF-8, one without a tick a `?`."""
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            try:
                "해답".encode(stream.encoding)
            except UnicodeEncodeError:
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="replace")


def _fail(sentence: str, status: int = 1) -> NoReturn:
    if sentence:
        print(f"해답: {sentence}", file=sys.stderr)  # noqa: T201 - the command's own voice
    sys.exit(status)
