"""The server's entrance: static files, Django, and the push hub for WebSockets."""

from __future__ import annotations

import os

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from servestatic import ServeStaticASGI

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haedap.web.settings")

import django
from django.conf import settings

# Each request runs in threads of its own, so a server needs a pool; commands and the worker do well without.
settings.DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 16, "timeout": 10, "name": "haedap-web"}
django.setup(set_prefix=False)

from haedap.web.handler import LimitedHandler  # noqa: E402 - needs Django's apps
from haedap.web.push import application as _push  # noqa: E402 - likewise

_pages = ServeStaticASGI(
    LimitedHandler(), root=str(settings.STATIC_FOLDER), prefix="static/", max_age=60, allow_all_origins=False
)


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """One connection, or the server's own life, which is the push hub's: it must end with its connections closed."""
    if scope["type"] in {"websocket", "lifespan"}:
        await _push(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)
    else:
        raise ValueError(f"no ASGI connection of ours is a {scope['type']}")
