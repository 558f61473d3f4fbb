"""What the processes of a centre are told when they start."""

from __future__ import annotations

from pathlib import Path

from haedap.clock import AHEAD
from haedap.config import load_settings
from haedap.operations.services import (
    engine_service,
    language_service,
    standby_service,
    web_service,
    worker_service,
)
from haedap.operations.users import current_user, service_user


def test_whoever_compares_the_record_with_now_is_told_how_far_the_centres_time_is_ahead(tmp_path: Path) -> None:
    settings = load_settings({"HAEDAP_STATE": str(tmp_path)})
    for make in (engine_service, standby_service, worker_service, web_service):
        told = make(settings, current_user(), {}).told
        assert told is not None
        assert abs(float(told()[AHEAD])) < 1, "nobody has set the clock"


def test_the_search_may_make_its_model_in_a_cache_that_root_set_up(tmp_path: Path) -> None:
    lock = tmp_path / "models" / "making.lock"
    lock.parent.mkdir()
    lock.touch()
    user = service_user()
    settings = load_settings({"HAEDAP_STATE": str(tmp_path / "state"), "HAEDAP_CACHE": str(tmp_path)})
    language_service(settings, user, {})
    assert [path.stat().st_uid for path in (lock.parent, lock)] == [user.uid, user.uid]
