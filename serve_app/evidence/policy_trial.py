"""Compare a proposed policy with the one in force on the same past cases."""

import asyncio
from collections.abc import Sequence
from typing import Any

from hitl.quality.dry_run import PastCase, Staff, figures, moved
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import Steering, steer
from serve_app.evidence.past_traffic import PastTraffic, past_cases


async def trial(
    ports: PastTraffic, task: str, steering: Steering, proposed: CompiledPolicy | None, cases: int, staff: Staff
) -> dict[str, Any]:
    """``{"in_force", "proposed", "moved"}``; the latter two None without a proposal."""
    past = await past_cases(ports, task, cases)
    return await asyncio.to_thread(_compared, steering, proposed, past, staff)


def _compared(steering: Steering, proposed: CompiledPolicy | None, cases: Sequence[PastCase], staff: Staff) -> dict[str, Any]:
    evidence = steering.evidence
    told: dict[str, Any] = {"in_force": figures(steering.policy, evidence, cases, staff, is_trial=False)}
    if proposed is None:
        return told | {"proposed": None, "moved": None}
    before = [steering.steer(case.request, case.prediction) for case in cases]
    after = [steer(proposed, evidence, case.request, case.prediction, is_trial=True) for case in cases]
    return told | {"proposed": figures(proposed, evidence, cases, staff, is_trial=True), "moved": moved(before, after)}
