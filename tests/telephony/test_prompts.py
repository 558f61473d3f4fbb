"""A citizen at the real exchange hears the real speech: prompts, and numbers that were made on the spot."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from haedap.channels.voice.prompts import library_of
from haedap.domain.decisions import Play, Saying
from haedap.domain.events import PlaybackEnded
from haedap.domain.ids import PromptKey, RequestId
from haedap.domain.states import PlayOutcome
from tests.telephony.support.exchange import Exchange, read_wav
from tests.telephony.support.script import Script
from tests.telephony.support.sound import Samples
from tests.telephony.support.telephone import Caller

TEXTS = {"spoken": "안녕하십니까.", "place": "대기 순번은 {number}번입니다."}
ALIKE = 0.9


def alikeness(heard: Samples, said: Samples) -> float:
    """1 when `said` is somewhere in `heard`, whatever its level; about 0 when it is not."""
    size = 2 ** int(np.ceil(np.log2(len(heard) + len(said))))
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)[: len(heard)]
    energy = np.concatenate(([0.0], np.cumsum(heard**2)))
    last = np.minimum(np.arange(len(heard)) + len(said), len(heard))
    window = np.sqrt(energy[last] - energy[:-1])
    return float(np.max(products / np.maximum(window * np.sqrt(np.sum(said**2)), 1e-9)))


@pytest.mark.parametrize("number", [3, 47])
async def test_the_citizen_hears_the_prompt_and_the_number(
    exchange: Exchange, script: Script, caller: Caller, number: int
) -> None:
    library = library_of(exchange.settings)
    assert (await asyncio.to_thread(library.ensure, TEXTS)).failed == ()
    sayings = (Saying(PromptKey("spoken")), Saying(PromptKey("place"), number))
    said = [read_wav(path) for path in await library.files(sayings)]
    caller.invite()
    contact = await script.arrival()
    request = RequestId(f"{contact}-1")
    begin = caller.media.mark()
    await script.do(Play(id=request, contact=contact, sayings=sayings))
    await caller.answered()
    ended = await script.wait_for(PlaybackEnded)
    assert (ended.request, ended.outcome) == (request, PlayOutcome.FINISHED)
    heard = caller.media.since(begin)
    other = read_wav(library.folder / "place.9.wav")
    assert [alikeness(heard, one) > ALIKE for one in said] == [True, True]
    assert alikeness(heard, other) < ALIKE
    await script.end(contact)
    await caller.wait_for("BYE")
