"""Export the figures of every task as metrics, for dashboards and alerts."""

import asyncio
import time
from collections.abc import Mapping

from ray.serve.metrics import Gauge

from hitl.machine.shards import APPROVAL, Shards
from hitl.quality.figures import Book, figures
from hitl.quality.people_errors import tally_of
from hitl.quality.report import TargetVerdict, judged
from hitl.quality.targets import Target
from hitl.routing.cost import costs_of
from hitl.serving.questions import ServingOf
from hitl.tasks import TaskSpec
from serve_app.evidence.certifying import PolicyOf, answered_within_s
from serve_app.evidence.evidence import TaskEvidence
from serve_app.evidence.watching import watching

BOUNDS = ("value", "low", "high", "n")
VERDICTS = {"met": 1.0, "missed": 0.0, "not enough evidence": 0.5}


class Monitor:
    """``hitl_figure`` has the bounds ``value``, ``low``, ``high`` and ``n`` of each figure; ``hitl_shadow_disagreement`` how
    often what only watches would have taken another route."""

    def __init__(
        self,
        tasks: Mapping[str, TaskSpec],
        shards: Shards,
        evidence: TaskEvidence,
        targets: Mapping[str, Target],
        policy_of: PolicyOf,
    ) -> None:
        self._policy_of = policy_of
        self._tasks, self._shards, self._evidence, self._targets = tasks, shards, evidence, targets
        self._figure = Gauge("hitl_figure", description="A quality figure and its interval.", tag_keys=("task", "name", "bound"))
        self._target = Gauge("hitl_target", description="1 met, 0 missed, 0.5 not enough evidence.", tag_keys=("task", "name"))
        self._shadow = Gauge(
            "hitl_shadow_disagreement",
            description="Of the watched cases, those that would have gone elsewhere.",
            tag_keys=("task", "kind", "version"),
        )

    async def once(self) -> None:
        for task in self._tasks:
            serving = await self._shards.ask(APPROVAL, ServingOf(task))
            traffic, answers = await self._evidence.traffic(task), await self._evidence.columns(task)
            policy = self._policy_of(task, serving).policy
            book = Book(
                traffic,
                answers,
                people=tally_of(answers, await self._evidence.known(task)),
                costs=costs_of(policy),
                ripe_at=time.time() - answered_within_s(policy),
            )
            for row in judged(await asyncio.to_thread(figures, book), self._targets):
                self._show(task, row)
            await self._show_shadows(task)

    async def _show_shadows(self, task: str) -> None:
        found = await watching(self._shards, self._evidence, task)
        of_models = [("models", version, one.route_disagreement) for version, one in found.models.items()]
        of_policies = [("policies", version, one.route_disagreement) for version, one in found.policies.items()]
        for kind, version, rate in (*of_models, *of_policies):
            self._shadow.set(rate.value or 0.0, tags={"task": task, "kind": kind, "version": version})

    def _show(self, task: str, row: TargetVerdict) -> None:
        self._target.set(VERDICTS[row.verdict], tags={"task": task, "name": row.name})
        for bound in BOUNDS:
            if (figure := getattr(row, bound)) is not None:
                self._figure.set(float(figure), tags={"task": task, "name": row.name, "bound": bound})
