"""The pages of errors: drawn where the database may be what is broken, so they ask it nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from haedap.apps.accounts import sessions
from haedap.apps.offices.models import Department, Synonym
from haedap.web import views

Draw = Callable[[HttpRequest], HttpResponse]
PAGES: dict[str, Draw] = {
    "400": lambda request: views.bad_request(request, ValueError()),
    "403": lambda request: views.forbidden(request, PermissionError()),
    "403 of a form": views.csrf_failure,
    "404": lambda request: views.not_found(request, ValueError()),
    "405": lambda request: views.not_allowed(request, "POST"),
    "409": views.conflict,
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


HEADS = ["/login", "/contacts/", "/desk/", "/centre/", "/api/me", "/api/desk/away", "/logout", "/no-such-page"]


@pytest.mark.parametrize("path", HEADS)
def test_head_is_answered_as_get_without_the_body(path: str, logged_in: Callable[..., Client]) -> None:
    browser = logged_in("agent1")
    got, told = browser.get(path), browser.head(path)
    assert (told.status_code, told.content) == (got.status_code, b"")
    length = abs(int(told.headers["Content-Length"]) - int(got.headers["Content-Length"]))
    assert length < 20, "but for the token of each page's forms"
    assert told.headers["Content-Type"] == got.headers["Content-Type"]
    assert told.headers.get("Allow") == got.headers.get("Allow")


def test_head_of_a_page_leads_to_the_log_in(people: object) -> None:
    assert Client().head("/contacts/").headers["Location"] == Client().get("/contacts/").headers["Location"]


@pytest.mark.parametrize(("failure", "status"), [(OperationalError, 503), (ValueError, 500)])
def test_a_database_that_does_not_answer_is_told_from_a_fault(
    logged_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, failure: type[Exception], status: int
) -> None:
    def fail(*_arguments: object) -> None:
        raise failure

    browser = logged_in("agent1", raise_request_exception=False)
    monkeypatch.setattr(sessions, "is_idle", fail)
    assert browser.get("/contacts/").status_code == status
    answer = browser.get("/api/me")
    assert (answer.status_code, answer.json()["code"]) == (status, f"http_{status}")


def test_a_form_in_the_place_of_json_is_told_so(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("agent1", raise_request_exception=False, enforce_csrf_checks=True)
    token = browser.get("/api/me").json()["csrf"]
    answer = browser.post("/api/desk/sign-in", {"agent": "1"}, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


def test_a_nul_byte_is_the_senders_fault_wherever_it_stands(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("supervisor", raise_request_exception=False)
    answer = browser.post("/knowledge/missing/gap/1", {"article": "tax\x00"})
    assert answer.status_code == 400
    assert "다시" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "form", "model"),
    [
        ("/offices/synonyms/", {"said": "물세", "means": "수도요금"}, Synonym),
        ("/offices/new", {"name": "수도과", "position": "0", "active": "on"}, Department),
    ],
)
def test_of_two_same_forms_at_once_the_second_is_told_so(
    logged_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, path: str, form: dict[str, str], model: type[Any]
) -> None:
    browser = logged_in("supervisor")
    # Both have passed the check before either is saved.
    monkeypatch.setattr(model, "validate_unique", lambda *_args, **_more: None)
    monkeypatch.setattr(model, "validate_constraints", lambda *_args, **_more: None)
    assert browser.post(path, form).status_code == 302
    answer = browser.post(path, form)
    assert answer.status_code == 409
    assert "한 번만 저장되었습니다" in answer.content.decode()
    assert model.objects.filter(**{name: form[name] for name in form.keys() & {"said", "name"}}).count() == 1
