"""The pages of the directory for supervisors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haedap.analytics.directory.finding import WEIGHTS
from haedap.analytics.directory.quarters import Quarter
from haedap.apps.accounts import access
from haedap.apps.accounts.views import account_of
from haedap.apps.centre import api as centre
from haedap.apps.contacts import api as contacts
from haedap.apps.directory import editing, wording
from haedap.apps.directory.asking import ask_for, is_being_made
from haedap.apps.directory.choosing import before, content_of
from haedap.apps.directory.errors import DirectoryError
from haedap.apps.directory.files import FORMS, MARKS, file_name
from haedap.apps.directory.forms import AddForm, EntryForm, GroupForm, MakeForm, label_of
from haedap.apps.directory.groups import put_groups
from haedap.apps.directory.models import DirectoryGroup, Edition, Entry
from haedap.apps.directory.paper import paper_of
from haedap.web.documents import DocumentError


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def directory(request: HttpRequest) -> HttpResponse:
    """생활 안내 전화번호부: the editions, and a form that has one made."""
    latest = Edition.objects.first()
    form = MakeForm(request.POST or None, initial={"count": latest.count} if latest else None)
    if request.method == "POST" and form.is_valid():
        return _ask(request, form.cleaned_data["quarter"], form.cleaned_data["count"])
    editions = [(edition, label_of(edition.of)) for edition in Edition.objects.select_related("published_by")]
    context = {"form": form, "editions": editions}
    return render(request, "directory/list.html", context, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_GET
def edition(request: HttpRequest, quarter: str) -> HttpResponse:
    """One edition: what is to be settled, what changed, what stands in it, and its files."""
    return _page(request, _found(quarter), AddForm())


@access.allow(access.SUPERVISORS)
@require_POST
def look_again(request: HttpRequest, quarter: str) -> HttpResponse:
    """Have the numbers looked for anew."""
    found = _found(quarter)
    return _ask(request, found.of, found.count)


@access.allow(access.SUPERVISORS)
@require_POST
def add(request: HttpRequest, quarter: str) -> HttpResponse:
    """A number that a person wants in."""
    found = _found(quarter)
    form = AddForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        with transaction.atomic():
            editing.add(found, **form.cleaned_data)
            _log(request, "directory.changed", quarter=quarter, how="added")
    except DirectoryError as error:
        form.add_error("number", str(error))
        return _page(request, found, form, status=400)
    messages.success(request, _("Saved."))
    return redirect("directory_edition", quarter=quarter)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def entry(request: HttpRequest, quarter: str, entry: int) -> HttpResponse:
    """What is printed of one entry."""
    if request.method == "POST":
        Edition.objects.select_for_update().filter(quarter=quarter).first()  # as all that changes an entry
    found = _entry(quarter, entry)
    form = EntryForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            with editing.draft(found.edition):
                form.save()

        return _done(request, quarter, "edited", found.pk, save)
    context = {"form": form, "entry": found, "edition": found.edition, "label": label_of(found.edition.of)}
    return render(request, "directory/entry.html", context, status=400 if form.errors else 200)


@access.allow(access.SUPERVISORS)
@require_POST
def act(request: HttpRequest, quarter: str, entry: int, step: str) -> HttpResponse:
    """One button of one entry."""
    found = _entry(quarter, entry)
    if step not in editing.ACTS:
        raise Http404
    return _done(request, quarter, step, found.pk, lambda: editing.ACTS[step](found))


@access.allow(access.SUPERVISORS)
@require_POST
def publish(request: HttpRequest, quarter: str) -> HttpResponse:
    """Citizens may see it."""
    found = _found(quarter)
    return _done(request, quarter, "published", None, lambda: editing.publish(found, account_of(request).pk))


@access.allow(access.SUPERVISORS)
@require_POST
def take_back(request: HttpRequest, quarter: str) -> HttpResponse:
    """Citizens see the one before it."""
    found = _found(quarter)
    return _done(request, quarter, "taken back", None, lambda: editing.take_back(found))


@access.allow(access.SUPERVISORS)
@require_GET
def file(request: HttpRequest, quarter: str, form: str) -> HttpResponse:
    """The edition in one of its forms. What has a problem is not in it."""
    found = _found(quarter)
    if form not in FORMS:
        raise Http404
    try:
        data = FORMS[form].write(paper_of(found))
    except DocumentError as error:
        messages.error(request, str(error))
        return redirect("directory_edition", quarter=quarter)
    return download(data, form, found)


def download(data: bytes, form: str, edition: Edition) -> HttpResponse:
    """The answer that hands over a file."""
    name = file_name(edition.quarter, form)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=FORMS[form].media_type, headers=headers)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
def groups(request: HttpRequest) -> HttpResponse:
    """The parts of daily life, and a form for one more."""
    put_groups()
    form = GroupForm(request.POST or None, instance=DirectoryGroup(key=f"own-{timezone.now():%y%m%d%H%M%S%f}"[:20]))
    return _group_saved(request, form, None)


@access.allow(access.SUPERVISORS)
@require_http_methods(["GET", "POST"])
@transaction.atomic
def group(request: HttpRequest, group: int) -> HttpResponse:
    """One of them."""
    rows = DirectoryGroup.objects.select_for_update() if request.method == "POST" else DirectoryGroup.objects
    found = get_object_or_404(rows, pk=group)
    return _group_saved(request, GroupForm(request.POST or None, instance=found), found)


@access.allow(access.SUPERVISORS)
@require_POST
def group_remove(request: HttpRequest, group: int) -> HttpResponse:
    """Its entries are printed under the further numbers, until they are looked for anew."""
    found = get_object_or_404(DirectoryGroup, pk=group)
    found.delete()
    _log(request, "directory.changed", group=group, how="removed")
    messages.success(request, _("Removed."))
    return redirect("directory_groups")


def _group_saved(request: HttpRequest, form: GroupForm, group: DirectoryGroup | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        _log(request, "directory.changed", group=saved.pk, how="saved")
        messages.success(request, _("Saved."))
        return redirect("directory_groups")
    context = {"form": form, "group": group, "groups": DirectoryGroup.objects.all()}
    return render(request, "directory/groups.html", context, status=400 if form.errors else 200)


def _ask(request: HttpRequest, quarter: Quarter, count: int) -> HttpResponse:
    try:
        ask_for(quarter, count, timezone.now())
    except DirectoryError as error:
        messages.error(request, str(error))
        return redirect("directory")
    _log(request, "directory.changed", quarter=str(quarter), how="looked for")
    return redirect("directory_edition", quarter=str(quarter))


def _done(request: HttpRequest, quarter: str, how: str, entry: int | None, act: Any) -> HttpResponse:
    try:
        with transaction.atomic():
            act()
            _log(request, "directory.changed", quarter=quarter, how=how, **({"entry": entry} if entry else {}))
    except DirectoryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("directory_edition", quarter=quarter)


def _page(request: HttpRequest, found: Edition, form: AddForm, status: int = 200) -> HttpResponse:
    content = content_of(found)
    earlier = before(found)
    context = {
        "content": content,
        "edition": found,
        "synthetic": found.synthetic or centre.synthetic(),
        "label": label_of(found.of),
        "before": label_of(earlier.of) if earlier else "",
        "making": is_being_made(found, timezone.now()),
        "problems": [
            (entry, *wording.problem(content.problems[entry.key], entry))
            for entry in content.chosen
            if entry.key in content.problems
        ],
        "changes": [wording.change(change) for change in content.changes if not change.places],
        "moves": [wording.change(change) for change in content.changes if change.places],
        "sources": [
            (wording.SOURCES[source], wording.MEANINGS[source], weight / 10) for source, weight in WEIGHTS.items()
        ],
        "form": form,
        "forms": [(key, form) for key, form in FORMS.items() if not key.endswith(MARKS)],
    }
    return render(request, "directory/edition.html", context, status=status)


def _found(quarter: str) -> Edition:
    return get_object_or_404(Edition, quarter=quarter)


def _entry(quarter: str, entry: int) -> Entry:
    return get_object_or_404(Entry.objects.select_related("edition", "found_group"), pk=entry, edition__quarter=quarter)


def _log(request: HttpRequest, action: str, **detail: Any) -> None:
    contacts.log_access(action, account=account_of(request).pk, address=access.client_address(request), detail=detail)
