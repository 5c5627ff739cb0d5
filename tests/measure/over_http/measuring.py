"""The figures of the example domains through one service."""

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from hitl.adapters.files.data_sources import LabelledRows, SplitData, split
from hitl.quality.arrays import Bools, Floats, Ints
from hitl.routing.policy import WHOLE
from hitl.settings import Settings
from hitl.tasks import TaskSpec, load_tasks
from tests.measure.outcomes import BAND, Outcomes, by_band, figures, judged, outcomes_of
from tests.measure.over_http.plans import Plan
from tests.measure.over_http.service import Service, own_service
from tests.measure.over_http.streaming import Answer, Streamed, stream
from tests.measure.simulated_reviewers import Crowd, crowd_of

OUTPUT = Path("build/bench/domains_over_http.json")
FOLDER = Path("build/bench/service")
CERTIFICATE = ("threshold", "in_force", "labels", "errors", "low", "high", "coverage", "gold", "missing", "reason", "stopped")

Answers: TypeAlias = list[Answer]
Told = Callable[[str, dict[str, Any]], None]


def measured(plans: Mapping[str, Plan], folder: Path = FOLDER, told: Told = lambda _name, _report: None) -> dict[str, Any]:
    """The report of each task: every plan at the same time on a service of its own, with its data under ``folder``. ``told``
    hears of each report as soon as it is there."""
    with own_service(plans, folder) as service:
        specs = load_tasks((folder / "tasks").glob("*.yaml"))
        return asyncio.run(_all(service, specs, plans, told))


async def _all(service: Service, specs: Mapping[str, TaskSpec], plans: Mapping[str, Plan], told: Told) -> dict[str, Any]:
    async def one(name: str, plan: Plan) -> dict[str, Any]:
        started = time.monotonic()
        found = await _one(service, specs[name], plan)
        found["seconds"] = round(time.monotonic() - started, 1)
        told(name, found)
        return found

    reports = await asyncio.gather(*(one(name, plan) for name, plan in plans.items()))
    return dict(zip(plans, reports, strict=True))


async def _one(service: Service, spec: TaskSpec, plan: Plan) -> dict[str, Any]:
    """The plan's figures, the crowd answering its rows."""
    parts = await asyncio.to_thread(split, spec, Settings().datasets_dir)
    rest = parts.rest.take(np.arange(min(plan.rows, len(parts.rest.rows))))
    parts = SplitData(parts.holdout, parts.initial, rest)
    crowd = crowd_of(spec, Settings().datasets_dir, rest)
    found = await stream(service, spec, parts, crowd, plan.held_out)
    return {"changed": dict(plan.changes), "initial_labels": len(parts.initial.labels)} | report(
        spec, found, parts.holdout, crowd
    )


def report(spec: TaskSpec, found: Streamed, held_out: LabelledRows, crowd: Crowd) -> dict[str, Any]:
    """The product's way beside the fixed band's and people's alone on the same stream, and the held-out rows."""
    predicted, confidence, automatic = _arrays(spec, found.answers)
    nobody = np.zeros(len(predicted), dtype=np.bool_)
    ours = Outcomes(predicted, automatic, _labels(spec, found, predicted), found.work)
    return {
        "risk": spec.risk if spec.risk == "uncertified" else {"level": spec.risk.level, "confidence": spec.risk.confidence},
        "stream": len(predicted),
        "people": figures(outcomes_of(predicted, nobody, nobody, crowd), crowd),
        "fixed_band": figures(by_band(predicted, confidence, crowd), crowd),
        "product": figures(ours, crowd),
        "by_rule": _by_rule(found.answers, confidence, automatic),
        "certificates": _certificates(found.certificate),
        "held_out": _held_out(spec, found, held_out),
    }


def _arrays(spec: TaskSpec, answers: Answers) -> tuple[Ints, Floats, Bools]:
    """Of each answer the model's label, its confidence, and whether the model decided."""
    return (
        np.array([spec.labels.index(each["prediction"]) for each in answers], dtype=np.int64),
        np.array([each["confidence"] for each in answers], dtype=np.float64),
        np.array([each["route"]["action"] == "automatic" for each in answers], dtype=np.bool_),
    )


def _labels(spec: TaskSpec, found: Streamed, predicted: Ints) -> Ints:
    """What each caller got first: the model's label, or people's. A check that disagrees later helps nobody who has acted."""
    labels = predicted.copy()
    for row, answer in enumerate(found.answers):
        if answer["route"]["action"] != "automatic":
            labels[row] = spec.labels.index(found.settled[row])
    return labels


def _by_rule(answers: Answers, confidence: Floats, automatic: Bools) -> dict[str, Any]:
    """For each rule of the policy: the cases it took, how many the band would have automated, and how many were automatic."""
    named = sorted({rule for each in answers for rule in each["rules"]})
    taken = {name: np.array([name in each["rules"] for each in answers], dtype=np.bool_) for name in named}
    return {
        name: {
            "cases": int(here.sum()),
            "above_the_band": int((confidence[here] > BAND).sum()),
            "automatic": int(automatic[here].sum()),
        }
        for name, here in taken.items()
    }


def _certificates(shown: Mapping[str, Any]) -> dict[str, Any]:
    """By segment, of the one model that serves."""
    segments: dict[str, Any] = next(iter(shown["models"].values()), {})
    return {name: {key: each[key] for key in CERTIFICATE} for name, each in segments.items()}


def _held_out(spec: TaskSpec, found: Streamed, rows: LabelledRows) -> dict[str, Any]:
    predicted, confidence, automatic = _arrays(spec, found.held_out)
    truth = np.array([spec.labels.index(label) for label in rows.labels[: len(predicted)]], dtype=np.int64)
    allowed = spec.policy.automatic_labels
    may: Bools = np.array([allowed is None or spec.labels[label] in allowed for label in predicted], dtype=np.bool_)
    policy = spec.configured_policy()
    level = terms.level if (terms := policy.risk_of(WHOLE)) else 1 - policy.automatic
    return judged(confidence, predicted == truth, automatic, may, level)
