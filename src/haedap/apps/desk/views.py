"""The page of the desk; everything on it comes by the API and the WebSocket."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from haedap.apps.accounts import access


@access.allow(access.AGENTS)
@ensure_csrf_cookie
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """상담 화면"""
    return render(request, "desk/desk.html")
