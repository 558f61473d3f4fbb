"""Which telephones may register: what is decided while all of them are pushed anew holds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from haedap.channels.port import PhoneCredential, PhoneKind
from haedap.channels.voice.ari import Ari, AriRefusedError
from haedap.channels.voice.line import Line
from haedap.channels.voice.recordings import Recordings
from haedap.channels.voice.telephones import Telephones
from haedap.channels.voice.wire import RESTResponse
from haedap.config import load_settings

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


class SlowExchange(Ari):
    """Keeps what it was given; answers to `agent-1` only when `goes_on` is set."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.goes_on = asyncio.Event()
        self.refused = ""
        """Whose telephone it does not take."""

    async def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> RESTResponse:
        del query
        what = path.removeprefix("asterisk/config/dynamic/res_pjsip/")
        if what.endswith("/agent-1"):
            await self.goes_on.wait()
        if self.refused and what.endswith(self.refused):
            raise AriRefusedError(400, "no")
        if method == "PUT" and body is not None:
            self.kept[what] = next(
                (pair["value"] for pair in body["fields"] if pair["attribute"] == "password_digest"), ""
            )
        elif method == "DELETE":
            self.kept.pop(what, None)
        return RESTResponse(request_id="1", status_code=200, message_body="[]")


def credential(username: str, ha1: str) -> PhoneCredential:
    return PhoneCredential(username=username, kind=PhoneKind.BROWSER, agent=None, ha1=ha1, expires_at=None)


def connected(exchange: SlowExchange) -> Line:
    return Line(exchange, [exchange], lambda _event: None, lambda: NOW, Recordings(load_settings({})))


async def test_what_changes_while_all_are_pushed_is_what_holds(tmp_path: Path) -> None:
    exchange = SlowExchange()
    telephones = Telephones(load_settings({"HAEDAP_STATE": str(tmp_path)}))
    for username in ("agent-1", "agent-2", "agent-3"):
        await telephones.issue(credential(username, "old"))
    await telephones.start(connected(exchange))
    await asyncio.sleep(0)
    meanwhile = [
        asyncio.create_task(telephones.revoke("agent-2")),
        asyncio.create_task(telephones.issue(credential("agent-3", "new"))),
    ]
    await asyncio.sleep(0)
    exchange.goes_on.set()
    await asyncio.gather(*meanwhile)
    for _ in range(20):
        await asyncio.sleep(0)
    assert [name for name in exchange.kept if name.endswith("agent-2")] == []
    assert exchange.kept["auth/agent-3"] == "MD5:new"
    assert exchange.kept["auth/agent-1"] == "MD5:old"


async def test_one_telephone_that_is_refused_keeps_no_other_out(tmp_path: Path) -> None:
    exchange = SlowExchange()
    exchange.refused = "/agent-2"
    telephones = Telephones(load_settings({"HAEDAP_STATE": str(tmp_path)}))
    for username in ("agent-2", "agent-3"):
        await telephones.issue(credential(username, "any"))
    await telephones.start(connected(exchange))
    for _ in range(20):
        await asyncio.sleep(0)
    assert "endpoint/agent-3" in exchange.kept


async def test_a_telephone_whose_admission_was_broken_off_is_admitted_whole(tmp_path: Path) -> None:
    """The engine waits for a slow exchange for some seconds; then whoever issued it tries again."""
    exchange = SlowExchange()
    telephones = Telephones(load_settings({"HAEDAP_STATE": str(tmp_path)}))
    await telephones.start(connected(exchange))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(telephones.issue(credential("agent-1", "first")), 0.01)
    exchange.goes_on.set()
    await telephones.issue(credential("agent-1", "second"))
    assert exchange.kept["auth/agent-1"] == "MD5:second"
    assert {"aor/agent-1", "endpoint/agent-1"} <= exchange.kept.keys()


async def test_a_telephone_whose_removal_was_broken_off_is_removed_by_the_next(tmp_path: Path) -> None:
    exchange = SlowExchange()
    exchange.goes_on.set()
    telephones = Telephones(load_settings({"HAEDAP_STATE": str(tmp_path)}))
    await telephones.start(connected(exchange))
    await telephones.issue(credential("agent-1", "any"))
    exchange.goes_on.clear()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(telephones.revoke("agent-1"), 0.01)
    exchange.goes_on.set()
    await telephones.revoke("agent-1")
    assert exchange.kept == {}
