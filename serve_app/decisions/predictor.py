"""Predict rows: one model call for each version of each task in a micro-batch."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from hitl.inference.classifier import Classifier, Probabilities
from hitl.inference.declared import DeclaredRow
from hitl.inference.declared_model import DeclaredModel
from hitl.inference.rows import Rows, rows_of
from hitl.intake.ports import Pointer
from hitl.quality.calibration import apply
from hitl.routing.prediction import Prediction, Scores, predict_from
from hitl.routing.shares import version_of
from hitl.routing.steering import Steering
from hitl.tasks import Vector
from serve_app.http.telemetry import json_log

log = json_log()

CALL_WITHIN_S = 10.0
"""A model that needs longer for one micro-batch hangs: its cases go to people, and the batches behind it go on."""

ROUNDING = 1e-6

MOST_OF_A_REASON = 500
"""Characters of a model's error in the log."""

Vectors: TypeAlias = "Sequence[Vector | DeclaredRow] | Rows"
"""Cases of one task as their models see them."""

NOTHING = Pointer(generation=0, versions=(), journal_seq=0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory. ``is_quick``: a full batch takes so little time that a thread would cost more than it frees.
    ``waiting_threads``: those of a model that waits for another machine, so that it holds no other model's; ``within_s`` is how
    long one micro-batch may take."""

    digest: str
    classifier: Classifier
    is_quick: bool
    waiting_threads: Executor | None = None
    within_s: float = CALL_WITHIN_S


@dataclass(frozen=True, slots=True)
class TaskModels:
    """One task in one generation: the pointer, how cases are routed, and the models in the pointer's order; no models
    where they run elsewhere."""

    steering: Steering
    pointer: Pointer = NOTHING
    models: tuple[Loaded, ...] = ()


@dataclass(frozen=True, slots=True)
class PredictorRow:
    """One case as a model sees it."""

    task: str
    case_id: str
    vector: "Vector | DeclaredRow"


async def predict(rows: Sequence[PredictorRow], served: Mapping[str, TaskModels]) -> list[Prediction | None]:
    """Return the predictions of ``rows``, in order; None where no model serves the task or its model gave no numbers."""
    result: list[Prediction | None] = [None] * len(rows)
    for (task, version), members in groups_of(rows, served).items():
        model = served[task].models[version]
        uncertainty = served[task].steering.policy.policy.uncertainty
        said = await predictions_of(model, [rows[i].vector for i in members], uncertainty)
        for i, prediction in zip(members, said, strict=True):
            result[i] = prediction
    return result


async def predictions_of(model: Loaded, vectors: Vectors, uncertainty: str) -> list[Prediction | None]:
    """Return the model's predictions in order, None where it gave no numbers: one call, and more where it fails on some of the
    rows."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(model.within_s):
            return await _said(model, vectors, uncertainty, started)
    except TimeoutError:
        log.error("model did not answer in time", model=model.digest, rows=len(vectors), limit_s=model.within_s)
        return [None] * len(vectors)


async def _said(model: Loaded, vectors: Vectors, uncertainty: str, started: float) -> list[Prediction | None]:
    """Halve what fails until the row that the model fails on stands alone: nobody else's case depends on it. ``started`` is
    when the micro-batch came, on time.perf_counter's clock."""
    said = await _asked(model, vectors, uncertainty, started)
    if said is not None:
        return said
    if len(vectors) == 1:
        return [None]
    half = len(vectors) // 2
    first, second = vectors[:half], vectors[half:]
    return [*await _said(model, first, uncertainty, started), *await _said(model, second, uncertainty, started)]


async def _asked(model: Loaded, vectors: Vectors, uncertainty: str, started: float) -> list[Prediction | None] | None:
    """Return one call of the model; None when it fails."""
    try:
        rows = rows_of(vectors)
        said = model.classifier.predict(rows) if model.is_quick else await _in_thread(model, rows)
        wanted = (len(vectors), len(model.classifier.labels))
        if np.shape(said) != wanted:
            raise ValueError(f"probabilities of shape {np.shape(said)}, expected {wanted}")
        return _predictions(model, said, uncertainty, round(time.perf_counter() - started, 6))
    except Exception as error:  # noqa: BLE001 - a model is code that people trained: whatever it raises concerns its own cases
        log.warning("model failed", model=model.digest, rows=len(vectors), why=repr(error)[:MOST_OF_A_REASON])
        return None


async def _in_thread(model: Loaded, rows: Rows) -> Probabilities:
    return await asyncio.get_running_loop().run_in_executor(model.waiting_threads, model.classifier.predict, rows)


def _predictions(model: Loaded, probabilities: Probabilities, uncertainty: str, taken_s: float) -> list[Prediction | None]:
    """Return one a row, calibrated as the model's artifact says; None for a row without usable numbers."""
    labels, said = model.classifier.labels, apply(model.classifier.calibration, probabilities)
    within = (probabilities >= -ROUNDING) & (probabilities <= 1 + ROUNDING)  # what is not a number is not within either
    usable = np.asarray(within.all(axis=1)).tolist()
    rows = zip(said.probabilities.tolist(), said.confidence.tolist(), said.raw.tolist(), usable, strict=True)
    return [
        predict_from(row, labels, model.digest, Scores(confidence, raw, taken_s), uncertainty) if is_usable else None
        for row, confidence, raw, is_usable in rows
    ]


def groups_of(rows: Sequence[PredictorRow], served: Mapping[str, TaskModels]) -> dict[tuple[str, int], list[int]]:
    """Return the places of the rows that each version decides, by task and the version's place in the pointer."""
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        versions = served[row.task].pointer.versions
        if versions:
            index = 0 if len(versions) == 1 else _version_for(row, served[row.task])
            groups[row.task, index].append(i)
    return groups


def _version_for(row: PredictorRow, served: TaskModels) -> int:
    """Return the version drawn for the case. A client that does not declare that one is answered by the main version: what is on
    trial never gets more than its share, and a client that knows of no trial goes on."""
    versions = served.pointer.versions
    drawn = version_of(versions, row.case_id)
    if isinstance(row.vector, DeclaredRow) and not _is_declared(row.vector, served.models[drawn].classifier):
        return max(range(len(versions)), key=lambda at: versions[at][1])
    return drawn


def _is_declared(row: DeclaredRow, model: Classifier) -> bool:
    return isinstance(model, DeclaredModel) and model.prediction_in(row) is not None
