"""The HTTP API. Every error is `{"message": a Korean sentence, "code": a word}`."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, RawPostDataException
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from haedap import __version__
from haedap.apps.accounts.api_auth import ADMINISTRATORS, RoleAuth
from haedap.apps.accounts.http import router as accounts
from haedap.apps.cases.http import router as cases
from haedap.apps.demo.http import router as demo
from haedap.apps.desk.citizens_http import router as citizens
from haedap.apps.desk.errors import DeskError
from haedap.apps.desk.http import router as desk
from haedap.apps.desk.lists import router as lists
from haedap.apps.desk.passing_http import router as passing
from haedap.apps.knowledge.http import router as knowledge
from haedap.apps.lookups.http import router as lookups
from haedap.apps.promises.http import router as promises
from haedap.apps.promises.message_http import router as written_messages
from haedap.apps.radar.http import router as radar
from haedap.apps.search.http import router as search
from haedap.apps.suggestions.http import router as suggestions
from haedap.apps.supervision.http import help_router as calls_for_help
from haedap.apps.supervision.http import router as supervision
from haedap.apps.transcripts.http import router as transcripts
from haedap.apps.wallboard.http import router as figures

api = NinjaAPI(
    title="Haedap",
    version=__version__,
    description="Session cookie and header X-CSRFToken. Errors: {message, code}.",
    auth=RoleAuth(ADMINISTRATORS),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
api.add_router("", accounts)
api.add_router("", lists)
api.add_router("/desk", desk)
api.add_router("/desk", citizens)
api.add_router("/desk", passing)
api.add_router("/desk", promises)
api.add_router("/desk", cases)
api.add_router("/desk", calls_for_help)
api.add_router("/desk", knowledge)
api.add_router("/desk", lookups)
api.add_router("/desk", radar)
api.add_router("/desk", search)
api.add_router("/desk", suggestions)
api.add_router("/desk", transcripts)
api.add_router("/supervision", supervision)
api.add_router("/messages", written_messages)
api.add_router("/demo", demo)
api.add_router("/figures", figures)

_MOST_PLACES, _LONGEST_PLACE = 5, 60
"""Of what was sent wrong, named in an answer: the sender may have made up any number of names of any length."""


def _answer(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    return api.create_response(request, {"message": message, "code": code}, status=status)


def _unreadable(request: HttpRequest, status: int) -> HttpResponse:
    return _answer(request, status, "unreadable", _("The request could not be read. Load the page anew."))


@api.exception_handler(AuthenticationError)
def _not_logged_in(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return _answer(request, 401, "not_logged_in", _("You are not logged in any more. Log in again to go on."))


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:
        if "CSRF" in str(error):
            return _answer(request, 403, "csrf", _("The page is out of date. Load it anew and try again."))
        return _answer(
            request, 403, "role", _("Your role does not include this. If you need it, ask an administrator.")
        )
    return _unreadable(request, error.status_code)


@api.exception_handler(RawPostDataException)
def _a_form(request: HttpRequest, _error: RawPostDataException) -> HttpResponse:
    """The check of the CSRF token has read it as a form already."""
    return _unreadable(request, 400)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = sorted({".".join(str(part) for part in item["loc"][1:])[:_LONGEST_PLACE] for item in error.errors})
    named = {"places": ", ".join(places[:_MOST_PLACES])}
    return _answer(request, 422, "invalid", _("This cannot be accepted as it is: %(places)s.") % named)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    return _answer(request, 404, "not_found", _("This is not there, or it is not yours to see."))


@api.exception_handler(DeskError)
def _desk_error(request: HttpRequest, error: DeskError) -> HttpResponse:
    return api.create_response(
        request, {"message": error.message, "code": error.code, **error.more}, status=error.status
    )
