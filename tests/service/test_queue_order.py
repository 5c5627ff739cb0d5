"""A queue that goes by what answers teach, on the running service: what waits is ordered anew when a model serves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import ROOT, Running, candidate, deploy, images, until
from tests.service.encoder_loop import OneTask, serving_task

pytestmark = [pytest.mark.slow, pytest.mark.service]

WAITING = 24
TASK_FILE = (ROOT / "configs" / "tasks" / "digits.yaml").read_text(encoding="utf-8")
BY_AGE, BY_WORTH = "review: {lease_s: 120.0,", "review: {lease_s: 120.0, order: hybrid,"


@pytest.fixture
def digits(tmp_path: Path) -> Iterator[OneTask]:
    assert BY_AGE in TASK_FILE
    with serving_task(tmp_path, TASK_FILE.replace(BY_AGE, BY_WORTH)) as served:
        yield served


def turns(service: Running) -> dict[str, float | None]:
    """The turn of each waiting review."""
    with service.as_("operator") as operator:
        states = [
            operator.journal_state(row["shard"])["state"] for row in operator.journal()["shards"] if "review" in row["shard"]
        ]
    return {each["review_id"]: each.get("turn_at") for state in states for each in state["reviews"].values()}


def test_what_waits_is_ordered_anew_when_a_model_serves(digits: OneTask) -> None:
    with digits.service.as_("client") as client:
        for pixels, _ in images(WAITING):
            client.decide("digits", pixels)
    until(lambda: len(turns(digits.service)) == WAITING)
    by_opening = turns(digits.service)
    deploy(digits.service, candidate(digits.service))
    until(lambda: turns(digits.service) != by_opening)
    moved = {review for review, turn in turns(digits.service).items() if turn != by_opening[review]}
    assert 0 < len(moved) < WAITING
    assert all((turns(digits.service)[review] or 0) > (by_opening[review] or 0) for review in moved)
