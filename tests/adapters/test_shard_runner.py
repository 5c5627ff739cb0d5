"""The rules of one shard's runner, without Ray around it."""

from typing import Any

import pytest

from hitl.adapters.ray.shard_runner import ShardRunner
from hitl.errors import StaleLease
from hitl.machine import Phase
from hitl.review.views import HeldLease


class RungShard:
    """A shard whose lease alarm has rung already: its command waits to be decided."""

    phase, epoch, seq, head, waiting = Phase.SERVING, 1, 7, "h", 1

    async def ask(self, question: Any) -> HeldLease:
        return HeldLease("lease:r-1", 30.0)

    def extend(self, key: str, after_s: float) -> bool:
        return False


@pytest.fixture
def runner() -> ShardRunner:
    """Beside its life, which a test of one call does not need."""
    made: Any = object.__new__(ShardRunner)
    made._shard, made._failure = RungShard(), "the store was away"
    made._keeper = made._projector = made._regressed = None
    made._stands_by = False
    made._spec = type("Spec", (), {"shard": "review-0", "build": ""})
    found: ShardRunner = made
    return found


async def test_a_heartbeat_after_the_lease_has_rung_is_not_acknowledged(runner: ShardRunner) -> None:
    with pytest.raises(StaleLease):
        await runner.heartbeat("r-1", 3, "ada")


async def test_a_shard_that_serves_again_shows_no_old_failure(runner: ShardRunner) -> None:
    assert (await runner.status())["failure"] is None
