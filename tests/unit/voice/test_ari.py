"""A connection that gets answers but no events is none."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import ServerConnection, serve

from haedap.channels.voice.ari import AriLostError, ari_connection

UNANSWERED = "channels/1.1"


class Exchange:
    """Speaks ARI over a WebSocket: answers all requests but one, and says what was sent to applications in `loud`."""

    def __init__(self, *loud: str) -> None:
        self._loud = loud
        self.asked: list[str] = []
        self.was_asked = asyncio.Event()

    async def talk(self, connection: ServerConnection) -> None:
        async for message in connection:
            request = msgspec.json.decode(message)
            self.asked.append(f"{request['method']} {request['uri'].rpartition('/')[0]}")
            if request["uri"] == UNANSWERED:
                self.was_asked.set()
                continue
            await self._say(connection, "RESTResponse", request_id=request["request_id"], status_code=204)
            app = {pair["name"]: pair["value"] for pair in request.get("query_strings", ())}.get("application", "")
            if app in self._loud:
                name = request["uri"].rpartition("/")[2]
                await self._say(connection, "ChannelUserevent", eventname="somebody else's", application=app)
                await self._say(connection, "ChannelUserevent", eventname=name, application=app)

    async def _say(self, connection: ServerConnection, kind: str, **fields: Any) -> None:
        await connection.send(msgspec.json.encode({"type": kind, **fields}).decode())


async def connect(exchange: Exchange, patience: float) -> bool:
    """Whether somebody could use the connection."""
    async with serve(exchange.talk, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        apps = {"calls": ("StasisStart",), "telephones": ()}
        async with ari_connection(url, "user", "secret", apps, print, asyncio.Event(), patience):
            return True


async def test_a_connection_whose_applications_are_all_heard_is_used() -> None:
    exchange = Exchange("calls", "telephones")
    assert await connect(exchange, 5.0)
    assert exchange.asked == [
        "PUT applications/calls",
        "PUT applications/telephones",
        "POST events/user",
        "POST events/user",
    ]


@pytest.mark.parametrize("loud", [(), ("telephones",), ("calls",)])
async def test_a_connection_that_does_not_hear_one_of_its_applications_is_given_up(loud: tuple[str, ...]) -> None:
    with pytest.raises(AriLostError, match="does not say what happens"):
        await connect(Exchange(*loud), 0.2)


async def test_who_is_told_to_end_ends_also_while_a_connection_is_lost() -> None:
    exchange, lost = Exchange(), asyncio.Event()
    async with serve(exchange.talk, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with ari_connection(url, "user", "secret", {}, print, lost) as ari:
            asking = asyncio.create_task(ari.ask("GET", UNANSWERED))
            await exchange.was_asked.wait()
            lost.set()  # another of the connections has ended
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking


async def test_a_request_whose_connection_ends_is_lost_at_once() -> None:
    exchange = Exchange()
    async with serve(exchange.talk, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with ari_connection(url, "user", "secret", {}, print, asyncio.Event()) as ari:
            asking = asyncio.create_task(ari.ask("GET", UNANSWERED))
            await exchange.was_asked.wait()
            server.close()
            with pytest.raises(AriLostError, match="gone"):
                await asking
