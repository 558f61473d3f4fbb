"""The page on which citizens write when nobody answers. Without a log-in; closed unless the centre opens it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from haedap.apps.accounts import access
from haedap.apps.centre import api as centre
from haedap.apps.promises.message_forms import MessageForm, new_form_key
from haedap.apps.promises.message_keeping import Message, TooManyError, keep, queue_of_messages
from haedap.apps.promises.models import WrittenMessage


@access.allow(access.EVERYONE)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """문자 상담 신청"""
    queue = queue_of_messages()
    if queue is None or not centre.settings().message_page:
        return render(request, "promises/message_closed.html", {"number": centre.main_number()}, status=410)
    if request.method == "GET":
        return _page(request, MessageForm(initial={"key": new_form_key()}))
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, _again(form), status=400)
    message = Message(
        promise=form.cleaned_data["promise"],
        citizen=form.cleaned_data["number"],
        text=form.cleaned_data["text"],
        way=WrittenMessage.Way.PAGE,
        address=access.client_address(request),
    )
    try:
        keep(message, queue)
    except TooManyError:
        form.add_error(None, _("Several messages came from you within an hour. Please wait for our call, or call us."))
        return _page(request, _again(form), status=429)
    return redirect("message_sent")


@access.allow(access.EVERYONE)
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """What happens now."""
    return render(request, "promises/message_sent.html", {"number": centre.main_number()})


def _page(request: HttpRequest, form: MessageForm, status: int = 200) -> HttpResponse:
    return render(request, "promises/message.html", {"form": form, "number": centre.main_number()}, status=status)


def _again(form: MessageForm) -> MessageForm:
    """The same form with what was typed; with a new key when the old one is no good any more."""
    if form.is_stale:
        form.data = {**{name: str(form.data[name]) for name in form.data}, "key": new_form_key()}
    return form
