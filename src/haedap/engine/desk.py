"""The web's commands: read as soon as they are written, handed to the loop or carried out beside it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import msgspec
import psycopg
import structlog

from haedap.channels.port import Channel, PhoneCredential, PhoneKind
from haedap.domain.plan import Plan
from haedap.engine.inbox import Finished, Inbox
from haedap.engine.requests import Refused
from haedap.store import StoreUnavailableError
from haedap.store.commands import WAKE_CHANNEL, Command, OpenCommands, Outcome
from haedap.store.connection import Connection, passing_errors, reach
from haedap.store.phones import PhoneRow, load_phone, load_phones
from haedap.store.plans import load_plan, same_rules

_LOOK_AGAIN = 1.0
"""Seconds after which the table is read although nobody notified: a notification can be lost."""
_PATIENCE = 5.0
_PATIENCE_WITH_PROMPTS = 300.0
"""Seconds for one command; a centre's prompts may all have to be spoken anew."""
_PAUSE = 0.5

_log = structlog.get_logger()


class _Username(msgspec.Struct, frozen=True):
    username: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class _Lane:
    """Commands that must not overtake each other, and the seconds that each may take."""

    def __init__(self, patience: float) -> None:
        self.commands: asyncio.Queue[Command] = asyncio.Queue()
        self.patience = patience


class Desk:
    """Runs beside the loop. `plan` tells the plan that is in force."""

    def __init__(
        self,
        url: str,
        inbox: Inbox,
        channel: Channel,
        plan: Callable[[], Plan | None],
        now: Callable[[], datetime],
    ) -> None:
        self._url = url
        self._inbox = inbox
        self._channel = channel
        self._plan = plan
        self._now = now
        self._open = OpenCommands()
        self._expiry: dict[str, datetime] = {}
        phones, plans = _Lane(_PATIENCE), _Lane(_PATIENCE)
        prompts = _Lane(_PATIENCE_WITH_PROMPTS)
        self._administration: dict[str, tuple[_Lane, Callable[[Command], Awaitable[Plan | None]]]] = {
            "phone_issued": (phones, self._issue_phone),
            "phone_revoked": (phones, self._revoke_phone),
            "plan_changed": (plans, self._load_plan),
            "prompts_changed": (prompts, self._change_prompts),
        }

    async def issue_all(self, connection: Connection) -> None:
        """Give the channel all credentials that are valid now. Raises StoreUnavailableError."""
        for phone in await load_phones(connection):
            await self._issue(phone)

    async def run(self) -> None:
        """Read commands until cancelled; PostgreSQL may go away and come back."""
        while True:
            listener = await reach(self._url, "listener")
            try:
                reader = await reach(self._url, "commands")
                try:
                    await self._read(listener, reader)
                finally:
                    await reader.close()
            except StoreUnavailableError:
                _log.info("commands wait for PostgreSQL")
            except psycopg.Error as error:
                _log.error("commands cannot be read; trying again", error=type(error).__name__)
            finally:
                await listener.close()
            await asyncio.sleep(_PAUSE)

    async def administer(self) -> None:
        """Carry out administrators' commands until cancelled: of one kind in order, of different kinds side by side."""
        lanes = dict.fromkeys(lane for lane, _ in self._administration.values())
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(self._carry_out(lane))

    async def _carry_out(self, lane: _Lane) -> None:
        while True:
            command = await lane.commands.get()
            self._inbox.put(await self._administered(command, lane.patience))

    async def _read(self, listener: Connection, reader: Connection) -> None:
        with passing_errors():
            await listener.execute(f"LISTEN {WAKE_CHANNEL}")
            while True:
                for command in await self._open.fetch(reader):
                    if command.name in self._administration:
                        self._administration[command.name][0].commands.put_nowait(command)
                    else:
                        self._inbox.put(command)
                async for _notice in listener.notifies(timeout=_LOOK_AGAIN, stop_after=1):
                    pass
                await self._revoke_expired()

    async def _administered(self, command: Command, patience: float) -> Finished:
        do = self._administration[command.name][1]
        try:
            async with asyncio.timeout(patience):
                plan = await do(command)
        except Refused as refusal:
            return Finished(Outcome(command.id, "refused", refusal.code))
        except (TimeoutError, StoreUnavailableError):
            return Finished(Outcome(command.id, "refused", "unavailable"))
        except Exception:  # no command may stop the centre
            _log.exception("a command failed", command=command.name)
            return Finished(Outcome(command.id, "refused", "failed"))
        return Finished(Outcome(command.id, "done"), plan)

    async def _load_plan(self, _command: Command) -> Plan | None:
        connection = await reach(self._url, "plan")
        try:
            loaded = await load_plan(connection, self._plan())
        finally:
            await connection.close()
        log_problems(loaded.problems)
        return None if same_rules(self._plan(), loaded.plan) else loaded.plan

    async def _issue_phone(self, command: Command) -> None:
        username = _username(command)
        connection = await reach(self._url, "phones")
        try:
            phone = await load_phone(connection, username)
        finally:
            await connection.close()
        if phone is None:
            raise Refused("unknown_phone")
        await self._issue(phone)

    async def _revoke_phone(self, command: Command) -> None:
        username = _username(command)
        self._expiry.pop(username, None)
        await self._channel.phone_revoked(username)

    async def _change_prompts(self, _command: Command) -> None:
        await self._channel.prompts_changed()

    async def _issue(self, phone: PhoneRow) -> None:
        credential = PhoneCredential(
            username=phone.username,
            kind=PhoneKind(phone.kind),
            agent=phone.agent,
            ha1=phone.ha1,
            expires_at=phone.expires_at,
        )
        await self._channel.phone_issued(credential)
        if phone.expires_at is None:
            self._expiry.pop(phone.username, None)
        else:
            self._expiry[phone.username] = phone.expires_at

    async def _revoke_expired(self) -> None:
        now = self._now()
        for username in [name for name, expiry in self._expiry.items() if expiry <= now]:
            del self._expiry[username]
            await self._channel.phone_revoked(username)


def log_problems(problems: tuple[str, ...]) -> None:
    """Say what of the centre's tables cannot be used."""
    for problem in problems:
        _log.warning("a row of the plan cannot be used", problem=problem)


def _username(command: Command) -> str:
    try:
        return msgspec.convert(command.data, _Username).username
    except msgspec.ValidationError:
        raise Refused("malformed") from None
