"""Roll back a fully deployed version that fails within its first hour.

A canary sees a bad version on a share of the cases. This one is for those that are deployed all at once, and for what breaks only
after the last step. Whatever such a version answers, nothing of it is automatic: cases without usable probabilities go to people.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from hitl.errors import StaleGeneration
from hitl.intake import Intake
from hitl.machine.shards import APPROVAL, Shards
from hitl.quality.canary import not_working
from hitl.serving.questions import History, Pointers
from hitl.serving.trial import Trial, probation_of
from hitl.tasks import TaskSpec
from serve_app.http.telemetry import json_log
from serve_app.reconcilers.canary import TrialFacts, move
from serve_app.reconcilers.intake_reader import IntakeReader

PROBATION = "probation"
"""Who moves the shares back, in the journal: not a person."""

PROBATION_S = 3600.0
"""From the moment that the version serves alone. Later failures are for the alarms and for people."""

LOOK_BACK_S = 600.0
"""How long before that moment the other version's cases are read: what its calls took is the measure."""

MIN_UNUSABLE = 3
"""Cases without usable probabilities: one may be a call that came too late on a busy machine."""

MAX_SLOWDOWN = 20.0
"""Without canary terms approvers were not promised any speed: only what nobody can have meant is sent back."""

log = json_log()


class Probation:
    """Looks at every task; each step is harmless to repeat."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        intakes: Sequence[Intake],
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._shards, self._tasks, self._intakes, self._wall = shards, tasks, intakes, wall
        self._trials: dict[str, tuple[int, Trial | None]] = {}
        self._seen: dict[str, tuple[tuple[str, float], TrialFacts]] = {}

    async def once(self) -> None:
        for task, pointer in (await self._shards.ask(APPROVAL, Pointers())).items():
            trial = await self._trial(task, pointer.generation)
            if trial is None or self._wall() - trial.step_since > PROBATION_S:
                self._seen.pop(task, None)
            else:
                await self._look_after(task, trial)

    async def _trial(self, task: str, generation: int) -> Trial | None:
        """Return the trial that goes on in ``task``, None without one; kept until the generation of the task changes."""
        known = self._trials.get(task)
        if known is None or known[0] != generation:
            lines = (await self._shards.ask(APPROVAL, History(task))).history
            known = self._trials[task] = generation, probation_of(lines)
        return known[1]

    async def _look_after(self, task: str, trial: Trial) -> None:
        seen = await self._read(task, trial)
        reason = not_working(seen.challenger, seen.champion, self._max_slowdown(task))
        if reason is None or 0 < seen.challenger.unusable < MIN_UNUSABLE:
            return
        try:
            await move(self._shards, task, trial, 0.0, reason, PROBATION)
        except StaleGeneration as error:
            log.info("probation looks again", task=task, why=str(error))

    async def _read(self, task: str, trial: Trial) -> TrialFacts:
        key = (trial.challenger, trial.step_since)
        known = self._seen.get(task)
        if known is None or known[0] != key:
            known = self._seen[task] = key, TrialFacts(IntakeReader(self._intakes, trial.step_since - LOOK_BACK_S))
        async for records in known[1].reader.news():
            known[1].count(task, trial, records)
        return known[1]

    def _max_slowdown(self, task: str) -> float:
        spec = self._tasks.get(task)
        terms = None if spec is None else spec.approval.canary
        return MAX_SLOWDOWN if terms is None else terms.max_slowdown
