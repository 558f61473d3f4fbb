"""What is found on the wire after a connection, where it changes while it is being read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from haedap.channels.voice.ari import Ari, AriRefusedError
from haedap.channels.voice.line import Line
from haedap.channels.voice.messages import Messages
from haedap.channels.voice.reconcile import reconcile
from haedap.channels.voice.recordings import Recordings
from haedap.channels.voice.wire import RESTResponse
from haedap.config import load_settings
from haedap.domain.events import AnyEvent, ChannelReconciled, ContactArrived

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
STAYS, GOES = "6a8b054e-01dc-4243-8d41-d6a35d3690cd", "7a8b054e-01dc-4243-8d41-d6a35d3690cd"


class Exchange(Ari):
    """Two citizens, of whom the second hangs up as soon as the legs have been listed, and two agents who have answered:
    the second just now."""

    async def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> RESTResponse:
        del method, body
        if "1.2" in f"{path} {query}" or path.startswith("recordings"):
            raise AriRefusedError(404, "gone")
        return RESTResponse(request_id="1", status_code=200, message_body=json.dumps(self._answers.get(path, {})))

    def __init__(self) -> None:
        self._answers: dict[str, object] = {
            "channels": [
                *(citizen("1.1", STAYS), citizen("1.2", GOES)),
                *(agent(f"{STAYS}.1", "Stasis"), agent(f"{STAYS}.2", "AppDial2")),
            ],
            "bridges": [],
            "asterisk/info": {"status": {"startup_time": NOW.isoformat()}},
        }


def citizen(channel: str, contact: str) -> dict[str, object]:
    return {
        "id": channel,
        "name": f"PJSIP/trunk-{channel}",
        "state": "Ring",
        "creationtime": NOW.isoformat(),
        "dialplan": {"exten": "0200000120", "app_name": "Stasis", "app_data": f"haedap,citizen,{contact},allowed"},
    }


def agent(channel: str, application: str) -> dict[str, object]:
    dialplan = {"app_name": application, "app_data": ""}
    name = f"PJSIP/desk-{channel[-1]}-00000001"
    return {"id": channel, "name": name, "state": "Up", "creationtime": NOW.isoformat(), "dialplan": dialplan}


async def reconciled(folder: Path) -> tuple[Line, list[AnyEvent]]:
    settings = load_settings({"HAEDAP_STATE": str(folder)})
    posted: list[AnyEvent] = []
    line = Line(Exchange(), [Exchange()], posted.append, lambda: NOW, Recordings(settings))
    await reconcile(line, Messages(settings), ())
    return line, posted


async def test_who_hangs_up_while_the_wire_is_read_is_not_found_there(tmp_path: Path) -> None:
    line, posted = await reconciled(tmp_path)
    (summary,) = [event for event in posted if isinstance(event, ChannelReconciled)]
    assert summary.contacts == (STAYS,)
    assert (summary.since, summary.exchange) == (NOW, NOW.isoformat())
    assert [event.contact for event in posted if isinstance(event, ContactArrived)] == [STAYS]
    assert list(line.calls.by_contact) == [STAYS]


async def test_who_has_answered_and_is_not_here_yet_counts_as_ringing(tmp_path: Path) -> None:
    """Asterisk joins nobody before: the agent who had just answered was hung up on, and rung anew."""
    line, posted = await reconciled(tmp_path)
    (summary,) = [event for event in posted if isinstance(event, ChannelReconciled)]
    assert (summary.answered, summary.ringing) == ((f"{STAYS}.1",), (f"{STAYS}.2",))
    assert [leg.answered for leg in line.calls.legs.values()] == [True, False]
