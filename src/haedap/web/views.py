"""Error pages: what happened and what to do, in Korean, for people and for programs."""

from __future__ import annotations

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from haedap.apps.accounts import access


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's protocol
    """400"""
    return _answer(request, 400, _("The request could not be read"), _("Go back, check what you typed, and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's protocol
    """403"""
    sentence = _("Your role does not include this page. If you need it for your work, ask an administrator.")
    return _answer(request, 403, _("You may not open this page"), sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's protocol
    """403 when a form comes without its token."""
    sentence = _("The form was open for too long or cookies are off. Go back, load the page anew, and send it again.")
    return _answer(request, 403, _("The form could not be accepted"), sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's protocol
    """404"""
    return _answer(request, 404, _("There is no such page"), _("Check the address, or begin at the start page."))


def not_allowed(request: HttpRequest, methods: str) -> HttpResponse:
    """405; `methods`: those that are, as the header Allow names them."""
    sentence = _("There is nothing to see at this address by itself. Begin at the start page.")
    answer = _answer(request, 405, _("This page cannot be opened like that"), sentence)
    answer.headers["Allow"] = methods
    return answer


def conflict(request: HttpRequest) -> HttpResponse:
    """409 when the same was saved between the form's check and its own saving."""
    sentence = _(
        "The same was sent twice, or somebody else saved it at this moment: it is kept once. Look whether it is there"
        " before you send it again."
    )
    return _answer(request, 409, _("This has just been saved already"), sentence)


def too_large(request: HttpRequest) -> HttpResponse:
    """413"""
    sentence = _("What was sent is too large. Choose a smaller file and send it again.")
    return _answer(request, 413, _("Too much was sent at once"), sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 when the database is away, or has more to do than it can."""
    sentence = _("Nothing that was saved is lost. Try again in a moment; if it goes on, tell the administrator when.")
    if isinstance(sys.exc_info()[1], OperationalError):
        return _answer(request, 503, _("The centre's database does not answer at the moment"), sentence)
    return _answer(request, 500, _("Something went wrong in the centre's software"), sentence)


def _answer(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    if access.is_api(request.path):
        return JsonResponse({"message": sentence, "code": f"http_{status}"}, status=status)
    # Django draws these pages in a thread whose database connection nobody would close: they ask the database nothing.
    context = {"title": title, "sentence": sentence, "centre_name": "", "synthetic": ""}
    return render(request, "error.html", context, status=status)
