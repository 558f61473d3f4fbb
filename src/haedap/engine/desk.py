"""The web's commands: read as soon as they are written, handed to the loop or carried out beside it."""

import asyncio
import contextlib
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
from haedap.store.plans import load_plan

_LOOK_AGAIN = 1.0
"""Seconds after which the table is read although nobody notified: a notification can be lost. As often it is seen
which telephones' time is up."""
_PATIENCE = 5.0
"""Seconds for one command."""
_PAUSE = 0.5

_log = structlog.get_logger()


class _Username(msgspec.Struct, frozen=True):
    username: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


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
        self._administration: asyncio.Queue[Command] = asyncio.Queue()
        self._carry_out: dict[str, Callable[[Command], Awaitable[Plan | None]]] = {
            "phone_issued": self._issue_phone,
            "phone_revoked": self._revoke_phone,
            "plan_changed": self._load_plan,
            "prompts_changed": self._change_prompts,
        }

    async def issue_all(self, connection: Connection) -> None:
        """Give the channel all credentials that are valid now. Raises StoreUnavailableError."""
        for phone in await load_phones(connection):
            try:
                await self._issue(phone)
            except Exception:  # one telephone's failure must not keep the centre closed
                _log.exception("a telephone's credential was not taken", username=phone.username)

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
        """Carry out administrators' commands, one after the other, until cancelled.

        In between telephones go whose time is up: one that is just being renewed must stay.
        """
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN):
                    command = await self._administration.get()
                self._inbox.put(await self._administered(command))
            await self._revoke_expired()

    async def _read(self, listener: Connection, reader: Connection) -> None:
        with passing_errors():
            await listener.execute(f"LISTEN {WAKE_CHANNEL}")
            while True:
                for command in await self._open.fetch(reader):
                    if command.name in self._carry_out:
                        self._administration.put_nowait(command)
                    else:
                        self._inbox.put(command)
                async for _notice in listener.notifies(timeout=_LOOK_AGAIN, stop_after=1):
                    pass

    async def _administered(self, command: Command) -> Finished:
        try:
            async with asyncio.timeout(_PATIENCE):
                plan = await self._carry_out[command.name](command)
        except Refused as refusal:
            return Finished(Outcome(command.id, "refused", refusal.code))
        except (TimeoutError, StoreUnavailableError):
            return Finished(Outcome(command.id, "refused", "unavailable"))
        except Exception:  # no command may stop the centre
            _log.exception("a command failed", command=command.name)
            return Finished(Outcome(command.id, "refused", "failed"))
        return Finished(Outcome(command.id, "done"), plan)

    async def _load_plan(self, _command: Command) -> Plan | None:
        """Whether it says anything new is seen when its turn comes: another one may be on its way."""
        connection = await reach(self._url, "plan")
        try:
            loaded = await load_plan(connection, self._plan())
        finally:
            await connection.close()
        log_problems(loaded.problems)
        return loaded.plan

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
        self._expiry[username] = self._now()  # should it be broken off here, it goes as one whose time is up
        await self._channel.phone_revoked(username)
        self._expiry.pop(username, None)

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
            try:
                await self._channel.phone_revoked(username)
            except Exception:  # administrators' commands must go on
                _log.exception("a telephone was not revoked", username=username)


def log_problems(problems: tuple[str, ...]) -> None:
    """Say what of the centre's tables cannot be used."""
    for problem in problems:
        _log.warning("a row of the plan cannot be used", problem=problem)


def _username(command: Command) -> str:
    try:
        return msgspec.convert(command.data, _Username).username
    except msgspec.ValidationError:
        raise Refused("malformed") from None
