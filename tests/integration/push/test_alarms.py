"""Alarms of the radar, as the screens are told them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from django.utils import timezone
from websockets.asyncio.client import ClientConnection

from haedap.apps.radar import alarms
from haedap.apps.radar.models import Alarm
from tests.integration.push.desks import People, Server, in_django, open_socket
from tests.support.patience import PATIENCE


def raise_one() -> None:
    now = timezone.now()
    Alarm.objects.create(
        title="단수 · 양지동",
        signs=[],
        window_seconds=600,
        observed=20,
        expected=1.5,
        since=now,
        raised_at=now,
        last_at=now,
    )
    alarms.wake()


async def told(socket: ClientConnection, *states: str) -> list[dict[str, Any]]:
    """The alarms of the next health message in which they are in just these states."""
    async with asyncio.timeout(PATIENCE):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] == "health" and [line["state"] for line in message["alarms"]] == list(states):
                return list(message["alarms"])


async def test_an_alarm_reaches_every_screen_until_it_is_over(server: Server, people: People) -> None:
    board, desk = [await open_socket(server, people.sessions[who]) for who in (people.supervisor, people.first)]
    try:
        await told(board)
        await in_django(raise_one)
        for socket in (board, desk):
            (line,) = await told(socket, "open")
            assert (line["title"], line["observed"], line["expected"]) == ("단수 · 양지동", 20, 1.5)
        await in_django(lambda: alarms.decide(Alarm.objects.get(), Alarm.State.ACKNOWLEDGED, timezone.now()))
        await told(desk, "acknowledged")
        await in_django(lambda: alarms.decide(Alarm.objects.get(), Alarm.State.CLOSED, timezone.now()))
        await told(board)
    finally:
        for socket in (board, desk):
            await socket.close()
