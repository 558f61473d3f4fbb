"""The connectors of this web process: one for each system, with its guard, for as long as its configuration stands."""

from __future__ import annotations

import asyncio
import json
from typing import NamedTuple
from weakref import WeakKeyDictionary

from haedap.apps.lookups import keeping, vault
from haedap.apps.lookups.models import System
from haedap.connectors import registry
from haedap.connectors.configuration import Configuration
from haedap.connectors.guard import Guarded
from haedap.connectors.port import FailureCode, Misconfigured, Setting

_RECONFIGURE = "이 조회는 다시 설정해야 합니다. 담당 부서로 확인해 드리겠습니다."


class _Open(NamedTuple):
    configuration: str
    secrets: bytes
    guarded: Guarded


class Connections:
    """Guards by system. Belongs to one event loop."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def of(self, system: System) -> Guarded:
        """The guarded connector of the system as it is set up now. Raises Misconfigured.

        Making one reads certificates, which takes its time: that is done beside the loop, and of two the first stays.
        """
        if (known := self._current(system)) is not None:
            return known
        new = await asyncio.to_thread(guarded_connector, system)
        if (known := self._current(system)) is not None:
            await new.close()
            return known
        replaced = self._open.get(system.pk)
        self._open[system.pk] = _Open(system.configuration, _sealed(system), new)
        if replaced is not None:
            self._close(replaced.guarded)
        return new

    def broken(self) -> frozenset[str]:
        """The systems that are being left alone now."""
        return frozenset(key for key, known in self._open.items() if known.guarded.is_broken)

    async def close(self) -> None:
        """Give everything back."""
        for known in self._open.values():
            self._close(known.guarded)
        self._open.clear()
        await asyncio.gather(*self._closing)

    def _current(self, system: System) -> Guarded | None:
        known = self._open.get(system.pk)
        same = known is not None and (known.configuration, known.secrets) == (system.configuration, _sealed(system))
        return known.guarded if known is not None and same else None

    def _close(self, guarded: Guarded) -> None:
        task = asyncio.get_running_loop().create_task(guarded.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Connections] = WeakKeyDictionary()
_described: dict[str, tuple[str, Configuration]] = {}


def connections() -> Connections:
    """Those of the running event loop: a server has one."""
    return _by_loop.setdefault(asyncio.get_running_loop(), Connections())


async def broken() -> frozenset[str]:
    """The systems that this server leaves alone now."""
    return connections().broken()


def described(system: System) -> Configuration:
    """What the system is and gives, without opening anything. Raises Misconfigured."""
    known = _described.get(system.pk)
    if known is None or known[0] != system.configuration:
        known = _described[system.pk] = (system.configuration, _checked(system).configuration)
    return known[1]


def settings_of(system: System) -> tuple[Setting, ...]:
    """What has to be filled in apart from the configuration. Raises Misconfigured."""
    return _checked(system).settings


def guarded_connector(system: System) -> Guarded:
    """A new one. Raises Misconfigured, also when the secrets cannot be opened any more."""
    try:
        secrets = keeping.secrets_of(system)
    except vault.VaultError as error:
        reason = "the secrets were sealed with another key: give them again"
        raise Misconfigured(reason, _RECONFIGURE, FailureCode.KEY) from error
    return Guarded(registry.build(json.loads(system.configuration), secrets), described(system).limits)


def _sealed(system: System) -> bytes:
    return bytes(system.sealed_secrets or b"")


def _checked(system: System) -> registry.Checked:
    return registry.check(json.loads(system.configuration))
