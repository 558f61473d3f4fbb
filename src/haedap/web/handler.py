"""Django's entrance for HTTP, with an end to what one request may bring."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.http.response import HttpResponseBase

from haedap.web import views


class LimitedHandler(ASGIHandler):
    """Answers 413 to a body without end: Django writes it to the disk before it asks who sends it."""

    async def read_body(self, receive: Callable[[], Awaitable[Mapping[str, Any]]]) -> IO[bytes]:
        """The body; of one that is too large the beginning, which tells by its length."""
        left: int = settings.LARGEST_BODY

        async def receive_some() -> Mapping[str, Any]:
            nonlocal left
            event = await receive()
            left -= len(event.get("body", b""))
            return event if left >= 0 else {**event, "more_body": False}

        return await super().read_body(receive_some)

    def create_request(
        self, scope: Mapping[str, Any], body_file: IO[bytes]
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        """The request, or in its place the answer to it."""
        created = super().create_request(scope, body_file)
        size = body_file.seek(0, os.SEEK_END)
        body_file.seek(0)
        if created[0] is not None and size > settings.LARGEST_BODY:
            return None, views.too_large(created[0])
        return created
