"""Addresses. Each app has its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import JavaScriptCatalog

from haedap.apps.accounts import access
from haedap.web.http_api import api

handler400 = "haedap.web.views.bad_request"
handler403 = "haedap.web.views.forbidden"
handler404 = "haedap.web.views.not_found"
handler500 = "haedap.web.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("haedap.apps.accounts.urls")),
    path("", include("haedap.apps.desk.urls")),
    path("", include("haedap.apps.demo.urls")),
    path("", include("haedap.apps.briefs.urls")),
    path("", include("haedap.apps.cases.urls")),
    path("", include("haedap.apps.directory.urls")),
    path("", include("haedap.apps.effect.urls")),
    path("", include("haedap.apps.suggestions.urls")),
    path("", include("haedap.apps.promises.urls")),
    path("", include("haedap.apps.reports.urls")),
    path("", include("haedap.apps.radar.urls")),
    path("", include("haedap.apps.contacts.urls")),
    path("", include("haedap.apps.knowledge.urls")),
    path("", include("haedap.apps.supervision.urls")),
    path("", include("haedap.apps.wallboard.urls")),
    path("", include("haedap.apps.yearbook.urls")),
    path("centre/look-ups/", include("haedap.apps.lookups.urls")),
    path("centre/", include("haedap.apps.centre.urls")),
    path("offices/", include("haedap.apps.offices.urls")),
    path("jsi18n/", access.allow(access.EVERYONE)(JavaScriptCatalog.as_view()), name="jsi18n"),
    path("api/", api.urls),
]
