"""The voice channel: Asterisk's events become the router's, the router's decisions become requests to Asterisk."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime

import structlog

from haedap.channels.port import PhoneCredential, Post
from haedap.channels.voice import reconcile, sounds
from haedap.channels.voice.announcing import Announcements
from haedap.channels.voice.ari import Ari, AriLostError, AriRefusedError, ari_connection
from haedap.channels.voice.calls import Call
from haedap.channels.voice.dialplan import APP
from haedap.channels.voice.ending import end_call, end_endless
from haedap.channels.voice.hearing import Hearing
from haedap.channels.voice.line import Clock, Line
from haedap.channels.voice.messages import Messages
from haedap.channels.voice.outside import CALLED_APP, CALLED_EVENTS, Outside
from haedap.channels.voice.performing import Performing
from haedap.channels.voice.recordings import Recordings
from haedap.channels.voice.telephones import REGISTRATIONS_APP, Telephones
from haedap.channels.voice.wire import CALL_EVENTS, REGISTRATION_EVENTS, AnyWireEvent
from haedap.clock import wall_time
from haedap.config import Settings
from haedap.domain.decisions import AnyDecision, EndContact, OfferContact, Refuse
from haedap.domain.events import ExchangeStopped
from haedap.domain.ids import ContactId
from haedap.domain.plan import Plan
from haedap.domain.states import Channel

_log = structlog.get_logger()
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 3.0
_PATIENCE = 5
"""Times the pause before an attempt: seconds in which a new connection must hear. A slow machine gets ever more."""
_LANES = 8
"""Connections over which the contacts are spread."""


class VoiceChannel:
    """The port `haedap.channels.port.Channel` for telephones."""

    channel = Channel.VOICE

    def __init__(self, settings: Settings, prompts: sounds.Prompts, now: Clock = wall_time) -> None:
        self._settings = settings
        self._now = now
        self._telephones = Telephones(settings)
        self._outside = Outside(settings, self._telephones)
        self._recordings = Recordings(settings)
        self._messages = Messages(settings)
        self._announcements = Announcements(settings)
        self._hearing = Hearing(self._telephones, self._messages)
        self._performing = Performing(prompts, self._telephones, self._outside, self._messages, self._announcements)
        self._line: Line | None = None
        self._held_back: list[AnyWireEvent] | None = None
        self._to_end: set[ContactId] = set()
        """Contacts that the router ended while Asterisk could not be told."""
        self._alive_at: datetime | None = None
        """Until when calls may have lived that nobody listens to now; None when it has been told that none does."""
        self._unspoken: dict[ContactId, Call] = {}
        """Calls of lost connections in which nobody had spoken: their recordings are empty."""

    # --- the port

    async def outlasted(self, at: datetime, contacts: Collection[ContactId]) -> bool:
        """See the port. Certain is what Asterisk says, and that nobody listens at its address."""
        try:
            async with self._ari({}, asyncio.Event(), _FIRST_PAUSE_SECONDS * _PATIENCE) as ari:
                return await reconcile.outlasted(ari, at, contacts)
        except (AriLostError, AriRefusedError) as error:
            return not _nobody_listens(error)

    async def run(self, post: Post) -> None:
        """See the port. Asterisk may come and go: every connection starts with a reconciliation."""
        pause, self._alive_at = _FIRST_PAUSE_SECONDS, self._now()
        while True:
            try:
                await self._connection(post, pause * _PATIENCE)
                pause = _FIRST_PAUSE_SECONDS
            except (AriLostError, AriRefusedError) as error:
                _log.warning("voice: Asterisk does not answer, trying again", seconds=pause)
                if _nobody_listens(error):
                    self._tell_end(post)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _tell_end(self, post: Post) -> None:
        """What an Asterisk carried that has died is over since then, however long it takes to come back."""
        if self._alive_at is not None:
            post(ExchangeStopped(at=self._alive_at))
            self._alive_at = None

    async def perform(self, decision: AnyDecision) -> None:
        """See the port. Without a connection nothing is done: the reconciliation to come makes it good."""
        line = self._line
        if line is None:
            if isinstance(decision, EndContact | Refuse):
                self._to_end.add(decision.contact)
            return
        if isinstance(decision, OfferContact) and decision.offer in line.prepared:
            line.prepared.remove(decision.offer)
            return
        await self._try_to_do(decision, line)

    async def _try_to_do(self, decision: AnyDecision, line: Line) -> None:
        try:
            await self._performing.do(decision, line)
        except AriLostError:
            return
        except AriRefusedError:
            _log.info("voice: refused by Asterisk", decision=type(decision).__name__)

    async def prepare(self, offer: OfferContact) -> None:
        """See the port."""
        line = self._line
        if line is not None:
            line.prepared.add(offer.offer)
            await self._try_to_do(offer, line)

    async def plan_changed(self, plan: Plan) -> None:
        self._telephones.plan_changed(plan)
        self._outside.abroad = plan.calls_abroad

    async def phone_issued(self, credential: PhoneCredential) -> None:
        try:
            await self._telephones.issue(credential)
        except (AriLostError, AriRefusedError):
            _log.warning("voice: a telephone could not be admitted", username=credential.username)

    async def phone_revoked(self, username: str) -> None:
        try:
            await self._telephones.revoke(username)
        except (AriLostError, AriRefusedError):
            _log.warning("voice: a telephone could not be removed", username=username)

    async def prompts_changed(self) -> None:
        """Asterisk reads each prompt anew; only its list of music is kept."""
        if self._line is None:
            return
        try:
            await self._line.try_ask("PUT", "asterisk/modules/res_musiconhold.so", contact=None)
        except AriLostError:
            _log.info("voice: Asterisk reads the music when it is back")

    # --- the connection

    async def _connection(self, post: Post, patience: float) -> None:
        self._held_back = []
        lost = asyncio.Event()
        async with AsyncExitStack() as connections:
            lanes = [await connections.enter_async_context(self._ari({}, lost, patience)) for _ in range(_LANES)]
            # Last, for from now on calls come in.
            apps = {APP: CALL_EVENTS, REGISTRATIONS_APP: REGISTRATION_EVENTS, CALLED_APP: CALLED_EVENTS}
            ari = await connections.enter_async_context(self._ari(apps, lost, patience))
            line = Line(ari, lanes, post, self._now, self._recordings)
            try:
                await self._take_over(line)
                line.spawn(end_endless(line))
                line.spawn(self._recordings.remove_left_over(line.calls.by_contact))
                await lost.wait()
            finally:
                self._line, self._alive_at = None, self._now()
                calls = line.calls.by_contact.values()
                self._unspoken |= {call.contact: call for call in calls if not (call.spoke or call.message)}
                self._hearing.forget()
                self._telephones.stop()
                await line.close()

    def _ari(
        self, apps: Mapping[str, Sequence[str]], lost: asyncio.Event, patience: float
    ) -> AbstractAsyncContextManager[Ari]:
        settings = self._settings
        return ari_connection(
            settings.ari_url, settings.ari_user, settings.ari_password, apps, self._hear, lost, patience
        )

    async def _take_over(self, line: Line) -> None:
        await self._telephones.start(line)
        await reconcile.reconcile(line, self._messages, self._to_end)
        self._line = line
        for call in line.calls.by_contact.values():
            call.spoke = call.spoke or self._recordings.holds_sound(call.contact, call.created)
        unspoken, self._unspoken = self._unspoken, {}
        for call in [call for contact, call in unspoken.items() if contact not in line.calls.by_contact]:
            self._recordings.remove_left(call.contact, call.created)
        self._announcements.take_over(line.calls.legs.values())
        over, self._to_end = self._to_end, set()
        for call in [line.calls.by_contact[contact] for contact in over if contact in line.calls.by_contact]:
            line.spawn(end_call(line, call))
        held_back, self._held_back = self._held_back or [], None
        for event in held_back:
            self._hear(event)

    def _hear(self, event: AnyWireEvent) -> None:
        if self._held_back is not None:
            self._held_back.append(event)
        elif self._line is not None:
            self._hearing.take(event, self._line)


def _nobody_listens(error: AriLostError | AriRefusedError) -> bool:
    """Whether Asterisk's address itself says that there is none: what else goes wrong may be with one that lives."""
    return isinstance(error.__cause__, ConnectionRefusedError)
