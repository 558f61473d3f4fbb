"""`haedap demo year`: the management command of this name, whose sentences are those of `haedap`."""

from __future__ import annotations

import os

from haedap.operations import OperationsError


def run_demo_year(**options: str | int | bool) -> None:
    """Write a synthetic year into the centre or take it out. Raises OperationsError with a Korean sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haedap.web.settings")
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    try:
        call_command("demo_year", **options)
    except CommandError as error:
        raise OperationsError(str(error)) from error
