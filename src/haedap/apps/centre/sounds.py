"""What becomes of the prompts' sounds: the worker makes them, takes uploaded ones, and tells it here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from haedap.apps.centre.models import Prompt


def texts() -> dict[str, str]:
    """What is to be spoken, by the prompts' keys."""
    return dict(Prompt.objects.values_list("key", "text"))


def spoken(failed: Mapping[str, str], own: Collection[str]) -> None:
    """Every text has its sound, but for `failed` (what is in the way, by key); `own` have a recording of their own."""
    for prompt in Prompt.objects.all():
        problem = failed.get(prompt.pk, "" if not prompt.uploaded else prompt.problem)
        if prompt.problem != problem:
            Prompt.objects.filter(pk=prompt.pk).update(problem=problem)
    Prompt.objects.filter(pk__in=own, uploaded=False).update(uploaded=True)


def upload_waits(key: str, file: str) -> bool:
    """Whether `file` is still what is to be taken for the prompt."""
    return Prompt.objects.filter(pk=key, upload=file).exists()


def upload_taken(key: str, file: str) -> None:
    """The prompt's sound is the uploaded one now, unless another file was uploaded meanwhile."""
    waiting = Prompt.objects.filter(pk=key, upload=file)
    waiting.update(upload="", problem="", uploaded=True, file=f"{key}.wav")


def upload_refused(key: str, file: str, problem: str) -> None:
    """The file was not taken; its `problem` stands at the prompt."""
    Prompt.objects.filter(pk=key, upload=file).update(upload="", problem=problem)


def upload_dropped(key: str) -> None:
    """The prompt has no recording of its own any more."""
    Prompt.objects.filter(pk=key).update(uploaded=False, problem="", file="")
