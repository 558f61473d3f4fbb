"""상담유형: the tree that agents choose from. What a record has is switched off, never removed."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.apps.accounts import access
from haedap.apps.centre.forms import TopicForm
from haedap.apps.centre.views import logged
from haedap.apps.contacts import topic_tree
from haedap.apps.contacts.api import Topic

_STEPS = {"up": -1, "down": 1}


@access.allow(access.ADMINISTRATORS)
@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """The whole tree."""
    return render(request, "centre/topics.html", {"branches": topic_tree.branches(), "most": topic_tree.MOST_LEVELS})


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def add(request: HttpRequest) -> HttpResponse:
    """A new topic; `below` names the one above it."""
    if request.method == "POST":
        topic_tree.lock()
    below = request.GET.get("below", "")
    above = Topic.objects.filter(pk=int(below)).first() if below.isdecimal() and len(below) < 10 else None
    return _edit(request, Topic(parent=above))


@access.allow(access.ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def edit(request: HttpRequest, topic: int) -> HttpResponse:
    """Its name, its place, whether it is in use."""
    if request.method == "POST":
        topic_tree.lock()
    return _edit(request, get_object_or_404(Topic, pk=topic))


@access.allow(access.ADMINISTRATORS)
@require_POST
@transaction.atomic
def move(request: HttpRequest, topic: int) -> HttpResponse:
    """One place up or down among those beside it."""
    topic_tree.lock()
    found = get_object_or_404(Topic, pk=topic)
    step = _STEPS.get(request.POST.get("step", ""))
    if step is not None:
        topic_tree.move(found, step)
        logged(request, "topics", found.code, "moved")
    return redirect(f"/centre/topics/#topic-{found.pk}")


@access.allow(access.ADMINISTRATORS)
@require_POST
@transaction.atomic
def remove(request: HttpRequest, topic: int) -> HttpResponse:
    """Take out what no record has and nothing stands below."""
    topic_tree.lock()
    found = get_object_or_404(Topic, pk=topic)
    if topic_tree.is_used(found):
        messages.error(request, _("Records have this topic, so it stays. Switch it off instead."))
        return redirect("topic", topic=topic)
    if found.children.exists():
        messages.error(request, _("Other topics stand below this one. Move or remove them first."))
        return redirect("topic", topic=topic)
    logged(request, "topics", found.code, "removed")
    found.delete()
    messages.success(request, _("Removed."))
    return redirect("topics")


def _edit(request: HttpRequest, topic: Topic) -> HttpResponse:
    new = topic.pk is None
    form = TopicForm(request.POST if request.method == "POST" else None, instance=topic)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        logged(request, "topics", saved.code, "added" if new else "changed")
        messages.success(request, _("Saved."))
        return redirect("topics")
    context = {"form": form, "topic": None if new else topic, "used": not new and topic_tree.is_used(topic)}
    return render(request, "centre/topic.html", context, status=400 if form.errors else 200)
