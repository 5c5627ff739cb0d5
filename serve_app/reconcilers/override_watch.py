"""Switch a task's overrides off when blind checks say that their answers are wrong too often.

Override answers stand outside every certificate, so no certificate's alarm speaks of them: the checks that
hitl.tasks.learning_terms.OverrideTerms draws feed an e-detector of their own. An operator allows overrides again
(``POST /v1/overrides/switch``); checks of cases from before that prove nothing any more.
"""

import time
from collections.abc import Callable, Mapping

from hitl.canonical import fingerprint
from hitl.learning.journalled.commands import SwitchOverrides
from hitl.learning.journalled.questions import OverridesOf
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.automation import MEAN_AUDITS_TO_FALSE_ALARM
from hitl.quality.check_columns import Checks
from hitl.quality.drift import DriftDetector
from hitl.quality.watching import watched
from hitl.routing.policy import WHOLE
from hitl.serving.questions import ServingOf
from hitl.tasks import TaskSpec
from serve_app.evidence.certifying import PolicyOf, answered_within_s
from serve_app.evidence.evidence import TaskEvidence
from serve_app.http.telemetry import json_log

OVERRIDE_WATCH = "override-watch"
"""Who switches overrides off, in the journal: not a person."""

LEVEL = 0.05
"""The error rate that overrides may have where the task states no risk level."""

log = json_log()


class OverrideWatch:
    """Looks at every task that has overrides; each step is harmless to repeat."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        evidence: TaskEvidence,
        policy_of: PolicyOf,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._shards, self._evidence, self._policy_of, self._wall = shards, evidence, policy_of, wall
        self._tasks = [name for name, spec in tasks.items() if spec.overrides is not None]

    async def once(self) -> None:
        """Switch overrides off in each task where the checks since they were switched on raise an alarm."""
        for task in self._tasks:
            switches = await self._shards.ask(LEARNING, OverridesOf(task))
            if task not in switches.switched_off:
                await self._stop_if_alarmed(task, switches.switched_on.get(task, 0.0))

    async def _stop_if_alarmed(self, task: str, since: float) -> None:
        known = await self._evidence.check_columns(task)
        checks = known.where(known.of_kind(lambda kind: kind.is_override) & (known.at > since))
        policy = self._policy_of(task, await self._shards.ask(APPROVAL, ServingOf(task))).policy
        risk = policy.risk_of(WHOLE)
        alarm = override_alarm(checks, LEVEL if risk is None else risk.level, self._wall() - answered_within_s(policy))
        if alarm is None:
            return
        command = SwitchOverrides(task, False, alarm, OVERRIDE_WATCH)
        # With ``since`` in the id a repeat is the same command, and a switch after the next switch-on is a new one.
        command_id = fingerprint([OVERRIDE_WATCH, task, since])
        await self._shards.submit(LEARNING, Envelope(command, command_id, command_id, OVERRIDE_WATCH, f"{OVERRIDE_WATCH}-switch"))
        log.error("overrides switched off", task=task, reason=alarm)


def override_alarm(checks: Checks, level: float, due_before: float) -> str | None:
    """Why overrides must stop answering, by the checks of their answers in order of arrival; None: nothing shows that. Unanswered
    ones of cases from before ``due_before`` (UTC seconds) count as wrong."""
    watch = watched(DriftDetector(level, MEAN_AUDITS_TO_FALSE_ALARM), checks, due_before)
    return watch.told("override answers") if watch.detector.alarmed else None
