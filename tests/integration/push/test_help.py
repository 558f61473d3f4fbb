"""Calls for a supervisor and flagged numbers, as the screens are told them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from websockets.asyncio.client import ClientConnection

from haedap.apps.supervision import help as calls_for_help
from haedap.apps.supervision.models import FlaggedNumber
from tests.integration.push.desks import (
    Desk,
    People,
    Projector,
    Server,
    agent_row,
    contact_row,
    in_django,
    open_socket,
    until,
)
from tests.support.patience import PATIENCE


@asynccontextmanager
async def screen(server: Server, people: People, account: int) -> AsyncIterator[ClientConnection]:
    socket = await open_socket(server, people.sessions[account])
    try:
        yield socket
    finally:
        await socket.close()


async def help_told(socket: ClientConnection, *agents: int) -> list[dict[str, Any]]:
    """The next health message with just these agents' calls."""
    async with asyncio.timeout(PATIENCE):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] == "health" and [line["agent"] for line in message["help"]] == list(agents):
                return list(message["help"])


async def test_a_call_for_help_reaches_every_screen_until_somebody_looks(
    server: Server, people: People, projector: Projector
) -> None:
    contact = contact_row("engaged", people.first)
    await projector.write([contact], [agent_row(people.first, "engaged", contact=contact.id)])
    async with screen(server, people, people.supervisor) as page, screen(server, people, people.first) as desk:
        await help_told(page)
        await in_django(lambda: calls_for_help.call(people.first, UUID(contact.id)))
        for socket in (page, desk):
            (line,) = await help_told(socket, people.first)
            assert (line["name"], line["contact"]) == ("kim", contact.id)
        await in_django(lambda: calls_for_help.seen(UUID(contact.id)))
        for socket in (page, desk):
            await help_told(socket)


async def test_a_call_for_help_ends_with_the_talk(server: Server, people: People, projector: Projector) -> None:
    contact = contact_row("engaged", people.first)
    await projector.write([contact], [agent_row(people.first, "engaged", contact=contact.id)])
    await in_django(lambda: calls_for_help.call(people.first, UUID(contact.id)))
    async with screen(server, people, people.supervisor) as page:
        await help_told(page, people.first)
        await projector.write([], [agent_row(people.first, "wrap_up", contact=contact.id)])
        await help_told(page)


async def test_the_flag_comes_with_the_contact_to_whom_the_number_is_known(
    server: Server, people: People, projector: Projector
) -> None:
    now = timezone.now()

    def flag() -> None:
        for kind, days, lifted in (
            ("abuse", 3, None),
            ("threat", 9, None),
            ("sexual", 30, now),
            ("repeated", -1, None),
        ):
            FlaggedNumber.objects.create(
                number="+821000001234", kind=kind, since=now, until=now + timedelta(days=days), lifted_at=lifted
            )

    await in_django(flag)
    rung, free = contact_row("offered", people.first), contact_row(caller="+821000009999")
    await projector.write([rung, free], [])
    flagged = {}
    for account in (people.first, people.second, people.supervisor):
        desk = Desk(server, people.sessions[account])
        await desk.open()
        await until(lambda desk=desk: desk.state is not None)  # type: ignore[misc]
        flagged[account] = (desk.contacts[rung.id]["flagged"] or {}).get("kind")
        assert desk.contacts[free.id]["flagged"] is None
        await desk.close()
    assert flagged == {people.first: "threat", people.second: None, people.supervisor: "threat"}
