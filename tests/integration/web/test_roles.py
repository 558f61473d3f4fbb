"""Every address and every API operation × every role and a stranger. What is new and not in the tables here fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from haedap.apps.accounts import access
from haedap.apps.accounts.models import Account
from haedap.web.http_api import api
from haedap.web.middleware import AccessMiddleware

EVERYONE = frozenset({"everyone"})
SIGNED_IN = frozenset({"agent", "supervisor", "administrator"})
AGENTS = frozenset({"agent"})
SUPERVISORS = frozenset({"supervisor", "administrator"})
ADMINISTRATORS = frozenset({"administrator"})

PAGES = {
    "": SIGNED_IN,
    "login": EVERYONE,
    "logout": SIGNED_IN,
    "password": SIGNED_IN,
    "desk/": AGENTS,
    "demo/phone": EVERYONE,
    "jsi18n/": EVERYONE,
    "b/<str:token>": EVERYONE,
    "b/<str:token>/answer": EVERYONE,
    "c/<str:token>": EVERYONE,
    "c/<str:token>/<slug:step>": EVERYONE,
    "cases/": SUPERVISORS,
    "cases/cases.csv": SUPERVISORS,
    "cases/<uuid:case>/": SIGNED_IN,
    "cases/<uuid:case>/told": SIGNED_IN,
    "cases/<uuid:case>/withdraw": SUPERVISORS,
    "promises/": SIGNED_IN,
    "promises/promises.csv": SUPERVISORS,
    "promises/<uuid:promise>/": SIGNED_IN,
    "promises/<uuid:promise>/listen": SIGNED_IN,
    "promises/<uuid:promise>/call-now": SIGNED_IN,
    "promises/<uuid:promise>/put-off": SIGNED_IN,
    "promises/<uuid:promise>/give": SIGNED_IN,
    "promises/<uuid:promise>/settle": SIGNED_IN,
    "radar/": SUPERVISORS,
    "radar/<int:alarm>/": SUPERVISORS,
    "radar/<int:alarm>/<slug:step>": SUPERVISORS,
    "radar/pins/new": SUPERVISORS,
    "radar/pins/<int:pin>/off": SUPERVISORS,
    "radar/contacts/<uuid:contact>": SIGNED_IN,
    "message": EVERYONE,
    "message/sent": EVERYONE,
    "wallboard/": SIGNED_IN,
    "wallboard/figures/<slug:key>/": SUPERVISORS,
    "contacts/": SIGNED_IN,
    "contacts/search": SIGNED_IN,
    "contacts/<uuid:contact>/": SIGNED_IN,
    "contacts/<uuid:contact>/listen": SIGNED_IN,
    "contacts/<uuid:contact>/citizen": SIGNED_IN,
    "citizens/<int:citizen>/": SIGNED_IN,
    "citizens/<int:citizen>/same/": SUPERVISORS,
    "citizens/<int:citizen>/same/search": SUPERVISORS,
    "citizens/<int:citizen>/merge": SUPERVISORS,
    "citizens/<int:citizen>/split": SUPERVISORS,
    "citizens/<int:citizen>/numbers": SUPERVISORS,
    "citizens/<int:citizen>/numbers/<int:row>": SUPERVISORS,
    "contacts/<uuid:contact>/recording": SIGNED_IN,
    "knowledge/": SIGNED_IN,
    "knowledge/new": SUPERVISORS,
    "knowledge/preview": SUPERVISORS,
    "knowledge/propose": SIGNED_IN,
    "knowledge/missing/": SUPERVISORS,
    "knowledge/missing/<slug:source>/<int:gap>": SUPERVISORS,
    "knowledge/wrong/": SUPERVISORS,
    "knowledge/wrong/<int:rating>": SUPERVISORS,
    "knowledge/import/": SUPERVISORS,
    "knowledge/import/starting": SUPERVISORS,
    "knowledge/import/<uuid:draft>/": SUPERVISORS,
    "knowledge/import/<uuid:draft>/confirm": SUPERVISORS,
    "knowledge/export/<slug:form>": SUPERVISORS,
    "knowledge/files/<uuid:key>": SIGNED_IN,
    "knowledge/articles/<slug:code>/": SIGNED_IN,
    "knowledge/articles/<slug:code>/edit": SUPERVISORS,
    "knowledge/articles/<slug:code>/withdraw": SUPERVISORS,
    "knowledge/articles/<slug:code>/rate": SIGNED_IN,
    "knowledge/articles/<slug:code>/export/<slug:form>": SIGNED_IN,
    "knowledge/articles/<slug:code>/versions/<int:number>/": SUPERVISORS,
    "knowledge/articles/<slug:code>/versions/<int:number>/differences": SUPERVISORS,
    "knowledge/articles/<slug:code>/versions/<int:number>/submit": SUPERVISORS,
    "knowledge/articles/<slug:code>/versions/<int:number>/take-back": SUPERVISORS,
    "knowledge/articles/<slug:code>/versions/<int:number>/discard": SUPERVISORS,
    "knowledge/articles/<slug:code>/versions/<int:number>/attach": SUPERVISORS,
    "knowledge/articles/<slug:code>/versions/<int:number>/detach/<int:attachment>": SUPERVISORS,
    "knowledge/articles/<slug:code>/versions/<int:number>/ask": SUPERVISORS,
    "knowledge/articles/<slug:code>/versions/<int:number>/approve": SUPERVISORS,
    "knowledge/articles/<slug:code>/versions/<int:number>/send-back": SUPERVISORS,
    "k/done": EVERYONE,
    "k/<str:token>": EVERYONE,
    "k/<str:token>/answer": EVERYONE,
    "k/<str:token>/files/<int:attachment>": EVERYONE,
    "supervision/": SUPERVISORS,
    "reports/": SUPERVISORS,
    "reports/report.<slug:form>": SUPERVISORS,
    "reports/agents": SUPERVISORS,
    "reports/figures/<slug:key>/": SUPERVISORS,
    "reports/mine/": AGENTS,
    "reports/mine/figures/<slug:key>/": AGENTS,
    "reports/schedules/": SUPERVISORS,
    "reports/schedules/new": SUPERVISORS,
    "reports/schedules/<int:key>/": SUPERVISORS,
    "reports/schedules/<int:key>/send": SUPERVISORS,
    "reports/schedules/<int:key>/remove": SUPERVISORS,
    "directory/": SUPERVISORS,
    "directory/groups/": SUPERVISORS,
    "directory/groups/<int:group>/": SUPERVISORS,
    "directory/groups/<int:group>/remove": SUPERVISORS,
    "directory/<slug:quarter>/": SUPERVISORS,
    "directory/<slug:quarter>/look-again": SUPERVISORS,
    "directory/<slug:quarter>/add": SUPERVISORS,
    "directory/<slug:quarter>/publish": SUPERVISORS,
    "directory/<slug:quarter>/take-back": SUPERVISORS,
    "directory/<slug:quarter>/files/<slug:form>": SUPERVISORS,
    "directory/<slug:quarter>/entries/<int:entry>/": SUPERVISORS,
    "directory/<slug:quarter>/entries/<int:entry>/<slug:step>": SUPERVISORS,
    "life-numbers/": EVERYONE,
    "life-numbers/life-numbers.vcf": EVERYONE,
    "yearbook/": SUPERVISORS,
    "yearbook/<int:edition>/": SUPERVISORS,
    "yearbook/<int:edition>/text": SUPERVISORS,
    "yearbook/<int:edition>/proposal": SUPERVISORS,
    "yearbook/<int:edition>/make": SUPERVISORS,
    "yearbook/<int:edition>/book/": SUPERVISORS,
    "yearbook/<int:edition>/<slug:form>": SUPERVISORS,
    "effect/": SUPERVISORS,
    "effect/effect.csv": SUPERVISORS,
    "effect/suggestions/": SUPERVISORS,
    "supervision/flags/": SUPERVISORS,
    "supervision/flags/<int:flag>/extend": SUPERVISORS,
    "supervision/flags/<int:flag>/lift": SUPERVISORS,
    "centre/people/": ADMINISTRATORS,
    "centre/people/new": ADMINISTRATORS,
    "centre/people/<int:account>/": ADMINISTRATORS,
    "centre/people/<int:account>/password": ADMINISTRATORS,
    "centre/people/<int:account>/unlock": ADMINISTRATORS,
    "centre/people/<int:account>/telephone": ADMINISTRATORS,
    "centre/access-log/": ADMINISTRATORS,
    "centre/look-ups/": ADMINISTRATORS,
    "centre/look-ups/new": ADMINISTRATORS,
    "centre/look-ups/<slug:key>/": ADMINISTRATORS,
    "centre/look-ups/<slug:key>/fields": ADMINISTRATORS,
    "centre/look-ups/<slug:key>/secrets": ADMINISTRATORS,
    "centre/look-ups/<slug:key>/try": ADMINISTRATORS,
    "centre/look-ups/<slug:key>/remove": ADMINISTRATORS,
    "offices/": SIGNED_IN,
    "offices/search": SIGNED_IN,
    "offices/new": SUPERVISORS,
    "offices/<int:department>/": SIGNED_IN,
    "offices/<int:department>/edit": SUPERVISORS,
    "offices/<int:department>/duties/new": SUPERVISORS,
    "offices/duties/<int:duty>/": SUPERVISORS,
    "offices/duties/<int:duty>/remove": SUPERVISORS,
    "offices/<int:department>/officers/new": SUPERVISORS,
    "offices/officers/<int:officer>/": SIGNED_IN,
    "offices/officers/<int:officer>/edit": SUPERVISORS,
    "offices/officers/<int:officer>/deputies": SUPERVISORS,
    "offices/officers/<int:officer>/absences": SUPERVISORS,
    "offices/officers/<int:officer>/absences/<int:absence>/remove": SUPERVISORS,
    "offices/synonyms/": SUPERVISORS,
    "offices/synonyms/<int:synonym>/remove": SUPERVISORS,
    "offices/import/": SUPERVISORS,
    "offices/import/directory": SUPERVISORS,
    "offices/import/<uuid:draft>/": SUPERVISORS,
    "offices/import/<uuid:draft>/confirm": SUPERVISORS,
    "offices/officers.csv": SUPERVISORS,
    "centre/": ADMINISTRATORS,
    "centre/settings": ADMINISTRATORS,
    "centre/prompts/": ADMINISTRATORS,
    "centre/prompts/new": ADMINISTRATORS,
    "centre/prompts/<slug:pk>/": ADMINISTRATORS,
    "centre/prompts/<slug:pk>/upload": ADMINISTRATORS,
    "centre/prompts/<slug:pk>/drop-upload": ADMINISTRATORS,
    "centre/prompts/<slug:pk>/remove": ADMINISTRATORS,
    "centre/prompts/<slug:pk>/sound": ADMINISTRATORS,
    "centre/hours/<slug:pk>/days": ADMINISTRATORS,
    "centre/hours/<slug:pk>/days/<int:day>/remove": ADMINISTRATORS,
    "centre/queues/<slug:pk>/overflows": ADMINISTRATORS,
    "centre/queues/<slug:pk>/overflows/<int:rule>/remove": ADMINISTRATORS,
    "centre/queues/<slug:pk>/widenings": ADMINISTRATORS,
    "centre/queues/<slug:pk>/widenings/<int:rule>/remove": ADMINISTRATORS,
    "centre/topics/": ADMINISTRATORS,
    "centre/topics/new": ADMINISTRATORS,
    "centre/topics/<int:topic>/": ADMINISTRATORS,
    "centre/topics/<int:topic>/move": ADMINISTRATORS,
    "centre/topics/<int:topic>/remove": ADMINISTRATORS,
    "centre/<slug:key>/export": ADMINISTRATORS,
    "centre/<slug:key>/import": ADMINISTRATORS,
    "centre/<slug:key>/": ADMINISTRATORS,
    "centre/<slug:key>/new": ADMINISTRATORS,
    "centre/<slug:key>/<slug:pk>/": ADMINISTRATORS,
    "centre/<slug:key>/<slug:pk>/remove": ADMINISTRATORS,
}

OPERATIONS = {
    "GET /api/me": SIGNED_IN,
    "GET /api/topics": SIGNED_IN,
    "GET /api/dispositions": SIGNED_IN,
    "GET /api/abuse-kinds": SIGNED_IN,
    "GET /api/away-reasons": SIGNED_IN,
    "POST /api/desk/sign-in": AGENTS,
    "GET /api/desk/machines": AGENTS,
    "GET /api/desk/contacts/{uuid:contact}/transcript": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/summary": AGENTS,
    "GET /api/desk/contacts/{uuid:contact}/cases": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/cases": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/cases/{uuid:case}/told": AGENTS,
    "POST /api/desk/sign-out": AGENTS,
    "POST /api/desk/available": AGENTS,
    "POST /api/desk/returned": AGENTS,
    "POST /api/desk/away": AGENTS,
    "POST /api/desk/extend-wrap-up": SIGNED_IN,
    "POST /api/desk/control": SIGNED_IN,
    "GET /api/desk/contacts/{uuid:contact}": AGENTS,
    "GET /api/desk/contacts/{uuid:contact}/usual-topics": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/citizens": AGENTS,
    "PUT /api/desk/contacts/{uuid:contact}/citizen": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/citizen": AGENTS,
    "PUT /api/desk/contacts/{uuid:contact}/note": SIGNED_IN,
    "PUT /api/desk/contacts/{uuid:contact}/topic": SIGNED_IN,
    "PUT /api/desk/contacts/{uuid:contact}/disposition": SIGNED_IN,
    "POST /api/desk/contacts/{uuid:contact}/close": SIGNED_IN,
    "GET /api/desk/contacts/{uuid:contact}/brief": AGENTS,
    "GET /api/desk/contacts/{uuid:contact}/panels": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/panels": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/identification": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/panels/{slug:key}": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/panels/{slug:key}/unmask": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/panels/{slug:key}/settlement": AGENTS,
    "GET /api/desk/targets": AGENTS,
    "POST /api/desk/transfer": AGENTS,
    "POST /api/desk/consult": AGENTS,
    "POST /api/desk/protect": AGENTS,
    "POST /api/desk/promise": AGENTS,
    "GET /api/desk/contacts/{uuid:contact}/promises": AGENTS,
    "GET /api/desk/my-queues": AGENTS,
    "POST /api/desk/promises/{uuid:promise}/now": AGENTS,
    "GET /api/desk/contacts/{uuid:contact}/articles": AGENTS,
    "GET /api/desk/contacts/{uuid:contact}/suggestions": AGENTS,
    "GET /api/desk/contacts/{uuid:contact}/alarms": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/alarms": AGENTS,
    "POST /api/desk/contacts/{uuid:contact}/suggestions/taken": AGENTS,
    "POST /api/desk/articles/{slug:article}/use": AGENTS,
    "POST /api/desk/articles/{slug:article}/rate": AGENTS,
    "POST /api/desk/articles/gaps": AGENTS,
    "POST /api/desk/search": AGENTS,
    "POST /api/desk/search/missed": AGENTS,
    "POST /api/messages": EVERYONE,
    "GET /api/desk/today": AGENTS,
    "POST /api/desk/phone": AGENTS,
    "POST /api/desk/call-supervisor": AGENTS,
    "POST /api/supervision/phone": SUPERVISORS,
    "POST /api/supervision/supervise": SUPERVISORS,
    "POST /api/supervision/stop": SUPERVISORS,
    "POST /api/supervision/take-over": SUPERVISORS,
    "POST /api/supervision/state": SUPERVISORS,
    "POST /api/supervision/move": SUPERVISORS,
    "POST /api/supervision/seen": SUPERVISORS,
    "POST /api/demo/phone": EVERYONE,
    "GET /api/figures/today": SIGNED_IN,
    "GET /api/figures/definitions": SIGNED_IN,
    "GET /api/figures/{key}/contacts": SUPERVISORS,
}

USERS = {"agent1": "agent", "supervisor": "supervisor", "admin": "administrator"}


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if route.startswith("api/"):
            continue
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def operations() -> Iterator[str]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                address = f"/api/{prefix}{path}".replace("//", "/").replace("{uuidstr:", "{uuid:")
                yield from (f"{method} {address}" for method in operation.methods)


def test_every_page_declares_the_roles_of_the_table() -> None:
    found = {route: access.declared(entry.callback) for route, entry in patterns(get_resolver())}
    assert found == PAGES


def test_every_operation_is_in_the_table() -> None:
    assert set(operations()) == set(OPERATIONS)


def filled(route: str) -> str:
    for name, value in (
        ("<uuid:contact>", str(uuid4())),
        ("{uuid:contact}", str(uuid4())),
        ("<uuid:promise>", str(uuid4())),
        ("{uuid:promise}", str(uuid4())),
        ("<uuid:case>", str(uuid4())),
        ("{uuid:case}", str(uuid4())),
        ("<slug:step>", "nothing"),
        ("<slug:quarter>", "2026Q4"),
        ("<int:edition>", "999999"),
        ("<int:entry>", "999999"),
        ("<int:group>", "999999"),
        ("<int:citizen>", "999999"),
        ("<int:row>", "999999"),
        ("<int:account>", "999999"),
        ("<int:day>", "1"),
        ("<int:alarm>", "999999"),
        ("<int:pin>", "999999"),
        ("<int:department>", "999999"),
        ("<int:duty>", "999999"),
        ("<int:officer>", "999999"),
        ("<int:absence>", "999999"),
        ("<int:flag>", "999999"),
        ("<int:rule>", "999999"),
        ("<int:synonym>", "999999"),
        ("<uuid:draft>", str(uuid4())),
        ("<int:topic>", "999999"),
        ("<slug:code>", "no-such-article"),
        ("{slug:article}", "no-such-article"),
        ("<int:number>", "1"),
        ("<int:attachment>", "999999"),
        ("<int:gap>", "999999"),
        ("<int:rating>", "999999"),
        ("<slug:source>", "gap"),
        ("<slug:form>", "csv"),
        ("<int:key>", "999999"),
        ("<uuid:key>", str(uuid4())),
        ("<slug:key>", "queues"),
        ("{slug:key}", "nothing"),
        ("{key}", "offered"),
        ("<slug:pk>", "nothing"),
        ("<str:token>", "nothing"),
    ):
        route = route.replace(name, value)
    return route


@pytest.mark.parametrize("route", PAGES)
def test_pages_by_role(route: str, people: dict[str, Account], logged_in: Callable[..., Client]) -> None:
    path = "/" + filled(route)
    for username, role in USERS.items():
        if route == "logout":
            continue  # it would end the session; tested with the log-in
        browser = logged_in(username)
        for method in ("get", "post"):
            status = getattr(browser, method)(path).status_code
            if PAGES[route] & {role, "everyone"}:
                assert status in {200, 302, 400, 403 if "recording" in route else 404, 404, 405, 410}, (
                    username,
                    method,
                )
            else:
                assert status == 403, (username, method)
    answer = Client().get(path)
    if PAGES[route] == EVERYONE:
        assert answer.status_code in {200, 405, 410}
    else:
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/login")


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_by_role(name: str, people: dict[str, Account], logged_in: Callable[..., Client]) -> None:
    """With a body that no operation takes, so that whoever may come in is told 422 or 404, and nothing happens."""
    method, route = name.split(" ")
    body = {"data": json.dumps({"surplus": 1}), "content_type": "application/json"} if method != "GET" else {}
    for username, role in USERS.items():
        answer = getattr(logged_in(username), method.lower())(filled(route), **body)
        if OPERATIONS[name] & {role, "everyone"}:
            assert answer.status_code in {200, 404, 422}, (username, answer.content)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "role"), username
        if answer.status_code != 200:
            assert set(answer.json()) == {"message", "code"}
    if OPERATIONS[name] != EVERYONE:
        answer = getattr(Client(), method.lower())(filled(route), **body)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_logged_in")


@pytest.mark.parametrize("name", [name for name in OPERATIONS if OPERATIONS[name] != EVERYONE])
def test_operations_are_not_done_in_anothers_name(
    name: str, people: dict[str, Account], logged_in: Callable[..., Client]
) -> None:
    """An open page goes on asking for whom it was made, although somebody else has logged in in its browser since."""
    method, route = name.split(" ")
    page = {"X-Haedap-Account": str(people["agent2"].pk)}
    body = {"data": "{}", "content_type": "application/json"} if method != "GET" else {}
    answer = getattr(logged_in("agent1"), method.lower())(filled(route), headers=page, **body)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_logged_in")


WITHOUT_COOKIE = {"POST /api/messages"}
"""A gateway has a token and no session, so no other site's page can act in its name. Without a token set: 404."""


@pytest.mark.parametrize(
    "name", [name for name in OPERATIONS if not name.startswith("GET ") and name not in WITHOUT_COOKIE]
)
def test_operations_need_the_csrf_token(name: str, logged_in: Callable[..., Client]) -> None:
    method, route = name.split(" ")
    client = logged_in("agent1", enforce_csrf_checks=True)
    answer = getattr(client, method.lower())(filled(route), data="{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_a_view_that_declares_nothing_is_closed(people: dict[str, Account]) -> None:
    request = RequestFactory().get("/new-page")
    request.user = people["admin"]
    middleware = AccessMiddleware(lambda _request: HttpResponse())
    with pytest.raises(PermissionDenied):
        middleware.process_view(request, lambda _request: HttpResponse(), (), {})


def test_error_pages_say_what_to_do(logged_in: Callable[..., Client]) -> None:
    answer = logged_in("agent1").get("/no-such-page")
    assert answer.status_code == 404
    assert "시작 화면" in answer.content.decode()
    answer = logged_in("agent1").get("/centre/")
    assert answer.status_code == 403
    assert "시스템 관리자" in answer.content.decode()
    answer = logged_in("agent1").get("/logout")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "시작 화면" in answer.content.decode()
    for method, path in (("get", "/api/no-such-thing"), ("get", "/api/desk/away"), ("trace", "/api/me")):
        answer = getattr(logged_in("agent1"), method)(path)
        assert set(answer.json()) == {"message", "code"}, path
    made_up = {"가" * 1000: 1, **{f"name{number}": 1 for number in range(1000)}}
    answer = logged_in("agent1").post("/api/desk/away", json.dumps(made_up), "application/json")
    assert answer.status_code == 422
    assert len(answer.json()["message"]) < 300
