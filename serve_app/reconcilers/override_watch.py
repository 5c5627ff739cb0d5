"""Switch a task's overrides off when blind checks say that their answers are wrong too often.

Override answers stand outside every certificate, so no certificate's alarm speaks of them: the checks that
hitl.tasks.learning_terms.OverrideTerms draws feed an e-detector of their own. An operator allows overrides again
(``POST /v1/overrides/switch``); checks of cases from before that prove nothing any more.
"""

from collections.abc import Mapping, Sequence

from hitl.canonical import fingerprint
from hitl.learning.journalled.commands import SwitchOverrides
from hitl.learning.journalled.questions import OverridesOf
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.answers import SettledReview
from hitl.quality.automation import MEAN_AUDITS_TO_FALSE_ALARM
from hitl.quality.drift import DriftDetector
from hitl.quality.watching import watched
from hitl.routing.policy import WHOLE
from hitl.serving.questions import ServingOf
from hitl.tasks import TaskSpec
from serve_app.evidence.certifying import PolicyOf
from serve_app.evidence.evidence import TaskEvidence
from serve_app.http.telemetry import json_log

OVERRIDE_WATCH = "override-watch"
"""Who switches overrides off, in the journal: not a person."""

LEVEL = 0.05
"""The error rate that overrides may have where the task states no risk level."""

log = json_log()


class OverrideWatch:
    """Looks at every task that has overrides; each step is harmless to repeat."""

    def __init__(self, shards: Shards, tasks: Mapping[str, TaskSpec], evidence: TaskEvidence, policy_of: PolicyOf) -> None:
        self._shards, self._evidence, self._policy_of = shards, evidence, policy_of
        self._tasks = [name for name, spec in tasks.items() if spec.overrides is not None]

    async def once(self) -> None:
        for task in self._tasks:
            switches = await self._shards.ask(LEARNING, OverridesOf(task))
            if task not in switches.switched_off:
                await self._look_after(task, switches.switched_on.get(task, 0.0))

    async def _look_after(self, task: str, since: float) -> None:
        checks = [each for each in await self._evidence.answers(task) if each.is_override and each.opened_at > since]
        alarm = override_alarm(checks, await self._level_of(task))
        if alarm is None:
            return
        command = SwitchOverrides(task, False, alarm, OVERRIDE_WATCH)
        command_id = fingerprint([OVERRIDE_WATCH, task, since])
        await self._shards.submit(LEARNING, Envelope(command, command_id, command_id, OVERRIDE_WATCH, f"{OVERRIDE_WATCH}-switch"))
        log.error("overrides switched off", task=task, reason=alarm)

    async def _level_of(self, task: str) -> float:
        policy = self._policy_of(task, await self._shards.ask(APPROVAL, ServingOf(task))).policy
        risk = policy.risk_of(WHOLE)
        return LEVEL if risk is None else risk.level


def override_alarm(checks: Sequence[SettledReview], level: float) -> str | None:
    """Why overrides must stop answering, by the checks of their answers in order of time; None: nothing shows that."""
    detector = watched(DriftDetector(level, MEAN_AUDITS_TO_FALSE_ALARM), checks)
    if not detector.alarmed:
        return None
    wrong = sum(each.is_wrong for each in checks if each.is_drawn)
    return f"{wrong} of {detector.audits} blind checks of override answers were wrong, the level is {level:g}"
