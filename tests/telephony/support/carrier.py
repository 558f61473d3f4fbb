"""A carrier that lets nobody call through it who does not prove an account's password (RFC 7616)."""

from __future__ import annotations

import uuid

from tests.telephony.support.message import Message, digest_fields, digest_response, reply
from tests.telephony.support.telephone import Desk

_ASKING = {
    "407 Proxy Authentication Required": ("Proxy-Authenticate", "Proxy-Authorization"),
    "401 Unauthorized": ("WWW-Authenticate", "Authorization"),
}


class Carrier(Desk):
    """The telephone behind it rings only for a call that is proven. `password` is what it knows."""

    password = ""
    asks = "407 Proxy Authentication Required"
    algorithm = "MD5"

    async def proven_call(self) -> Message:
        """Wait for a call with the right proof; the next `answer`, `refuse` and so on are for it."""
        self._invite = await self._first(self._is_proven, 0)
        return self._invite

    def _last_call(self) -> Message:
        """Not the one without a proof: sent once more, it may come after the one that has it."""
        return next(filter(self._is_proven, reversed(self.received)))

    def _answer_by_itself(self, message: Message) -> None:
        super()._answer_by_itself(message)
        if _is_call(message) and not self._is_proven(message):
            asking = reply(message, self.asks, self.tag, self.contact)
            fields = f'realm="carrier.example", nonce="{uuid.uuid4().hex}", algorithm={self.algorithm}, qop="auth"'
            asking.headers.append((_ASKING[self.asks][0], f"Digest {fields}"))
            self.send(asking)

    def _is_proven(self, message: Message) -> bool:
        given = digest_fields(message.get(_ASKING[self.asks][1]))
        return (
            _is_call(message)
            and bool(given)
            and given["response"] == digest_response(given, message.method, self.password)
        )


def _is_call(message: Message) -> bool:
    return message.first.startswith("INVITE ")
