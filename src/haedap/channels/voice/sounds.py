"""What a citizen hears from the centre itself: prompts, music, silence. One thing at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from haedap.channels.voice.ari import AriRefusedError
from haedap.channels.voice.calls import Call
from haedap.channels.voice.line import Line
from haedap.channels.voice.wire import PlaybackFinished
from haedap.domain.decisions import Play, Saying
from haedap.domain.events import PlaybackEnded
from haedap.domain.ids import RequestId
from haedap.domain.states import PlayOutcome

SOUND_VARIABLE = "SOUND"
"""Says on the wire which request plays: who comes back after a crash must be able to stop it."""


class Prompts(Protocol):
    """Where speech comes from."""

    async def files(self, sayings: Sequence[Saying]) -> tuple[Path, ...]:
        """The WAV files that say it, in order. Raises an error of its own when there is none."""
        ...


async def ring(line: Line, call: Call) -> None:
    """Have the network ring in the ear of who has not been answered; nobody else hears anything of a call that waits.

    In an answered call Asterisk would play the tone over the talk: so what answers it comes behind, on the same lane.
    """
    if not call.answered and line.calls.lives(call):
        await line.try_ask("POST", f"channels/{call.channel}/ring", contact=call.contact)


async def answer(line: Line, call: Call) -> None:
    """Answer the citizen's call, unless it has been answered."""
    if not call.answered:
        call.answered = True
        await line.lane(call.contact).ask("POST", f"channels/{call.channel}/answer")


async def play(line: Line, call: Call, decision: Play, files: Sequence[Path]) -> None:
    """Play `files`, which takes the place of whatever the citizen heard. An empty list cannot be played."""
    if call.sound == decision.id:
        return
    await silence(line, call)
    media = ",".join(f"sound:{file.with_suffix('')}" for file in files)
    call.sound = decision.id
    mark = {"variable": SOUND_VARIABLE, "value": decision.id}
    try:
        await answer(line, call)
        await line.try_ask("POST", f"channels/{call.channel}/variable", mark, contact=call.contact)
        await line.lane(call.contact).ask("POST", f"channels/{call.channel}/play/{decision.id}", {"media": media})
    except AriRefusedError:
        _finish(line, call, decision.id, PlayOutcome.FAILED)


async def play_music(line: Line, call: Call) -> None:
    """Music until something takes its place."""
    if call.music:
        return
    await silence(line, call)
    await answer(line, call)
    call.music = True
    await line.lane(call.contact).ask("POST", f"channels/{call.channel}/moh")


async def silence(line: Line, call: Call) -> None:
    """Stop what the citizen hears: a sound, music, the agent's voice."""
    if call.sound is not None:
        replaced = call.sound
        _finish(line, call, replaced, PlayOutcome.REPLACED)
        await line.try_ask("DELETE", f"playbacks/{replaced}", contact=call.contact)
    if call.music is not False:
        call.music = False
        await line.try_ask("DELETE", f"channels/{call.channel}/moh", contact=call.contact)


def playback_finished(line: Line, call: Call, event: PlaybackFinished) -> None:
    """A sound came to its end by itself; the end of one that was replaced has been reported before."""
    outcome = PlayOutcome.FINISHED if event.playback.state == "done" else PlayOutcome.FAILED
    if call.sound == event.playback.id:
        _finish(line, call, call.sound, outcome)


def _finish(line: Line, call: Call, request: RequestId, outcome: PlayOutcome) -> None:
    if call.sound != request:
        return
    call.sound = None
    line.post(PlaybackEnded(at=line.now(), contact=call.contact, request=request, outcome=outcome))
