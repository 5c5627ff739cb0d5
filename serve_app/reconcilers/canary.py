"""Raise a challenger's share of the cases, or take it away, by its results and people's answers.

All that it knows stands in durable places, whichever replica served: the records of the cases, whose generation and id tell which
version was to decide them even when it failed to, and the people's answers. A keeper that starts anew reads both again.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hitl.canonical import fingerprint
from hitl.errors import StaleGeneration
from hitl.intake import Intake, RoutedCase
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, Shards
from hitl.quality.canary import Advance, CanaryFacts, Hold, RollBackNow, VersionOperation, judge, suspicions, trial_answers
from hitl.routing.policy import Policy
from hitl.routing.shares import version_of
from hitl.serving.commands import SetShares
from hitl.serving.questions import History, ServingOf
from hitl.serving.trial import Trial, trial_of
from hitl.tasks import TaskSpec
from hitl.tasks.people_terms import CanaryTerms
from serve_app.evidence.certifying import PolicyOf, answered_within_s
from serve_app.evidence.evidence import TaskEvidence
from serve_app.http.telemetry import json_log
from serve_app.reconcilers.intake_reader import IntakeReader

CANARY = "canary"
"""Who moves the shares, in the journal: not a person."""

CLOCKS_DIFFER_S = 60.0
"""Replicas stamp cases by clocks of their own: reading begins that much earlier, and generations tell what counts."""

log = json_log()


@dataclass(slots=True)
class TrialFacts:
    """The data read about one trial. ``cases`` counts the challenger's by generation; ``early`` are records of generations that
    the history did not have yet."""

    reader: IntakeReader
    champion: VersionOperation = field(default_factory=VersionOperation)
    challenger: VersionOperation = field(default_factory=VersionOperation)
    cases: Counter[int] = field(default_factory=Counter)
    early: list[RoutedCase] = field(default_factory=list)

    def count(self, task: str, trial: Trial, records: Sequence[RoutedCase]) -> None:
        known = max(trial.versions)
        # What an override answered tells nothing of a version: the record has no probabilities because no model was asked.
        ours = [record for record in (*self.early, *records) if record.task == task and not record.is_override]
        self.early = [record for record in ours if record.generation > known]
        for record in ours:
            versions = trial.versions.get(record.generation)
            if versions is not None:
                self._count(record, versions[version_of(versions, record.case_id)][0] == trial.challenger)

    def _count(self, record: RoutedCase, is_challengers: bool) -> None:
        operation = self.challenger if is_challengers else self.champion
        operation.count(not record.has_probabilities, record.model_s)
        self.cases[record.generation] += is_challengers

    def facts(self, trial: Trial, now: float) -> CanaryFacts:
        cases = sum(n for generation, n in self.cases.items() if generation >= trial.step_generation)
        return CanaryFacts(trial.share, cases, (now - trial.step_since) / 60, self.challenger, self.champion)


class Canary:
    """Looks at every task that states canary terms; each step is harmless to repeat."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        intakes: Sequence[Intake],
        evidence: TaskEvidence,
        policy_of: PolicyOf,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._shards, self._intakes, self._evidence = shards, intakes, evidence
        self._terms = {task: spec.approval.canary for task, spec in tasks.items() if spec.approval.canary is not None}
        self._policy_of, self._wall = policy_of, wall
        self._seen: dict[tuple[str, str, float], TrialFacts] = {}

    async def once(self) -> None:
        for task, terms in self._terms.items():
            trial = trial_of((await self._shards.ask(APPROVAL, History(task))).history)
            if trial is None:
                self._forget(task)
            else:
                await self._look_after(task, trial, terms)

    async def _look_after(self, task: str, trial: Trial, terms: CanaryTerms) -> None:
        """Look for failures first: that needs neither answers nor a review shard."""
        seen = await self._read(task, trial)
        facts = seen.facts(trial, self._wall())
        verdict = judge(facts, terms)
        if not isinstance(verdict, RollBackNow):
            verdict = judge(await self._with_answers(facts, task, trial, terms), terms)
        if not isinstance(verdict, Hold):
            await self._act(task, trial, verdict)

    async def _with_answers(self, facts: CanaryFacts, task: str, trial: Trial, terms: CanaryTerms) -> CanaryFacts:
        policy = self._policy_of(task, await self._shards.ask(APPROVAL, ServingOf(task))).policy
        checks, now = await self._evidence.check_columns(task), self._wall()
        found = suspicions(checks, trial.challenger, trial.since, _level_of(policy, terms), now - answered_within_s(policy))
        answers = trial_answers(checks, trial.challenger, trial.champion, trial.since, now, terms.worst_ratio)
        return replace(facts, suspicions=found, answers=answers)

    async def _read(self, task: str, trial: Trial) -> TrialFacts:
        key = (task, trial.challenger, trial.since)
        if key not in self._seen:
            self._forget(task)
            self._seen[key] = TrialFacts(IntakeReader(self._intakes, trial.since - CLOCKS_DIFFER_S))
        seen = self._seen[key]
        async for records in seen.reader.news():
            seen.count(task, trial, records)
        return seen

    def _forget(self, task: str) -> None:
        self._seen = {key: seen for key, seen in self._seen.items() if key[0] != task}

    async def _act(self, task: str, trial: Trial, verdict: Advance | RollBackNow) -> None:
        share = verdict.share if isinstance(verdict, Advance) else 0.0
        try:
            await move(self._shards, task, trial, share, verdict.reason, CANARY)
        except StaleGeneration as error:
            log.info("canary looks again", task=task, why=str(error))


def _level_of(policy: Policy, terms: CanaryTerms) -> Callable[[str], float]:
    def level_of(segment: str) -> float:
        risk = policy.risk_of(segment)
        return terms.level if risk is None else risk.level

    return level_of


async def move(shards: Shards, task: str, trial: Trial, share: float, reason: str, by: str) -> None:
    """Give the challenger ``share`` of the cases and the champion the rest. Raises StaleGeneration if something else has
    changed what serves."""
    both = [(trial.champion, 1 - share), (trial.challenger, share)]
    command = SetShares(task, [pair for pair in both if pair[1] > 0], reason, by, max(trial.versions))
    command_id = fingerprint(["shares", by, task, command.generation, command.versions, reason])
    await shards.submit(APPROVAL, Envelope(command, command_id, command_id, by, f"{by}-shares"))
    log.warning("canary moved", task=task, challenger=trial.challenger, share=share, reason=reason)
