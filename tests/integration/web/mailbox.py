"""A real mail server."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class Mailbox:
    """Keeps what it is given; `refusals` first answers say no."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.refusals = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusals:
            self.refusals -= 1
            return "451 later"
        self.messages.append(envelope)
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        """What came, read."""
        return [email.message_from_bytes(envelope.content, policy=email.policy.default) for envelope in self.messages]


@contextmanager
def serving(mailbox: Mailbox) -> Iterator[tuple[str, int]]:
    """The server's address while it runs."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: SMTP(mailbox), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
