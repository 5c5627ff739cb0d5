"""Compare a proposed policy with the one in force on the same past cases."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hitl.quality.dry_run import PastCase, Staff, TrialFigures, figures, moved
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import Steering, steer
from serve_app.evidence.past_traffic import PastTraffic, past_cases


@dataclass(frozen=True, slots=True)
class PolicyTrial:
    """A proposed policy beside the one in force; ``moved`` counts the cases that change their route, by ``from -> to``. Both
    are None without a proposal. Where ``is_masked``, rules saw ``***`` in place of every sensitive value."""

    in_force: TrialFigures
    proposed: TrialFigures | None
    moved: dict[str, int] | None
    is_masked: bool = False


async def trial(
    ports: PastTraffic, task: str, steering: Steering, proposed: CompiledPolicy | None, cases: int, staff: Staff
) -> PolicyTrial:
    """Return both policies on the newest ``cases`` of the task."""
    past = await past_cases(ports, task, cases)
    found = await asyncio.to_thread(_compared, steering, proposed, past, staff)
    return replace(found, is_masked=ports.vault.masks(task))


def _compared(steering: Steering, proposed: CompiledPolicy | None, cases: Sequence[PastCase], staff: Staff) -> PolicyTrial:
    evidence = steering.evidence
    present = figures(steering.policy, evidence, cases, staff, is_trial=False)
    if proposed is None:
        return PolicyTrial(present, None, None)
    before = [steering.steer(case.request, case.prediction) for case in cases]
    after = [steer(proposed, evidence, case.request, case.prediction, is_trial=True) for case in cases]
    return PolicyTrial(present, figures(proposed, evidence, cases, staff, is_trial=True), moved(before, after))
