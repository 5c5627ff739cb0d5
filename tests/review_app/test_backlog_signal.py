"""What waits for people is exported, so that whoever plans their shifts or scales them can read it."""

import pytest

from hitl.adapters.ray import shard_metrics
from hitl.adapters.ray.shard_metrics import QueueGauges
from tests.review_app.conftest import World


class Read:
    """A gauge that keeps what it was set to, by its tags."""

    def __init__(self, name: str, description: str, tags: tuple[str, ...]) -> None:
        self.name, self.values = name, dict[str, float]()

    def set(self, value: float, tags: dict[str, str]) -> None:
        self.values[tags.get("queue", tags["shard"])] = value


async def test_the_backlog_of_each_queue_is_exported_and_falls_when_a_review_is_claimed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard_metrics, "Gauge", Read)
    gauges = [QueueGauges(shard, name) for name, shard in world.shards.shards.items() if name.startswith("review")]
    for i in range(3):
        await world.case(f"n{i}")
    assert await _depth(gauges) == 3.0
    await world.call("POST", "/v1/queues/digits/claim", "reviewer", {"count": 1})
    assert await _depth(gauges) == 2.0
    assert gauges[0]._depth.name == "hitl_queue_depth"  # type: ignore[attr-defined]


async def _depth(gauges: list[QueueGauges]) -> float:
    for gauge in gauges:
        await gauge.sample()
    return sum(gauge._depth.values.get("digits", 0.0) for gauge in gauges)  # type: ignore[attr-defined]
