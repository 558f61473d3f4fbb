"""`python -m haedap.operations.prepare`: brings the database up to date, fills empty lists, peoples the demo or
closes it, and makes the prompts.

One process for all of it, because starting Django costs more than the work when there is nothing to do.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress

from django.db import DatabaseError, OperationalError

from haedap.channels.voice.prompts import PromptError
from haedap.config import ConfigError, Settings, get_settings
from haedap.operations import OperationsError
from haedap.operations.database import reason_in
from haedap.operations.prompts import speak_all


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haedap.web.settings")
    import django
    from django.core.management import call_command

    settings = get_settings()
    django.setup()
    _refuse_newer_database()
    call_command("migrate", verbosity=1, interactive=False)
    _refuse_silent_search()
    call_command("put_starting_set")
    call_command("put_offices")
    call_command("put_lookups")
    if settings.demo:
        call_command("seed_demo")
        call_command("load_articles", "--demo")
    else:
        _close_demo()
    _speak(settings)


def _close_demo() -> None:
    """Everybody knows the passwords of a demonstration that was tried in the same state folder before."""
    from haedap.apps.demo.closing import close_public_accounts

    if closed := close_public_accounts():
        print(f"비밀번호가 공개된 시연 계정 {closed}개의 로그인을 껐습니다.")  # noqa: T201 - for prepare.log


def _refuse_newer_database() -> None:
    """Django would say nothing, and this program would write tables whose rules it does not know."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    known = {*loader.disk_migrations, *(key for each in loader.disk_migrations.values() for key in each.replaces)}
    unknown = sorted(key for key in loader.applied_migrations if key[0] in loader.migrated_apps and key not in known)
    if unknown:
        raise OperationsError(
            f"이 데이터베이스는 더 새로운 판의 것입니다({'.'.join(unknown[0])}). 바꾸지 않았습니다. "
            "프로그램을 그 판으로 올리거나, 올리기 전의 백업에서 되살리십시오."
        )


def _refuse_silent_search() -> None:
    """With a wrong locale PostgreSQL finds no trigrams in Hangul, and every search would silently find nothing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(show_trgm('가로등'))")
        (found,) = cursor.fetchone()
    if not found:
        raise OperationsError(
            "데이터베이스가 한글을 찾지 못합니다. 로캘을 C.UTF-8이나 ko_KR.UTF-8로 하여 데이터베이스를 다시 만드십시오."
        )


def _speak(settings: Settings) -> None:
    """The first citizen hears them, too. What fails is tried again by the worker, which notes it with the prompt."""
    with suppress(PromptError):
        speak_all(settings)


if __name__ == "__main__":
    try:
        main()
    except (ConfigError, OperationsError) as error:
        sys.exit(str(error))
    except OperationalError as error:
        traceback.print_exc()
        sys.exit(f"데이터베이스에 연결할 수 없습니다({reason_in(error)}).")
    except DatabaseError as error:
        traceback.print_exc()
        # What follows the first line points into a statement.
        sys.exit(f"데이터베이스가 거절했습니다({str(error).strip().partition(chr(10))[0]}).")
