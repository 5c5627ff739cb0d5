"""The five stages of a workflow that ends with a serving model, done by this service's training, gate and figures.

Each stage is given the TakenStage that the service answers; what it returns is its result, what it raises its failure.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from statistics import median
from typing import TypedDict, cast

from hitl.client.answer_types import TakenStage
from hitl.client.asynchronous import AsyncClient
from hitl.client.errors import NotServing
from hitl.client.free_json import Json
from hitl.client.runner import RunStage

Train = Callable[[str, int | None], Awaitable[Mapping[str, object]]]
"""Trains a task's candidate and asks for its approval: ``{"approval_id", "digest", "accuracy", …}``."""

ADOPTION_TRIES, ADOPTION_PAUSE_S = 60, 0.5
"""A gateway that loads a first model imports its library, which takes seconds."""

WAIT_S = 30.0
OPEN = ("pending", "approved")
LOOKS = 5
"""Requests whose median time is the latency that monitoring tells."""


def model_stages(client: AsyncClient, train: Train) -> dict[str, RunStage]:
    """Return the runners by type of stage. ``client`` is a trainer's."""
    stages = _Stages(client, train)
    return {
        "data_prep": stages.data_prep,
        "training": stages.training,
        "validation": stages.validation,
        "deployment": stages.deployment,
        "monitoring": stages.monitoring,
    }


class PreparedData(TypedDict):
    """The result of ``data_prep``: what training will freeze."""

    task: str
    labels: list[str]
    decided_by_people: int


class MacroMetrics(TypedDict):
    """Shares in [0, 1] on held-out rows, each the mean over the labels."""

    precision: float
    recall: float


class ValidationMetrics(MacroMetrics):
    """``accuracy`` is the share in [0, 1] of the held-out rows that are right."""

    accuracy: float


class ValidatedModel(TypedDict):
    """The result of ``validation``."""

    metrics: ValidationMetrics
    held_out_rows: int
    digest: str


class DeployedModel(TypedDict):
    """The result of ``deployment``; ``environment`` is the stage's own word for where."""

    digest: str
    approval_id: str
    environment: Json


class ServingMetrics(TypedDict):
    """``accuracy`` in [0, 1] of the predictions that people checked, None without any; ``latency`` in seconds, a median."""

    accuracy: float | None
    latency: float


class MonitoredModel(TypedDict):
    """The result of ``monitoring``; ``wanted`` are the metrics that the stage's ``config`` names."""

    digest: str
    checked_by_people: int
    metrics: ServingMetrics
    wanted: Json


class _Accuracy(TypedDict):
    value: float
    n: int


class _Confusion(TypedDict):
    rows_true_columns_predicted: list[list[int]]


class _Judged(TypedDict):
    """The candidate's figures, in the evidence that training/evidence.py writes for the approvers."""

    accuracy: _Accuracy
    confusion: _Confusion


class _Stages:
    def __init__(self, client: AsyncClient, train: Train) -> None:
        self._client, self._train = client, train

    async def data_prep(self, taken: TakenStage) -> PreparedData:
        """``config.dataset`` names the task: its labelled rows and all that people decided are what training freezes."""
        task = str(taken["config"]["dataset"])
        described, page = await self._client.task(task), await self._client.examples(task, limit=1000)
        return {"task": task, "labels": described["labels"], "decided_by_people": len(page["examples"])}

    async def training(self, taken: TakenStage) -> Mapping[str, object]:
        task = _earlier(taken, "task")
        trials = taken["config"].get("trials")
        return {"task": task, **await self._train(task, trials if isinstance(trials, int) else None)}

    async def validation(self, taken: TakenStage) -> ValidatedModel:
        """Return the figures of the candidate on held-out rows, from the evidence that its approvers see."""
        asked = (await self._client.approval(_earlier(taken, "approval_id")))["approval"]
        judged = cast("_Judged", asked["evidence"]["candidate"])
        of_labels = macro(judged["confusion"]["rows_true_columns_predicted"])
        metrics: ValidationMetrics = {"accuracy": judged["accuracy"]["value"], **of_labels}
        return {"metrics": metrics, "held_out_rows": judged["accuracy"]["n"], "digest": asked["digest"]}

    async def deployment(self, taken: TakenStage) -> DeployedModel:
        """Waits for the quorum on the candidate's digest and for its deployment. Raises NotServing when it ends otherwise."""
        approval_id = _earlier(taken, "approval_id")
        while True:
            asked = (await self._client.approval(approval_id, WAIT_S))["approval"]
            if asked["status"] == "deployed":
                return {"digest": asked["digest"], "approval_id": approval_id, "environment": taken["config"].get("environment")}
            if asked["status"] not in OPEN:
                raise NotServing(approval_id, asked["status"])
            await asyncio.sleep(0.5 if asked["status"] == "approved" else 0.0)

    async def _until_served(self, task: str, digest: str) -> None:
        """Return once a gateway answers with ``digest``: it adopts a deployment after loading the bytes. Raises NotServing."""
        for _ in range(ADOPTION_TRIES):
            serving = (await self._client.task(task))["serving"]
            if digest in [version["digest"] for version in serving["versions"]]:
                return
            await asyncio.sleep(ADOPTION_PAUSE_S)
        raise NotServing(digest, "not among what serves")

    async def monitoring(self, taken: TakenStage) -> MonitoredModel:
        """People's answers about the digest's own predictions since it serves, and the gateway's latency."""
        task, digest = _earlier(taken, "task"), _earlier(taken, "digest")
        await self._until_served(task, digest)
        rows = (await self._client.examples(task, limit=1000))["examples"]
        checked = [row["label"] == row["prediction"] for row in rows if row.get("model_version") == digest]
        figures: ServingMetrics = {
            "accuracy": sum(checked) / len(checked) if checked else None,
            "latency": await self._latency_s(task),
        }
        return {"digest": digest, "checked_by_people": len(checked), "metrics": figures, "wanted": taken["config"].get("metrics")}

    async def _latency_s(self, task: str) -> float:
        times = []
        for _ in range(LOOKS):
            started = time.monotonic()
            await self._client.task(task)
            times.append(time.monotonic() - started)
        return median(times)


def macro(confusion: list[list[int]]) -> MacroMetrics:
    """Precision and recall, each the mean over the labels; a label that was never predicted has precision 0.

    >>> macro([[8, 2], [0, 10]])["recall"]
    0.9
    """
    labels = range(len(confusion))
    columns = [sum(row[at] for row in confusion) for at in labels]
    precision = [confusion[at][at] / columns[at] if columns[at] else 0.0 for at in labels]
    recall = [confusion[at][at] / sum(confusion[at]) if sum(confusion[at]) else 0.0 for at in labels]
    return {"precision": sum(precision) / len(confusion), "recall": sum(recall) / len(confusion)}


def _earlier(taken: TakenStage, name: str) -> str:
    """Return the latest value that an earlier stage reported as ``name``. Raises KeyError."""
    found = [result[name] for result in taken["results"].values() if result and name in result]
    if not found:
        raise KeyError(f"no earlier stage reported {name}")
    return str(found[-1])
