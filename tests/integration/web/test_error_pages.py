"""The pages of errors: drawn where the database may be what is broken, so they ask it nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from haedap.web import views

Draw = Callable[[HttpRequest], HttpResponse]
PAGES: dict[str, Draw] = {
    "400": lambda request: views.bad_request(request, ValueError()),
    "403": lambda request: views.forbidden(request, PermissionError()),
    "403 of a form": views.csrf_failure,
    "404": lambda request: views.not_found(request, ValueError()),
    "405": lambda request: views.not_allowed(request, "POST"),
    "413": views.too_large,
    "500": views.server_error,
}


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_an_error_is_told_without_the_database(page: str, django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/contacts/")
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        answer = PAGES[page](request)
    assert answer.status_code == int(page[:3])
    assert "<h1" in answer.content.decode()
