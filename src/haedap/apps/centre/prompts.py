"""안내 음성: texts that the centre's voice speaks, or recordings of one's own.

The web only keeps the text and the uploaded file; the worker makes the sound (see `haedap.worker`) and reports.
"""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from procrastinate.contrib.django import app

from haedap.apps.accounts import access
from haedap.apps.centre import api
from haedap.apps.centre.forms import PromptForm, UploadForm
from haedap.apps.centre.models import Prompt
from haedap.apps.centre.views import changed

PROBLEMS = {
    "not_wav": gettext_lazy("This is not a WAV file. Save the recording as WAV and upload it again."),
    "empty": gettext_lazy("The file has no sound in it. Record it again."),
    "too_large": gettext_lazy("The file is too large. Choose a shorter recording."),
    "too_long": gettext_lazy("The recording is too long for an announcement. Shorten it."),
    "silent": gettext_lazy("The recording is silent. Check the microphone and record it again."),
    "broken": gettext_lazy("The file is damaged. Export it again and upload that."),
    "nothing_to_say": gettext_lazy("The text has nothing that can be spoken. Write a Korean sentence."),
    "text_too_long": gettext_lazy("The text is too long to be spoken. Shorten it or split it."),
    "no_program": gettext_lazy("The voice is not installed. Tell the administrator of the machine to run the set-up."),
    "voice_failed": gettext_lazy("The voice could not speak this text. Change it a little and save again."),
    "no_folder": gettext_lazy("The folder of the prompts cannot be written. Tell the administrator of the machine."),
}


@access.allow(access.ADMINISTRATORS)
@require_GET
def prompts(request: HttpRequest) -> HttpResponse:
    """All of them, to read and to hear."""
    rows = [
        {"prompt": prompt, "sound": _sound_of(prompt) is not None, "problem": _problem(prompt)}
        for prompt in Prompt.objects.all()
    ]
    return render(request, "centre/prompts.html", {"rows": rows})


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new text."""
    return _edit(request, Prompt())


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def prompt(request: HttpRequest, pk: str) -> HttpResponse:
    """One text."""
    rows = Prompt.objects.select_for_update() if request.method == "POST" else Prompt.objects
    return _edit(request, get_object_or_404(rows, pk=pk))


@access.allow(access.ADMINISTRATORS)
@require_POST
def upload(request: HttpRequest, pk: str) -> HttpResponse:
    """A recording of one's own; the worker takes it or says why not."""
    found = get_object_or_404(Prompt, pk=pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, PromptForm(instance=found), form, status=400)
    name = _keep(form.cleaned_data["file"])
    with transaction.atomic():
        Prompt.objects.filter(pk=pk).update(upload=name, problem="", updated_at=timezone.now())
        changed(request, "prompts", pk, "uploaded")
        app.configure_task("prompts.take_upload").defer(key=pk, file=name)
    messages.success(request, _("The recording is being prepared. Load this page again in a moment."))
    return redirect("prompt", pk=pk)


@access.allow(access.ADMINISTRATORS)
@require_POST
def drop_upload(request: HttpRequest, pk: str) -> HttpResponse:
    """Back to the centre's voice."""
    get_object_or_404(Prompt, pk=pk)
    with transaction.atomic():
        changed(request, "prompts", pk, "upload dropped")
        app.configure_task("prompts.drop_upload").defer(key=pk)
    messages.success(request, _("The voice will speak the text again. Load this page again in a moment."))
    return redirect("prompt", pk=pk)


@access.allow(access.ADMINISTRATORS)
@require_POST
def remove(request: HttpRequest, pk: str) -> HttpResponse:
    """Take it away, unless a flow says it."""
    found = get_object_or_404(Prompt, pk=pk)
    users = api.flows_naming("prompts", pk)
    if users:
        messages.error(request, _("It is still used by: %(users)s. Change that first.") % {"users": ", ".join(users)})
        return redirect("prompt", pk=pk)
    with transaction.atomic():
        found.delete()
        changed(request, "prompts", pk, "removed")
    messages.success(request, _("Removed."))
    return redirect("prompts")


@access.allow(access.ADMINISTRATORS)
@require_GET
def sound(request: HttpRequest, pk: str) -> HttpResponse:  # noqa: ARG001 - a view
    """The WAV."""
    path = _sound_of(get_object_or_404(Prompt, pk=pk))
    if path is None:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="audio/wav")


def _edit(request: HttpRequest, row: Prompt) -> HttpResponse:
    new = not row.pk
    form = PromptForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method != "POST" or not form.is_valid():
        return _page(request, None if new else row, form, UploadForm(), status=400 if form.errors else 200)
    with transaction.atomic():
        row.updated_at = timezone.now()
        saved = form.save()
        changed(request, "prompts", saved.pk, "added" if new else "changed")
        app.configure_task("prompts.speak").defer()
    messages.success(request, _("Saved. The voice speaks the new text in a moment."))
    return redirect("prompt", pk=saved.pk)


def _page(
    request: HttpRequest, row: Prompt | None, form: PromptForm, upload_form: UploadForm, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "upload_form": upload_form,
        "prompt": row,
        "sound": row is not None and _sound_of(row) is not None,
        "problem": _problem(row) if row else "",
    }
    return render(request, "centre/prompt.html", context, status=status)


def _problem(row: Prompt) -> str:
    return str(PROBLEMS.get(row.problem, row.problem))


def _sound_of(row: Prompt) -> Path | None:
    """Its file; for one with a number in it, that with the number 1."""
    folder = settings.HAEDAP.prompts
    paths = (folder / f"{row.pk}.wav", folder / f"{row.pk}.1.wav")
    return next((path for path in paths if path.is_file()), None)


def _keep(file: UploadedFile[bytes]) -> str:
    """Write the upload aside under a name of our own; returns the name."""
    folder = settings.HAEDAP.state / "uploads"
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    name = f"{uuid4().hex}.wav"
    with (folder / name).open("wb") as target:
        for block in file.chunks():
            target.write(block)
    return name
