"""Predict in another process: one call for a micro-batch, whatever tasks and versions it holds."""

import asyncio
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from hitl.errors import ArtifactRejected
from hitl.inference.rows import Rows, rows_of
from hitl.intake.ports import Pointer
from hitl.routing.prediction import Prediction
from serve_app.decisions.predictor import CALL_WITHIN_S, PredictorRow, TaskModels, groups_of
from serve_app.http.telemetry import json_log

ANSWERED_WITHIN_S = CALL_WITHIN_S + 5.0
"""A hanging model gives up sooner, over there; beyond this the predictor itself is away, and its cases go to people."""

WAITED_FOR_S = 130.0
"""The same for models that take long or wait for others' machines: longer than any endpoint's ``within_s``."""

ADOPTED_WITHIN_S = 10.0
"""Loading and trying a model before the gateway asks for it."""

log = json_log()


@dataclass(frozen=True, slots=True)
class PredictionCall:
    """The rows for one version of one task; ``uncertainty`` is the measure of the policy in force."""

    task: str
    digest: str
    rows: Rows
    uncertainty: str


class Predictor(Protocol):
    """Whoever holds the models. Both may raise anything and take any time."""

    async def answer(self, calls: Sequence[PredictionCall]) -> list[list[Prediction | None]]:
        """For each call a prediction a row by exactly the version that it names; None where that gave no usable numbers."""

    async def adopt(self, task: str, generation: int) -> bool:
        """Load what is published; whether at least ``generation`` of ``task`` serves there now."""


class RemotePredictors:
    """Asks a Predictor as the gateway would ask models of its own: what fails there fails for its cases alone. ``tasks`` are
    those whose models it holds; None: all; the models of ``waiting`` wait for others' machines."""

    def __init__(self, predictor: Predictor, tasks: Set[str] | None = None, waiting: Set[str] = frozenset()) -> None:
        self._predictor, self._tasks, self._waiting = predictor, tasks, waiting

    def holds(self, task: str) -> bool:
        return self._tasks is None or task in self._tasks

    async def predict(self, rows: Sequence[PredictorRow], served: Mapping[str, TaskModels]) -> list[Prediction | None]:
        """As serve_app.decisions.predictor.predict."""
        result: list[Prediction | None] = [None] * len(rows)
        groups = groups_of(rows, served)
        calls = [_call(rows, members, served[task], version) for (task, version), members in groups.items()]
        for members, said in zip(groups.values(), await self._said(calls), strict=True):
            for i, prediction in zip(members, said, strict=True):
                result[i] = prediction
        return result

    async def adopt(self, task: str, pointer: Pointer) -> None:
        """Return when the predictor holds the models of ``pointer``, or cannot be asked: then its cases go to people until it
        can. Raises ArtifactRejected where it refuses them."""
        try:
            async with asyncio.timeout(ADOPTED_WITHIN_S):
                is_adopted = await self._predictor.adopt(task, pointer.generation)
        except Exception:  # a process of its own: whatever happened to it, the gateway goes on
            log.exception("the predictor could not be asked", task=task, generation=pointer.generation)
            return
        if not is_adopted:
            raise ArtifactRejected(",".join(digest for digest, _ in pointer.versions), "the predictor refuses it")

    async def _said(self, calls: Sequence[PredictionCall]) -> Sequence[Sequence[Prediction | None]]:
        if not calls:
            return []
        try:
            async with asyncio.timeout(self._limit_s(calls)):
                said = await self._of_a_living_one(calls)
            return [_fitting(call, answer) for call, answer in zip(calls, said, strict=True)]
        except Exception:  # as above: like a model that fails
            log.exception("the predictor failed", rows=sum(len(call.rows) for call in calls))
            return [[None] * len(call.rows) for call in calls]

    def _limit_s(self, calls: Sequence[PredictionCall]) -> float:
        return WAITED_FOR_S if any(call.task in self._waiting for call in calls) else ANSWERED_WITHIN_S

    async def _of_a_living_one(self, calls: Sequence[PredictionCall]) -> Sequence[Sequence[Prediction | None]]:
        """Asked again once: a prediction has no effect, and where one replica died another answers."""
        try:
            return await self._predictor.answer(calls)
        except Exception as error:  # noqa: BLE001 - a model's own failures are answers, so this is the process or the way there
            log.warning("the predictor is asked again", why=repr(error))
            return await self._predictor.answer(calls)


def _call(rows: Sequence[PredictorRow], members: Sequence[int], served: TaskModels, version: int) -> PredictionCall:
    task, digest = rows[members[0]].task, served.pointer.versions[version][0]
    return PredictionCall(task, digest, rows_of([rows[i].vector for i in members]), served.steering.policy.policy.uncertainty)


def _fitting(call: PredictionCall, said: Sequence[Prediction | None]) -> Sequence[Prediction | None]:
    """Return one prediction a row; none at all where the numbers differ, since nobody knows whose is whose."""
    if len(said) == len(call.rows):
        return said
    log.error("the predictor answered another number of rows", task=call.task, came=len(said), expected=len(call.rows))
    return [None] * len(call.rows)
