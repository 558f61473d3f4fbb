"""A pinned announcement at the engine: callers hear it before the welcome, until it is taken off."""

from __future__ import annotations

from haedap.domain.decisions import Play
from haedap.domain.ids import ContactId
from tests.support.engine import Centre, make_centre, running_engine, wait_until
from tests.support.exchange import Exchange

FLOW = {
    "start": "welcome",
    "steps": {
        "welcome": {"kind": "play", "prompts": ["welcome"], "next": "wait"},
        "wait": {"kind": "queue", "queue": "general", "priority": 0, "prompts": [], "music": True},
    },
}


async def _heard(centre: Centre) -> list[str]:
    """The prompts that a citizen hears until the queue's music."""
    contact: ContactId = centre.exchange.call()
    await wait_until(lambda: centre.exchange.calls[contact].sound == "music")
    plays = [one for one in centre.exchange.performed if isinstance(one, Play) and one.contact == contact]
    return [saying.prompt for play in plays for saying in play.sayings]


async def test_what_is_pinned_is_heard_first_until_it_is_taken_off(database: str) -> None:
    make_centre(database, flow=FLOW)
    async with running_engine(database, Exchange()) as centre:
        await centre.execute("INSERT INTO prompt (key) VALUES ('welcome'), ('pin_1')")
        assert await centre.command("plan_changed") == "done"
        assert await _heard(centre) == ["welcome"]
        await centre.execute(
            "INSERT INTO radar_pin (text, flows, prompt, on_air, since, until)"
            " VALUES ('단수', '{main}', 'pin_1', true, now(), now() + interval '1 hour')"
        )
        await centre.execute("UPDATE centre_settings SET plan_version = plan_version + 1")
        assert await centre.command("plan_changed") == "done"
        assert await _heard(centre) == ["pin_1", "welcome"]
        await centre.execute("UPDATE radar_pin SET on_air = false")
        await centre.execute("DELETE FROM prompt WHERE key = 'pin_1'")
        await centre.execute("UPDATE centre_settings SET plan_version = plan_version + 1")
        assert await centre.command("plan_changed") == "done"
        assert await _heard(centre) == ["welcome"]
