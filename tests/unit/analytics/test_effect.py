"""With and without articles and look-ups, compared by topic: counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from haedap.analytics.effect import Effect, effect_of


def row(topic: int, used: str, contacts: int, self_handled: int, seconds: float = 100.0) -> dict[str, Any]:
    return {
        "topic": topic,
        "article": "a" in used,
        "looked_up": "l" in used,
        "contacts": contacts,
        "self_handled": self_handled,
        "passed_on": contacts - self_handled,
        "handled": contacts,
        "handled_seconds": contacts * seconds,
    }


def both_topics() -> Effect:
    """Topic 1 is easy and mostly looked up, topic 2 is hard and mostly not; aid helps in both."""
    return effect_of(
        [
            row(1, "a", 80, 72, 100),
            row(1, "", 20, 16, 140),
            row(2, "l", 20, 10, 300),
            row(2, "", 80, 24, 400),
            row(3, "", 10, 4),
        ]
    )


def test_the_plain_rates_mix_the_topics_and_the_standardised_ones_do_not() -> None:
    either = both_topics().either
    assert either.used.self_handled_rate == pytest.approx(82 / 100)
    assert either.unused.self_handled_rate == pytest.approx(44 / 110)
    assert either.standardised(lambda group: group.self_handled_rate) == pytest.approx((0.7, 0.55))
    assert either.standardised(lambda group: group.handle_time) == pytest.approx((200, 270))
    assert either.comparable == 200


def test_the_ranking_is_by_what_was_passed_on_without_any_aid() -> None:
    losses = both_topics().losses
    assert [(loss.topic, loss.passed_on, loss.unaided) for loss in losses] == [(2, 66, 56), (3, 6, 6), (1, 12, 4)]
    assert [(loss.no_article, loss.no_look_up) for loss in losses] == [(66, 56), (6, 6), (4, 12)]


def test_what_could_be_kept_is_the_topics_own_difference_or_that_of_all() -> None:
    hard, untried, easy = both_topics().losses
    assert hard.avoidable == pytest.approx((0.5 - 0.3) * 80)
    assert easy.avoidable == pytest.approx((0.9 - 0.8) * 20)
    assert untried.avoidable == pytest.approx(0.15 * 10)


def test_without_any_use_nothing_is_claimed() -> None:
    effect = effect_of([row(1, "", 10, 4)])
    assert effect.losses[0].avoidable is None
    assert effect.either.standardised(lambda group: group.self_handled_rate) is None
    assert effect.either.used.self_handled_rate is None
    assert effect_of([]).losses == ()
