"""The citizen's telephone in a browser. In a real centre it is not there at all."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from haedap.apps.accounts import access


@access.allow(access.EVERYONE)
@ensure_csrf_cookie
@require_GET
def phone(request: HttpRequest) -> HttpResponse:
    """시민 전화"""
    if not settings.HAEDAP.demo:
        raise Http404
    return render(request, "demo/phone.html")
