"""What a leg beside the citizen's hears by itself: music, a ringing tone, a spoken text, nothing."""

from __future__ import annotations

from pathlib import Path

from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.calls import Leg, contact_of
from haedap.channels.voice.line import Line
from haedap.channels.voice.sounds import SOUND_VARIABLE
from haedap.channels.voice.wire import PlaybackFinished
from haedap.domain.decisions import Announce
from haedap.domain.events import PlaybackEnded
from haedap.domain.ids import RequestId
from haedap.domain.states import PlayOutcome

_RINGING = "tone:ring;tonezone=kr"


async def music(line: Line, leg: Leg) -> None:
    """Music until something takes its place."""
    if leg.music:
        return
    await quiet(line, leg)
    leg.music = True
    await line.try_ask("POST", f"channels/{leg.offer}/moh", contact=contact_of(leg.offer))


async def ringing_tone(line: Line, leg: Leg) -> None:
    """What a caller hears while it rings at the other end."""
    await quiet(line, leg)
    leg.tone = True
    await line.try_ask(
        "POST", f"channels/{leg.offer}/play/{_ringing(leg)}", {"media": _RINGING}, contact=contact_of(leg.offer)
    )


async def announce(line: Line, leg: Leg, decision: Announce, file: Path | None) -> None:
    """Speak to this leg alone; reports `PlaybackEnded` when it is over. None cannot be played."""
    if leg.announcement == decision.id:
        return
    await quiet(line, leg)
    leg.announcement, leg.announced = decision.id, file
    if file is None:
        _finish(line, leg, decision.id, PlayOutcome.FAILED)
        return
    mark = {"variable": SOUND_VARIABLE, "value": decision.id}
    media = {"media": f"sound:{file.with_suffix('')}"}
    try:
        await line.try_ask("POST", f"channels/{leg.offer}/variable", mark, contact=contact_of(leg.offer))
        await line.lane(contact_of(leg.offer)).ask("POST", f"channels/{leg.offer}/play/{decision.id}", media)
    except AriRefusedError:
        _finish(line, leg, decision.id, PlayOutcome.FAILED)


async def quiet(line: Line, leg: Leg) -> None:
    """Stop whatever it hears by itself.

    Asterisk joins nobody who hears a sound before that has ended, and keeps the contact's other requests waiting: so
    the sound's end is the first that is asked for.
    """
    if leg.announcement is not None:
        replaced = leg.announcement
        _finish(line, leg, replaced, PlayOutcome.REPLACED)
        await line.try_ask("DELETE", f"playbacks/{replaced}", contact=contact_of(leg.offer))
    if leg.tone is not False:
        leg.tone = False
        await line.try_ask("DELETE", f"playbacks/{_ringing(leg)}", contact=contact_of(leg.offer))
    if leg.music is not False:
        leg.music = False
        await line.try_ask("DELETE", f"channels/{leg.offer}/moh", contact=contact_of(leg.offer))


def announcement_finished(line: Line, event: PlaybackFinished) -> None:
    """A text came to its end by itself, or could not be spoken."""
    for leg in line.calls.legs.values():
        if leg.announcement == event.playback.id:
            done = event.playback.state == "done"
            _finish(line, leg, leg.announcement, PlayOutcome.FINISHED if done else PlayOutcome.FAILED)


def leg_gone(line: Line, leg: Leg) -> None:
    """Whoever waits for the end of what it was told waits in vain."""
    if leg.announcement is not None:
        _finish(line, leg, leg.announcement, PlayOutcome.FAILED)


def _finish(line: Line, leg: Leg, request: RequestId, outcome: PlayOutcome) -> None:
    if leg.announcement != request:
        return
    if leg.announced is not None:
        leg.announced.unlink(missing_ok=True)
    leg.announcement = leg.announced = None
    line.post(PlaybackEnded(at=line.now(), contact=contact_of(leg.offer), request=request, outcome=outcome))


def _ringing(leg: Leg) -> str:
    return f"ringing-{leg.offer}"
