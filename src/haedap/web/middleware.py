"""What every request passes: HEAD, the idle clock, and the check of the role."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from haedap.apps.accounts import access, sessions
from haedap.apps.accounts.api import Account
from haedap.apps.contacts import api as contacts
from haedap.web import views

View = Callable[..., HttpResponseBase]


class HeadMiddleware(MiddlewareMixin):
    """Answers HEAD as GET without the body (RFC 9110, 9.3.2), so that views need not know of it. The outermost one."""

    def process_request(self, request: HttpRequest) -> None:
        """What is asked for stays in `META`."""
        if request.method == "HEAD":
            request.method = "GET"

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The head tells the length of the body that GET would have brought."""
        if request.META["REQUEST_METHOD"] != "HEAD":
            return response
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = _nothing() if response.is_async else ()
        elif isinstance(response, HttpResponse):
            response.content = b""
        return response


async def _nothing() -> AsyncIterator[bytes]:
    for block in list[bytes]():
        yield block


class SessionMiddleware(DjangoSessionMiddleware):
    """A page that goes on asking after its log-in has ended takes the browser's cookie from nobody.

    Its answer may come after the person has logged in again in another window, and would end that log-in. What a dead
    cookie names is gone already, and a living one the browser has; who logs in or out does so by a page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Django deletes the cookie of an empty session, and sends that of a changed one once more."""
        response = super().process_response(request, response)
        if access.is_api(request.path):
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response


class IdleMiddleware(MiddlewareMixin):
    """Logs out who has been idle for too long; every other request of a person restarts the clock."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        """Loads `request.user` too, so that async views may read it."""
        if not isinstance(request.user, Account) or not request.user.is_authenticated:
            return None
        if not sessions.is_idle(request.session, request.user):
            sessions.touch(request.session)
            return None
        contacts.log_access("session.idle", account=request.user.pk, address=access.client_address(request))
        logout(request)
        if not access.is_api(request.path):
            messages.info(request, _("You were logged out because you were idle. Log in again to go on."))
        return None


class AccessMiddleware(MiddlewareMixin):
    """Lets a request reach its view only if the view says that this role may. A view that says nothing is closed."""

    def process_view(
        self, request: HttpRequest, view: View, _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if access.is_api(request.path):
            return None  # each operation has its own check, see haedap.apps.accounts.api_auth
        allowed = access.declared(view)
        if allowed is access.EVERYONE:
            return None
        if not isinstance(request.user, Account):
            # What a form sent is gone, and its address is none to come back to.
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if allowed is None or request.user.role not in allowed:
            raise PermissionDenied
        if request.user.must_change_password and not access.allows_old_password(view):
            return redirect("password")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A NUL byte in an address or a form is the sender's fault: PostgreSQL takes none.

        Of two who save the same at once, as by a double click, both are let through by their form's check.
        """
        if isinstance(exception, IntegrityError) and isinstance(exception.__cause__, UniqueViolation):
            return views.conflict(request)
        if isinstance(exception, DataError | ValueError) and _has_nul(request):
            return views.bad_request(request, exception)
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Pages hold personal data: no browser or proxy may keep a copy."""
        if isinstance(response, HttpResponseNotAllowed):
            response = views.not_allowed(request, response.headers["Allow"])  # Django's own is a white page
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _has_nul(request: HttpRequest) -> bool:
    texts = (text for sent in (request.GET, request.POST) for _name, values in sent.lists() for text in values)
    return any("\x00" in text for text in texts)
