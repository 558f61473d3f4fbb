"""What one request may bring: Django keeps a body on the disk before it asks who sends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings as kept

from haedap.web.handler import LimitedHandler

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/api/me",
    "query_string": b"",
    "headers": [(b"host", kept.ALLOWED_HOSTS[0].encode()), (b"content-length", b"1000000000000")],
}


@pytest.mark.parametrize("chunk", [b"x", b"x" * 1000], ids=["slowly", "at once"])
async def test_a_body_without_end_is_refused_before_it_fills_the_disk(settings: Any, chunk: bytes) -> None:
    settings.LARGEST_BODY = 100
    taken = 0
    answer: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += len(chunk)
        assert taken <= 100 + len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message: Mapping[str, Any]) -> None:
        answer.append(message)

    await LimitedHandler()(SCOPE, receive, send)
    assert answer[0]["status"] == 413
    said = json.loads(b"".join(message.get("body", b"") for message in answer))
    assert said == {"message": "보낸 내용이 너무 큽니다. 더 작은 파일을 골라 다시 보내 주십시오.", "code": "http_413"}


def test_the_largest_file_of_each_form_is_within_the_limit() -> None:
    from haedap.apps.knowledge import attachments, importing
    from haedap.apps.surveys import csv_file

    largest = max(importing.MOST_BYTES, attachments.MOST_BYTES, csv_file.MOST_BYTES)
    assert largest + 1024 * 1024 < kept.LARGEST_BODY
