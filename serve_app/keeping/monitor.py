"""The figures of every task as metrics, so that a dashboard and its alerts see what the quality routes say."""

import asyncio
from collections.abc import Mapping
from typing import Any

from ray.serve.metrics import Gauge

from hitl.quality.figures import Book, figures
from hitl.quality.report import judged
from hitl.quality.reviewers import everybody, people_of
from hitl.quality.targets import Target
from hitl.tasks import TaskSpec
from serve_app.certified.evidence import Evidence

BOUNDS = ("value", "low", "high", "n")
VERDICTS = {"met": 1.0, "missed": 0.0, "not enough evidence": 0.5}


class Monitor:
    """``hitl_figure`` has the bounds ``value``, ``low``, ``high`` and ``n`` of each figure."""

    def __init__(self, tasks: Mapping[str, TaskSpec], evidence: Evidence, targets: Mapping[str, Target]) -> None:
        self._tasks, self._evidence, self._targets = tasks, evidence, targets
        self._figure = Gauge("hitl_figure", description="A quality figure and its interval.", tag_keys=("task", "name", "bound"))
        self._target = Gauge("hitl_target", description="1 met, 0 missed, 0.5 not enough evidence.", tag_keys=("task", "name"))

    async def once(self) -> None:
        for task in self._tasks:
            traffic, answers = await self._evidence.traffic(task), await self._evidence.answers(task)
            book = Book(traffic, answers, people=everybody(people_of(answers).values()))
            for row in judged(await asyncio.to_thread(figures, book), self._targets):
                self._show(task, row)

    def _show(self, task: str, row: dict[str, Any]) -> None:
        self._target.set(VERDICTS[row["verdict"]], tags={"task": task, "name": row["name"]})
        for bound in BOUNDS:
            if row[bound] is not None:
                self._figure.set(float(row[bound]), tags={"task": task, "name": row["name"], "bound": bound})
