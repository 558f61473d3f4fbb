"""A SIP telephone that does exactly what a test tells it, including what no telephone should do."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from itertools import count
from types import TracebackType
from typing import Self

from tests.support.patience import PATIENCE
from tests.telephony.support.media import Media, open_media
from tests.telephony.support.message import Message, authorization, description, media_address, parse, reply

_FIRST_REPEAT, _LONGEST_REPEAT = 0.5, 4.0
"""Seconds between the same request and the next time it is sent (RFC 3261, T1 and T2)."""


class Telephone(asyncio.DatagramProtocol):
    """One telephone with one line, over UDP. An async context manager; `tone` is what its owner says."""

    def __init__(self, centre: tuple[str, int], host: str = "127.0.0.2", tone: float = 440.0, port: int = 0) -> None:
        self.centre = centre
        self.host = host
        self._port = port
        self.received: list[Message] = []
        """Every message, oldest first."""
        self.tag = uuid.uuid4().hex[:8]
        self._tone = tone
        self._media: Media | None = None
        self._news = asyncio.Event()
        self._transport: asyncio.DatagramTransport | None = None
        self._numbers = count(1)
        self._unanswered: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self.powered = True
        self.obeys_cancel = True

    # --- life

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.host, self._port))
        self._media = await open_media(self.host, self._tone)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.media.close()
        for again in self._unanswered.values():
            again.cancel()
        if self._transport is not None:
            self._transport.close()
        await asyncio.sleep(0)  # sockets close in the loop's next turn

    @property
    def media(self) -> Media:
        assert self._media is not None
        return self._media

    @property
    def address(self) -> str:
        assert self._transport is not None
        host, port = self._transport.get_extra_info("sockname")
        return f"{host}:{port}"

    @property
    def contact(self) -> str:
        return f"<sip:{self.address}>"

    def vanish(self) -> None:
        """From now on nothing goes out: no answers, no sound. The power is gone."""
        self.powered = False
        self.media.speaking = False

    # --- messages

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = parse(data)
        if message.status and (again := self._unanswered.pop(_transaction(message), None)):
            again.cancel()
        if any(seen.first == message.first and seen.headers == message.headers for seen in self.received):
            return
        self.received.append(message)
        self._answer_by_itself(message)
        self._news.set()

    def send(self, message: Message) -> None:
        self.send_raw(message.encode())
        if not message.status and message.method != "ACK":
            self._again_in(_FIRST_REPEAT, message)

    def _again_in(self, seconds: float, message: Message) -> None:
        """A request that nothing answers goes out again, as with every telephone: the centre may have had no room."""

        def again() -> None:
            self.send_raw(message.encode())
            self._again_in(min(2 * seconds, _LONGEST_REPEAT), message)

        self._unanswered[_transaction(message)] = asyncio.get_running_loop().call_later(seconds, again)

    def send_raw(self, data: bytes) -> None:
        assert self._transport is not None
        if self.powered:
            self._transport.sendto(data, self.centre)

    async def wait_for(self, *wanted: int | str, after: int = 0) -> Message:
        """The first message with one of these statuses or methods; `after` leaves out as many messages as that."""
        return await self._first(
            lambda message: message.status in wanted or (not message.status and message.method in wanted), after
        )

    async def final(self, method: str = "INVITE", after: int = 0) -> Message:
        """The first final response to `method`."""
        return await self._first(lambda message: message.status >= 200 and message.method == method, after)

    async def _first(self, wanted: Callable[[Message], bool], after: int) -> Message:
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := next(filter(wanted, self.received[after:]), None)):
                    self._news.clear()
                    await self._news.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"not among {[message.first for message in self.received[after:]]}") from None

    def _answer_by_itself(self, message: Message) -> None:
        """What every telephone does without being asked: it confirms an end and proves that it is there."""
        if message.method in {"BYE", "OPTIONS", "CANCEL"} and not message.status:
            self.send(reply(message, "200 OK", self.tag, self.contact))
        if message.method == "CANCEL" and not message.status and self.obeys_cancel:
            invite = next(seen for seen in self.received if seen.method == "INVITE" and not seen.status)
            self.send(reply(invite, "487 Request Terminated", self.tag, self.contact))


def _transaction(message: Message) -> tuple[str, str]:
    """What a request and its responses have in common."""
    return message["Call-ID"], message["CSeq"]


class Caller(Telephone):
    """A citizen's telephone."""

    def invite(
        self,
        called: str = "0200000120",
        caller: str = "01000001234",
        *,
        name: str = "",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> Message:
        """Call; returns the INVITE. `body` None: an ordinary offer; empty: none at all."""
        self._caller = f'"{name}" <sip:{caller}@{self.host}>;tag={self.tag}'
        self._call_id = f"{uuid.uuid4().hex}@{self.host}"
        self._target = f"sip:{called}@{self.centre[0]}:{self.centre[1]}"
        self._to = f"<{self._target}>"
        offer = description(self.media.address) if body is None else body
        self._invite = self.request("INVITE", body=offer, headers=headers)
        self.send(self._invite)
        return self._invite

    def fork(self, invite: Message) -> None:
        """Send another telephone's INVITE once more by a branch of its own, as a proxy does that forks."""
        own = f"SIP/2.0/UDP {self.address};branch=z9hG4bK{uuid.uuid4().hex}"
        fields = [(name, own if name == "Via" else value) for name, value in invite.headers]
        self._invite = Message(invite.first, fields, invite.body)
        self.send(self._invite)

    def request(self, method: str, *, body: str = "", headers: Mapping[str, str] | None = None) -> Message:
        """A request of this call with a new sequence number; not sent yet."""
        fields = [
            ("Via", f"SIP/2.0/UDP {self.address};branch=z9hG4bK{uuid.uuid4().hex}"),
            ("From", self._caller),
            ("To", self._to),
            ("Call-ID", self._call_id),
            ("CSeq", f"{next(self._numbers)} {method}"),
            ("Contact", self.contact),
            ("Max-Forwards", "70"),
        ]
        replaced = {name.lower() for name in headers or {}}
        fields = [pair for pair in fields if pair[0].lower() not in replaced] + list((headers or {}).items())
        if body and "content-type" not in replaced:
            fields.append(("Content-Type", "application/sdp"))
        return Message(f"{method} {self._target} SIP/2.0", fields, body)

    async def call(self, called: str = "0200000120", caller: str = "01000001234", **how: object) -> Message:
        """Call and be answered; from then on sound flows. Returns the 200."""
        self.invite(called, caller, **how)  # type: ignore[arg-type]
        return await self.answered()

    async def answered(self) -> Message:
        """Wait for the answer to the INVITE and confirm it."""
        answer = await self.final()
        assert answer.status == 200, answer.first
        self.confirm(answer)
        return answer

    def confirm(self, answer: Message, body: str = "") -> None:
        """ACK; sound starts."""
        self._to = answer["To"]
        self._target = answer["Contact"].strip("<>")
        ack = self.request("ACK", body=body)
        sequence = answer["CSeq"].split()[0]
        ack.headers = [(name, f"{sequence} ACK" if name == "CSeq" else value) for name, value in ack.headers]
        self.send(ack)
        peer = media_address(answer)
        if peer is not None:
            self.media.talk_to(peer)

    async def confirm_ringing(self) -> Message:
        """Wait for a 180 that wants to be confirmed (RFC 3262), and do so; returns what the centre says to that."""
        ringing, to = await self.wait_for(180), self._to
        self._to = ringing["To"]
        self.send(self.request("PRACK", headers={"RAck": f"{ringing['RSeq']} {ringing['CSeq']}"}))
        self._to = to
        return await self.final("PRACK")

    async def hang_up(self) -> None:
        """BYE, confirmed."""
        after = len(self.received)
        self.send(self.request("BYE"))
        await self.final("BYE", after)

    async def cancel(self) -> None:
        """CANCEL, and what follows it."""
        same = {"Via", "From", "To", "Call-ID", "Max-Forwards"}
        headers = [(name, value) for name, value in self._invite.headers if name in same]
        sequence = self._invite["CSeq"].split()[0]
        first = self._invite.first.replace("INVITE", "CANCEL", 1)
        self.send(Message(first, [*headers, ("CSeq", f"{sequence} CANCEL")]))
        await self.acknowledge_refusal()

    async def acknowledge_refusal(self) -> int:
        """Wait for a final refusal of the INVITE, confirm it, return its status."""
        answer = await self.final()
        same = {"Via", "From", "Call-ID", "Max-Forwards"}
        headers = [(name, value) for name, value in self._invite.headers if name in same]
        sequence = self._invite["CSeq"].split()[0]
        first = self._invite.first.replace("INVITE", "ACK", 1)
        self.send(Message(first, [*headers, ("To", answer["To"]), ("CSeq", f"{sequence} ACK")]))
        return answer.status

    async def reinvite(self, direction: str) -> Message:
        """Change the call: `sendonly` puts the centre on hold, `sendrecv` takes it back."""
        after = len(self.received)
        self.send(self.request("INVITE", body=description(self.media.address, direction)))
        answer = await self.final("INVITE", after)
        ack = self.request("ACK")
        sequence = answer["CSeq"].split()[0]
        ack.headers = [(name, f"{sequence} ACK" if name == "CSeq" else value) for name, value in ack.headers]
        self.send(ack)
        return answer


class Desk(Telephone):
    """An agent's desk telephone: registers and waits for calls. Or one at an exchange, which is called unasked."""

    async def register(self, username: str, password: str, expires: int = 60) -> int:
        """Register; returns the last status. Expiry 0 takes the registration back."""
        uri = f"sip:{self.centre[0]}:{self.centre[1]}"
        after = len(self.received)
        call_id = uuid.uuid4().hex
        self.send(self._registration(uri, username, call_id, expires))
        challenge = await self.final("REGISTER", after)
        if challenge.status != 401:
            return challenge.status
        proof = authorization(challenge["WWW-Authenticate"], "REGISTER", uri, username, password)
        self.send(self._registration(uri, username, call_id, expires, proof))
        return (await self.final("REGISTER", self.received.index(challenge) + 1)).status

    def _registration(self, uri: str, username: str, call_id: str, expires: int, proof: str = "") -> Message:
        who = f"<sip:{username}@{self.centre[0]}>"
        headers = [
            ("Via", f"SIP/2.0/UDP {self.address};branch=z9hG4bK{uuid.uuid4().hex}"),
            *(("From", f"{who};tag={self.tag}"), ("To", who), ("Call-ID", call_id)),
            ("CSeq", f"{next(self._numbers)} REGISTER"),
            *(("Contact", self.contact), ("Expires", str(expires)), ("Max-Forwards", "70")),
        ]
        if proof:
            headers.append(("Authorization", proof))
        return Message(f"REGISTER {uri} SIP/2.0", headers)

    async def ring(self, after: int = 0) -> Message:
        """Wait for a call and ring; returns its INVITE."""
        self._invite = await self.wait_for("INVITE", after=after)
        self.send(reply(self._invite, "180 Ringing", self.tag, self.contact))
        return self._invite

    async def answer(self) -> None:
        """Answer the call that rings; returns when the centre has confirmed."""
        after = len(self.received)
        peer = media_address(self._invite)
        assert peer is not None
        self.send(reply(self._invite, "200 OK", self.tag, self.contact, description(self.media.address)))
        self.media.talk_to(peer)
        await self.wait_for("ACK", after=after)

    def refuse(self, status: str) -> None:
        """Refuse the last call, such as with `486 Busy Here`."""
        self._invite = self._last_call()
        self.send(reply(self._invite, status, self.tag, self.contact))

    def early_sound(self, codecs: str = "0 101") -> None:
        """The last call rings by a tone that comes as sound, and by no 180."""
        sound = description(self.media.address, codecs=codecs)
        self.send(reply(self._last_call(), "183 Session Progress", self.tag, self.contact, sound))

    def _last_call(self) -> Message:
        return next(seen for seen in reversed(self.received) if seen.method == "INVITE" and not seen.status)

    async def hang_up(self) -> None:
        """End the call that was answered."""
        after = len(self.received)
        invite = self._invite
        headers = [
            ("Via", f"SIP/2.0/UDP {self.address};branch=z9hG4bK{uuid.uuid4().hex}"),
            ("From", f"{invite['To']};tag={self.tag}"),
            ("To", invite["From"]),
            ("Call-ID", invite["Call-ID"]),
            ("CSeq", f"{next(self._numbers) + 100} BYE"),
            ("Max-Forwards", "70"),
        ]
        self.send(Message(f"BYE {invite['Contact'].strip('<>')} SIP/2.0", headers))
        await self.final("BYE", after)
