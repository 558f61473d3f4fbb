"""The telephones that may register, pushed to Asterisk, and whether they can be reached."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Collection

import structlog

from haedap.channels.port import PhoneCredential, PhoneKind
from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.line import Line
from haedap.channels.voice.sip_configuration import (
    CITIZENS_CONTEXT,
    EXCHANGE,
    MEDIA,
    NOWHERE_CONTEXT,
    OUTSIDE,
    TAKEOVER,
    TRUNK,
    encrypted,
)
from haedap.channels.voice.wire import WireEndpoint
from haedap.config import Settings
from haedap.domain.events import AgentReachable, AgentUnreachable
from haedap.domain.ids import AgentId
from haedap.domain.plan import Plan

_CONFIGURATION = "asterisk/config/dynamic/res_pjsip"
_ALL_TELEPHONES = "endpoint:PJSIP"
_REPORT_LATER_SECONDS = 3.0
"""Long enough that a citizen who waits for an agent's lost telephone does not have it rung without end."""
_LINES = {TRUNK, OUTSIDE, EXCHANGE, TAKEOVER}

_log = structlog.get_logger()


class Telephones:
    """Knows the credentials and, while connected, who is registered."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._credentials: dict[str, PhoneCredential] = {}
        self._agents: dict[str, AgentId] = {}
        self._online: set[str] = set()
        self._pushed: set[str] = set()
        self._citizens: dict[str, str] = {}
        self._line: Line | None = None
        self._one_by_one = asyncio.Lock()

    def plan_changed(self, plan: Plan) -> None:
        """An agent may have changed telephones: all are reported anew."""
        self._agents = {agent.endpoint: agent.id for agent in plan.agents}
        if self._line is not None:
            self._report_all(self._line)

    def reachable(self, username: str) -> bool:
        return username in self._online

    def citizen_called(self, username: str, number: str | None) -> None:
        """An invented citizen called from this telephone of the demonstration: there they can be called back."""
        known = self._credentials.get(username)
        if number is not None and known is not None and known.kind is PhoneKind.CITIZEN:
            self._citizens[number] = username

    def citizen_at(self, number: str, busy: Collection[str], *, any_free: bool) -> str | None:
        """The demonstration's telephone for `number`: where they called from, else with `any_free` one that is free.

        None in a centre that is no demonstration, and when no such telephone is registered.
        """
        if not self._settings.demo:
            return None
        known = self._citizens.get(number)
        if known in self._online or not any_free:
            return known if known in self._online else None
        kinds = {name: credential.kind for name, credential in self._credentials.items()}
        free = [name for name in self._online if kinds.get(name) is PhoneKind.CITIZEN and name not in busy]
        return min(free, default=None)

    async def issue(self, credential: PhoneCredential) -> None:
        """Let it register, now if there is a connection, and on each connection to come."""
        self._credentials[credential.username] = credential
        if self._line is not None:
            await self._agree(self._line, credential.username)

    async def revoke(self, username: str) -> None:
        """Forget it; a registration that exists ends with it. Asked again, also of one that is forgotten: the first
        time may have been broken off."""
        self._credentials.pop(username, None)
        if self._line is not None:
            await self._agree(self._line, username)
            self._note(self._line, username, online=False)

    async def start(self, line: Line) -> None:
        """After each connection: report who can be reached, and have all pushed anew."""
        self._line = line
        await line.ari.ask("POST", f"applications/{REGISTRATIONS_APP}/subscription", {"eventSource": _ALL_TELEPHONES})
        endpoints = await line.ari.get("endpoints/PJSIP", list[WireEndpoint])
        self._pushed = {endpoint.resource for endpoint in endpoints}
        self._online = {endpoint.resource for endpoint in endpoints if endpoint.state == "online"}
        self._report_all(line)
        # Beside, for after a takeover Asterisk still has them, and hundreds of them would keep the citizens waiting.
        line.spawn(self._push_all(line))

    def stop(self) -> None:
        """The connection is gone."""
        self._line = None

    async def look_again(self, username: str) -> None:
        """Something changed about a telephone: events of an old and a new registration may cross, so ask."""
        line = self._line
        if line is not None:
            endpoint = await line.ari.get(f"endpoints/PJSIP/{username}", WireEndpoint)
            self._note(line, username, online=endpoint.state == "online")

    async def report_later(self, username: str) -> None:
        """It is registered, yet could not be rung: the network was away, or it said that it takes no calls just now.

        The router takes it for gone, and a registration that is only renewed is told by no event: so a while later it
        is reported anew, if it is still there.
        """
        line = self._line
        await asyncio.sleep(_REPORT_LATER_SECONDS)
        if line is not None and line is self._line and username in self._online:
            self._report(line, username)

    def _report_all(self, line: Line) -> None:
        for username in self._agents:
            self._report(line, username)

    def _note(self, line: Line, username: str, *, online: bool) -> None:
        if online == (username in self._online):
            return
        if online:
            self._online.add(username)
        else:
            self._online.discard(username)
        self._report(line, username)

    def _report(self, line: Line, username: str) -> None:
        agent = self._agents.get(username)
        if agent is not None:
            kind = AgentReachable if username in self._online else AgentUnreachable
            line.post(kind(at=line.now(), agent=agent))

    async def _push_all(self, line: Line) -> None:
        """All that may register, the unknown first; what is not known any more is removed."""
        for username in sorted(self._credentials, key=lambda known: known in self._pushed):
            try:
                await self._agree(line, username)
            except AriRefusedError:
                _log.warning("voice: a telephone could not be admitted", username=username)
        for username in self._pushed - self._credentials.keys() - _LINES:
            await self._agree(line, username)

    async def _agree(self, line: Line, username: str) -> None:
        """Asterisk has of this telephone what is known of it now: much may change while hundreds are pushed."""
        async with self._one_by_one:
            credential = self._credentials.get(username)
            if credential is None:
                await self._remove(line, username)
            else:
                await self._push(line, credential)

    async def _push(self, line: Line, credential: PhoneCredential) -> None:
        """All of it once; afterwards only the password can change. What was broken off is done again from the start."""
        name = credential.username
        fields = {"auth": _auth(credential, self._settings.sip_realm)}
        if name not in self._pushed:
            fields |= {"aor": _AOR, "endpoint": _endpoint(credential, self._settings)}
        for kind, values in fields.items():
            body = {"fields": [{"attribute": key, "value": str(value)} for key, value in values.items()]}
            await line.ari.ask("PUT", f"{_CONFIGURATION}/{kind}/{name}", body=body)
        self._pushed.add(name)

    async def _remove(self, line: Line, username: str) -> None:
        self._pushed.discard(username)
        for kind in ("endpoint", "auth", "aor"):
            await line.try_ask("DELETE", f"{_CONFIGURATION}/{kind}/{username}", contact=None)


REGISTRATIONS_APP = "haedap-telephones"
"""Its own application: the one that has the calls would otherwise hear of each leg's events twice."""

_AOR: dict[str, object] = {
    "max_contacts": 1,
    "remove_existing": "yes",
    "minimum_expiration": 20,
    "default_expiration": 60,
    "maximum_expiration": 60,
}
"""One window at a time: the newest registration wins. Expiry is short, for a restart forgets registrations, and a
telephone that lost its power is only missed when it does not register again."""


def _auth(credential: PhoneCredential, realm: str) -> dict[str, object]:
    return {
        "auth_type": "digest",
        "username": credential.username,
        "realm": realm,
        "password_digest": f"MD5:{credential.ha1}",
    }


def _endpoint(credential: PhoneCredential, settings: Settings) -> dict[str, object]:
    name = credential.username
    fields: dict[str, object] = {
        **MEDIA,
        "allow": "ulaw,alaw",
        "aors": name,
        "auth": name,
        "identify_by": "username",
        "context": NOWHERE_CONTEXT,
        "rewrite_contact": "yes",
        "rtp_timeout": settings.telephone_rtp_timeout,
    }
    if credential.kind is PhoneKind.DESK:
        fields |= encrypted(settings.telephones_encryption)
    else:
        fields |= {"webrtc": "yes", "allow": "ulaw,alaw,opus"}
    if credential.kind is PhoneKind.CITIZEN:
        # Who calls is chosen on the page, and told like a trunk tells it; else an invented number stands in.
        fields |= {"context": CITIZENS_CONTEXT, "callerid": f"<{_invented_number(name)}>", "trust_id_inbound": "yes"}
    return fields


def _invented_number(name: str) -> str:
    """A number that cannot be real, the same for each demonstration telephone every time."""
    return f"0100000{zlib.crc32(name.encode()) % 10_000:04}"
