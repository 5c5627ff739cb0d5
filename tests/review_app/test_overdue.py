"""The checks that nobody answered in time, as the alert counts them."""

from typing import Any

from hitl.quality.checks import BlindCheck
from hitl.routing.rules import CompiledPolicy
from serve_app.evidence.overdue import overdue_checks
from tests.gateway.service import loans
from tests.review_app.test_canary import Live, _answering

WAITS = BlindCheck("c1", 0.0, "all", "m", "p", "approve", 0.9, True, ("audit",))


async def test_the_policy_in_force_and_not_the_file_says_when_a_check_is_overdue() -> None:
    live = Live({"level": 0.05})
    await live.shards.start()
    live.evidence.check_columns = _answering([WAITS])
    in_force = CompiledPolicy(loans(risk={"level": 0.05, "maturity_hours": 1.0}).configured_policy())

    def policy_of(task: str, serving: Any) -> CompiledPolicy:
        return in_force

    found = [await overdue_checks(live.evidence, live.shards, policy_of, live.tasks, now) for now in (3600.0, 3601.0)]
    assert found == [{"loans": 0}, {"loans": 1}]
    await live.shards.stop()
