"""The rules of one queue that are lists: where its contacts go, and who else may serve them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haedap.apps.accounts import access
from haedap.apps.centre.models import Queue, QueueOverflow, QueueWidening
from haedap.apps.centre.queue_forms import OverflowForm, WideningForm, rule_forms
from haedap.apps.centre.sections import SECTIONS
from haedap.apps.centre.views import changed


@access.allow(access.ADMINISTRATORS)
@require_POST
def add_overflow(request: HttpRequest, pk: str) -> HttpResponse:
    """One more way out of the queue."""
    queue = get_object_or_404(Queue, pk=pk)
    return _add(request, queue, "overflow_form", OverflowForm(request.POST, instance=QueueOverflow(queue=queue)))


@access.allow(access.ADMINISTRATORS)
@require_POST
def add_widening(request: HttpRequest, pk: str) -> HttpResponse:
    """One more skill that serves the queue after a while."""
    queue = get_object_or_404(Queue, pk=pk)
    return _add(request, queue, "widening_form", WideningForm(request.POST, instance=QueueWidening(queue=queue)))


@access.allow(access.ADMINISTRATORS)
@require_POST
def remove_overflow(request: HttpRequest, pk: str, rule: int) -> HttpResponse:
    """One less."""
    return _remove(request, pk, get_object_or_404(QueueOverflow, pk=rule, queue=pk))


@access.allow(access.ADMINISTRATORS)
@require_POST
def remove_widening(request: HttpRequest, pk: str, rule: int) -> HttpResponse:
    """One less."""
    return _remove(request, pk, get_object_or_404(QueueWidening, pk=rule, queue=pk))


def _add(request: HttpRequest, queue: Queue, name: str, form: ModelForm[Any]) -> HttpResponse:
    if not form.is_valid():
        section = SECTIONS["queues"]
        context = {"section": section, "form": section.form(instance=queue), "row": queue}
        return render(request, section.editor, context | rule_forms(queue) | {name: form}, status=400)
    with transaction.atomic():
        form.save()
        changed(request, "queues", queue.pk, "changed")
    messages.success(request, _("Saved."))
    return redirect("centre_edit", key="queues", pk=queue.pk)


def _remove(request: HttpRequest, queue: str, rule: QueueOverflow | QueueWidening) -> HttpResponse:
    with transaction.atomic():
        rule.delete()
        changed(request, "queues", queue, "changed")
    messages.success(request, _("Removed."))
    return redirect("centre_edit", key="queues", pk=queue)
